"""Names that are looked for in every message, however many there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlu.names.known import KnownWords
from nlu.names.lexicon import Colleague, Lexicon

NAMES = st.lists(st.text(alphabet="王李明安", max_size=4), max_size=8, unique=True)


@given(NAMES, st.text(alphabet="王李明安吃", max_size=12))
def test_every_name_in_the_text_is_found_in_its_order(names: list[str], text: str) -> None:
    assert KnownWords().within(text, names) == [name for name in names if name and name in text]


@given(NAMES, NAMES, st.text(alphabet="王李明安吃", max_size=12))
def test_names_that_are_added_later_are_found(first: list[str], more: list[str], text: str) -> None:
    known, names = KnownWords(), list(first)
    known.within(text, (), names)
    names += [name for name in more if name not in first]
    assert known.within(text, (), names) == [name for name in names if name and name in text]


def test_those_of_the_first_collection_come_first() -> None:
    known, colleagues, contacts = KnownWords(), ["李明"], ["王安"]
    assert known.within("王安和李明", colleagues, contacts) == ["李明", "王安"]
    colleagues.append("安和")
    assert known.within("王安和李明", colleagues, contacts) == ["李明", "安和", "王安"]


def test_a_lexicon_follows_its_people_and_products() -> None:
    lexicon = Lexicon.of((), [Colleague("1", "李明")], ["王安"], ["GA37"])
    assert lexicon.people_in("李明和王安") == ["李明", "王安"]
    lexicon.contacts.add("明和")
    assert lexicon.people_in("李明和王安")[0] == "李明"
    assert sorted(lexicon.people_in("李明和王安")[1:]) == ["明和", "王安"]
    lexicon.colleagues = {"和王": Colleague("2", "和王")}
    assert lexicon.people_in("李明和王安")[0] == "和王"
    assert lexicon.products_in("试用GA37") == ["GA37"]
    lexicon.products.clear()
    assert lexicon.products_in("试用GA37") == []
