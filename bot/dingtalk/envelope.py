"""What an outbox row for DingTalk holds: which call, its body, and what to do where that way is closed.

{"via": "webhook", "url": …, "until": ms, "body": {…}, "instead": {"via": "single", "body": {…}}}
{"via": "single" | "group" | "card" | "card_update", "body": {…}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson


class Via(StrEnum):
    """The call that a row is sent by."""

    WEBHOOK = "webhook"
    SINGLE = "single"
    GROUP = "group"
    CARD = "card"
    CARD_UPDATE = "card_update"


class BadEnvelope(ValueError):
    """Not an envelope of ours."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One row. `url` and `until` (aware UTC) belong to a webhook; `instead` is sent once that has ended, or
    where cards cannot be made."""

    via: Via
    body: Mapping[str, Any]
    url: str = ""
    until: datetime | None = None
    instead: Envelope | None = field(default=None)

    def dump(self) -> bytes:
        """The row's bytes: always the same for the same envelope."""
        return orjson.dumps(self._plain())

    def payload(self) -> bytes:
        """The call's body."""
        return orjson.dumps(self.body)

    def _plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"via": self.via.value}
        if self.url:
            plain["url"] = self.url
        if self.until is not None:
            plain["until"] = int(self.until.timestamp() * 1000)
        plain["body"] = dict(self.body)
        if self.instead is not None:
            plain["instead"] = self.instead._plain()
        return plain


def load(row: bytes) -> Envelope:
    """Read a row. Raises BadEnvelope."""
    try:
        return _envelope(orjson.loads(row))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, OverflowError, OSError):
        raise BadEnvelope("not an envelope") from None


def _envelope(plain: object) -> Envelope:
    if not isinstance(plain, dict):
        raise BadEnvelope("no object")
    until, instead, body = plain.get("until"), plain.get("instead"), plain["body"]
    if not isinstance(body, dict):
        raise BadEnvelope("no body")
    return Envelope(
        Via(plain["via"]),
        body,
        str(plain.get("url", "")),
        None if until is None else datetime.fromtimestamp(until / 1000, UTC),
        None if instead is None else _envelope(instead),
    )
