"""Any card stays within DingTalk's limits, says what it left out, and keeps people's words literal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings

from cards.actions import pack, unpack
from cards.card import Action, Card
from cards.fit import clean_line
from cards.render.dingtalk import VARIABLES, Params, render
from cards.render.dingtalk_form import ACTION_FIELD
from cards.render.dingtalk_markdown import render_markdown
from cards.render.markdown import literal
from tests.cards.strategies import cards, long_words
from tests.cards.wecom_rules import unshowable

SECRET = b"a secret of the test, long enough"
NOTICE = re.compile(r"还有 (\d+) 项未显示$")
COUNTED = re.compile(r"另有 (\d+) ")
MARKUP = re.compile(r"[\[\]<&`*_~|\\]|^\s*[#>]", re.MULTILINE)
PROPERTIES: list[Callable[[Card], None]] = []


def of_any_card(holds: Callable[[Card], None]) -> Callable[[Card], None]:
    """Try this on every card that is drawn here: drawing one takes longer than all that is asked of it."""
    PROPERTIES.append(holds)
    return holds


@settings(max_examples=200)
@given(cards)
def test_any_card(card: Card) -> None:
    for holds in PROPERTIES:
        holds(card)


def sign(action: Action) -> str:
    return pack(action, SECRET)


def read(rendered: Params, name: str) -> Any:
    return json.loads(rendered.values[name])


def missing(left_out: tuple[str, ...]) -> int:
    phrases = [phrase for phrase in left_out if "未显示" in phrase]
    return sum(int(found[1]) if (found := COUNTED.match(phrase)) else 1 for phrase in phrases)


@of_any_card
def it_is_within_the_limits_of_a_template(card: Card) -> None:
    values = render(card, sign=sign).values
    assert set(values) == set(VARIABLES)
    assert all(isinstance(value, str) for value in values.values())
    for name, value in values.items():
        assert len(value.encode()) <= (8192 if name in ("buttons", "form") else 1024), name
        assert not unshowable(value, breaks=True)
    assert len(json.dumps(values).encode()) <= 100 * 1024
    assert values["title"]


@of_any_card
def its_form_can_be_read_and_submitted(card: Card) -> None:
    rendered = render(card, sign=sign)
    fields = read(rendered, "form")["fields"]
    assert bool(rendered.values["has_form"]) == bool(fields)
    assert bool(rendered.values["form_btn_text"]) == bool(fields)
    names = [field["name"] for field in fields]
    assert len(set(names)) == len(names)
    for field in fields:
        values = [option["value"] for option in field.get("options", [])]
        assert len(set(values)) == len(values)
        packed = values if field["name"] == ACTION_FIELD and values else []
        packed += [field["defaultValue"]] if field.get("hidden") else []
        assert all(unpack(one, SECRET).name for one in packed)
    assert ACTION_FIELD in names or not names


@of_any_card
def every_button_calls_back_or_opens_something(card: Card) -> None:
    buttons = read(render(card, sign=sign), "buttons")
    assert len(buttons) <= 6
    for button in buttons:
        assert button["text"]
        assert bool(button["action"]) != bool(button["url"])
        assert button["color"] in ("blue", "red", "gray")
        assert not clean_line(card.done) or not button["action"]


@of_any_card
def it_says_how_much_is_missing(card: Card) -> None:
    rendered = render(card, sign=sign)
    said = [int(found[1]) for value in rendered.values.values() if (found := NOTICE.search(value))]
    assert sum(said) == missing(rendered.left_out)


@of_any_card
def it_is_a_markdown_message(card: Card) -> None:
    for taps in (False, True):
        _markdown_keeps_the_limits(card, taps=taps)


def _markdown_keeps_the_limits(card: Card, *, taps: bool) -> None:
    rendered = render_markdown(card, taps=taps)
    assert 0 < len(rendered.text.encode()) <= 7000
    param = json.dumps({"title": rendered.title, "text": rendered.text}, ensure_ascii=False)
    assert len(param.encode()) <= 15_000
    assert 0 < len(rendered.title) <= 60
    assert len(rendered.links) <= 5
    assert taps or "dtmd://" not in rendered.text
    found = NOTICE.search(rendered.text)
    assert (int(found[1]) if found else 0) == missing(rendered.left_out)


@given(long_words)
def test_words_of_people_are_never_markup(words: str) -> None:
    assert not MARKUP.search(literal(words))


@of_any_card
def the_same_card_gives_the_same_values(card: Card) -> None:
    assert render(card, sign=sign) == render(card, sign=sign)
