"""The page's server side: static files, pictures, and one WebSocket per browser tab."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from aiohttp import WSMsgType, web

from sandbox.asks import Ask, BadAsk, location, media_of, moment, words
from sandbox.chats import AppLine, Chats, Line, owner
from sandbox.company import Status
from sandbox.dingtalk.switches import DingSwitches
from sandbox.phones import CannotPress
from sandbox.presets import ZONE, presets
from sandbox.state import Change, World
from sandbox.switches import Switches
from sandbox.views import exchange_view
from sandbox.wecom.callbacks import Callbacks
from sandbox.wecom.errors import Refused
from sandbox.wecom.server import WeComServer
from sandbox.wecom.shape import JsonObject

STATIC = Path(__file__).parent / "static"
MESSAGES_SHOWN = 300
EXCHANGES_SHOWN = 200
FRAME_CAP = 32 * 1024 * 1024
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
}
GUIDE = "/dingtalk-card"
GUIDE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""The guide is one file with everything in it, and fetches nothing."""
Jump = Callable[[datetime], Awaitable[None]]


class Page:
    """Serves the page over one world; `guide` is the text of one more page, for the administrator."""

    def __init__(
        self,
        world: World,
        wecom: WeComServer,
        callbacks: Callbacks,
        chats: Chats,
        jump: Jump,
        guide: str = "",
        dingtalk: DingSwitches | None = None,
    ) -> None:
        self.world, self.wecom, self.chats, self.jump = world, wecom, chats, jump
        self._guide = guide
        self.switches, self.dingtalk = Switches(wecom, callbacks), dingtalk
        self._tabs: set[Tab] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page at /, its files, its pictures, its WebSocket."""
        found: list[web.AbstractRouteDef] = [
            web.get("/ws", self._socket),
            web.get("/media/{id}", self._media),
        ]
        if self._guide:
            found.append(web.get(GUIDE, self._show_guide))
        if STATIC.is_dir():
            found += [web.get("/", self._file), web.get(r"/{name:\w[\w\-]*\.\w+}", self._file)]
        return found

    def clock_moved(self) -> None:
        """Tell every tab what time it is now."""
        for tab in self._tabs:
            tab.put({"type": "clock", "now": self._now(), "presets": presets(self.world.now())})

    async def close(self) -> None:
        """Close every tab's connection."""
        for tab in tuple(self._tabs):
            await tab.close()

    def view(self) -> JsonObject:
        """The world as the page's list of colleagues shows it."""
        departments = {one.id: one.name for one in self.world.corp.departments}
        users = [
            {
                "userid": one.userid,
                "name": one.name,
                "position": one.position,
                "department": departments[one.department_ids[0]],
                "unread": self.world.chat(one.userid).unread,
                "avatar_color": one.avatar_color,
                "chats": self.chats.view(one.userid),
            }
            for one in self.world.corp.users
            if one.status in (Status.ACTIVE, Status.NOT_ACTIVATED)
        ]
        app = self.world.app()
        return {
            "type": "world",
            "corp": {"name": self.world.corp.name},
            "app": {"agent_id": app.agent_id, "name": app.name},
            "guide": GUIDE if self._guide else "",
            "users": users,
            "now": self._now(),
            "zone": ZONE.key,
            "presets": presets(self.world.now()),
        }

    def _now(self) -> str:
        return self.world.now().astimezone(ZONE).isoformat()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = STATIC / request.match_info.get("name", "index.html")
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=HEADERS)

    async def _show_guide(self, _request: web.Request) -> web.StreamResponse:
        headers = {**HEADERS, "Content-Security-Policy": GUIDE_POLICY}
        return web.Response(text=self._guide, content_type="text/html", headers=headers)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        try:
            media = self.wecom.media.get(request.match_info["id"])
        except Refused as refused:
            raise web.HTTPNotFound from refused
        headers = {"Content-Type": media.content_type, "X-Content-Type-Options": "nosniff"}
        headers["Content-Security-Policy"] = "sandbox"
        return web.Response(body=media.data, headers=headers)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden  # another site in the same browser has no business here
        socket = web.WebSocketResponse(max_msg_size=FRAME_CAP, heartbeat=30)
        await socket.prepare(request)
        tab = Tab(self, socket)
        self._tabs.add(tab)
        try:
            await tab.run()
        finally:
            self._tabs.discard(tab)
        return socket


