"""Every button can be reached by words: it says them, or stands on a list or a form that is asked for."""

from __future__ import annotations

import re

from cards.card import Button, Card
from tests.cards.built.every import BUILT

AMOUNT = re.compile(r"\d+(?:\.\d+)?万")
NAMELESS = frozenset({"pages.timeline_end"})  # the customer of a quote is not named on its timeline


def unsaid(card: Card) -> list[Button]:
    """Buttons that act and say no words."""
    return [one for one in card.buttons if one.action and not one.say]


def is_asked(card: Card) -> bool:
    """Whether the form is asked in the chat, or a list from which 完成 2 chooses."""
    return bool(card.submit) or (len(card.form) == 1 and card.form[0].kind.is_choice)


def test_every_button_says_its_words() -> None:
    silent = {
        name: [one.text for one in unsaid(card)]
        for name, card in BUILT.items()
        if name not in NAMELESS and not is_asked(card)
    }
    assert {name: buttons for name, buttons in silent.items() if buttons} == {}


def test_no_tap_says_an_amount_that_nobody_named() -> None:
    """What is tapped is said as it stands: an example in it would be taken for what is meant."""
    said = [(name, one.say) for name, card in BUILT.items() for one in card.buttons]
    assert [one for one in said if one[1].startswith("回复 ") and AMOUNT.search(one[1])] == []
