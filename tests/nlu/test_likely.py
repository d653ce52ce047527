"""Which patterns a text may hold: nothing that is there is ever ruled out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.likely import Likely, absent_cues, needs_of
from nlu.patterns import either, lazy
from tests.nlu.sentences import plans, records, sales, talk, visits

PATTERNS = [
    r"(?P<who>\S+?)\s*打标签[:：]?(?P<tags>.+)",
    r"(?:看|查)?(?P<who>.{1,8})的(?:电话|手机|微信)",
    r"(?:undo|撤[销回])(?:吧)?",
    r"\d{3}",
    r"(?i:ok)好的?",
    r"(?:帮助|help)",
]
WORDS = [
    "打标签",
    "A类",
    "的电话",
    "的微信",
    "华星",
    "撤销",
    "撤回吧",
    "UNDO",
    "123",
    "OK好",
    "帮助",
    "Help",
    " ",
]

SAID = [one.text for part in (plans, records, sales, talk, visits) for one in part.SENTENCES]


@pytest.mark.parametrize(
    ("pattern", "rarest"),
    [
        ("(?P<who>.+?)的?标签", {"标签"}),
        ("改[到成]", {"改到", "改成"}),
        ("(?:谁|哪家)?来", {"来"}),
        ("撤销|不算", {"撤销", "不算"}),
        ("(?:好吗)+谢", {"好吗"}),
    ],
)
def test_a_pattern_needs_its_rarest_characters(pattern: str, rarest: set[str]) -> None:
    assert needs_of(pattern)[0] == rarest


@pytest.mark.parametrize("pattern", [".*", r"\d+", "(?:好)?", "好|.", "[^好]"])
def test_a_pattern_that_fits_all_kinds_of_texts_needs_nothing(pattern: str) -> None:
    assert needs_of(pattern) == []


def test_letters_may_stand_in_the_other_case() -> None:
    assert needs_of("ok", re.IGNORECASE) == []
    assert needs_of("(?i)ok") == []
    assert needs_of("(?i:ok)好") == [{"好"}]
    assert {"ok"} in needs_of("ok")


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
def test_what_fits_is_always_likely(text: str) -> None:
    forms = [re.compile(pattern, re.IGNORECASE) for pattern in PATTERNS]
    likely = Likely(forms, re.IGNORECASE).places(text)
    assert likely == sorted(likely)
    assert {place for place, form in enumerate(forms) if form.search(text)} <= set(likely)


def test_an_absent_cue_is_not_found() -> None:
    for text in SAID:
        assert not [(text, cue.pattern) for cue in absent_cues(text) if cue.search(text)]


@given(st.text(alphabet="五5-./一月号", max_size=8))
def test_either_matches_where_one_does(text: str) -> None:
    one, other = lazy(r"(?P<n>[一五])月"), lazy(r"(?P<n>[0-9])(?P<sign>[-/.])[0-9](?P=sign)")
    both = either(one, other)
    for at in range(len(text)):
        if one.match(text, at) or other.match(text, at):
            assert both.match(text, at)