class Tab:
    """One browser tab: shows a member's chat, maybe several beside each other, and all unread counts."""

    def __init__(self, page: Page, socket: web.WebSocketResponse) -> None:
        self._page, self._world, self._socket = page, page.world, socket
        self._lines: dict[str, Line] = {}  # by key, the one opened last at the end
        self._outgoing: asyncio.Queue[JsonObject] = asyncio.Queue()
        self._acts: set[asyncio.Task[None]] = set()
        self._asks: dict[str, Callable[[Ask], Awaitable[None]]] = {
            "hello": self._hello,
            "switch": self._switch,
            "say": self._say,
            "press": self._press,
            "menu": self._menu,
            "choose": self._choose,
            "send_image": self._send_media,
            "send_voice": self._send_media,
            "send_file": self._send_media,
            "send_video": self._send_media,
            "send_location": self._send_location,
            "jump": self._jump,
            "raw": self._raw,
            "fault": self._fault,
        }

    def put(self, said: JsonObject) -> None:
        """Queue something for the browser."""
        self._outgoing.put_nowait(said)

    async def close(self) -> None:
        """Close the connection."""
        await self._socket.close()

    async def run(self) -> None:
        """Serve the tab until it closes; what was begun in it is finished or cancelled with it."""
        self._world.listeners.add(self._heard)
        writer = asyncio.create_task(self._write())
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    act = asyncio.create_task(self._take(frame.data))
                    self._acts.add(act)
                    act.add_done_callback(self._acts.discard)
        finally:
            self._world.listeners.discard(self._heard)
            self._leave()
            tasks = [writer, *self._acts]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            said = await self._outgoing.get()
            try:
                await self._socket.send_str(orjson.dumps(said, default=str).decode())
            except ConnectionError:
                return

    async def _take(self, frame: str) -> None:
        try:
            ask = Ask.read(frame)
            act = self._asks.get(ask.type)
            if act is None:
                raise BadAsk(f"不认识的请求：{ask.type}")
            await act(ask)
        except (BadAsk, CannotPress) as problem:
            self.put({"type": "error", "text": str(problem)})
        except Refused as refused:
            self.put({"type": "error", "text": f"平台拒绝：{refused}"})

    def _heard(self, change: Change) -> None:
        where: JsonObject = {"user": owner(change.userid), "chat": change.userid}
        if change.kind == "message" and change.message is not None:
            if change.userid in self._lines:
                self.put({"type": "message", **where, "message": change.message.view()})
        elif change.kind == "unread":
            self.put({"type": "unread", **where, "count": self._world.chat(change.userid).unread})
        elif change.kind == "exchange" and change.exchange is not None:
            self.put({"type": "exchange", **change.exchange.view()})

    def _leave(self, *keep: str) -> None:
        for key in [one for one in self._lines if one not in keep]:
            del self._lines[key]
            self._world.look(key, leaving=True)

    async def _hello(self, ask: Ask) -> None:
        self.put(self._page.view())
        for exchange in list(self._world.exchanges)[-EXCHANGES_SHOWN:]:
            self.put({"type": "exchange", **exchange.view()})
        if ask.get("user"):
            await self._switch(ask)

    async def _switch(self, ask: Ask) -> None:
        user = self._world.user(words(ask, "user"))
        if user is None:
            raise BadAsk("没有这位同事")
        line = self._page.chats.find(user.userid, words(ask, "chat"))
        if line is None:
            raise BadAsk("这位同事没有这个会话")
        beside = ask.beside() & {one.key for one in self._page.chats.of(user.userid)}
        self._leave(*beside - {line.key})
        self._lines[line.key] = line
        chat = self._world.look(line.key)
        shown = [one.view() for one in chat.messages[-MESSAGES_SHOWN:]]
        self.put({"type": "chat", "user": user.userid, "chat": line.key, "messages": shown})
        await line.enter()

    async def _say(self, ask: Ask) -> None:
        await self._at(ask).say(words(ask, "text"), words(ask, "quote") or None)

    async def _press(self, ask: Ask) -> None:
        await self._at(ask).press(words(ask, "message"), words(ask, "key"), ask.selected())

    async def _menu(self, ask: Ask) -> None:
        await self._at(ask).menu(words(ask, "message"), words(ask, "key"))

    async def _choose(self, ask: Ask) -> None:
        line = self._at(ask)
        if not isinstance(line, AppLine):
            raise BadAsk("这个会话没有菜单")
        await line.choose(words(ask, "label"))

    async def _send_media(self, ask: Ask) -> None:
        kind = ask.type.removeprefix("send_")
        name, content_type, data = media_of(ask, kind)
        line = self._at(ask)
        await line.send(self._page.wecom.media.put(kind, name, content_type, data))

    async def _send_location(self, ask: Ask) -> None:
        await self._at(ask).be_at(*location(ask))

    async def _jump(self, ask: Ask) -> None:
        try:
            await self._page.jump(moment(ask, self._world.now()))
        except ValueError as error:
            raise BadAsk("只能快进到以后的时间") from error

    async def _raw(self, ask: Ask) -> None:
        wanted = words(ask, "exchange")
        for exchange in self._world.exchanges:
            if exchange.id == wanted:
                self.put({"type": "raw", "exchange": exchange_view(exchange)})
                return
        raise BadAsk("这次通信已经不在记录里")

    async def _fault(self, ask: Ask) -> None:
        switches: Switches | DingSwitches = self._page.switches
        if words(ask, "platform") == "dingtalk":
            if self._page.dingtalk is None:
                raise BadAsk("这里没有钉钉")
            switches = self._page.dingtalk
        await switches.set(words(ask, "name"), ask.get("value"))

    def _at(self, ask: Ask) -> Line:
        """The open chat that is meant: the one that is named, else the one opened last."""
        if not self._lines:
            raise BadAsk("请先选择一位同事")
        key = words(ask, "chat") or next(reversed(self._lines))
        if key not in self._lines:
            raise BadAsk("这个会话没有打开")
        return self._lines[key]
