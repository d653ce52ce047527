"""Row ids: 64-bit, growing with time, made without asking the database."""

from __future__ import annotations

import secrets
import threading
import time

EPOCH_MS = 1_735_689_600_000  # 2025-01-01 UTC
PROCESS_BITS, COUNT_BITS = 8, 14

_process = secrets.randbits(PROCESS_BITS)
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A new id, larger than every one that this process has made: milliseconds since 2025, process, count."""
    global _last  # the one counter of the process
    elapsed = int(time.time() * 1000) - EPOCH_MS
    with _lock:
        _last = max(_last + 1, (elapsed << (PROCESS_BITS + COUNT_BITS)) | (_process << COUNT_BITS))
        return _last


def earlier(row_id: int, seconds: float) -> int:
    """An id that was made `seconds` before another one, or might have been; never below 0."""
    return max(0, row_id - (int(seconds * 1000) << (PROCESS_BITS + COUNT_BITS)))
