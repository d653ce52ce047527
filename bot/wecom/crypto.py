"""The callback's envelope: opened strictly, sealed as the platform expects it [91144].

The only module that imports wechatpy. The library gives the cipher and packs what we send. What comes
in it sees last: by then the size is bounded, the envelope found by a bounded expression instead of an
XML parser, the signature compared in constant time and the timestamp fresh. Padding, length and
receiver, which the library takes on trust, are checked here.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

from bot.wecom import limits

_AES_KEY: Final = re.compile(rf"[A-Za-z0-9]{{{limits.AES_KEY_CHARS}}}")
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
# Possessive runs over disjoint classes: linear in the body whatever it holds.
_ENCRYPT: Final = re.compile(
    rb"<Encrypt>\s*+(?:<!\[CDATA\[)?+([A-Za-z0-9+/]++={0,2}+)(?:\]\]>)?+\s*+</Encrypt>"
)
_HEAD: Final = limits.RANDOM_PREFIX + limits.LENGTH_FIELD
_ENVELOPE: Final = (
    "<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
    "<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
)


class Refused(Exception):
    """A callback that is not what it should be. `reason` is one constant word, for our log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallbackCrypto:
    """Opens and seals the callbacks of one app.

    `receive_id` is the corpid for a self-built app and empty for the smart bot. `freshness` in seconds
    bounds how far a callback's timestamp may be from now. Raises ValueError for an impossible key.
    """

    def __init__(
        self,
        token: str,
        encoding_aes_key: str,
        receive_id: str,
        *,
        freshness: float = limits.FRESHNESS.total_seconds(),
    ) -> None:
        if not _AES_KEY.fullmatch(encoding_aes_key):
            raise ValueError("EncodingAESKey must be 43 letters and digits")
        self._token = token
        self._receive_id = receive_id
        self._freshness = freshness
        self._packer = PrpCrypto(WeChatCrypto(token, encoding_aes_key, receive_id).key)

    def open(self, body: bytes, signature: str, timestamp: str, nonce: str, now: datetime) -> bytes:
        """Return the XML inside a POSTed envelope. Raises Refused for anything but a genuine, fresh one."""
        if len(body) > limits.BODY_MAX_BYTES:
            raise Refused("too_large")
        found = _ENCRYPT.search(body)
        if found is None:
            raise Refused("no_envelope")
        encrypted = found[1].decode("ascii")
        self._verify(signature, timestamp, nonce, encrypted, now)
        return self._decrypt(encrypted)

    def verify_url(self, signature: str, timestamp: str, nonce: str, echostr: str, now: datetime) -> str:
        """Return what the URL check of the console wants back [90238]. Raises Refused."""
        if len(echostr) > limits.BODY_MAX_BYTES:
            raise Refused("too_large")
        self._verify(signature, timestamp, nonce, echostr, now)
        try:
            return self._decrypt(echostr).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("not_utf8") from None

    def seal(self, plaintext: str, timestamp: str, nonce: str) -> str:
        """Encrypt and sign a passive reply, as envelope XML [91144].

        `timestamp` (unix seconds) and `nonce` must be ours or verified: they stand in the XML as given.
        """
        encrypted = self._packer.encrypt(plaintext, self._receive_id).decode("ascii")
        signature = self.sign(timestamp, nonce, encrypted)
        return _ENVELOPE.format(encrypt=encrypted, signature=signature, timestamp=timestamp, nonce=nonce)

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature: lower-case SHA-1 of token, timestamp, nonce and ciphertext, byte-wise sorted."""
        parts = sorted(part.encode("utf-8") for part in (self._token, timestamp, nonce, encrypted))
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def _verify(self, signature: str, timestamp: str, nonce: str, encrypted: str, now: datetime) -> None:
        if not _TIMESTAMP.fullmatch(timestamp) or not _plain(nonce) or not _plain(encrypted, len(encrypted)):
            raise Refused("malformed")
        expected = self.sign(timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode("ascii"), signature.encode("utf-8", "replace")):
            raise Refused("signature")
        if abs(now.timestamp() - int(timestamp)) > self._freshness:
            raise Refused("stale")

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            sealed = binascii.a2b_base64(encrypted, strict_mode=True)
        except binascii.Error:
            raise Refused("base64") from None
        if not sealed or len(sealed) % limits.PADDING_BLOCK:
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
        if not hmac.compare_digest(packed[end:], self._receive_id.encode("utf-8")):
            raise Refused("receiver")
        return packed[_HEAD:end]


def _plain(value: str, longest: int = limits.NONCE_MAX_CHARS) -> bool:
    """Printable ASCII without markup, short enough: nothing else is a nonce or base64."""
    return (
        0 < len(value) <= longest
        and value.isascii()
        and value.isprintable()
        and not any(mark in value for mark in "<>]&")
    )
