"""One message while it is being understood: its text and what was found in it so far."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cached_property
from typing import TypeVar, cast

from msgspec import Struct, field

from nlu.calendar import WorkCalendar
from nlu.clauses import Clause, clause_at, split_clauses
from nlu.commands import Command
from nlu.entities import Entity
from nlu.likely import absent_cues
from nlu.names.mentions import Mentions
from nlu.names.people import Person
from nlu.reading import NamedCustomer, Reading

E = TypeVar("E")


class Context(Struct, frozen=True):
    """What came before: who writes, the customer last spoken of, the last reading, the text quoted."""

    sender_key: str = ""
    last_customer: NamedCustomer | None = None
    last_reading: Reading | None = None
    quoted: str = ""


class Scene(Struct, frozen=True, dict=True):
    """The folded text (places are those of the original), the time it was sent, and what stands in it."""

    text: str
    now: datetime
    calendar: WorkCalendar
    mentions: Mentions
    people: tuple[Person, ...] = ()
    entities: tuple[Entity, ...] = ()
    command: Command | None = None
    context: Context = field(default_factory=Context)
    colleagues: Collection[str] = ()

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of the text."""
        return split_clauses(self.text)

    @cached_property
    def bare(self) -> str:
        """The text with customers' names blotted out, so that their characters are not read as words."""
        text = self.text
        for start, end in self.mentions.places():
            text = text[:start] + "\x01" * (end - start) + text[end:]
        return text

    @cached_property
    def masked(self) -> str:
        """The same with people blotted out as well, by another sign."""
        text = self.bare
        for person in self.people:
            text = text[: person.start] + "\x02" * (person.end - person.start) + text[person.end :]
        return text

    @cached_property
    def absent(self) -> frozenset[re.Pattern[str]]:
        """The cues that are surely not found in the bare text."""
        return absent_cues(self.bare)

    def find(self, cue: re.Pattern[str]) -> re.Match[str] | None:
        """Where a cue is found first in the bare text."""
        return None if cue in self.absent else cue.search(self.bare)

    def finds(self, cue: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Every place where a cue is found in the bare text."""
        return iter(()) if cue in self.absent else cue.finditer(self.bare)

    @cached_property
    def _by_kind(self) -> dict[type, list[Entity]]:
        kinds: dict[type, list[Entity]] = {}
        for entity in self.entities:
            kinds.setdefault(type(entity), []).append(entity)
        return kinds

    def of(self, kind: type[E]) -> list[E]:
        """The entities of a kind, in their order."""
        return cast("list[E]", self._by_kind.get(kind, []))

    def clause_at(self, place: int) -> Clause:
        """The clause that holds the place."""
        return clause_at(self.clauses, place)
