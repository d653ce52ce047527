"""The fake qyapi: HTTP status 200 and an errcode, always (pages 90664, 91039 and those of each call)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import orjson
from aiohttp import web

from sandbox.company import App
from sandbox.state import Exchange, World
from sandbox.wecom.call import Blob, Call, blob_response, read_body
from sandbox.wecom.calls import table
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.oauth_page import pages
from sandbox.wecom.platform import Platform
from sandbox.wecom.shape import JsonObject
from sandbox.wecom.uploading import read_upload

BODY_CAP = 24 * 1024 * 1024
TOKEN, WEBHOOK, WEBHOOK_UPLOAD = "gettoken", "webhook/send", "webhook/upload_media"
Keyed = Callable[[Mapping[str, str], JsonObject], JsonObject]


class WeComServer(Platform):
    """The platform's API over one world. Mount `routes()` under any prefix, or serve `app()`."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._calls = table(self)
        self._keyed: dict[str, Keyed] = {WEBHOOK: self.webhooks.send}
        self._methods = {path: method for path, (method, _) in self._calls.items()}
        self._methods |= {TOKEN: "GET", WEBHOOK: "POST", WEBHOOK_UPLOAD: "POST"}
        self._under_way = 0

    def answer_at(self, path: str, handler: Keyed) -> None:
        """Let somebody else answer a POST that has a key in its address instead of a token."""
        self._keyed[path] = handler
        self._methods[path] = "POST"

    def routes(self, prefix: str = "") -> list[web.RouteDef]:
        """Everything under `<prefix>/cgi-bin/`, and the pages that tell an app who opened it."""
        return [web.route("*", f"{prefix}/cgi-bin/{{path:.+}}", self._serve), *pages(self.oauth, prefix)]

    def app(self) -> web.Application:
        """The API alone as an application."""
        app = web.Application(client_max_size=BODY_CAP)
        app.add_routes(self.routes())
        return app

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if path not in self._methods:
            raise web.HTTPNotFound
        self._under_way += 1
        try:
            return await self._serve_known(path, request, crowded=self._is_crowded())
        finally:
            self._under_way -= 1

    async def _serve_known(self, path: str, request: web.Request, *, crowded: bool) -> web.StreamResponse:
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if self.faults.down:
            return _hang_up(request)
        raw = await request.read()
        address = request.remote or ""
        exchange = self.world.open_exchange("api", path, _request_view(request, raw))
        try:
            if crowded:
                raise Refused(Code.TOO_MANY_AT_ONCE)
            answer = self._answer(path, request, raw, address)
        except Refused as refused:
            answer = refused.body(address)
        self._record(exchange, answer)
        if self.faults.takes_reset(path):
            return _hang_up(request)
        if isinstance(answer, Blob):
            return blob_response(answer, request.headers.get("Range", ""))
        return web.Response(body=orjson.dumps(answer), content_type="application/json", charset="UTF-8")

    def _is_crowded(self) -> bool:
        return 0 < self.faults.parallel < self._under_way

    def _answer(self, path: str, request: web.Request, raw: bytes, address: str) -> JsonObject | Blob:
        self.tokens.check_ban(address)
        method = self._methods[path]
        if request.method != method:
            raise Refused(Code.NEEDS_POST if method == "POST" else Code.NEEDS_GET)
        if path not in self._calls:
            return self._open(path, request, raw, address)
        app = self.tokens.check(request.query.get("access_token", ""))
        self.flow.called(path, app.agent_id)
        if app.disabled:
            raise Refused(Code.APP_DISABLED)
        self._check_address(app, address)
        self.faults.raise_injected(path)
        self.flow.check_api(path, self.world.seconds(), address)
        return self._calls[path][1](Call(app, request.query, raw, request))

    def _open(self, path: str, request: web.Request, raw: bytes, address: str) -> JsonObject:
        self.flow.called(path, 0)
        self.faults.raise_injected(path)
        self.flow.check_api(path, self.world.seconds(), address)
        if path in self._keyed:
            return self._keyed[path](request.query, read_body(raw))
        if path == WEBHOOK_UPLOAD:
            found = read_upload(request.headers.get("Content-Type", ""), raw)
            return self.webhooks.upload(request.query, *found)
        corpid, secret = request.query.get("corpid", ""), request.query.get("corpsecret", "")
        token, life = self.tokens.issue(corpid, secret, address)
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": life}

    def _check_address(self, app: App, address: str) -> None:
        if self.faults.untrusted or (app.trusted_ips is not None and address not in app.trusted_ips):
            raise Refused(Code.IP_NOT_TRUSTED)

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
