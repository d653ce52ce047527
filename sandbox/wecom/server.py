"""The fake qyapi: HTTP status 200 and an errcode, always (pages 90664, 91039 and those of each call)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import quote

import orjson
from aiohttp import web

from sandbox.company import App
from sandbox.state import Exchange, World
from sandbox.wecom.call import Blob, Call
from sandbox.wecom.contacts import Contacts
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.external_contacts import ExternalContacts
from sandbox.wecom.faults import ApiFaults
from sandbox.wecom.flow import Flow
from sandbox.wecom.media import MediaStore
from sandbox.wecom.menus import Menus
from sandbox.wecom.register import Register
from sandbox.wecom.sending import Sending
from sandbox.wecom.shape import JsonObject
from sandbox.wecom.tokens import Tokens
from sandbox.wecom.transfers import Transfers
from sandbox.wecom.updating import Updating
from sandbox.wecom.uploading import read_upload

Handler = Callable[[Call], JsonObject | Blob]
BODY_CAP = 24 * 1024 * 1024
CALLBACK_ADDRESSES = ["127.0.0.1"]


class WeComServer:
    """The platform's API over one world. Mount `routes()` under any prefix, or serve `app()`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = ApiFaults()
        self.flow = Flow()
        self.tokens = Tokens(world)
        self.media = MediaStore(world)
        self.register = Register(world)
        self.menus = Menus()
        sending = Sending(world, self.register, self.media, self.flow)
        contacts = Contacts(world)
        self.externals = ExternalContacts(world)
        self.transfers = Transfers(world)
        self._calls: dict[str, tuple[str, Handler]] = {
            "message/send": ("POST", sending.send),
            "message/recall": ("POST", sending.recall),
            "message/update_template_card": ("POST", Updating(world, self.register).update),
            "menu/create": ("POST", self.menus.create),
            "media/upload": ("POST", self._upload),
            "media/get": ("GET", self._fetch),
            "user/get": ("GET", contacts.user_get),
            "user/list": ("GET", contacts.user_list),
            "user/simplelist": ("GET", contacts.user_simplelist),
            "department/list": ("GET", contacts.department_list),
            "department/simplelist": ("GET", contacts.department_simplelist),
            "department/get": ("GET", contacts.department_get),
            "externalcontact/get_follow_user_list": ("GET", self.externals.followers),
            "externalcontact/list": ("GET", self.externals.of_member),
            "externalcontact/get": ("GET", self.externals.get),
            "externalcontact/batch/get_by_user": ("POST", self.externals.batch),
            "externalcontact/get_corp_tag_list": ("POST", self.externals.tags),
            "externalcontact/transfer_customer": ("POST", self.transfers.staying),
            "externalcontact/transfer_result": ("POST", self.transfers.staying_result),
            "externalcontact/resigned/transfer_customer": ("POST", self.transfers.leaving),
            "externalcontact/resigned/transfer_result": ("POST", self.transfers.leaving_result),
            "getcallbackip": (
                "GET",
                lambda _call: {"errcode": 0, "errmsg": "ok", "ip_list": CALLBACK_ADDRESSES},
            ),
        }

    def routes(self, prefix: str = "") -> list[web.RouteDef]:
        """Everything under `<prefix>/cgi-bin/`."""
        return [web.route("*", f"{prefix}/cgi-bin/{{path:.+}}", self._serve)]

    def app(self) -> web.Application:
        """The API alone as an application."""
        app = web.Application(client_max_size=BODY_CAP)
        app.add_routes(self.routes())
        return app

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if path != "gettoken" and path not in self._calls:
            raise web.HTTPNotFound
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if self.faults.down:
            return _hang_up(request)
        raw = await request.read()
        address = request.remote or ""
        exchange = self.world.open_exchange("api", path, _request_view(request, raw))
        try:
            answer = self._answer(path, request, raw, address)
        except Refused as refused:
            answer = refused.body(address)
        self._record(exchange, answer)
        if self.faults.takes_reset(path):
            return _hang_up(request)
        if isinstance(answer, Blob):
            disposition = f"attachment; filename*=UTF-8''{quote(answer.name)}"
            headers = {"Content-Type": answer.content_type, "Content-Disposition": disposition}
            return web.Response(body=answer.data, headers=headers)
        return web.Response(body=orjson.dumps(answer), content_type="application/json", charset="UTF-8")

    def _answer(self, path: str, request: web.Request, raw: bytes, address: str) -> JsonObject | Blob:
        self.tokens.check_ban(address)
        method, handler = ("GET", None) if path == "gettoken" else self._calls[path]
        if request.method != method:
            raise Refused(Code.NEEDS_POST if method == "POST" else Code.NEEDS_GET)
        if handler is None:
            return self._gettoken(path, request, address)
        app = self.tokens.check(request.query.get("access_token", ""))
        self.flow.called(path, app.agent_id)
        self._check_address(app, address)
        self.faults.raise_injected(path)
        self.flow.check_api(path, self.world.seconds())
        return handler(Call(app, request.query, raw, request))

    def _gettoken(self, path: str, request: web.Request, address: str) -> JsonObject:
        self.flow.called(path, 0)
        self.faults.raise_injected(path)
        self.flow.check_api(path, self.world.seconds())
        corpid, secret = request.query.get("corpid", ""), request.query.get("corpsecret", "")
        token, life = self.tokens.issue(corpid, secret, address)
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": life}

    def _check_address(self, app: App, address: str) -> None:
        if self.faults.untrusted or (app.trusted_ips is not None and address not in app.trusted_ips):
            raise Refused(Code.IP_NOT_TRUSTED)

    def _upload(self, call: Call) -> JsonObject:
        name, content_type, data = read_upload(call.request.headers.get("Content-Type", ""), call.raw)
        media = self.media.put(call.query.get("type", ""), name, content_type, data)
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "type": media.type, "media_id": media.id}
        return {**answer, "created_at": str(int(media.created))}

    def _fetch(self, call: Call) -> Blob:
        media = self.media.get(call.query.get("media_id", ""))
        return Blob(media.data, media.content_type, media.name)

    def _record(self, exchange: Exchange, answer: JsonObject | Blob) -> None:
        if isinstance(answer, Blob):
            exchange.response = {"status": 200, "body": f"{len(answer.data)} bytes of {answer.content_type}"}
        else:
            exchange.response = {"status": 200, "body": answer}
            code = answer["errcode"]
            exchange.errcode = code if isinstance(code, int) else None
            exchange.ok = code == 0
        self.world.close_exchange(exchange)


def _request_view(request: web.Request, raw: bytes) -> dict[str, object]:
    shown: object = raw
    if request.content_type.startswith("multipart/"):
        shown = f"{len(raw)} bytes of {request.content_type}"
    query = {name: value for name, value in request.query.items() if name != "corpsecret"}
    return {"method": request.method, "path": request.path, "query": query, "body": shown}


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
