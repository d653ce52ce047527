"""The platforms' APIs on loopback: they answer what a test tells them to, and remember what was asked."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.bot.dingtalk.gateway import CLIENT_ID, CLIENT_SECRET, NOW
from tests.bot.wecom.platform import CORP_ID

SECRET = "a-very-secret-secret"
GETTOKEN = "gettoken"
ACCESS_TOKEN = "v1.0/oauth2/accessToken"
Answered = dict[str, object] | tuple[int, dict[str, object]]
"""JSON with status 200, or with another status before it."""
Step = Answered | web.Response | Callable[[web.Request], web.StreamResponse]


@dataclass
class Platform:
    """Checks tokens as a platform does; `script` holds answers by path, used up first.

    A `stubborn` one refuses every token. Only calls whose token was right leave their body and query.
    """

    calls: Counter[str] = field(default_factory=Counter)
    bodies: list[Any] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    script: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    answers: dict[str, Step] = field(default_factory=dict)
    token: str = ""
    life: int = 7200
    stubborn: bool = False
    prefix: str = field(default="/", init=False)
    token_path: str = field(default="", init=False)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", self.prefix + "{path:.+}", self._handle)
        return app

    def revoke(self) -> None:
        """The token ends early."""
        self.token = ""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.calls[path] += 1
        if self.script[path]:
            return _say(self.script[path].popleft(), request)
        if path == self.token_path:
            return _say(await self._give_token(request), request)
        if not self._is_free(path) and not self._known(request):
            return _say(self._refusal(path), request)
        self.queries.append(dict(request.query))
        self.bodies.append(await self._body(request))
        return _say(self.answers.get(path, {"errcode": 0, "errmsg": "ok"}), request)

    def _known(self, request: web.Request) -> bool:
        given = request.headers.get("x-acs-dingtalk-access-token") or request.query.get("access_token")
        return bool(self.token) and not self.stubborn and given == self.token

    def _made_token(self) -> str:
        """The same while it lives, as both platforms give it."""
        self.token = self.token or f"token-{self.calls[self.token_path]}"
        return self.token

    def _is_free(self, path: str) -> bool:
        """Whether a call needs no token."""
        return False

    async def _body(self, request: web.Request) -> Any:
        return await request.read()

    async def _give_token(self, request: web.Request) -> Answered:
        raise NotImplementedError

    def _refusal(self, path: str) -> Answered:
        raise NotImplementedError


@dataclass
class QyApi(Platform):
    """WeCom's. `refusal` is its code for a token that is not right."""

    refusal: int = 42001

    def __post_init__(self) -> None:
        self.prefix, self.token_path = "/cgi-bin/", GETTOKEN

    async def _give_token(self, request: web.Request) -> Answered:
        if request.query["corpid"] != CORP_ID or request.query["corpsecret"] != SECRET:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        return {"errcode": 0, "access_token": self._made_token(), "expires_in": self.life}

    def _refusal(self, path: str) -> Answered:
        return {"errcode": self.refusal, "errmsg": "access_token expired"}


@dataclass
class OpenApi(Platform):
    """DingTalk's, the new one and the old one."""

    def __post_init__(self) -> None:
        self.token_path = ACCESS_TOKEN

    async def _give_token(self, request: web.Request) -> Answered:
        if await request.json() != {"appKey": CLIENT_ID, "appSecret": CLIENT_SECRET}:
            return 400, {"code": "invalidClientIdOrSecret"}
        return {"accessToken": self._made_token(), "expireIn": self.life}

    def _refusal(self, path: str) -> Answered:
        if path.startswith("v1.0/"):
            return 400, {"code": "InvalidAuthentication", "message": "不合法的access_token"}
        return {"errcode": 40014, "errmsg": "不合法的access_token"}

    def _is_free(self, path: str) -> bool:
        """A session's webhook and an upload's address carry their own right."""
        return path == "robot/sendBySession" or path.startswith("files/")

    async def _body(self, request: web.Request) -> Any:
        is_json = request.content_type == "application/json" and request.can_read_body
        return await request.json() if is_json else await request.read()


def _say(step: Step, request: web.Request) -> web.StreamResponse:
    if isinstance(step, dict):
        return web.json_response(step)
    if isinstance(step, tuple):
        return web.json_response(step[1], status=step[0])
    return step if isinstance(step, web.Response) else step(request)


def refused(code: str, status: int = 400, **more: object) -> tuple[int, dict[str, object]]:
    """An error of DingTalk's new API."""
    return status, {"code": code, "message": "不要看这里", "requestid": "r1", **more}


def forbidden(code: str, **more: object) -> tuple[int, dict[str, object]]:
    """An error of the gateway before it."""
    return refused(f"Forbidden.AccessDenied.{code}", 403, **more)


def bad_gateway(_: web.Request) -> web.StreamResponse:
    return web.Response(status=502)


def no_json(_: web.Request) -> web.StreamResponse:
    """A page where JSON was to be."""
    return web.Response(text="<html>", content_type="text/html")


def ban_page(_: web.Request) -> web.StreamResponse:
    """What an address that is shut out may get instead of JSON."""
    return web.Response(
        text="<!DOCTYPE html><html><body>1111 punish: deny</body></html>", content_type="text/html"
    )


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
