"""What the bot serves besides callbacks: its health."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from store.database import Database, check
from store.writer import Writer

PATH = "/healthz"


def health_routes(database: Database, writer: Writer) -> list[web.RouteDef]:
    """GET /healthz: 200 with the database's name and what waits, 503 when the database does not answer."""

    async def health(_request: web.Request) -> web.Response:
        try:
            name = await asyncio.to_thread(check, database)
        except SQLAlchemyError as error:
            return web.json_response({"status": "down", "database": type(error).__name__}, status=503)
        return web.json_response({"status": "ok", "database": name, "waiting": writer.waiting})

    return [web.get(PATH, health)]
