"""Routers: each feature says what it handles; together they are an index, checked when the bot starts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.incoming import Kind
from handlers.reply import Reply
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.likely import Likely
from nlu.reading import Intent, Reading

OnReading = Callable[[Turn, Reading], Reply]
OnPress = Callable[[Turn, Press], Reply]
OnAnswer = Callable[[Turn, Pending], Reply | None]
OnKind = Callable[[Turn], Reply]
OnGate = Callable[[Turn, Reading], Reply | None]
OnPhrase = Callable[[Turn, Phrase], Reply | None]
F = TypeVar("F", OnReading, OnPress, OnAnswer, OnKind, OnPhrase)


@dataclass(frozen=True, slots=True)
class Route:
    """A handler under its name. `reads` promises that it changes nothing: it runs beside the writer.

    `longest` is how many characters a message may have that is matched with the forms of a phrase.
    """

    name: str
    run: Callable[..., Reply | None]
    reads: bool = False
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Help:
    """One line of help: what to type and what it does; `roles` empty for everybody."""

    example: str
    text: str
    roles: frozenset[str] = frozenset()


MESSAGE = "message."
"""How the events begin that stand for messages of kinds that a platform's reader does not know."""


@dataclass(slots=True)
class Router:
    """What one feature handles.

    `intents` by what the message means, `commands` by its very words (今天, 帮助), `actions` by the name
    of a pressed button, `answers` by the name of the question that was asked, `kinds` by what came in
    (a photo, a place), `events` by the platform's name of an event of a member, `systems` by that of one
    that nobody causes (its turn has the system as actor and no one to answer). An answer handler gives None
    where the message is no answer to its question.
    `phrases` are fixed forms with places to fill in (打标签 华星 高意向), tried in order before the meaning;
    a handler gives None where the words turn out to be no such form.
    `gates` look at a sentence before the handler of its intent, where that changes something.
    """

    feature: str
    intents: dict[Intent, Route] = field(default_factory=dict)
    commands: dict[str, Route] = field(default_factory=dict)
    actions: dict[str, Route] = field(default_factory=dict)
    answers: dict[str, Route] = field(default_factory=dict)
    kinds: dict[Kind, Route] = field(default_factory=dict)
    events: dict[str, Route] = field(default_factory=dict)
    systems: dict[str, Route] = field(default_factory=dict)
    phrases: list[tuple[re.Pattern[str], Route]] = field(default_factory=list)
    gates: list[Route] = field(default_factory=list)
    helps: list[Help] = field(default_factory=list)
    _likely: Likely = field(default_factory=lambda: Likely(()), init=False, repr=False, compare=False)

    def intent(self, *intents: Intent, reads: bool = False) -> Callable[[OnReading], OnReading]:
        """Handle messages that mean this."""
        return self._adder(self.intents, intents, reads=reads)

    def command(self, *words: str, reads: bool = False) -> Callable[[OnReading], OnReading]:
        """Handle messages that consist of one of these words."""
        return self._adder(self.commands, words, reads=reads)

    def phrase(self, *patterns: str, reads: bool = False, longest: int = 0) -> Callable[[OnPhrase], OnPhrase]:
        """Handle messages that are wholly of one of these forms: regular expressions with named groups.

        They see the text without a leading slash and outer space, its full-width letters made narrow, and
        texts of up to 500 characters, or `longest`.
        """

        def add(run: OnPhrase) -> OnPhrase:
            route = Route(f"{self.feature}.{run.__name__}", run, reads, longest or LONGEST_PHRASE)
            self.phrases.extend((re.compile(pattern, FORM), route) for pattern in patterns)
            return run

        return add

    def phrased(self, text: str) -> Iterator[tuple[Route, Phrase]]:
        """The forms that a text has, with what was filled in."""
        said = phrase_text(text)
        for place in self._forms().places(said):
            pattern, route = self.phrases[place]
            found = pattern.fullmatch(said) if len(said) <= route.longest else None
            if found is not None:
                given = {name: (value or "").strip() for name, value in found.groupdict().items()}
                yield route, Phrase(said, given)

    def _forms(self) -> Likely:
        if self._likely.size != len(self.phrases):
            self._likely = Likely([pattern for pattern, _ in self.phrases], FORM)
        return self._likely

    def action(self, *names: str, reads: bool = False) -> Callable[[OnPress], OnPress]:
        """Handle presses of buttons with this action."""
        return self._adder(self.actions, names, reads=reads)

    def answer(self, *names: str) -> Callable[[OnAnswer], OnAnswer]:
        """Handle the answer to a question asked with `memory.ask(name, …)`."""
        return self._adder(self.answers, names, reads=False)

    def kind(self, *kinds: Kind, reads: bool = False) -> Callable[[OnKind], OnKind]:
        """Handle what is not a text and not a press."""
        return self._adder(self.kinds, kinds, reads=reads)

    def event(self, *names: str, reads: bool = False) -> Callable[[OnKind], OnKind]:
        """Handle these events of a platform."""
        return self._adder(self.events, names, reads=reads)

    def named(self, event: str) -> Route | None:
        """Who handles this event of a platform; what comes as a message of any other kind is one too."""
        return self.events.get(event) or (self.events.get(MESSAGE) if event.startswith(MESSAGE) else None)

    def system(self, *names: str) -> Callable[[OnKind], OnKind]:
        """Handle these events of a platform, whoever they are about; only notices go out."""
        return self._adder(self.systems, names, reads=False)

    def gate(self, run: OnGate) -> OnGate:
        """Look at sentences before their handlers do; None lets one pass."""
        self.gates.append(Route(f"{self.feature}.{run.__name__}", run))
        return run

    def help(self, example: str, text: str, *roles: str) -> None:
        """Add a line to the help."""
        self.helps.append(Help(example, text, frozenset(roles)))

    def _adder(self, table: dict[T, Route], keys: Iterable[T], *, reads: bool) -> Callable[[F], F]:
        def add(run: F) -> F:
            for one in keys:
                _put(table, one, Route(f"{self.feature}.{run.__name__}", run, reads))
            return run

        return add


T = TypeVar("T")
LONGEST_PHRASE = 500  # characters
FORM = re.DOTALL | re.IGNORECASE


def phrase_text(text: str) -> str:
    """A text as the forms see it."""
    return unicodedata.normalize("NFKC", text).strip().removeprefix("/").strip()


def _put(table: dict[T, Route], key: T, route: Route) -> None:
    if key in table:
        raise ValueError(f"{route.name}: {key!r} is handled by {table[key].name} already")
    table[key] = route


def merge(routers: Iterable[Router]) -> Router:
    """All features in one index. Raises `ValueError` where two handle the same."""
    whole = Router("all")
    for router in routers:
        for name in ("intents", "commands", "actions", "answers", "kinds", "events", "systems"):
            for one, route in getattr(router, name).items():
                _put(getattr(whole, name), one, route)
        whole.phrases.extend(router.phrases)
        whole.gates.extend(router.gates)
        whole.helps.extend(router.helps)
    whole._forms()
    return whole
