"""动态: chosen by text or button, by whoever has people."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from crm import feed
from crm.feed import Mode
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ("动态 实时", Mode.LIVE),
        ("动态实时", Mode.LIVE),
        ("团队动态改成实时", Mode.LIVE),
        ("动态 汇总", Mode.DIGEST),
        ("关闭动态", Mode.OFF),
        ("动态 关闭", Mode.OFF),
    ],
)
def test_a_manager_chooses(talk: Talk, said: str, mode: Mode) -> None:
    assert talk.say("li", said).text.startswith("好")
    assert feed.mode_of(talk.context("li")) is mode


def test_the_card_shows_what_is_chosen_and_offers_the_others(talk: Talk) -> None:
    (card,) = talk.say("li", "动态").cards
    assert card.title == "团队动态：汇总"
    assert [button.text for button in card.buttons] == ["实时", "关闭"]
    assert talk.press("li", card, "实时").text.startswith("好")
    assert talk.say("li", "动态").cards[0].title == "团队动态：实时"


def test_who_has_no_people_is_told_so(talk: Talk) -> None:
    assert "没有下属" in talk.say("zhang", "动态 实时").text
    assert "没有下属" in talk.say("zhang", "动态").text
