"""The page about what is understood says what the tests say, and is the one that is checked in."""

from __future__ import annotations

import pytest

from nlu.extract import extract
from tests.nlu.examples import PHRASES
from tests.nlu.page import GROUPS, PAGE, meaning, page, varied, worth
from tests.nlu.reading_aids import NOW

EXPRESSIONS = [pair for pairs in PHRASES.values() for pair in pairs]


@pytest.mark.parametrize(("text", "value"), EXPRESSIONS)
def test_an_expression_is_worth_what_the_page_says(text: str, value: str) -> None:
    assert value in [worth(entity) for entity in extract(text, NOW)]


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_every_group_shows_different_things() -> None:
    for _, sentences in GROUPS:
        shown = varied(sentences)
        assert len(shown) >= 5
        assert len({meaning(one) for one in shown}) == len(shown)
