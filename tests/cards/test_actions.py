from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.actions import Forged, Unpackable, pack, unpack
from cards.card import Action

SECRET = b"a secret of the test, long enough"
ACTION = Action("quote.approve", "Q-1024", 3, "一审")

actions = st.builds(
    Action,
    st.text(min_size=1, max_size=30),
    st.text(max_size=40),
    st.integers(-(2**63), 2**63 - 1),
    st.text(max_size=40),
)


@given(actions)
def test_what_was_packed_comes_back(action: Action) -> None:
    assert unpack(pack(action, SECRET), SECRET) == action


@given(actions)
def test_a_packed_action_is_short_url_safe_ascii_and_always_the_same(action: Action) -> None:
    packed = pack(action, SECRET)
    assert len(packed.encode()) <= 1024
    assert re.fullmatch(r"[A-Za-z0-9_\-.]+", packed)
    assert packed == pack(action, SECRET)


def test_a_usual_action_takes_little_room() -> None:
    assert len(pack(Action("task.done", "184", 2), SECRET)) <= 50


@given(actions, st.integers(0), st.characters())
def test_no_changed_character_is_accepted(action: Action, place: int, other: str) -> None:
    packed = pack(action, SECRET)
    place %= len(packed)
    changed = packed[:place] + other + packed[place + 1 :]
    if changed != packed:
        with pytest.raises(Forged):
            unpack(changed, SECRET)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_foreign_text_is_accepted(text: str) -> None:
    with pytest.raises(Forged):
        unpack(text, SECRET)


@pytest.mark.parametrize("cut", [0, 1, 5, -1, -16, -17])
def test_a_shortened_action_is_refused(cut: int) -> None:
    with pytest.raises(Forged):
        unpack(pack(ACTION, SECRET)[:cut], SECRET)


def test_another_secret_is_refused() -> None:
    with pytest.raises(Forged):
        unpack(pack(ACTION, SECRET), b"another secret, also long enough")


def test_the_signature_of_one_action_does_not_fit_another() -> None:
    body = pack(Action("quote.approve", "Q-1025", 3, "一审"), SECRET).partition(".")[0]
    mac = pack(ACTION, SECRET).partition(".")[2]
    with pytest.raises(Forged):
        unpack(f"{body}.{mac}", SECRET)


def test_the_signature_has_at_least_80_bits() -> None:
    mac = pack(ACTION, SECRET).partition(".")[2]
    assert len(mac) * 6 >= 80


@pytest.mark.parametrize(
    "action",
    [
        Action(""),
        Action("a", extra="长" * 400),
        Action("a" * 2000),
        Action("a", version=2**70),
        Action("a", extra="\ud800"),
    ],
)
def test_what_does_not_fit_is_refused_when_built(action: Action) -> None:
    with pytest.raises(Unpackable):
        pack(action, SECRET)


def test_the_longest_that_fits_comes_back() -> None:
    longest = 0
    for length in range(600, 800):
        try:
            packed = pack(Action("a", extra="x" * length), SECRET)
        except Unpackable:
            break
        longest = length
        assert unpack(packed, SECRET).extra == "x" * length
    assert longest > 700


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        pack(ACTION, b"short")
