"""What typical cards look like on DingTalk, as files that a reader of a change can compare.

After an intended change: `GENJIN_GOLDEN=write pytest tests/cards/test_dingtalk_golden.py`, then read the
difference before committing it.
"""

from __future__ import annotations

import orjson
import pytest

from cards.render.dingtalk import render
from cards.render.dingtalk_markdown import render_markdown
from cards.render.dingtalk_template import template
from tests.cards.samples import SAMPLES
from tests.cards.test_golden import compare, pretty, sign


@pytest.mark.parametrize("name", SAMPLES)
def test_template_variables(name: str) -> None:
    rendered = render(SAMPLES[name], sign=sign)
    shown = {**rendered.values}
    read = {key: orjson.loads(shown.pop(key)) for key in ("buttons", "form")}
    compare(f"{name}.dingtalk.json", pretty({**shown, **read, "left_out": rendered.left_out}))


@pytest.mark.parametrize("name", SAMPLES)
def test_markdown(name: str) -> None:
    rendered = render_markdown(SAMPLES[name], taps=True)
    links = "".join(f"[{text}] {url}\n" for text, url in rendered.links)
    compare(f"{name}.dingtalk.md", f"{rendered.text}\n\n{links}".encode())


def test_template_file() -> None:
    outer = orjson.loads(template())
    compare("template.dingtalk.json", pretty({**outer, "editorData": orjson.loads(outer["editorData"])}))
