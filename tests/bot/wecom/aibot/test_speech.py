"""How the smart bot speaks."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.aibot.markdown import literal, words_of
from bot.wecom.aibot.speech import AiBotVoice
from cards.card import Action, Button, Card, Fact
from handlers.incoming import Incoming, Kind
from tests.bot.wecom.platform import NOW

VOICE = AiBotVoice(b"0123456789abcdef")
BUTTON = Button("通过", Action("quote.pass", "1"))


def incoming(kind: Kind, card_id: str = "") -> Incoming:
    return Incoming("wecom", "bot", "u", "u", kind, "d", NOW, card_id=card_id)


def test_the_body_of_a_card_keeps_to_the_bots_own_limit() -> None:
    rendered = VOICE.card("u", Card("标题", body="字" * 300, buttons=(BUTTON,)), "g1")
    card = orjson.loads(rendered.body)["template_card"]
    assert len(card["sub_title_text"]) <= 112
    assert rendered.shown is not None
    assert "task_id" not in rendered.shown
    assert len(VOICE.shape(Card("标题", body="字" * 300, buttons=(BUTTON,)))["sub_title_text"]) <= 112


def test_a_card_with_nothing_to_press_is_a_text() -> None:
    rendered = VOICE.card("u", Card("今天", facts=(Fact("拜访", "3 家"),)), "g1")
    assert rendered.shown is None
    assert orjson.loads(rendered.body) == {
        "chatid": "u",
        "msgtype": "markdown",
        "markdown": {"content": "今天\n拜访：3 家"},
    }


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.IMAGE, Kind.FILE, Kind.VIDEO, Kind.ENTER])
def test_messages_and_the_opening_of_the_chat_take_a_text(kind: Kind) -> None:
    assert VOICE.ride_back_text(incoming(kind), "好") == "好"
    assert VOICE.ride_back_text(incoming(kind), " ") is None


def test_a_press_takes_its_card_and_no_text() -> None:
    press = incoming(Kind.ACTION, "g1")
    assert VOICE.ride_back_text(press, "好") is None
    assert VOICE.updates_card(press)
    assert not VOICE.updates_card(incoming(Kind.ACTION))
    assert VOICE.ride_back({"card_type": "x"}) == {"template_card": {"card_type": "x"}}


def test_what_answers_somebody_is_said_where_he_wrote_and_under_his_own_id() -> None:
    alone = Incoming("wecom", "bot", "wohR_KCg", "wohR_KCg", Kind.TEXT, "d", NOW)
    group = Incoming("wecom", "bot", "wrChat", "wohR_KCg", Kind.TEXT, "d", NOW, is_group=True)
    card = Card("标题", buttons=(BUTTON,))

    def chat(voice: AiBotVoice, receiver: str) -> set[str]:
        bodies = [voice.text(receiver, "好"), voice.card(receiver, card, "g1").body]
        pushes = [orjson.loads(body) for body in bodies]
        return {push["chatid"] for push in (*pushes, pushes[1]["otherwise"])}

    assert chat(VOICE.answering(alone), "wohr_kcg") == {"wohR_KCg"}
    assert chat(VOICE.answering(group), "wohr_kcg") == {"wrChat"}
    assert chat(VOICE.answering(group), "somebody") == {"somebody"}


@given(st.text(max_size=400))
def test_no_text_starts_markup(text: str) -> None:
    shown = literal(text)
    assert not set(shown) & set("[]<`*|")
    assert not any(line.lstrip().startswith((">", "# ")) for line in shown.splitlines())


def test_a_long_text_fits() -> None:
    assert len(literal("跟进" * 20_000).encode()) <= 20480


@given(
    st.dictionaries(st.sampled_from(["main_title", "sub_title_text", "replace_text"]), st.text(max_size=9))
)
def test_any_card_can_be_said_in_words(shown: dict[str, str]) -> None:
    assert words_of(shown)
