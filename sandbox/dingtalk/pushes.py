"""Brings messages, events and clicks to the apps, and again when they were not acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import orjson

from sandbox.dingtalk import limits
from sandbox.dingtalk.company import DingApp, Mode
from sandbox.dingtalk.faults import PushFaults
from sandbox.dingtalk.frames import CALLBACK, CARD_TOPIC, EVENT, ROBOT_TOPIC, Frame, judge, new_message_id
from sandbox.dingtalk.gateway import Gateway
from sandbox.dingtalk.http_push import HttpPush, Request, event_body, event_problem
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import Space
from sandbox.state import Exchange

UNCONNECTED = "nobody is connected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. `answer` is the acknowledgement's data, or the HTTP answer's body."""

    ok: bool
    answer: JsonObject | None = None
    problem: str = ""


@dataclass(slots=True, eq=False)
class Push:
    """Something to bring to an app. With `route` (address, secret) a click goes there by HTTP.

    `key` is the msgId, eventId or message id that stays the same when it comes again; `tried_again` is called
    whenever it has.
    """

    app: DingApp
    frame: Frame
    title: str
    key: str
    http: bool = False
    route: tuple[str, str] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    exchanges: list[str] = field(default_factory=list)
    tried_again: Callable[[], None] | None = None

    @property
    def ok(self) -> bool:
        """Whether it was acknowledged at least once."""
        return any(one.ok for one in self.outcomes)

    @property
    def answer(self) -> JsonObject:
        """The first good answer."""
        return next((one.answer for one in self.outcomes if one.ok and one.answer is not None), {})


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """An event that was given up; it can be fetched for some minutes."""

    push: Push
    time: float


