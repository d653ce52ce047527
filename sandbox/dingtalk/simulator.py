"""DingTalk as one object: an organisation, its people, its platform; for tests, benchmark and page."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress

from aiohttp import web

from sandbox.dingtalk.company import EXEMPT_EVENTS, DingApp, Organisation, Staff
from sandbox.dingtalk.http_push import event_problem
from sandbox.dingtalk.people import Click, People
from sandbox.dingtalk.pushes import Push
from sandbox.dingtalk.server import BODY_CAP, DingTalkServer
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import Bubble, Predicate, Space
from sandbox.state import World

PREFIX = "/dingtalk"
BEAT = 0.5  # real seconds between looks for what is to be brought again


class DingTalk:
    """A simulated DingTalk. `world` gives the clock and takes the record of exchanges.

    `address` is where `routes()` is reached, without a slash at the end; the bot's two base addresses are
    `api_base` and `oapi_base`.
    """

    def __init__(
        self,
        world: World,
        organisation: Organisation,
        address: str = "http://127.0.0.1:8090",
        prefix: str = PREFIX,
    ) -> None:
        self.space = Space(world, organisation)
        self._prefix = prefix
        self.server = DingTalkServer(self.space, address + prefix)
        self.people = People(self.space, self.server)
        self.gateway, self.pushes = self.server.gateway, self.server.pushes
        self.faults, self.push_faults = self.server.faults, self.server.pushes.faults
        self.server.tell = self.event
        self.office = self.server.office
        self.quota, self.cards = self.server.quota, self.server.cards

    @property
    def api_base(self) -> str:
        """In place of https://api.dingtalk.com."""
        return f"{self.server.address}/api"

    @property
    def oapi_base(self) -> str:
        """In place of https://oapi.dingtalk.com."""
        return f"{self.server.address}/oapi"

    def moved_to(self, address: str) -> None:
        """The address is known only now (a port chosen by the system)."""
        self.server.address = address + self._prefix

    def routes(self) -> list[web.RouteDef]:
        """Everything under the prefix."""
        return self.server.routes(self._prefix)

    def app(self) -> web.Application:
        """DingTalk alone as an application, bringing again by itself what was not acknowledged."""
        app = web.Application(client_max_size=BODY_CAP)
        app.add_routes(self.routes())
        app.cleanup_ctx.append(self.running)
        app.on_shutdown.append(self._on_shutdown)
        return app

    async def running(self, _app: web.Application | None = None) -> AsyncIterator[None]:
        """A cleanup context: looks every half second for what is to be brought again."""
        task = asyncio.create_task(self._beat())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def close(self) -> None:
        """Close every connection."""
        await self.gateway.close()
        await self.server.settle()
        await self.pushes.http.close()

    async def tick(self) -> int:
        """Bring again whatever is due by the simulated clock; to be called after the clock has jumped."""
        return await self.pushes.tick()

    async def says(
        self,
        staff_id: str,
        words: str,
        group: str | None = None,
        *,
        at_bot: bool = True,
        client_id: str | None = None,
    ) -> Bubble:
        """See `People.says`."""
        return await self.people.says(staff_id, words, group, at_bot=at_bot, client_id=client_id)

    async def presses(
        self,
        staff_id: str,
        card: str | Bubble,
        action: str,
        params: Mapping[str, object] | None = None,
        *,
        again: bool = False,
    ) -> Click:
        """See `People.presses`."""
        return await self.people.presses(staff_id, card, action, params, again=again)

    async def submits(self, staff_id: str, card: str | Bubble, values: Mapping[str, object]) -> Click:
        """See `People.submits`."""
        return await self.people.submits(staff_id, card, values)

    async def taps(self, staff_id: str, target: str | Bubble, label: str) -> Click | Bubble | str:
        """See `People.taps`."""
        return await self.people.taps(staff_id, target, label)

    def chat(self, staff_id: str, group: str | None = None, client_id: str | None = None) -> Sequence[Bubble]:
        """What the colleague sees in a chat or group, oldest first."""
        place = self.space.chat(staff_id, group, client_id)
        return [one for one in place.bubbles if one.shown_to(staff_id)]

    async def wait_for(
        self,
        staff_id: str,
        predicate: Predicate,
        timeout: float = 60.0,  # noqa: ASYNC109 (callers wait on a condition, this is its limit)
        *,
        group: str | None = None,
        client_id: str | None = None,
        after: Bubble | None = None,
    ) -> Bubble:
        """The first message that fits, there already or still to come; see `Space.wait_for`."""
        place = self.space.chat(staff_id, group, client_id)
        return await self.space.wait_for(staff_id, place, predicate, timeout, after)

    async def leaves_org(self, staff_id: str) -> list[Push]:
        """A colleague leaves; every app that listens is told."""
        self.space.change_staff(None, staff_id)
        return await self._contact("user_leave_org", staff_id)

    async def joins_org(self, staff: Staff) -> list[Push]:
        """A new colleague."""
        self.space.change_staff(staff, staff.staff_id)
        return await self._contact("user_add_org", staff.staff_id)

    async def changes(self, staff: Staff) -> list[Push]:
        """A colleague's entry changes (department, manager, title)."""
        self.space.change_staff(staff, staff.staff_id)
        return await self._contact("user_modify_org", staff.staff_id)

    async def event(
        self, event_type: str, data: JsonObject, apps: Iterable[DingApp] | None = None
    ) -> list[Push]:
        """Send an event to the apps that ticked it in the console, or to `apps`."""
        fit = [one for one in self.space.organisation.apps if event_type in one.events]
        told = list(fit if apps is None else apps)
        return await asyncio.gather(*(self._tell(one, event_type, data) for one in told))

    async def decides(self, staff_id: str, instance_id: str, result: str, remark: str = "") -> None:
        """A colleague decides an OA approval: agree or refuse. Raises CannotPress."""
        self.office.approvals.decide(staff_id, instance_id, result, remark)
        self.server.spread_news()
        await self.server.settle()

    async def ticks_off(self, staff_id: str, task_id: str) -> None:
        """A colleague ticks off a todo. Raises CannotPress."""
        self.office.todos.ticks_off(staff_id, task_id)
        self.server.spread_news()
        await self.server.settle()

    async def check_event_url(self, client_id: str | None = None) -> bool:
        """What the console does when an event address is saved."""
        app = self.space.app(client_id)
        request = self.pushes.http.event(app, {"EventType": "check_url"})
        answer = await self.pushes.http.send(request, self.pushes.http_timeout)
        return event_problem(app, answer) == ""

    def calls(self, path: str, client_id: str) -> int:
        """How often an API was called by an app; logins and connections are counted under ""."""
        return self.quota.calls[path, client_id]

    async def _contact(self, event_type: str, staff_id: str) -> list[Push]:
        return await self.event(event_type, {"timeStamp": str(self.space.now_ms()), "userId": [staff_id]})

    async def _tell(self, app: DingApp, event_type: str, data: JsonObject) -> Push:
        if event_type not in EXEMPT_EVENTS:
            self.quota.count_push()
        headers = {
            "eventType": event_type,
            "eventId": secrets.token_hex(16),
            "eventCorpId": self.space.organisation.corp_id,
            "eventBornTime": str(self.space.now_ms()),
            "eventUnifiedAppId": secrets.token_hex(8),
        }
        return await self.pushes.event(app, data, headers, f"事件 {event_type}")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            await self.tick()

    async def _on_shutdown(self, _app: web.Application) -> None:
        await self.close()
