"""Waiting for the end."""

from __future__ import annotations

import asyncio
import signal


async def until_stopped() -> None:
    """Wait for Ctrl+C or the stop signal."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
