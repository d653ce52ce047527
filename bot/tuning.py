"""What a long-lived process does once, when everything is loaded."""

from __future__ import annotations

import gc
import sys

from nlu.patterns import compile_all

SWITCH = 0.001  # seconds; the loop acknowledges while the writer computes: threads take turns more often
YOUNG, MIDDLE, OLD = 10_000, 50, 1000  # a young one takes some 10 ms, the oldest longest for little garbage


def settle_in() -> None:
    """Leave what is loaded (names, grammar, modules) out of garbage collection, and collect less often."""
    compile_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    sys.setswitchinterval(SWITCH)
