"""Local times for tests, as the clock on the wall shows them."""

from __future__ import annotations

from datetime import datetime


def local(text: str) -> datetime:
    """A naive local time from ISO text: 2026-11-25T10:00."""
    return datetime.fromisoformat(text)
