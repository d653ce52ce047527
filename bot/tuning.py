"""What a long-lived process does once, when everything is loaded."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50


def settle_in() -> None:
    """Leave what is loaded (names, grammar, modules) out of garbage collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
