"""Attachments of the smart bot: fetched within five minutes, and opened with their own key [100719]."""

from __future__ import annotations

import asyncio
import binascii
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.errors import Rejected, Unreachable
from bot.wecom.aibot import limits
from handlers.incoming import Attachment

_CALL: Final = "aibot_media"
_IV_BYTES: Final = 16
_TIMEOUT: Final = ClientTimeout(total=limits.DOWNLOAD_TIMEOUT)
_SCHEMES: Final = ("https://", "http://")


class Undecipherable(Exception):
    """The bytes are not what the platform encrypts, or the key is another one's. `reason` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class Media:
    """An attachment's content, and the name that came with it."""

    data: bytes
    name: str = ""


def decrypt(sealed: bytes, aes_key: str) -> bytes:
    """The content: AES-256-CBC, IV the key's first 16 bytes, PKCS#7 to 32 [100719]. Raises Undecipherable."""
    key = _key(aes_key)
    if not sealed or len(sealed) % _IV_BYTES:
        raise Undecipherable("length")
    opener = Cipher(AES(key), CBC(key[:_IV_BYTES])).decryptor()
    padded = opener.update(sealed) + opener.finalize()
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


async def fetch(session: ClientSession, held: Attachment) -> Media:
    """Download an attachment and open it. Its address works for five minutes after the message.

    Raises Unreachable, Rejected (the address is over) or Undecipherable.
    """
    if not held.url.startswith(_SCHEMES):
        raise Rejected(_CALL)
    try:
        async with session.get(held.url, timeout=_TIMEOUT) as response:
            if response.status != 200:
                raise _status_fault(response.status)
            disposition = response.content_disposition
            data = bytearray()
            async for chunk in response.content.iter_any():
                data += chunk
                if len(data) > limits.DOWNLOAD_BYTES:
                    raise Rejected(_CALL)
    except TimeoutError:
        raise Unreachable(_CALL, cause="timeout") from None
    except (ClientError, OSError) as error:
        raise Unreachable(_CALL, cause=type(error).__name__) from None
    name = (disposition.filename or "") if disposition else ""
    content = await asyncio.to_thread(decrypt, bytes(data), held.aes_key) if held.aes_key else bytes(data)
    return Media(content, held.name or name)


def _status_fault(status: int) -> Unreachable | Rejected:
    return Unreachable(_CALL, status, cause="http") if status >= 500 else Rejected(_CALL, status)
