"""Whole sentences: every field of the reading is the one expected, and nothing is invented."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType

import pytest

from nlu.names.lexicon import Lexicon
from nlu.understand import understand
from nlu.wire import Wire, to_wire
from tests.nlu.sentences import (
    birthdays,
    calls,
    jotted,
    news,
    plans,
    records,
    sales,
    series,
    service,
    talk,
    tasks,
    todo,
    visits,
)
from tests.nlu.sentences.customers import lexicon
from tests.nlu.sentences.said import Said

NOW = datetime.fromisoformat("2026-11-20T10:00")
ROOMS = (
    visits,
    calls,
    plans,
    news,
    tasks,
    sales,
    records,
    service,
    talk,
    series,
    birthdays,
    jotted,
    todo,
)
ALL = [sentence for room in ROOMS for sentence in room.SENTENCES]
BESIDE = frozenset({"id", "ms", "entities", "reasons", "unread"})


@pytest.fixture(scope="module")
def names() -> Lexicon:
    return lexicon()


def meaning(text: str, names: Lexicon) -> Wire:
    """What a sentence means, in the short form of the expectations."""
    wire = {
        key: value
        for key, value in to_wire("", understand(text, NOW, names), 0.0).items()
        if key not in BESIDE
    }
    for name in ("activity_time", "next_time"):
        time = wire.get(name)
        if isinstance(time, dict):
            wire[name] = str(time["value"]).removesuffix(":00") + (
                f" {time['part']}" if "part" in time else ""
            )
            if time.get("deadline"):
                wire["deadline"] = True
    if not wire["ambiguous"]:
        del wire["ambiguous"]
    return wire


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_every_sentence_means_what_it_says(
    room: ModuleType, names: Lexicon, subtests: pytest.Subtests
) -> None:
    sentences: tuple[Said, ...] = room.SENTENCES
    for one in sentences:
        meant, wanted = meaning(one.text, names), {"intent": one.intent, **one.fields}
        if meant != wanted:
            with subtests.test(one.text):
                assert meant == wanted


def test_sentences_are_many_and_different() -> None:
    assert len({sentence.text for sentence in ALL}) == len(ALL) >= 300
