"""One WebSocket of one client: frames out, and whether it is still the bot's own."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson
from aiohttp import WSCloseCode, web

from sandbox.wecom.shape import JsonObject


@dataclass(slots=True, eq=False)
class Connection:
    """A client. `bot_id` is empty until it has subscribed.

    A `deaf` connection gets no callbacks any more, a `mute` one no frame at all. `sent` are its callbacks.
    """

    socket: web.WebSocketResponse
    request: web.Request
    bot_id: str = ""
    deaf: bool = False
    mute: bool = False
    sent: list[JsonObject] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The client's IP."""
        return self.request.remote or ""

    @property
    def origin(self) -> str:
        """How the client reached the platform, without a slash at the end."""
        return f"{self.request.scheme}://{self.request.host}"

    async def put(self, frame: JsonObject) -> bool:
        """Send a frame; False when the connection is gone."""
        if self.socket.closed:
            return False
        if self.mute:
            return True  # it goes into a line that nobody knows to be cut
        try:
            await self.socket.send_str(orjson.dumps(frame).decode())
        except ConnectionError:
            return False
        return True

    async def close(self, code: int = WSCloseCode.OK) -> None:
        """Say goodbye properly."""
        await self.socket.close(code=code)

    def drop(self) -> None:
        """Cut the line; the client sees 1006."""
        if self.request.transport is not None:
            self.request.transport.abort()
