"""Button actions as short signed strings, which is what a platform carries for us and gives back.

A packed action is `1<body>.<mac>`: the version of the format, the fields as base64url of a JSON list
without trailing defaults, and the first 96 bits of their HMAC-SHA256. The signature says that we made
the button; whether the presser may press it is checked in `crm/`.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import orjson

from cards.card import Action
from cards.limits import KEY_BYTES

FORMAT = "1"
MAC_BYTES = 12
SECRET_BYTES = 16
"""The shortest secret that is taken."""


class Forged(ValueError):
    """The string is not an action that was packed with this secret."""


class Unpackable(ValueError):
    """The action cannot be packed: no name, not text, or longer than a card's key may be."""


def pack(action: Action, secret: bytes) -> str:
    """The action as URL-safe ASCII of at most 1024 bytes (WeCom card keys); the same action, the same string.

    Raises `Unpackable` when it does not fit, so that a card which could not be pressed is never made.
    """
    if not action.name:
        raise Unpackable("an action needs a name")
    fields: list[str | int] = [action.name, action.object_id, action.version, action.extra]
    while len(fields) > 1 and not fields[-1]:
        fields.pop()
    try:
        body = FORMAT + _armour(orjson.dumps(fields))
    except orjson.JSONEncodeError as error:
        raise Unpackable(f"action {action.name!r} cannot be written: {error}") from error
    packed = f"{body}.{_mac(body, secret)}"
    if len(packed) > KEY_BYTES:
        raise Unpackable(f"action {action.name!r} takes {len(packed)} bytes, {KEY_BYTES} are allowed")
    return packed


def unpack(packed: str, secret: bytes) -> Action:
    """The action that was packed. Raises `Forged` for anything else."""
    if len(packed) > KEY_BYTES or not packed.isascii():
        raise Forged("not a packed action")
    body, _, mac = packed.partition(".")
    if not hmac.compare_digest(mac, _mac(body, secret)):
        raise Forged("the signature does not match")
    return _read(body)


def _read(body: str) -> Action:
    """The fields of a body whose signature is right; a format of another release is refused."""
    if not body.startswith(FORMAT):
        raise Forged("unknown format")
    text = body.removeprefix(FORMAT)
    try:
        fields: list[str | int] = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        name, object_id, version, extra = (*fields, *("", "", 0, "")[len(fields) :])
    except (binascii.Error, ValueError, TypeError) as error:
        raise Forged("unreadable") from error
    return Action(str(name), str(object_id), int(version), str(extra))


def _mac(body: str, secret: bytes) -> str:
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"the secret for actions needs at least {SECRET_BYTES} bytes")
    digest = hmac.digest(secret, b"genjin.action:" + body.encode("ascii"), hashlib.sha256)
    return _armour(digest[:MAC_BYTES])


def _armour(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
