"""An OpenAI-compatible endpoint on loopback that answers as it is told, or does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

Behaviour = Callable[[str], Awaitable[web.Response]]


def says(content: object) -> web.Response:
    """A chat completion with this content."""
    return web.json_response({"choices": [{"message": {"role": "assistant", "content": content}}]})


async def garbage(_asked: str) -> web.Response:
    """Not even JSON."""
    return web.Response(text="<html>busy</html>")


async def fails(_asked: str) -> web.Response:
    """Our fault."""
    return web.Response(status=500, text="oops")


async def huge(_asked: str) -> web.Response:
    """Far more than an answer takes."""
    return web.Response(body=b"{" + b" " * 5_000_000)


async def never(_asked: str) -> web.Response:
    """Silence, until the other side gives up."""
    await asyncio.Event().wait()
    raise AssertionError


def answers(**fields: object) -> Behaviour:
    """A right answer with these fields, whatever is asked."""

    async def answer(_asked: str) -> web.Response:
        return says(json.dumps(fields, ensure_ascii=False))

    return answer


@dataclass(slots=True)
class FakeModel:
    """What it was asked, and how it behaves."""

    behave: Behaviour
    asked: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def complete(self, request: web.Request) -> web.Response:
        """POST /v1/chat/completions."""
        body = await request.text()
        self.asked.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        return await self.behave(body)


@asynccontextmanager
async def serving(behave: Behaviour) -> AsyncIterator[FakeModel]:
    """The endpoint, listening."""
    model = FakeModel(behave)
    app = web.Application()
    app.add_routes([web.post("/v1/chat/completions", model.complete)])
    server = TestServer(app)
    await server.start_server()
    model.url = str(server.make_url("/v1"))
    try:
        yield model
    finally:
        await server.close()
