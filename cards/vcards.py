"""The card that asks where a contact card belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.vcards import VCard


@dataclass(frozen=True, slots=True)
class Held:
    """A contact card that waits: the message it came in, its place there, and how many there are."""

    message: int
    place: int = 0
    count: int = 1

    @property
    def key(self) -> str:
        """What its buttons carry."""
        return f"{self.message}.{self.place}" if self.place else str(self.message)


def whose_card(person: VCard, options: Sequence[tuple[int, str]], held: Held, known: str = "") -> Card:
    """名片: whose contact is it. `options` are customers, the likeliest first; `known` who is met already."""
    named = (
        ("姓名", person.name),
        ("公司", person.company),
        ("职务", person.title),
        ("电话", person.phone),
        ("邮箱", person.email),
        ("微信", person.wechat),
    )
    buttons = [
        Button(
            f"记到{words.one_line(words.short(name), 8)}",
            Action("vcard.to", str(customer_id), extra=held.key),
            Tone.PRIMARY if place == 1 else Tone.PLAIN,
            say=f"回复 {place}",
        )
        for place, (customer_id, name) in enumerate(options, start=1)
    ]
    if person.company:
        buttons.append(Button("新建客户", Action("vcard.new", extra=held.key), say="回复 新建"))
    buttons.append(Button("不记", Action("vcard.no", extra=held.key), say="回复 不记"))
    return Card(
        title=f"名片 · {words.one_line(person.name, 20)}",
        subtitle=f"第{held.place + 1}张，共{held.count}张" if held.count > 1 else "",
        facts=tuple(Fact(name, value) for name, value in named if value),
        body="\n".join([*([known] if known else []), "记到哪家客户？点一下，或直接回复客户名称。"]),
        buttons=tuple(buttons),
        about=about(held),
    )


def about(held: Held) -> tuple[str, str]:
    """What binds the card to the message that waits."""
    return ("question", held.key)


def settled_card(held: Held, done: str) -> Card:
    """The question, settled."""
    return Card("名片", done=done, about=about(held))
