"""Whatever a bot sends, it gets one acknowledgement with a code, and the connection lives on."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.aibot.line import Line, scene
from tests.sandbox.world import Json, button_card

CMDS = [
    "aibot_respond_welcome_msg",
    "aibot_respond_msg",
    "aibot_respond_update_msg",
    "aibot_send_msg",
    "aibot_upload_media_init",
    "aibot_upload_media_chunk",
    "aibot_upload_media_finish",
]
FIELDS = [
    *("chatid", "chat_type", "msgtype", "markdown", "stream", "template_card", "file", "content", "id"),
    *("finish", "feedback", "media_id", "task_id", "card_type", "jump_list", "horizontal_content_list"),
    *("userids", "response_type", "type", "filename", "total_size", "total_chunks", "md5", "upload_id"),
]
WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.sampled_from(["Zhang", "markdown", "stream", "template_card", "file", "update_template_card"]),
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-10, 10), WORDS)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6)
CARDS = st.dictionaries(st.sampled_from(sorted(button_card())), VALUES).map(
    lambda changes: {
        "chatid": "Zhang",
        "msgtype": "template_card",
        "template_card": {**button_card(), **changes},
    }
)
FRAMES = st.lists(
    st.tuples(st.sampled_from(CMDS), BODIES) | st.tuples(st.just("aibot_send_msg"), CARDS),
    min_size=1,
    max_size=20,
)


@settings(max_examples=25, deadline=None)
@given(FRAMES)
def test_any_frame_is_answered(sent: list[tuple[str, Json]]) -> None:
    """By a callback's own req_id or by a made-up one."""
    asyncio.run(talk(sent))


async def talk(sent: list[tuple[str, Json]]) -> None:
    """Send everything, then see that the line still works."""
    async with scene() as on, on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        said = (await line.hear())["headers"]["req_id"]
        for number, (cmd, body) in enumerate(sent):
            await answered(line, cmd, body, said if number % 2 else "")
        assert await line.code("ping") == 0


async def answered(line: Line, cmd: str, body: Json, req_id: str) -> None:
    """One frame, one acknowledgement."""
    answer = await line.ask(cmd, body, req_id)
    assert isinstance(answer["errcode"], int)
    assert answer["errmsg"]
