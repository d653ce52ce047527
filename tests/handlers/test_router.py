"""The fixed forms of a router: which of them a text has, and what was filled in."""

from __future__ import annotations

import pytest

from handlers.features import registry
from handlers.router import Router, merge, phrase_text
from handlers.turn import Phrase, Turn


def _pass(_turn: Turn, _phrase: Phrase) -> None:
    return None


def _router() -> Router:
    router = Router("forms")
    router.phrase(r"(?:给)?(?P<who>\S+?)打标签(?P<tags>.+)", r"ok(?P<more>.*)")(_pass)
    router.phrase(r"(?P<all>.+)", longest=1000)(_pass)
    return router


def test_the_forms_of_a_text_come_in_order_with_what_was_filled_in() -> None:
    found = [phrase.given for _, phrase in _router().phrased("/给华星打标签 高意向")]
    assert found == [{"who": "华星", "tags": "高意向"}, {"all": "给华星打标签 高意向"}]


def test_letters_may_be_large_small_or_wide() -> None:
    assert next(phrase.given for _, phrase in _router().phrased("ＯＫ吧")) == {"more": "吧"}


def test_a_form_says_how_long_a_text_it_reads() -> None:
    assert len(list(_router().phrased("ok" + "好" * 498))) == 2
    assert len(list(_router().phrased("ok" + "好" * 499))) == 1
    assert not list(_router().phrased("ok" + "好" * 999))


def test_forms_that_are_added_later_are_known() -> None:
    whole = merge([_router()])
    assert len(list(whole.phrased("好"))) == 1
    whole.phrase("好")(_pass)
    assert len(list(whole.phrased("好"))) == 2


@pytest.mark.parametrize(
    "text", ["华星的电话", "打标签 华星 高意向", "帮助 报价", "Q12", "今天下午拜访了华星的王总，聊了方案"]
)
def test_no_form_is_passed_over(text: str) -> None:
    whole = registry()
    said = phrase_text(text)
    having = [route.name for form, route in whole.phrases if form.fullmatch(said)]
    assert [route.name for route, _ in whole.phrased(text)] == having
