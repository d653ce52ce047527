"""Both of DingTalk's APIs on loopback: they answer what a test tells them to, and remember what was asked."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.bot.dingtalk.gateway import CLIENT_ID, CLIENT_SECRET, NOW

Step = dict[str, object] | tuple[int, dict[str, object]] | Callable[[web.Request], web.StreamResponse]
TOKEN_PATH = "v1.0/oauth2/accessToken"


@dataclass
class OpenApi:
    """Checks tokens as DingTalk does; `script` holds answers by path, used up first."""

    calls: Counter[str] = field(default_factory=Counter)
    bodies: list[Any] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    script: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    answers: dict[str, Step] = field(default_factory=dict)
    token: str = ""
    life: int = 7200
    stubborn: bool = False

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.+}", self._handle)
        return app

    def revoke(self) -> None:
        """The token ends early."""
        self.token = ""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.calls[path] += 1
        if self.script[path]:
            return _say(self.script[path].popleft(), request)
        if path == TOKEN_PATH:
            return await self._token(request)
        if path != "robot/sendBySession" and not path.startswith("files/") and not self._known(request):
            return self._unknown(path)
        self.queries.append(dict(request.query))
        is_json = request.content_type == "application/json" and request.can_read_body
        self.bodies.append(await request.json() if is_json else await request.read())
        return _say(self.answers.get(path, {"errcode": 0, "errmsg": "ok"}), request)

    def _known(self, request: web.Request) -> bool:
        given = request.headers.get("x-acs-dingtalk-access-token") or request.query.get("access_token")
        return bool(self.token) and not self.stubborn and given == self.token

    def _unknown(self, path: str) -> web.StreamResponse:
        if path.startswith("v1.0/"):
            return web.json_response(
                {"code": "InvalidAuthentication", "message": "不合法的access_token"}, status=400
            )
        return web.json_response({"errcode": 40014, "errmsg": "不合法的access_token"})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        if await request.json() != {"appKey": CLIENT_ID, "appSecret": CLIENT_SECRET}:
            return web.json_response({"code": "invalidClientIdOrSecret"}, status=400)
        self.token = self.token or f"token-{self.calls[TOKEN_PATH]}"
        return web.json_response({"accessToken": self.token, "expireIn": self.life})


def _say(step: Step, request: web.Request) -> web.StreamResponse:
    if isinstance(step, dict):
        return web.json_response(step)
    if isinstance(step, tuple):
        return web.json_response(step[1], status=step[0])
    return step(request)


def refused(code: str, status: int = 400, **more: object) -> tuple[int, dict[str, object]]:
    """An error of the new API."""
    return status, {"code": code, "message": "不要看这里", "requestid": "r1", **more}


def forbidden(code: str, **more: object) -> tuple[int, dict[str, object]]:
    """An error of the gateway before the new API."""
    return refused(f"Forbidden.AccessDenied.{code}", 403, **more)


def drop(request: web.Request) -> web.StreamResponse:
    """Cut the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def page(request: web.Request) -> web.StreamResponse:
    """A page where JSON was to be."""
    return web.Response(text="<html>", content_type="text/html")


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
