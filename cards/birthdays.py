"""The birthday card: whose it is, and a greeting ready to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards import words
from cards.card import Action, Button, Card, Tone
from crm.birthdays import Celebrant

MOST_LISTED = 20
GREETINGS = (
    "{who}，生日快乐。感谢一直以来的信任，祝您新的一岁身体健康，诸事顺遂。",
    "{who}，今天是您的生日，祝您生日快乐，工作顺心，家人安康。",
    "{who}，生日快乐。和您共事很踏实，愿新的一岁所想皆成，平安喜乐。",
    "{who}，祝您生日快乐。愿您事业再上一层，也记得给自己放个假，好好过生日。",
    "{who}，生日到了，送上一份祝福：身体好，心情好，一切都好。改天当面再给您道贺。",
    "{who}，生日快乐。这一年多谢您的关照，祝您万事胜意，福气满满。",
)


def greeting(whose: Celebrant, turn: int = 0) -> str:
    """A draft for this person; `turn` counts how often another one was asked for."""
    return GREETINGS[(whose.contact_id + turn) % len(GREETINGS)].format(who=whose.who)


def birthday_card(whose: Celebrant, year: int, *, lunar: bool = False, turn: int = 0) -> Card:
    """For the customer's owner, on the day. `year` is the year of the calendar the birthday is kept in."""
    extra = f"{year}:{turn}:{'lunar' if lunar else 'solar'}"
    key = str(whose.contact_id)
    return Card(
        title=f"{whose.who}今天生日",
        subtitle=f"{whose.customer}{' · 农历生日' if lunar else ''}",
        tone=Tone.PRIMARY,
        body=greeting(whose, turn),
        buttons=(
            Button(
                "已送祝福",
                Action("care.done", key, extra=extra),
                Tone.PRIMARY,
                say=f"回复 已送祝福 {whose.who}",
            ),
            Button("换一句", Action("care.next", key, extra=extra), say=f"回复 换一句 {whose.who}"),
            Button("发我原文", Action("care.text", key, extra=extra), say=f"回复 发我原文 {whose.who}"),
        ),
        note="点“发我原文”就能复制转发，按您的口气改改更好",
        about=about(whose, year),
    )


def done_card(whose: Celebrant, year: int, done: str, *, lunar: bool = False, turn: int = 0) -> Card:
    """The same after the greeting was sent. `done` says by whom and when."""
    return Card(
        title=f"{whose.who}今天生日",
        subtitle=f"{whose.customer}{' · 农历生日' if lunar else ''}",
        tone=Tone.SUCCESS,
        body=greeting(whose, turn),
        done=done,
        about=about(whose, year),
    )


def list_words(found: Sequence[tuple[date, Celebrant, bool]], today: date) -> str:
    """Birthdays ahead, one on a line: the day, whose, and whether it is kept by the lunar calendar."""
    lines = [
        f"· {words.day(day, today)} {whose.who}（{whose.customer}{'，农历' if lunar else ''}）"
        for day, whose, lunar in found[:MOST_LISTED]
    ]
    more = len(found) - len(lines)
    return "\n".join(["接下来30天的生日：", *lines, *([f"还有{more}位"] if more > 0 else [])])


def about(whose: Celebrant, year: int) -> tuple[str, str]:
    """What binds the cards of one birthday together."""
    return ("birthday", f"{whose.contact_id}-{year}")
