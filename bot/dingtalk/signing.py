"""Signatures of what is pushed over HTTP: base64 of HMAC-SHA256, compared in constant time.

Both sign the time alone, not the body: a signature that leaks is good for an hour, for any body.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from datetime import datetime
from typing import Final

from bot.dingtalk import limits

_TIMESTAMP: Final = re.compile(r"[0-9]{1,16}", re.ASCII)


def robot_sign(timestamp: str, app_secret: str) -> str:
    """The `sign` header of a robot callback: of timestamp, line feed and secret [receive-message]."""
    return _sign(f"{timestamp}\n{app_secret}", app_secret)


def card_sign(timestamp: str, api_secret: str) -> str:
    """`x-ddpaas-signature` of a card callback: of the timestamp [event-callback-card]."""
    return _sign(timestamp, api_secret)


def is_genuine(expected: str, given: str) -> bool:
    """Whether the signatures are the same, in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether a time in milliseconds is within an hour of now, either way."""
    if not _TIMESTAMP.fullmatch(timestamp):
        return False
    return abs(now.timestamp() * 1000 - int(timestamp)) <= limits.SIGN_SKEW.total_seconds() * 1000


def _sign(message: str, secret: str) -> str:
    return b64encode(hmac.digest(secret.encode(), message.encode(), hashlib.sha256)).decode("ascii")
