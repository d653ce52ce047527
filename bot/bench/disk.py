"""The disk beside the database: how long it takes for a flush during a run, with nothing of ours in it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EVERY = 0.02  # seconds between two flushes
SIZE = 4096  # bytes


@contextmanager
def watched(folder: Path | None) -> Iterator[list[float]]:
    """The seconds of each flush in `folder` while the block runs; none without a folder."""
    spent: list[float] = []
    if folder is None:
        yield spent
        return
    over = threading.Event()
    thread = threading.Thread(target=_flush, args=(folder / "flush", over, spent), name="disk", daemon=True)
    thread.start()
    try:
        yield spent
    finally:
        over.set()
        thread.join()


def _flush(file: Path, over: threading.Event, spent: list[float]) -> None:
    handle = os.open(file, os.O_CREAT | os.O_WRONLY)
    try:
        while not over.wait(EVERY):
            os.write(handle, bytes(SIZE))
            begin = time.perf_counter()
            os.fsync(handle)
            spent.append(time.perf_counter() - begin)
    finally:
        os.close(handle)
        file.unlink()
