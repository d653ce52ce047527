"""How a customer stood on a day that is past, over every way of connecting."""

from __future__ import annotations

import pytest

from bot.demo.run import Demo
from tests.bot.ways import NAMES, Ways


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_the_past_is_shown_and_the_present_beside_it(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    for words in ("昨天华润置地什么情况", "华润置地昨天是谁在跟", "谁昨天负责华润置地"):
        seen = await way.told("zhangwei", words, "华润置地 · 截至")
        assert "此后变化" in way.reads("zhangwei", seen)
    now = await way.told("zhangwei", "华润置地什么情况", "华润置地")
    assert "截至" not in way.reads("zhangwei", now)
