"""The envelope of events pushed over HTTP: opened strictly, sealed as the platform expects it
[develop-stream-mode-push-server].

The only module that imports dingtalk-sdk (LGPL, unmodified). The library gives the key and the cipher.
What comes in it sees last: by then the signature is compared in constant time. Padding, length and owner,
which the library takes on trust, are checked here.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import orjson
from dingtalk.crypto import DingTalkCrypto, PrpCrypto

from bot.dingtalk import limits

_AES_KEY: Final = re.compile(rf"[A-Za-z0-9]{{{limits.AES_KEY_CHARS}}}")
_TIMESTAMP: Final = re.compile(r"[0-9]{1,16}", re.ASCII)
_HEAD: Final = limits.RANDOM_PREFIX + limits.LENGTH_FIELD
_SUCCESS: Final = "success"


class Refused(Exception):
    """A push that is not what it should be. `reason` is one constant word, for our log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EventCrypto:
    """Opens and answers the event pushes of one app.

    `owner` is the app key for an app set up in the console, the corpId where the callback was registered by
    API. Raises ValueError for an impossible key.
    """

    def __init__(self, token: str, encoding_aes_key: str, owner: str) -> None:
        if not _AES_KEY.fullmatch(encoding_aes_key):
            raise ValueError("the aes_key must be 43 letters and digits")
        self._token = token
        self._owner = owner
        self._packer = PrpCrypto(DingTalkCrypto(token, encoding_aes_key, owner).key)

    def open(self, body: bytes, signature: str, timestamp: str, nonce: str, now: datetime) -> bytes:
        """The JSON text inside a pushed body. Raises Refused for anything but a genuine, fresh one."""
        encrypted = _encrypted(body)
        plain = nonce.isascii() and nonce.isprintable() and len(nonce) <= limits.NONCE_MAX_CHARS
        if not _TIMESTAMP.fullmatch(timestamp) or not plain:
            raise Refused("malformed")
        expected = self.sign(timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise Refused("signature")
        if abs(now.timestamp() * 1000 - int(timestamp)) > limits.SIGN_SKEW.total_seconds() * 1000:
            raise Refused("stale")
        return self._decrypt(encrypted)

    def success(self, nonce: str, now: datetime) -> Mapping[str, str]:
        """The answer that an event was taken."""
        timestamp = str(int(now.timestamp() * 1000))
        encrypted = self._packer.encrypt(_SUCCESS, self._owner).decode("ascii")
        return {
            "msg_signature": self.sign(timestamp, nonce, encrypted),
            "timeStamp": timestamp,
            "nonce": nonce,
            "encrypt": encrypted,
        }

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature: lower-case SHA-1 of token, timestamp, nonce and ciphertext, sorted and joined."""
        parts = sorted((self._token, timestamp, nonce, encrypted))
        return hashlib.sha1("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            sealed = binascii.a2b_base64(encrypted, strict_mode=True)
        except (binascii.Error, ValueError):
            raise Refused("base64") from None
        if not sealed or len(sealed) % limits.CIPHER_BLOCK:
            raise Refused("length")
        return self._unpack(self._packer.cipher.decrypt(sealed))

    def _unpack(self, padded: bytes) -> bytes:
        pad = padded[-1]
        if not 1 <= pad <= limits.PADDING_BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise Refused("padding")
        packed = padded[:-pad]
        end = _HEAD + int.from_bytes(packed[limits.RANDOM_PREFIX : _HEAD], "big")
        if len(packed) < _HEAD or end > len(packed):
            raise Refused("length")
        if not hmac.compare_digest(packed[end:], self._owner.encode()):
            raise Refused("owner")
        return packed[_HEAD:end]


def _encrypted(body: bytes) -> str:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("not_json") from None
    encrypted = read.get("encrypt") if isinstance(read, dict) else None
    if not isinstance(encrypted, str) or not encrypted:
        raise Refused("no_envelope")
    return encrypted
