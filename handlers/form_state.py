"""A form being filled in in the chat: what was asked, answered and left out, kept between messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from cards import forms as cards
from cards.card import Action, Card, Field, FieldKind, Option
from handlers.form_fields import Value
from handlers.turn import Memory

ASKED: Final = "form"
"""The name of the question."""


@dataclass(slots=True)
class Form:
    """A form being filled in. `id` tells it from others, `at` is the question asked, `given` and `shown`
    are what was filled in by field, `passed` the fields left out. In a group only `member` answers.
    """

    id: str
    title: str
    action: Action
    fields: list[Field]
    at: int = 0
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)
    member: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Form:
        """From memory."""
        fields = [
            Field(**{**one, "kind": FieldKind(one["kind"]), "options": _options(one), "selected": ()})
            for one in data["fields"]
        ]
        given = {key: tuple(values) for key, values in data["given"].items()}
        return cls(
            data["id"],
            data["title"],
            Action(*data["action"]),
            fields,
            data["at"],
            given,
            dict(data["shown"]),
            list(data["passed"]),
            data["member"],
        )

    def keep(self, memory: Memory, now: datetime) -> None:
        """To memory."""
        one = self.action
        data = {
            "id": self.id,
            "title": self.title,
            "action": [one.name, one.object_id, one.version, one.extra],
            "fields": [{k: v for k, v in asdict(f).items() if k != "selected"} for f in self.fields],
            "at": self.at,
            "given": {key: list(values) for key, values in self.given.items()},
            "shown": self.shown,
            "passed": self.passed,
            "member": self.member,
        }
        memory.ask(ASKED, data, now)

    @property
    def asked(self) -> Field:
        """The field that is asked for."""
        return self.fields[self.at]

    def open(self) -> int | None:
        """The first field that is neither filled in nor left out."""
        for place, one in enumerate(self.fields):
            if one.key not in self.given and one.key not in self.passed:
                return place
        return None

    def fill(self, one: Field, value: Value) -> None:
        """Take a value."""
        self.given[one.key], self.shown[one.key] = value.words, value.shown
        if one.key in self.passed:
            self.passed.remove(one.key)

    def question(self, *, first: bool = False) -> Card:
        """The question to ask now; the first one tells what is known already."""
        one = self.asked
        others = [f for f in self.fields if f.key in self.shown and f is not one]
        told = [f"{f.title}：{self.shown[f.key]}" for f in others]
        known = f"已知 {'，'.join(told)}" if first and told else ""
        shown = self.shown.get(one.key, "")
        now = replace(one, selected=self.given.get(one.key, ()))
        return cards.question_card(
            self.title, self.id, self.at, len(self.fields), now, shown=shown, known=known
        )

    def answered(self, done: str) -> Card:
        """The card of the question just answered."""
        return cards.answered_card(self.title, self.id, self.at, len(self.fields), self.asked, done)


def _options(one: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(**option) for option in one["options"])
