"""A small WeCom API on loopback that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from tests.bot.wecom.platform import CORP_ID, NOW

SECRET = "a-very-secret-secret"
Step = dict[str, object] | web.StreamResponse | Callable[[web.Request], web.StreamResponse]


@dataclass
class QyApi:
    """Checks tokens as WeCom does; `script` holds answers by path, used up first."""

    calls: Counter[str] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    script: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    answers: dict[str, Step] = field(default_factory=dict)
    token: str = ""
    life: int = 7200
    refusal: int = 42001
    stubborn: bool = False

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/cgi-bin/{path:.+}", self._handle)
        return app

    def revoke(self) -> None:
        """The token ends early."""
        self.token = ""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.calls[path] += 1
        if self.script[path]:
            return self._say(self.script[path].popleft(), request)
        if path == "gettoken":
            return self._gettoken(request)
        if not self.token or self.stubborn or request.query.get("access_token") != self.token:
            return web.json_response({"errcode": self.refusal, "errmsg": "access_token expired"})
        self.queries.append(dict(request.query))
        self.bodies.append(await request.read())
        return self._say(self.answers.get(path, {"errcode": 0, "errmsg": "ok"}), request)

    def _gettoken(self, request: web.Request) -> web.StreamResponse:
        if request.query["corpid"] != CORP_ID or request.query["corpsecret"] != SECRET:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        self.token = self.token or f"token-{self.calls['gettoken']}"
        return web.json_response({"errcode": 0, "access_token": self.token, "expires_in": self.life})

    def _say(self, step: Step, request: web.Request) -> web.StreamResponse:
        if isinstance(step, dict):
            return web.json_response(step)
        return step if isinstance(step, web.StreamResponse) else step(request)


def bad_gateway(_: web.Request) -> web.StreamResponse:
    return web.Response(status=502)


def no_json(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>")


def drop(request: web.Request) -> web.StreamResponse:
    """Cut the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


class Hands:
    """A clock that moves when told, and a sleep that moves it."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.forward(seconds)
