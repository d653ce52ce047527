"""The platform's hosts: api.dingtalk.com under `<prefix>/api`, oapi.dingtalk.com under `<prefix>/oapi`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import orjson
from aiohttp import web

from sandbox.dingtalk.call import Call
from sandbox.dingtalk.card_calls import CardCalls
from sandbox.dingtalk.contacts import Contacts
from sandbox.dingtalk.errors import DENIED, Refused, old
from sandbox.dingtalk.faults import ApiFaults
from sandbox.dingtalk.gateway import CONNECT, Gateway, open_error_xml, open_xml
from sandbox.dingtalk.media import Media, MediaStore, read_upload
from sandbox.dingtalk.pushes import Pushes
from sandbox.dingtalk.quota import Quota
from sandbox.dingtalk.robot import Robot
from sandbox.dingtalk.shape import JsonObject, loaded, needed
from sandbox.dingtalk.state import Space
from sandbox.dingtalk.tokens import Tokens
from sandbox.dingtalk.webhook import Webhooks
from sandbox.state import Exchange

Handler = Callable[[Call], JsonObject | Media]
BODY_CAP = 24 * 1024 * 1024
OPEN = "v1.0/gateway/connections/open"
SESSION_REPLY = "robot/sendBySession"
TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 (the name of a header)
BAN_PAGE = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "0"}
_SECRETS = ("appSecret", "clientSecret", "client_secret", "appsecret", "apiSecret")


@dataclass(frozen=True, slots=True)
class _Api:
    """One call: where it is counted, and what answers it."""

    handler: Handler
    exempt: bool = False


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
        self._new = self._new_calls()
        self.contacts = Contacts(space)
        self._old = self._old_calls(self.contacts)

    def routes(self, prefix: str = "") -> list[web.RouteDef]:
        """Both hosts, the WebSocket, and the files behind temporary links."""
        return [
            web.get(f"{prefix}{CONNECT}", self.gateway.connect),
            web.get(f"{prefix}/files/{{key}}", self._file),
            web.get(f"{prefix}/shown/{{media_id}}", self._shown),
            web.route("*", f"{prefix}/api/{{path:.+}}", self._serve_new),
            web.route("*", f"{prefix}/oapi/{{path:.+}}", self._serve_old),
        ]

    def _new_calls(self) -> dict[tuple[str, str], _Api]:
        robot, cards = self.robot, self.cards
        calls: dict[tuple[str, str], Handler] = {
            ("POST", "v1.0/robot/oToMessages/batchSend"): robot.batch_send,
            ("POST", "v1.0/robot/groupMessages/send"): robot.group_send,
            ("POST", "v1.0/robot/otoMessages/batchRecall"): robot.recall,
            ("POST", "v1.0/robot/groupMessages/recall"): robot.recall,
            ("GET", "v1.0/robot/oToMessages/readStatus"): robot.read_status,
            ("POST", "v1.0/robot/messageFiles/download"): robot.download,
            ("POST", "v1.0/card/instances"): cards.create,
            ("PUT", "v1.0/card/instances"): cards.update,
            ("POST", "v1.0/card/instances/deliver"): cards.deliver,
            ("POST", "v1.0/card/instances/createAndDeliver"): cards.create_and_deliver,
            ("PUT", "v1.0/card/streaming"): cards.stream,
            ("POST", "v1.0/card/callbacks/register"): cards.register_callback,
        }
        return {name: _Api(handler) for name, handler in calls.items()}

    def _old_calls(self, contacts: Contacts) -> dict[str, _Api]:
        people: dict[str, Handler] = {
            "topapi/v2/user/get": contacts.user_get,
            "topapi/v2/user/list": contacts.user_list,
            "topapi/user/listsimple": contacts.user_list,
            "topapi/user/listid": contacts.user_ids,
            "topapi/v2/user/getbymobile": contacts.user_by_mobile,
            "topapi/user/getbyunionid": contacts.user_by_union,
            "topapi/v2/user/getuserinfo": contacts.user_by_code,
            "topapi/v2/department/get": contacts.department_get,
            "topapi/v2/department/listsub": contacts.department_sub,
            "topapi/v2/department/listsubid": contacts.department_sub_ids,
        }
        return {
            **{name: _Api(handler, exempt=True) for name, handler in people.items()},
            "media/upload": _Api(self._upload),
            "media/downloadFile": _Api(self._fetch),
            "call_back/get_call_back_failed_result": _Api(self._failed, exempt=True),
        }

    async def _serve_new(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if path == OPEN and "json" not in request.headers.get("Accept", ""):
            return await self._open_as_xml(request)
        return await self._serve(request, path, self._answer_new)

    async def _serve_old(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.match_info["path"], self._answer_old)

    async def _serve(
        self, request: web.Request, path: str, answer: Callable[[web.Request, str, bytes], JsonObject | Media]
    ) -> web.StreamResponse:
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if self.faults.down:
            return _hang_up(request)
        if self.faults.ban_page or self.quota.bans(request.remote or ""):
            return web.json_response(BAN_PAGE)
        raw = await request.read()
        exchange = self._space.world.open_exchange("api", path, _view(request, raw))
        status = 200
        try:
            body = answer(request, path, raw)
        except Refused as refused:
            status, body = self._refusal(refused, path, new=answer == self._answer_new)
        self._record(exchange, status, body)
        if self.faults.takes_reset(path):
            return _hang_up(request)
        if isinstance(body, Media):
            return _blob(body)
        return web.Response(
            status=status, body=orjson.dumps(body), content_type="application/json", charset="utf-8"
        )

    def _refusal(self, refused: Refused, path: str, *, new: bool) -> tuple[int, JsonObject]:
        if new:
            return refused.status, refused.new_body()
        return 429 if refused.status == 429 else 200, refused.old_body(path)

    def _answer_new(self, request: web.Request, path: str, raw: bytes) -> JsonObject | Media:
        if path == OPEN:
            return self._open(request, raw)
        if path.startswith("v1.0/oauth2/") and request.method == "POST":
            return self._token(path, raw)
        api = self._new.get((request.method, path))
        if api is None:
            raise Refused("InvalidAction.NotFound", f"Specified api is not found: {path}", status=404)
        return self._gate(api, request, path, raw, request.headers.get(TOKEN_HEADER, ""))

    def _answer_old(self, request: web.Request, path: str, raw: bytes) -> JsonObject | Media:
        if path == "gettoken":
            return self._gettoken(request)
        if path == SESSION_REPLY:
            return self._reply(request, raw)
        api = self._old.get(path)
        if api is None:
            raise old(22, f"Invalid method[submsg=不合法ApiName，ApiName = {path}]")
        return self._gate(api, request, path, raw, request.query.get("access_token", ""))

    def _gate(self, api: _Api, request: web.Request, path: str, raw: bytes, token: str) -> JsonObject | Media:
        app = self.tokens.check(token)
        self.quota.calls[path, app.client_id] += 1
        if app.trusted_ips is not None and (request.remote or "") not in app.trusted_ips:
            words = f"访问ip不在白名单之中，request ip={request.remote}"
            raise Refused(DENIED + "IpNotInWhiteList", words, status=403, errcode=60020, gate=True)
        self.faults.raise_injected(path)
        self.quota.count_call(path, app.client_id, exempt=api.exempt)
        return api.handler(
            Call(app, path, request.query, request.headers.get("Content-Type", ""), raw, self.address)
        )

    def _token(self, path: str, raw: bytes) -> JsonObject:
        self.quota.calls[path, ""] += 1
        self.faults.raise_injected(path)
        body = loaded(raw) or {}
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

    async def _open_as_xml(self, request: web.Request) -> web.Response:
        try:
            answer, status = open_xml(self._open(request, await request.read())), 200
        except Refused as refused:
            answer, status = open_error_xml(refused), refused.status
        return web.Response(status=status, body=answer, content_type="application/xml")

    def _reply(self, request: web.Request, raw: bytes) -> JsonObject:
        self.faults.raise_injected(SESSION_REPLY)
        body = loaded(raw)
        if body is None:
            raise old(40035, "缺少参数 json")
        return self.webhooks.send(request.query.get("session", ""), body)

    def _upload(self, call: Call) -> JsonObject:
        fields, found = read_upload(call.content_type, call.raw)
        if found is None:
            raise old(41005, "缺少多媒体文件数据")
        media = self.media.put(call.query.get("type") or fields.get("type", ""), *found)
        created = int(self._space.now_ms())
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "media_id": media.id}
        return {**answer, "type": media.type, "created_at": created}

    def _fetch(self, call: Call) -> Media:
        media = self.media.get(call.query.get("media_id", ""))
        if media is None:
            raise old(40007, "不合法的媒体文件id")
        return media

    def _failed(self, call: Call) -> JsonObject:
        taken, more = self.pushes.take_failed(call.app)
        listed: list[JsonObject] = []
        for one in taken:
            kind = one.push.frame.headers["eventType"]
            born = int(one.push.frame.headers["eventBornTime"])
            listed.append({"event_time": born, "call_back_tag": kind, kind: one.push.frame.data})
        return {"errcode": 0, "errmsg": "ok", "has_more": more, "failed_list": listed}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        media = self.media.linked(request.match_info["key"])
        if media is None:
            raise web.HTTPForbidden(text="<Error><Code>AccessDenied</Code></Error>")
        return _blob(media)

    async def _shown(self, request: web.Request) -> web.StreamResponse:
        """A file as the client itself shows it; for the page."""
        media = self.media.get(request.match_info["media_id"])
        if media is None:
            raise web.HTTPNotFound
        return _blob(media)

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


def _blob(media: Media) -> web.Response:
    disposition = f"attachment; filename*=UTF-8''{quote(media.name)}"
    headers = {"Content-Type": media.content_type, "Content-Disposition": disposition}
    return web.Response(body=media.data, headers=headers)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
