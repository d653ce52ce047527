"""Attachments of the smart bot: fetched within five minutes, and opened with their own key [100719]."""

from __future__ import annotations

import binascii
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.errors import Rejected, Unreachable
from bot.sink import Sink
from bot.wecom.aibot import limits

_CALL: Final = "aibot_media"
_IV_BYTES: Final = 16
_TIMEOUT: Final = ClientTimeout(total=limits.DOWNLOAD_TIMEOUT)
_SCHEMES: Final = ("https://", "http://")


class Undecipherable(Exception):
    """The bytes are not what the platform encrypts, or the key is another one's. `reason` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Opener:
    """Opens what comes in parts: AES-256-CBC, IV the key's first 16 bytes, PKCS#7 to 32 [100719].

    Every method raises Undecipherable.
    """

    def __init__(self, aes_key: str) -> None:
        key = _key(aes_key)
        self._decryptor = Cipher(AES(key), CBC(key[:_IV_BYTES])).decryptor()
        self._size = 0
        self._tail = b""

    def update(self, part: bytes) -> bytes:
        """As much of the content as is certain; the last block may be padding."""
        self._size += len(part)
        opened = self._tail + self._decryptor.update(part)
        certain = max(0, len(opened) - limits.PADDING_BLOCK)
        self._tail = opened[certain:]
        return opened[:certain]

    def finish(self) -> bytes:
        """The rest of the content, without the padding."""
        if not self._size or self._size % _IV_BYTES:
            raise Undecipherable("length")
        padded = self._tail + self._decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= min(limits.PADDING_BLOCK, len(padded)) or padded[-pad:] != bytes([pad]) * pad:
            raise Undecipherable("padding")
        return padded[:-pad]


def _key(aes_key: str) -> bytes:
    """A key of 43 or 44 characters of base64; the last one may carry spare bits."""
    try:
        key = binascii.a2b_base64(aes_key.rstrip("=") + "=")
    except (binascii.Error, ValueError):
        raise Undecipherable("key") from None
    if len(key) != limits.AES_KEY_BYTES:
        raise Undecipherable("key")
    return key


async def fetch(session: ClientSession, url: str, aes_key: str, sink: Sink) -> str:
    """Download an attachment, open it and put it into `sink`; the name that came with it.

    Its address works for five minutes after the message; without `aes_key` it comes as it is. Raises
    Unreachable, Rejected (the address is over), Undecipherable or TooLarge.
    """
    if not url.startswith(_SCHEMES):
        raise Rejected(_CALL)
    opener = Opener(aes_key) if aes_key else None
    try:
        async with session.get(url, timeout=_TIMEOUT) as response:
            if response.status != 200:
                raise _status_fault(response.status)
            await sink.restart()
            async for chunk in response.content.iter_any():
                await sink.write(opener.update(chunk) if opener else chunk)
            disposition = response.content_disposition
    except TimeoutError:
        raise Unreachable(_CALL, cause="timeout") from None
    except (ClientError, OSError) as error:
        raise Unreachable(_CALL, cause=type(error).__name__) from None
    if opener is not None:
        await sink.write(opener.finish())
    return (disposition.filename or "") if disposition else ""


def _status_fault(status: int) -> Unreachable | Rejected:
    return Unreachable(_CALL, status, cause="http") if status >= 500 else Rejected(_CALL, status)
