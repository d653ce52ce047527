"""The sandbox as one object: a company, its phones, its platform; for tests, benchmark and page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from types import TracebackType

from aiohttp import web

from sandbox.chats import Chats
from sandbox.clock import Clock
from sandbox.company import Corp
from sandbox.dingtalk import DingTalk, Organisation
from sandbox.dingtalk.screen import Screen
from sandbox.dingtalk.switches import DingSwitches
from sandbox.page import Page
from sandbox.phones import Phones
from sandbox.state import Message, Predicate, World
from sandbox.wecom import limits
from sandbox.wecom.aibot.phones import BotPhones
from sandbox.wecom.aibot.server import BotServer
from sandbox.wecom.aibot.switches import BotSwitches
from sandbox.wecom.aibot.url_mode import PATH as RESPONSE
from sandbox.wecom.approval_desk import ApprovalDesk
from sandbox.wecom.attacks import Attack, launch
from sandbox.wecom.callbacks import Attempt, Callbacks
from sandbox.wecom.server import BODY_CAP, WeComServer

OnJump = Callable[[datetime], Awaitable[None]]
PREFIX = "/qyapi"


class Sandbox:
    """A simulated WeCom around one company, and the same company on DingTalk where `dingtalk` is given.

    `clock` is the time of everything but network timeouts; `tries` the deliveries of one callback in all;
    `address` is where `app()` is reached, without a slash at the end. `on_jump` is awaited after each jump.
    `guide` is a page (HTML, whole) that tells the administrator how the card template is imported.
    """

    def __init__(
        self,
        corp: Corp,
        clock: Clock,
        *,
        tries: int = limits.CALLBACK_TRIES,
        address: str = "http://127.0.0.1:8090",
        on_jump: OnJump | None = None,
        dingtalk: Organisation | None = None,
        guide: str = "",
    ) -> None:
        self.world = World(corp, clock)
        self.wecom = WeComServer(self.world)
        self.callbacks = Callbacks(self.world, tries=tries)
        self.phones = Phones(
            self.world, self.callbacks, self.wecom.register, self.wecom.media, address, self.wecom.menus
        )
        self.openws = BotServer(self.world, self.wecom.media)
        self.openws.urls.address, self.openws.urls.base = address, f"{address}{PREFIX}/cgi-bin"
        self.wecom.answer_at(RESPONSE, self.openws.urls.respond)
        self.bots = BotPhones(self.world, self.openws)
        self.dingtalk = None if dingtalk is None else DingTalk(self.world, dingtalk, address)
        screen = None if self.dingtalk is None else Screen(self.dingtalk)
        self.chats = Chats(self.world, self.phones, self.bots, screen, self.wecom.appchats)
        self.approvals = ApprovalDesk(self.world, self.callbacks, self.wecom.approvals)
        self.on_jump = on_jump
        switches = None if self.dingtalk is None else DingSwitches(self.dingtalk)
        self.page = Page(self.world, self.wecom, self.callbacks, self.chats, self.jump, guide, switches)
        self.page.switches.bots = BotSwitches(self.openws)

    def app(self) -> web.Application:
        """The API under /qyapi, the smart bots' line at /openws, DingTalk under /dingtalk, the page at /."""
        app = web.Application(client_max_size=BODY_CAP)
        app.add_routes(self.wecom.routes(PREFIX))
        app.add_routes(self.openws.routes())
        if self.dingtalk is not None:
            app.add_routes(self.dingtalk.routes())
            app.cleanup_ctx.append(self.dingtalk.running)
        app.add_routes(self.page.routes())
        app.on_shutdown.append(self._on_shutdown)
        return app

    async def close(self) -> None:
        """Close every connection; only needed where `app()` is not served."""
        await self.page.close()
        await self.approvals.close()
        await self.openws.close()
        if self.dingtalk is not None:
            await self.dingtalk.close()
        await self.callbacks.close()

    async def __aenter__(self) -> Sandbox:
        """For use without `app()`."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def says(
        self, userid: str, text: str, agent_id: int | None = None, quote: str | Message | None = None
    ) -> Message:
        """A member says something; returns when the app has taken it (or all tries failed)."""
        quoted = quote.id if isinstance(quote, Message) else quote
        return await self.phones.says(userid, text, agent_id, quoted)

    async def press(
        self,
        userid: str,
        target: str | Message,
        key: str,
        selected: dict[str, list[str]] | None = None,
        *,
        again: bool = False,
    ) -> Message:
        """A member presses a button; see `Phones.press`. Raises CannotPress."""
        return await self.phones.press(userid, target, key, selected, again=again)

    async def tap(
        self,
        userid: str,
        target: str | Message,
        label: str,
        selected: dict[str, list[str]] | None = None,
        *,
        again: bool = False,
    ) -> Message:
        """A member presses what `label` is written on; see `Phones.tap`. Raises CannotPress."""
        return await self.phones.tap(userid, target, label, selected, again=again)

    def chat(self, userid: str) -> Sequence[Message]:
        """What the member's chat shows, oldest first."""
        return [one for one in self.world.chat(userid).messages if not one.dropped]

    def dropped(self, userid: str) -> Sequence[Message]:
        """What was accepted for the member and silently dropped."""
        return [one for one in self.world.chat(userid).messages if one.dropped]

    async def wait_for(
        self,
        userid: str,
        predicate: Predicate,
        timeout: float = 60.0,  # noqa: ASYNC109 (callers wait on a condition, this is its limit)
        *,
        after: Message | None = None,
    ) -> Message:
        """The first message that fits, there already or still to come; see `World.wait_for`."""
        return await self.world.wait_for(userid, predicate, timeout, after=after)

    async def attack(self, kind: Attack, agent_id: int | None = None) -> Attempt:
        """Send something hostile to the app's callback, once."""
        return await launch(self.callbacks, kind, agent_id)

    async def jump(self, to: datetime) -> None:
        """Go to a later moment (aware). Raises ValueError for an earlier one."""
        if to <= self.world.now():
            raise ValueError("only a later moment can be jumped to")
        self.world.clock.jump(to)
        self.page.clock_moved()
        if self.dingtalk is not None:
            await self.dingtalk.tick()
        if self.on_jump is not None:
            await self.on_jump(to)

    def calls(self, path: str, agent_id: int) -> int:
        """How often an API was called ("message/send") by an app; gettoken is counted under 0."""
        return self.wecom.flow.calls[path, agent_id]

    async def _on_shutdown(self, _app: web.Application) -> None:
        await self.close()
