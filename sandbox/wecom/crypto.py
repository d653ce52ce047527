"""The encrypted envelope of callbacks (page 91144), written from the specification alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sandbox.wecom import limits


class BadEnvelope(ValueError):
    """An envelope that does not open: wrong key, wrong receiver, wrong padding, or no base64 at all."""


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The lower-case hex SHA-1 over the sorted parts."""
    parts = sorted(part.encode() for part in (token, timestamp, nonce, encrypted))
    return hashlib.sha1(b"".join(parts)).hexdigest()  # noqa: S324 (the vendor's choice)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Seals and opens messages for one receiver: the corpid for an app, "" for a smart bot."""

    token: str
    encoding_aes_key: str
    receiver: str
    _key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Derive the key. Raises ValueError unless the EncodingAESKey has 43 characters."""
        if len(self.encoding_aes_key) != limits.AES_KEY_CHARS:
            raise ValueError(f"an EncodingAESKey has {limits.AES_KEY_CHARS} characters")
        object.__setattr__(self, "_key", base64.b64decode(self.encoding_aes_key + "="))

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature that goes with `encrypted`."""
        return signature(self.token, timestamp, nonce, encrypted)

    def verify(self, given: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        """Whether a signature is right, compared in constant time."""
        return hmac.compare_digest(self.sign(timestamp, nonce, encrypted).encode(), given.encode())

    def seal(self, message: bytes) -> str:
        """Encrypt to base64; twice the same message never looks the same."""
        plain = secrets.token_bytes(limits.RANDOM_BYTES) + len(message).to_bytes(4, "big") + message
        plain += self.receiver.encode()
        pad = limits.PADDING_BLOCK - len(plain) % limits.PADDING_BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> bytes:
        """Decrypt. Raises BadEnvelope."""
        try:
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
        except (ValueError, binascii.Error) as error:
            raise BadEnvelope(str(error)) from error
        if not padded or not 1 <= padded[-1] <= limits.PADDING_BLOCK:
            raise BadEnvelope("wrong padding")
        plain = padded[: -padded[-1]]
        start = limits.RANDOM_BYTES + 4
        end = start + int.from_bytes(plain[limits.RANDOM_BYTES : start], "big")
        if end > len(plain) or plain[end:] != self.receiver.encode():
            raise BadEnvelope("wrong receiver")
        return plain[start:end]

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self._key), CBC(self._key[: limits.IV_BYTES]))
