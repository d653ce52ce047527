"""The service: migrate, start, listen, and stop cleanly."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from bot.cli_wait import told_to_stop
from bot.tuning import settle_in
from bot.wiring import running
from config.clock import SystemClock
from config.doctor import startable
from config.settings import Settings
from store.database import connect
from store.migrate import migrate

log = structlog.get_logger()


async def serve_forever(settings: Settings) -> None:
    """Run until a stop signal; what is under way is finished first. Raises `OSError` for a taken port."""
    stopped = told_to_stop()
    await asyncio.to_thread(_migrate, settings.database_url)
    async with running(settings, SystemClock()) as service:
        runner = web.AppRunner(service.web, access_log=None, shutdown_timeout=10)
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
            settle_in()
            log.info("serve.started", host=settings.host, port=settings.port, apps=_apps(settings))
            await stopped.wait()
            log.info("serve.stopping")
        finally:
            await runner.cleanup()


def _migrate(url: str) -> None:
    database = connect(url)
    try:
        migrate(database.writer)
    finally:
        database.close()


def _apps(settings: Settings) -> list[str]:
    """What is connected, by platform and name."""
    settings = startable(settings)
    groups = {"wecom": [*settings.wecom, *settings.wecom_bots], "dingtalk": [*settings.dingtalk]}
    return [f"{platform}:{name}" for platform, names in groups.items() for name in sorted(names)]
