"""Importing a card template: what a click sends is read from the exported file."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from cards.render.dingtalk_template import template
from sandbox.dingtalk import BadTemplate, CannotPress, Template, import_template
from tests.sandbox.dingtalk.stage import Json, Stage

ENTRIES = [
    {"text": "完成", "color": "blue", "action": "packed-1", "url": ""},
    {"text": "推迟", "color": "gray", "action": "packed-2", "url": ""},
    {"text": "看板", "color": "gray", "action": "", "url": "https://a.b"},
]


def test_own_template_is_understood() -> None:
    read = import_template("own.schema", template())
    faces = [one.content for one in read.blocks]
    assert faces[0] == "${title}"
    assert {"${body}", "${facts}", "${done}"} <= set(faces)
    assert replace(read, blocks=()) == Template(
        "own.schema",
        form="form",
        buttons="buttons",
        button_id="press",
        button_params=("action",),
    )


async def test_buttons_drawn_by_a_loop_send_their_entry(on: Stage) -> None:
    space = on.ding.space
    space.organisation = replace(space.organisation, templates=(import_template("own.schema", template()),))
    await on.bot.connect()
    data = {"cardParamMap": {"buttons": orjson.dumps(ENTRIES).decode()}}
    await on.card(cardTemplateId="own.schema", cardData=data)
    await on.ding.taps("zhang", "card-1", "推迟")
    sent: Json = orjson.loads(orjson.loads(on.bot.frames[-1]["data"])["content"])["cardPrivateData"]
    assert sent == {"actionIds": ["press"], "params": {"action": "packed-2"}}
    await on.ding.presses("zhang", "card-1", "press", {"action": "packed-1"})
    assert await on.ding.taps("zhang", "card-1", "看板") == "https://a.b"
    for params in ({}, {"action": "packed-9"}):
        with pytest.raises(CannotPress):
            await on.ding.presses("zhang", "card-1", "press", params)


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", b'{"editorData": "{}"}', b'{"editorData": "x"}'])
def test_no_template_at_all(file: bytes) -> None:
    with pytest.raises(BadTemplate):
        import_template("x.schema", file)
