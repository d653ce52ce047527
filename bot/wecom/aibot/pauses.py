"""How long the smart bot waits before it tries again."""

from __future__ import annotations

from bot.timing import Timing
from bot.wecom.aibot import limits


def backoff(timing: Timing, failures: int) -> float:
    """Seconds before the next connection or try after so many failures in a row (1 or more)."""
    pause = min(limits.BACKOFF_FIRST * 2.0 ** min(failures - 1, 10), limits.BACKOFF_MOST)
    return pause * (0.5 + timing.jitter())
