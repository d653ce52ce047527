from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.fit import byte_length, clean, clean_line, cut, cut_bytes, cut_middle, distinct, usable_url
from tests.cards.strategies import long_words, words
from tests.cards.wecom_rules import unshowable


@given(long_words)
def test_cleaned_text_has_nothing_a_client_cannot_show(text: str) -> None:
    assert not unshowable(clean(text), breaks=True)
    assert not unshowable(clean_line(text), breaks=False)
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    clean(text).encode()


def test_words_of_users_stay_literal() -> None:
    said = "  王总说：<b>五折</b> & $userName=z$ ]]> 👨‍👩‍👧 “行”！  "
    assert clean(said) == said.strip()


def test_marks_that_turn_the_reading_direction_are_taken_out() -> None:
    assert clean("金额\u202e00085\u202c元") == "金额00085元"


def test_lines_become_one_line() -> None:
    assert clean_line("一\r\n二\u2028三\t四\n\n") == "一 二 三 四"


@given(long_words, st.integers(0, 80))
def test_a_cut_keeps_the_limit_and_shows_itself(text: str, limit: int) -> None:
    for shortened in (cut(text, limit), cut_middle(text, limit)):
        assert len(shortened) <= limit
        assert shortened == text or "…" in shortened or limit == 0


@given(long_words, st.integers(0, 200))
def test_a_cut_in_bytes_keeps_the_limit_and_whole_characters(text: str, limit: int) -> None:
    text = clean(text)
    shortened = cut_bytes(text, limit)
    assert byte_length(shortened) <= limit
    shortened.encode()
    if len(text.encode()) <= limit:
        assert shortened == text
    elif limit >= 3:
        assert shortened.endswith("…")
        assert text.startswith(shortened[:-1])


@pytest.mark.parametrize("limit", range(4, 30))
def test_joined_characters_are_not_torn(limit: int) -> None:
    family = "👨‍👩‍👧"
    shortened = cut_bytes("好" + family + "好" * 20, limit, "")
    assert shortened.removeprefix("好").removeprefix(family).strip("好") == ""


def test_a_cut_keeps_an_accent_with_its_letter() -> None:
    assert cut("cafe\u0301 in the old town", 5) == "caf…"


@given(st.lists(words.map(clean_line), max_size=12, unique=True), st.integers(8, 20))
def test_options_that_differ_still_differ_after_the_cut(texts: list[str], limit: int) -> None:
    shown = distinct(texts, limit)
    assert all(len(text) <= limit for text in shown)
    assert len(shown) == len(texts)


def test_branches_of_one_company_are_told_apart() -> None:
    names = ["华润置地（北京）股份有限公司海淀区分公司", "华润置地（北京）股份有限公司朝阳区分公司"]
    assert distinct(names, 15) == ["华润置地（北京…司海淀区分公司", "华润置地（北京…司朝阳区分公司"]


def test_names_alike_at_both_ends_are_numbered() -> None:
    names = [f"华润置地股份有限公司{middle}区项目管理部综合办公室" for middle in "东西"]
    assert len(set(distinct(names, 16))) == 2


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "https://a b", "https://a\n", "https://" + "x" * 3000]
)
def test_what_no_client_can_open_is_no_link(url: str) -> None:
    assert usable_url(url) == ""
