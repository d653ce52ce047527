"""What typical cards look like on the wire, as files that a reader of a change can compare.

After an intended change: `GENJIN_GOLDEN=write pytest tests/cards/test_golden.py`, then read the
difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from cards.actions import pack
from cards.card import Action
from cards.render import wecom
from cards.render.text import render_text
from tests.cards.samples import SAMPLES
from tests.cards.wecom_rules import broken

GOLDEN = Path(__file__).with_name("golden")


def sign(action: Action) -> str:
    return pack(action, b"the secret of the golden files")


def compare(name: str, got: bytes) -> None:
    """Equal to the file, or written into it when asked for."""
    path = GOLDEN / name
    if os.environ.get("GENJIN_GOLDEN") == "write":
        path.write_bytes(got)
    assert path.read_bytes().decode() == got.decode()


def pretty(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@pytest.mark.parametrize("name", SAMPLES)
def test_wecom_message(name: str) -> None:
    rendered = wecom.render(SAMPLES[name], task_id=f"{name}-1", sign=sign)
    message = orjson.loads(wecom.message("zhangsan", 1000002, rendered))
    compare(f"{name}.wecom.json", pretty({"message": message, "left_out": rendered.left_out}))


@pytest.mark.parametrize("name", SAMPLES)
def test_wecom_update(name: str) -> None:
    template = orjson.loads(orjson.dumps(wecom.render_update(SAMPLES[name], sign=sign)))
    assert broken(template, update=True) == []
    compare(f"{name}.update.json", pretty(wecom.update(["zhangsan"], 1000002, template)))


@pytest.mark.parametrize("name", SAMPLES)
def test_text(name: str) -> None:
    compare(f"{name}.txt", render_text(SAMPLES[name]).encode() + b"\n")
