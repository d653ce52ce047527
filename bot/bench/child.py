"""The service under test in its own process: settings from standard input, figures to standard output."""

from __future__ import annotations

import asyncio
import resource
import sys

import orjson
from aiohttp import web

from bot.bench.company import afternoon
from bot.tuning import settle_in
from bot.wiring import running
from config import logs
from config.clock import JumpingClock
from config.settings import Settings


async def main(settings: Settings) -> None:
    """Serve until standard input closes, then say what it cost."""
    async with running(settings, JumpingClock(afternoon())) as service:
        runner = web.AppRunner(service.web, access_log=None, shutdown_timeout=2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", settings.port)
        await site.start()
        settle_in()
        _tell({"ready": True})
        await asyncio.to_thread(sys.stdin.readline)
        before = _cpu()
        await asyncio.to_thread(sys.stdin.readline)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _tell({"cpu": _cpu() - before, "rss_mb": usage.ru_maxrss / 1024})
        await runner.cleanup()


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _tell(value: dict[str, object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    logs.configure("ERROR")
    asyncio.run(main(Settings.model_validate(orjson.loads(sys.stdin.readline()))))