class Pushes:
    """The way to the apps. Timeouts in real seconds; redeliveries by the simulated clock, in `tick`.

    `robot_again` and `event_again` are the waits before each redelivery; without any, a robot message that
    was not acknowledged never comes again, as the protocol page has it.
    """

    def __init__(self, space: Space, gateway: Gateway) -> None:
        self._space, self._gateway = space, gateway
        self.faults = PushFaults()
        self.http = HttpPush(space, self.faults)
        self.stream_timeout, self.http_timeout = limits.STREAM_TIMEOUT, limits.HTTP_TIMEOUT
        self.card_timeout = limits.CARD_TIMEOUT
        self.robot_again: tuple[float, ...] = (limits.ROBOT_REDELIVERY,)
        self.event_again: tuple[float, ...] = limits.EVENT_RETRIES
        self.failed_events: list[FailedEvent] = []
        self._later: list[tuple[float, Push]] = []

    async def robot(self, app: DingApp, data: JsonObject, title: str) -> Push:
        """Bring a message to the robot, by stream or HTTP as the app has it; returns after the first try."""
        frame = Frame(CALLBACK, ROBOT_TOPIC, data, new_message_id(), {})
        return await self._first(Push(app, frame, title, str(data.get("msgId", "")), app.mode is Mode.HTTP))

    async def event(self, app: DingApp, data: JsonObject, headers: Mapping[str, str], title: str) -> Push:
        """Bring an event, by stream or HTTP as the app has it; returns after the first try."""
        frame = Frame(EVENT, "*", data, new_message_id(), headers)
        return await self._first(Push(app, frame, title, headers["eventId"], app.mode is Mode.HTTP))

    async def card(self, app: DingApp, data: JsonObject, title: str, route: tuple[str, str] | None) -> Push:
        """Bring a click; once, an answer after 2 s is not looked at."""
        frame = Frame(CALLBACK, CARD_TOPIC, data, new_message_id(), {})
        push = Push(app, frame, title, frame.message_id, route is not None, route)
        await self._attempts(push)
        return push

    async def tick(self) -> int:
        """Bring everything again whose time has come; how many pushes that were."""
        now = self._space.world.seconds()
        due = [push for time, push in self._later if time <= now]
        self._later = [(time, push) for time, push in self._later if time > now]
        await asyncio.gather(*(self._again(push) for push in due))
        return len(due)

    def will_come(self, push: Push) -> bool:
        """Whether a push waits to be brought again."""
        return any(one is push for _, one in self._later)

    @property
    def waiting(self) -> int:
        """How many pushes are to come again."""
        return len(self._later)

    def take_failed(self, app: DingApp) -> tuple[list[FailedEvent], bool]:
        """Events of an app that were given up lately, at most 200, and whether there are more; read once."""
        now = self._space.world.seconds()
        alive = [one for one in self.failed_events if one.time + limits.FAILED_LIST_LIFE > now]
        mine = [one for one in alive if one.push.app.client_id == app.client_id]
        taken = mine[: limits.FAILED_LIST_PAGE]
        self.failed_events = [one for one in alive if one not in taken]
        return taken, len(mine) > len(taken)

    async def _first(self, push: Push) -> Push:
        await self._attempts(push)
        if not push.ok:
            self._plan(push)
        return push

    async def _again(self, push: Push) -> None:
        push.outcomes.append(await self._attempt(push))
        if not push.ok:
            self._plan(push)
        if push.tried_again is not None:
            push.tried_again()

    def _plan(self, push: Push) -> None:
        event = push.frame.kind == EVENT
        waits = self.event_again if event else self.robot_again
        tries, now = len(push.outcomes), self._space.world.seconds()
        unreached = push.outcomes[-1].problem == UNCONNECTED and not event and not self.faults.unconnected
        if tries <= len(waits) and not unreached:
            self._later.append((now + waits[tries - 1], push))
        elif event:
            self.failed_events.append(FailedEvent(push, now))

    async def _attempts(self, push: Push) -> None:
        copies = max(1, self.faults.copies)
        outcomes = await asyncio.gather(*(self._attempt(push) for _ in range(copies)))
        if any(one.ok for one in outcomes):
            push.outcomes += outcomes
        else:
            push.outcomes.append(outcomes[-1])

    async def _attempt(self, push: Push) -> Outcome:
        outcome = await (self._by_http(push) if push.http else self._by_stream(push))
        if outcome.ok and push.frame.topic == CARD_TOPIC and self.faults.is_late():
            return Outcome(ok=False, problem="the answer came too late")
        if outcome.ok and self.faults.loses_ack():
            return Outcome(ok=False, problem="the acknowledgement got lost")
        return outcome

    async def _by_stream(self, push: Push) -> Outcome:
        frame = push.frame
        connection = self._gateway.choose(push.app, frame.kind, frame.topic)
        shown: dict[str, object] = {"method": "STREAM", "path": frame.topic, "query": dict(frame.headers)}
        exchange = self._space.world.open_exchange(
            "callback", push.title, {**shown, "body": frame.data}, platform="dingtalk", way="Stream"
        )
        if connection is None:
            return self._close(push, exchange, None, Outcome(ok=False, problem=UNCONNECTED))
        timeout = self.card_timeout if frame.topic == CARD_TOPIC else self.stream_timeout
        ack = await connection.push(frame, timeout)
        if ack is None:
            return self._close(push, exchange, None, Outcome(ok=False, problem="no answer in time"))
        ok, problems = judge(frame, ack)
        self._gateway.complaints += problems
        return self._close(push, exchange, ack.code, Outcome(ok, ack.data, "；".join(problems)))

    async def _by_http(self, push: Push) -> Outcome:
        request = self._request(push)
        shown = {"method": "POST", "path": request.url, "query": request.query, "body": request.body}
        exchange = self._space.world.open_exchange(
            "callback", push.title, {**shown, "plain": request.plain}, platform="dingtalk", way="HTTP 推送"
        )
        if not request.url:
            return self._close(push, exchange, None, Outcome(ok=False, problem="no address is configured"))
        answer = await self.http.send(request, self.card_timeout if push.route else self.http_timeout)
        if push.frame.kind == EVENT:
            problem = event_problem(push.app, answer)
        else:
            problem = "" if answer.status == 200 else answer.problem or f"HTTP {answer.status}"
        exchange.response["body"] = answer.body
        return self._close(push, exchange, answer.status, Outcome(not problem, answer.json(), problem))

    def _request(self, push: Push) -> Request:
        if push.route is not None:
            return self.http.card(*push.route, push.frame.data)
        if push.frame.kind == EVENT:
            return self.http.event(push.app, event_body(push.frame.headers, push.frame.data))
        return self.http.robot(push.app, push.frame.data)

    def _close(self, push: Push, exchange: Exchange, status: int | None, outcome: Outcome) -> Outcome:
        exchange.response = {"status": status, **exchange.response}
        exchange.response.setdefault("body", orjson.dumps(outcome.answer or {}))
        exchange.ok = outcome.ok and not outcome.problem
        if outcome.problem:
            exchange.response["problem"] = outcome.problem
        push.exchanges.append(exchange.id)
        self._space.world.close_exchange(exchange)
        return outcome
