"""Any card stays within WeCom's limits and says what it left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import Phase, find, given, settings

from cards.actions import pack
from cards.card import Action, Card
from cards.fit import clean, clean_line
from cards.render import wecom
from cards.render.text import render_text, wecom_text_payload
from cards.render.wecom import Rendered
from cards.render.wecom_shape import CardType
from sandbox.wecom.cardrules import check_card
from tests.cards.strategies import cards, long_words
from tests.cards.wecom_rules import broken, leaves, unshowable

NOTICE = re.compile(r"还有 (\d+) 项未显示$")
COUNTED = re.compile(r"另有 (\d+) ")
PROPERTIES: list[Callable[[Card], None]] = []


def of_any_card(holds: Callable[[Card], None]) -> Callable[[Card], None]:
    """Try this on every card that is drawn here: drawing one takes longer than all that is asked of it."""
    PROPERTIES.append(holds)
    return holds


@settings(max_examples=250)
@given(cards)
def test_any_card(card: Card) -> None:
    for holds in PROPERTIES:
        holds(card)


def sign(action: Action) -> str:
    return pack(action, b"a secret of the test, long enough")


def render(card: Card) -> Rendered:
    return wecom.render(card, task_id="card-7_1@v2", sign=sign)


def wire(value: object) -> dict[str, Any]:
    """The value as the platform reads it."""
    read: dict[str, Any] = json.loads(json.dumps(value))
    return read


def shown_texts(payload: dict[str, Any]) -> list[str]:
    return [value for path, value in leaves(payload) if isinstance(value, str) and not path.endswith("key")]


@of_any_card
def it_is_within_the_limits(card: Card) -> None:
    rendered = render(card)
    if rendered.msgtype == "text":
        assert 0 < len(str(rendered.payload["content"]).encode()) <= 2048
        assert rendered.payload == {"content": rendered.plain}
    else:
        assert broken(wire(rendered.payload)) == []
        assert rendered.plain is None


def test_the_cards_tried_here_become_all_five_types() -> None:
    seen: set[object] = set()

    def complete(card: Card) -> bool:
        seen.add(render(card).payload.get("card_type"))
        return seen >= set(CardType)

    limits = settings(max_examples=300, derandomize=True, database=None, phases=[Phase.generate])
    find(cards, complete, settings=limits)  # raises if there is none


@of_any_card
def the_simulated_platform_takes_it(card: Card) -> None:
    rendered = render(card)
    if rendered.msgtype == "template_card":
        assert check_card(wire(rendered.payload)) == rendered.payload["card_type"]
    check_card(wire(wecom.render_update(card, sign=sign)), update=True)


@of_any_card
def its_update_is_within_the_limits(card: Card) -> None:
    template = wire(wecom.render_update(card, sign=sign))
    assert broken(template, update=True) == []
    interactive = template["card_type"].endswith("interaction")
    if clean_line(card.done) and interactive:
        assert template["replace_text"][:8] == clean_line(card.done)[:8]
        inputs = [*template.get("select_list", [])]
        inputs += [template[name] for name in ("checkbox", "button_selection") if name in template]
        assert all(one["disable"] is True for one in inputs)


@of_any_card
def it_says_how_much_is_missing(card: Card) -> None:
    rendered = render(card)
    missing = [phrase for phrase in rendered.left_out if "未显示" in phrase]
    count = sum(int(found[1]) if (found := COUNTED.match(phrase)) else 1 for phrase in missing)
    notices = [found[1] for text in shown_texts(rendered.payload) if (found := NOTICE.search(text))]
    assert notices == ([str(count)] if count else [])


@of_any_card
def what_is_not_shown_in_full_is_named(card: Card) -> None:
    rendered = render(card)
    shown = "\n".join(clean_line(text) for text in shown_texts(rendered.payload)).replace("＜", "<")
    said = [card.title, card.subtitle, card.quote, card.body, card.note, card.done]
    said += [text for fact in card.facts for text in (fact.name, fact.value)]
    said += [*(card.emphasis or ())] if card.emphasis and clean_line(card.emphasis[0]) else []
    if not clean_line(card.done):
        said += [option.text for field in card.form for option in field.options]
        said += [button.text for button in card.buttons if button.action and not button.say]
    lost = [text for text in said if clean_line(text) not in shown]
    assert not lost or rendered.left_out


@of_any_card
def the_same_card_gives_the_same_bytes(card: Card) -> None:
    first = wecom.message("zhangsan", 1000002, render(card))
    assert first == wecom.message("zhangsan", 1000002, render(card))
    body = json.loads(first)
    assert body["enable_duplicate_check"] == 1
    assert body["duplicate_check_interval"] == 14400
    assert b"\\u4" not in first


@of_any_card
def it_is_a_text_within_the_limit(card: Card) -> None:
    text = render_text(card)
    assert 0 < len(text.encode()) <= 2048
    assert not unshowable(text, breaks=True)
    assert not re.search(r"<\s*a\b", text, re.IGNORECASE)


@of_any_card
def its_text_has_everything_or_says_so(card: Card) -> None:
    text = clean_line(render_text(card)).replace("＜", "<")
    said = [card.title, card.body, card.note, *(fact.value for fact in card.facts)]
    lost = [words for words in said if clean_line(words) not in text]
    assert not lost or "…" in text or re.search(r"还有 \d+ 项未显示", text)


@given(long_words)
def test_a_text_payload_is_cut_by_us_and_not_by_the_platform(words: str) -> None:
    content = str(wecom_text_payload(words)["content"])
    assert len(content.encode()) <= 2048
    assert content.replace("＜", "<").startswith(clean(words)[:500].rstrip())
    assert not re.search(r"<\s*a\b", content, re.IGNORECASE)
