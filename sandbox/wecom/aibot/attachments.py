"""Files that members send to a bot: encrypted, under an address that works for five minutes (100719)."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sandbox.state import World
from sandbox.wecom.aibot import limits
from sandbox.wecom.limits import IV_BYTES, PADDING_BLOCK
from sandbox.wecom.media import Media
from sandbox.wecom.shape import JsonObject

PATH = "/aibot/media"


@dataclass(frozen=True, slots=True)
class _Parcel:
    name: str
    sealed: bytes
    until: float


class Attachments:
    """The download side."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._parcels: dict[str, _Parcel] = {}

    def offer(self, media: Media, origin: str, own_key: str = "") -> JsonObject:
        """`url` and `aeskey` of a file, new each time. `origin` is where the bot reaches the platform.

        With `own_key`, the bot's EncodingAESKey, the file is sealed by that, and comes without a key.
        """
        now = self._world.seconds()
        kept = now - limits.MEDIA_URL_LIFE  # so long an address is known to be too old, then unknown
        self._parcels = {name: one for name, one in self._parcels.items() if one.until > kept}
        key = base64.b64decode(own_key + "=") if own_key else secrets.token_bytes(limits.AES_KEY_BYTES)
        name = secrets.token_urlsafe(24)
        self._parcels[name] = _Parcel(media.name, seal(media.data, key), now + limits.MEDIA_URL_LIFE)
        if own_key:
            return {"url": f"{origin}{PATH}/{name}"}
        written = base64.b64encode(key).decode()
        short = len(self._parcels) % 2 == 1  # 43 or 44 characters: a client must take both
        return {"url": f"{origin}{PATH}/{name}", "aeskey": written.rstrip("=") if short else written}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The download."""
        parcel = self._parcels.get(request.match_info["name"])
        if parcel is None:
            raise web.HTTPNotFound
        if parcel.until <= self._world.seconds():
            raise web.HTTPForbidden(text="url expired")
        disposition = f"attachment; filename*=UTF-8''{quote(parcel.name)}"
        headers = {"Content-Type": "application/octet-stream", "Content-Disposition": disposition}
        return web.Response(body=parcel.sealed, headers=headers)


def seal(data: bytes, key: bytes) -> bytes:
    """AES-256-CBC, the key's beginning as IV, padded to a multiple of 32."""
    pad = PADDING_BLOCK - len(data) % PADDING_BLOCK
    encryptor = Cipher(AES(key), CBC(key[:IV_BYTES])).encryptor()
    return encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()
