"""Files in and out: chunks, checksums, decryption."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RateLimited, Rejected, Unreachable
from bot.wecom.aibot import bodies, limits
from bot.wecom.aibot.connection import State
from bot.wecom.aibot.media import Opener, Undecipherable, fetch
from bot.wecom.aibot.upload import Upload
from handlers.incoming import Kind
from tests.bot.sinks import MemorySink
from tests.bot.wecom.aibot.clockwork import VirtualTime
from tests.bot.wecom.aibot.conftest import Desk
from tests.bot.wecom.aibot.openws import OpenWs

KEY = bytes(range(32))
AES_KEY = b64encode(KEY).decode()


def seal(data: bytes, key: bytes = KEY) -> bytes:
    pad = 32 - len(data) % 32
    sealer = Cipher(AES(key), CBC(key[:16])).encryptor()
    return sealer.update(data + bytes([pad]) * pad) + sealer.finalize()


def decrypt(sealed: bytes, aes_key: str, step: int = 7) -> bytes:
    """Open what comes in small parts."""
    opener = Opener(aes_key)
    parts = [opener.update(sealed[at : at + step]) for at in range(0, len(sealed), step)]
    return b"".join(parts) + opener.finish()


async def test_a_file_goes_up_in_chunks_and_can_be_sent(desk: Desk, server: OpenWs) -> None:
    data = os.urandom(2 * limits.CHUNK_BYTES + 7)
    media_id = await desk.bot.uploads.upload(Upload(Kind.FILE, "报价单.pdf", data))
    assert server.files[media_id] == data
    init = server.shelves["u1"].init
    assert (init["type"], init["filename"], init["total_chunks"]) == ("file", "报价单.pdf", 3)
    server.active.add("u")
    await desk.bot.connection.request("aibot_send_msg", bodies.to("u", bodies.media("file", media_id)))
    assert server.pushes[0]["file"] == {"media_id": "m1"}


async def test_a_long_name_is_cut_between_characters(desk: Desk, server: OpenWs) -> None:
    await desk.bot.uploads.upload(Upload(Kind.FILE, "长" * 100, b"12345"))
    assert server.shelves["u1"].init["filename"] == "长" * 85


async def test_a_lost_connection_does_not_lose_the_upload(
    desk: Desk, server: OpenWs, time: VirtualTime
) -> None:
    server.script["aibot_upload_media_chunk"].extend([0, None])
    data = os.urandom(3 * limits.CHUNK_BYTES)
    going = asyncio.create_task(desk.bot.uploads.upload(Upload(Kind.FILE, "a.bin", data)))
    await server.until(lambda: server.count["aibot_upload_media_chunk"] == 2)
    await server.drop(cleanly=False)
    await desk.in_state(State.WAITING)
    await time.forward(1.1)
    assert server.files[await going] == data


async def test_a_broken_upload_is_refused(desk: Desk, server: OpenWs) -> None:
    server.script["aibot_upload_media_finish"].append(40058)
    with pytest.raises(Rejected):
        await desk.bot.uploads.upload(Upload(Kind.IMAGE, "a.png", b"12345"))


@pytest.mark.parametrize(
    "file",
    [
        Upload(Kind.FILE, "a", b"1234"),
        Upload(Kind.FILE, "", b"12345"),
        Upload(Kind.TEXT, "a", b"12345"),
        Upload(Kind.VOICE, "a", bytes(3 * 1024 * 1024)),
    ],
)
async def test_what_the_platform_does_not_take_is_not_begun(desk: Desk, server: OpenWs, file: Upload) -> None:
    with pytest.raises(ValueError):
        await desk.bot.uploads.upload(file)
    assert not server.shelves


async def test_uploads_keep_to_their_rate(desk: Desk) -> None:
    for _ in range(limits.UPLOADS_PER_MINUTE):
        await desk.bot.uploads.upload(Upload(Kind.FILE, "a", b"12345"))
    with pytest.raises(RateLimited):
        await desk.bot.uploads.upload(Upload(Kind.FILE, "a", b"12345"))


@given(st.binary(max_size=200), st.booleans())
def test_what_was_sealed_is_opened(data: bytes, short: bool) -> None:
    assert decrypt(seal(data), AES_KEY.rstrip("=") if short else AES_KEY) == data


@given(st.binary(max_size=100), st.text(max_size=50))
def test_nothing_else_breaks_it(sealed: bytes, key: str) -> None:
    for one in (key, AES_KEY):
        try:
            decrypt(sealed, one)
        except Undecipherable:
            continue


def test_padding_is_checked_to_the_last_byte() -> None:
    sealer = Cipher(AES(KEY), CBC(KEY[:16])).encryptor()
    for tail in (b"\x00", b"\x21", b"\x01\x02", bytes(30) + b"\x20\x20"):
        padded = bytes(64 - len(tail)) + tail
        sealed = Cipher(AES(KEY), CBC(KEY[:16])).encryptor().update(padded)
        with pytest.raises(Undecipherable, match="padding"):
            decrypt(sealed, AES_KEY)
    with pytest.raises(Undecipherable, match="key"):
        decrypt(sealer.update(bytes(32)), b64encode(bytes(16)).decode())


@pytest.fixture
async def files() -> AsyncIterator[str]:
    async def give(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name.isdigit():
            return web.Response(status=int(name))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=seal(b"%PDF-1.7 ..."), headers=headers)

    app = web.Application()
    app.router.add_get("/{name}", give)
    async with TestServer(app) as running:
        yield str(running.make_url("/"))


async def test_an_attachment_is_fetched_and_opened(files: str) -> None:
    async with ClientSession() as session:
        sink = MemorySink()
        assert await fetch(session, f"{files}a.pdf", AES_KEY, sink) == "a.pdf"
        assert bytes(sink.data) == b"%PDF-1.7 ..."


async def test_an_address_that_is_over_or_none_is_refused(files: str) -> None:
    async with ClientSession() as session:
        for url in (f"{files}404", "file:///etc/passwd", ""):
            with pytest.raises(Rejected):
                await fetch(session, url, AES_KEY, MemorySink())
        with pytest.raises(Unreachable):
            await fetch(session, f"{files}502", AES_KEY, MemorySink())
