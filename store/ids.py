"""Row ids: 64-bit, growing with time, made without asking the database."""

from __future__ import annotations

import itertools
import secrets
import time

EPOCH_MS = 1_735_689_600_000  # 2025-01-01 UTC
PROCESS_BITS, COUNT_BITS = 8, 14

_process = secrets.randbits(PROCESS_BITS)
_count = itertools.count(secrets.randbits(COUNT_BITS))


def new_id() -> int:
    """A new id: milliseconds since 2025, then the process, then a running count."""
    elapsed = int(time.time() * 1000) - EPOCH_MS
    count = next(_count) & ((1 << COUNT_BITS) - 1)
    return (elapsed << (PROCESS_BITS + COUNT_BITS)) | (_process << COUNT_BITS) | count
