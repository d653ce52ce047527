"""What a long-lived process does once, when everything is loaded."""

from __future__ import annotations

import gc
import sys

from nlu.patterns import compile_all

SWITCH = 0.001  # seconds; the loop acknowledges while the writer computes: threads take turns more often
YOUNG, MIDDLE, OLD = 100_000, 20, 1000  # the oldest take longest, and little of them is garbage


def settle_in() -> None:
    """Leave what is loaded (names, grammar, modules) out of garbage collection, and collect less often."""
    compile_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    sys.setswitchinterval(SWITCH)
