"""The encrypted envelope of events and the signatures of robot and card callbacks, from the specification.

Events: page develop-stream-mode-push-server. Robot: receive-message. Cards: register-card-callback-address.
"""

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

from sandbox.dingtalk import limits


class BadSeal(ValueError):
    """An envelope that does not open: wrong key, owner, padding, or no base64 at all."""


def check_key(encoding_aes_key: str) -> None:
    """Raises ValueError unless the EncodingAESKey has 43 letters and digits."""
    if len(encoding_aes_key) != limits.AES_KEY_CHARS or not encoding_aes_key.isalnum():
        raise ValueError(f"an EncodingAESKey has {limits.AES_KEY_CHARS} letters and digits")


def robot_sign(timestamp: str, secret: str) -> str:
    """The `sign` header of a robot message; `timestamp` in milliseconds."""
    return _hmac(secret, f"{timestamp}\n{secret}")


def card_sign(timestamp: str, secret: str) -> str:
    """The `x-ddpaas-signature` header of a card callback; only the timestamp (ms) is signed."""
    return _hmac(secret, timestamp)


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens events for one owner: the client id of an internal app."""

    token: str
    encoding_aes_key: str
    owner: str
    _key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Derive the key. Raises ValueError."""
        check_key(self.encoding_aes_key)
        object.__setattr__(self, "_key", base64.b64decode(self.encoding_aes_key + "="))

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The lower-case hex SHA-1 over the sorted parts."""
        parts = sorted(part.encode() for part in (self.token, timestamp, nonce, encrypted))
        return hashlib.sha1(b"".join(parts)).hexdigest()  # noqa: S324 (the vendor's choice)

    def verify(self, given: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        """Whether a signature is right, compared in constant time."""
        return hmac.compare_digest(self.sign(timestamp, nonce, encrypted).encode(), given.encode())

    def close(self, message: bytes) -> str:
        """Encrypt to base64; twice the same message never looks the same."""
        plain = secrets.token_bytes(limits.RANDOM_BYTES) + len(message).to_bytes(4, "big") + message
        plain += self.owner.encode()
        pad = limits.PADDING_BLOCK - len(plain) % limits.PADDING_BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> bytes:
        """Decrypt. Raises BadSeal."""
        try:
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
        except (ValueError, binascii.Error) as error:
            raise BadSeal(str(error)) from error
        pad = padded[-1] if padded else 0
        if not 1 <= pad <= limits.PADDING_BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise BadSeal("wrong padding")
        plain, start = padded[:-pad], limits.RANDOM_BYTES + 4
        end = start + int.from_bytes(plain[limits.RANDOM_BYTES : start], "big")
        if end > len(plain) or plain[end:] != self.owner.encode():
            raise BadSeal("wrong owner")
        return plain[start:end]

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self._key), CBC(self._key[: limits.IV_BYTES]))


def _hmac(secret: str, message: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), message.encode(), "sha256")).decode()
