"""The platform's hosts: api.dingtalk.com under `<prefix>/api`, oapi.dingtalk.com under `<prefix>/oapi`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.dingtalk.answers import ban, blob, hang_up, written
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.calls import Api, FailedList, Files, new_calls, office_of, old_calls
from sandbox.dingtalk.card_calls import CardCalls
from sandbox.dingtalk.contacts import Contacts
from sandbox.dingtalk.dings import Dings
from sandbox.dingtalk.errors import Refused, foreign_address, old
from sandbox.dingtalk.faults import ApiFaults
from sandbox.dingtalk.gateway import CONNECT, Gateway
from sandbox.dingtalk.group_robot import GroupRobots
from sandbox.dingtalk.login import Login
from sandbox.dingtalk.media import Media, MediaStore
from sandbox.dingtalk.pushes import Pushes
from sandbox.dingtalk.quota import Quota
from sandbox.dingtalk.robot import Robot
from sandbox.dingtalk.shape import JsonObject, loaded, needed
from sandbox.dingtalk.state import Space
from sandbox.dingtalk.tokens import Tokens
from sandbox.dingtalk.webhook import Webhooks
from sandbox.state import Exchange

Tell = Callable[[str, JsonObject], Awaitable[object]]
BODY_CAP = 24 * 1024 * 1024
OPEN = "v1.0/gateway/connections/open"
SESSION_REPLY, GROUP_ROBOT = "robot/sendBySession", "robot/send"
ME = "v1.0/contact/users/me"
TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 (the name of a header)
_SECRETS = ("appSecret", "clientSecret", "client_secret", "appsecret", "apiSecret")


class DingTalkServer:
    """The API over one space. Mount `routes(prefix)`; `address` is where that is reached from outside."""

    def __init__(self, space: Space, address: str) -> None:
        self._space, self.address = space, address
        self.faults = ApiFaults()
        self.quota = Quota(space.world)
        self.tokens = Tokens(space)
        self.media = MediaStore(space)
        self.webhooks = Webhooks(space)
        self.gateway = Gateway(space, self.tokens)
        self.pushes = Pushes(space, self.gateway)
        self.robot = Robot(space, self.media, self.faults)
        self.cards = CardCalls(space, self.robot, self.faults)
        self.contacts = Contacts(space)
        self.office = office_of(space)
        self.login = Login(space, self.tokens)
        self.group_robots = GroupRobots(space, self.quota)
        self.dings = Dings(space, self.robot, self.quota)
        self.new = new_calls(self.robot, self.dings, self.cards, self.office)
        self.old = old_calls(self.contacts, Files(space, self.media), FailedList(self.pushes), self.office)
        self.tell: Tell | None = None
        self._telling: set[asyncio.Task[None]] = set()

    def routes(self, prefix: str = "") -> list[web.RouteDef]:
        """Both hosts, the WebSocket, and the files behind temporary links."""
        return [
            web.get(f"{prefix}{CONNECT}", self._connect),
            web.get(f"{prefix}/login/oauth2/auth", self.login.consent),
            web.get(f"{prefix}/files/{{key}}", self._file),
            web.get(f"{prefix}/shown/{{media_id}}", self._shown),
            web.route("*", f"{prefix}/api/{{path:.+}}", self._serve_new),
            web.route("*", f"{prefix}/oapi/{{path:.+}}", self._serve_old),
        ]

    async def _serve_new(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.match_info["path"], self._answer_new)

    async def _serve_old(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.match_info["path"], self._answer_old)

    async def _serve(
        self, request: web.Request, path: str, answer: Callable[[web.Request, str, bytes], JsonObject | Media]
    ) -> web.StreamResponse:
        if delay := self.faults.latency + self.faults.slow.get(path, 0.0):
            await asyncio.sleep(delay)
        if self.faults.down:
            return hang_up(request)
        if self.quota.bans(request.remote or "") or self.faults.ban_page:
            return ban(page=self.faults.ban_html)
        raw = await request.read()
        exchange = self._space.world.open_exchange(
            "api", path, _view(request, raw), platform="dingtalk", way=_way(path)
        )
        status = 200
        try:
            body = answer(request, path, raw)
        except Refused as refused:
            status, body = self._refusal(refused, path, new=answer == self._answer_new)
        self._record(exchange, status, body)
        self.spread_news()
        if self.faults.takes_reset(path):
            return hang_up(request)
        return written(status, body, xml=self._speaks_xml(request, path, status, body))

    def _speaks_xml(self, request: web.Request, path: str, status: int, body: JsonObject | Media) -> bool:
        if path == OPEN and "json" not in request.headers.get("Accept", ""):
            return True
        refused = status >= 400 or (isinstance(body, dict) and bool(body.get("errcode")))
        return self.faults.xml_errors and refused

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.faults.down:
            return hang_up(request)
        return await self.gateway.connect(request)

    def _refusal(self, refused: Refused, path: str, *, new: bool) -> tuple[int, JsonObject]:
        if new:
            return refused.status, refused.new_body()
        return 429 if refused.status == 429 else 200, refused.old_body(path)

    def _answer_new(self, request: web.Request, path: str, raw: bytes) -> JsonObject | Media:
        if path == OPEN:
            return self._open(request, raw)
        if path == ME and request.method == "GET":
            return self.login.me(request.headers.get(TOKEN_HEADER, ""))
        if path.startswith("v1.0/oauth2/") and request.method == "POST":
            return self._token(path, raw)
        found = self.new.find(request.method, path)
        if found is None:
            raise Refused("InvalidAction.NotFound", f"Specified api is not found: {path}", status=404)
        return self._gate(found, request, raw, request.headers.get(TOKEN_HEADER, ""))

    def _answer_old(self, request: web.Request, path: str, raw: bytes) -> JsonObject | Media:
        if path == "gettoken":
            return self._gettoken(request)
        if path in (SESSION_REPLY, GROUP_ROBOT):
            return self._reply(request, path, raw)
        found = self.old.find("*", path)
        if found is None:
            raise old(22, f"Invalid method[submsg=不合法ApiName，ApiName = {path}]")
        return self._gate(found, request, raw, request.query.get("access_token", ""))

    def _gate(
        self, found: tuple[Api, str, dict[str, str]], request: web.Request, raw: bytes, token: str
    ) -> JsonObject | Media:
        api, path, names = found
        app = self.tokens.check(token)
        self.quota.calls[path, app.client_id] += 1
        if app.trusted_ips is not None and (request.remote or "") not in app.trusted_ips:
            raise foreign_address(request.remote or "")
        self.faults.raise_injected(path)
        self.quota.count_call(path, app.client_id, exempt=api.exempt)
        kind, key = request.headers.get("Content-Type", ""), request.headers.get("x-client-token", "")
        return api.handler(Call(app, path, request.query, kind, raw, self.address, names, key))

    def spread_news(self) -> None:
        """Tell the apps, beside whatever goes on, of the events that calls and people have caused."""
        news, self._space.announcements = self._space.announcements, []
        if news and self.tell is not None:
            task = asyncio.create_task(self._spread(self.tell, news))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def settle(self) -> None:
        """Wait until the apps have been told of everything."""
        while self._telling:
            await asyncio.gather(*self._telling)

    async def _spread(self, tell: Tell, news: list[tuple[str, JsonObject]]) -> None:
        for event_type, data in news:
            await tell(event_type, data)

    def _token(self, path: str, raw: bytes) -> JsonObject:
        self.quota.calls[path, ""] += 1
        self.faults.raise_injected(path)
        body = loaded(raw) or {}
        if path == "v1.0/oauth2/userAccessToken":
            return self.login.user_token(body)
        if path == "v1.0/oauth2/accessToken":
            token, life = self.tokens.issue(_word(body, "appKey"), _word(body, "appSecret"))
            return {"accessToken": token, "expireIn": life}
        if path != f"v1.0/oauth2/{self._space.organisation.corp_id}/token":
            raise Refused("invalidCorpId", "无效的corpId")
        if body.get("grant_type") != "client_credentials":
            raise Refused("invalidGrantType", "grant_type 应为 client_credentials")
        token, life = self.tokens.issue(_word(body, "client_id"), _word(body, "client_secret"))
        return {"access_token": token, "expires_in": life}

    def _gettoken(self, request: web.Request) -> JsonObject:
        self.quota.calls["gettoken", ""] += 1
        self.faults.raise_injected("gettoken")
        token, life = self.tokens.issue(request.query.get("appkey", ""), request.query.get("appsecret", ""))
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": life}

    def _open(self, request: web.Request, raw: bytes) -> JsonObject:
        self.quota.calls[OPEN, ""] += 1
        self.faults.raise_injected(OPEN)
        if request.method != "POST":
            raise Refused("InvalidAction.NotFound", "Specified api is not found", status=404)
        return self.gateway.open(loaded(raw) or {}, "ws" + self.address.removeprefix("http") + CONNECT)

    def _reply(self, request: web.Request, path: str, raw: bytes) -> JsonObject:
        self.quota.calls[path, ""] += 1
        self.faults.raise_injected(path)
        body = loaded(raw)
        if body is None:
            raise old(40035, "缺少参数 json")
        if path == GROUP_ROBOT:
            return self.group_robots.send(request.query, body)
        return self.webhooks.send(request.query.get("session", ""), body)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        media = self.media.linked(request.match_info["key"])
        if media is None:
            raise web.HTTPForbidden(text="<Error><Code>AccessDenied</Code></Error>")
        return blob(media)

    async def _shown(self, request: web.Request) -> web.StreamResponse:
        """A file as the client itself shows it; for the page."""
        media = self.media.get(request.match_info["media_id"])
        if media is None:
            raise web.HTTPNotFound
        return blob(media)

    def _record(self, exchange: Exchange, status: int, answer: JsonObject | Media) -> None:
        if isinstance(answer, Media):
            exchange.response = {"status": status, "body": f"{len(answer.data)} bytes"}
        else:
            exchange.response = {"status": status, "body": answer}
            code = answer.get("errcode", 0)
            exchange.errcode = code if isinstance(code, int) and "errcode" in answer else None
            exchange.ok = status == 200 and code == 0
        self._space.world.close_exchange(exchange)


def _word(body: JsonObject, name: str) -> str:
    return needed(body, name, "invalidClientIdOrSecret")


def _view(request: web.Request, raw: bytes) -> dict[str, object]:
    shown: object = raw
    if request.content_type.startswith("multipart/"):
        shown = f"{len(raw)} bytes of {request.content_type}"
    elif any(name.encode() in raw for name in _SECRETS):
        shown = {name: "…" if name in _SECRETS else value for name, value in (loaded(raw) or {}).items()}
    query = {name: value for name, value in request.query.items() if name not in _SECRETS}
    return {"method": request.method, "path": request.path, "query": query, "body": shown}


def _way(path: str) -> str:
    """How a call reaches the platform, for the page."""
    return {SESSION_REPLY: "会话 Webhook", GROUP_ROBOT: "群机器人"}.get(path, "接口")
