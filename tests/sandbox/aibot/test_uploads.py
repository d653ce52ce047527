"""Files in chunks: any order, twice, complete, in time, in number."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from tests.sandbox.aibot.line import Line, Scene

CHUNK = 512 * 1024
PDF = b"%PDF-1.7 " + bytes(range(256)) * 4096


async def begin(line: Line, data: bytes = PDF, **changes: Any) -> dict[str, Any]:
    """aibot_upload_media_init."""
    body = {
        "type": "file",
        "filename": "报价.pdf",
        "total_size": len(data),
        "total_chunks": -(-len(data) // CHUNK),
        "md5": hashlib.md5(data).hexdigest(),
        **changes,
    }
    return await line.ask("aibot_upload_media_init", body)


async def chunk(line: Line, upload_id: str, index: int, data: bytes) -> int:
    """aibot_upload_media_chunk."""
    body = {"upload_id": upload_id, "chunk_index": index, "base64_data": base64.b64encode(data).decode()}
    return await line.code("aibot_upload_media_chunk", body)


async def test_a_file_in_chunks_is_sent(on: Scene) -> None:
    """Backwards and one of them twice; then as a reply and as a push."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "报价单")
        said = await line.hear()
        upload_id = (await begin(line))["body"]["upload_id"]
        parts = [PDF[start : start + CHUNK] for start in range(0, len(PDF), CHUNK)]
        assert len(parts) == 3
        for index in (2, 1, 0, 1):
            assert await chunk(line, upload_id, index, parts[index]) == 0
        done = (await line.ask("aibot_upload_media_finish", {"upload_id": upload_id}))["body"]
        assert (done["type"], done["created_at"]) == ("file", int(on.clock.now().timestamp()))
        body = {"msgtype": "file", "file": {"media_id": done["media_id"]}}
        assert await line.respond(said, body) == 0
        assert await line.code("aibot_send_msg", {"chatid": "Zhang", **body}) == 0
        shown = on.sandbox.chat(on.sandbox.bots.chat("Zhang"))[-1]
        assert (shown.kind, shown.text) == ("file", "报价.pdf")
        async with on.session.get(f"{on.url}/media/{done['media_id']}") as response:
            assert await response.read() == PDF
        wrong = {"chatid": "Zhang", "msgtype": "image", "image": {"media_id": done["media_id"]}}
        assert await line.code("aibot_send_msg", wrong) == 40007
        on.later(3 * 24 * 3600)
        assert await line.code("aibot_send_msg", {"chatid": "Zhang", **body}) == 40007


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "music"}, 40004),
        ({"filename": ""}, 40058),
        ({"filename": "长" * 86}, 40058),
        ({"total_size": 4}, 40006),
        ({"total_size": 21 * 1024 * 1024, "total_chunks": 42}, 40006),
        ({"total_size": "9"}, 40058),
        ({"total_chunks": 0}, 40058),
        ({"total_chunks": 101}, 40058),
        ({"total_chunks": 2}, 40058),
        ({"type": None}, 40058),
    ],
)
async def test_what_cannot_begin(on: Scene, changes: dict[str, Any], code: int) -> None:
    """Wrong type, name, size, number of chunks."""
    async with on.line() as line:
        assert (await begin(line, **changes))["errcode"] == code


async def test_the_smallest_file(on: Scene) -> None:
    """Has five bytes."""
    async with on.line() as line:
        upload_id = (await begin(line, b"12345"))["body"]["upload_id"]
        assert await chunk(line, upload_id, 0, b"12345") == 0
        assert await line.code("aibot_upload_media_finish", {"upload_id": upload_id}) == 0


async def test_chunks_that_do_not_fit(on: Scene) -> None:
    """Beyond the end, too large, no base64, another bot's, unknown."""
    async with on.line() as line, on.line("aib-other", "secret-of-other-bot") as other:
        upload_id = (await begin(line))["body"]["upload_id"]
        assert await chunk(line, upload_id, 3, b"x") == 40058
        assert await chunk(line, upload_id, -1, b"x") == 40058
        assert await chunk(line, upload_id, 0, b"x" * (CHUNK + 1)) == 40058
        assert await chunk(other, upload_id, 0, b"x") == 40058
        assert await chunk(line, "unknown", 0, b"x") == 40058
        body = {"upload_id": upload_id, "chunk_index": 0, "base64_data": "%%%"}
        assert await line.code("aibot_upload_media_chunk", body) == 40058


async def test_an_upload_must_be_whole_and_in_time(on: Scene) -> None:
    """Missing chunk, wrong size, wrong digest, half an hour."""
    async with on.line() as line:
        finish = "aibot_upload_media_finish"
        upload_id = (await begin(line))["body"]["upload_id"]
        assert await line.code(finish, {"upload_id": upload_id}) == 40058
        upload_id = (await begin(line, b"1234567"))["body"]["upload_id"]
        assert await chunk(line, upload_id, 0, b"123456") == 0
        assert await line.code(finish, {"upload_id": upload_id}) == 40058
        assert await chunk(line, upload_id, 0, b"7654321") == 0
        assert await line.code(finish, {"upload_id": upload_id}) == 40058
        assert await chunk(line, upload_id, 0, b"1234567") == 0
        on.later(1801)
        assert await line.code(finish, {"upload_id": upload_id}) == 40058


async def test_thirty_uploads_a_minute(on: Scene) -> None:
    """Per bot."""
    async with on.line() as line:
        for _ in range(30):
            assert (await begin(line))["errcode"] == 0
        assert (await begin(line))["errcode"] == 45009
        on.later(60)
        assert (await begin(line))["errcode"] == 0
