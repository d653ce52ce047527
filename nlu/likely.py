"""Which of many patterns a text may hold, told by the characters that each of them cannot do without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, product
from operator import add
from re import _constants, _parser  # type: ignore[attr-defined]  # see `needs_of`
from typing import Any

from nlu.patterns import cues

Needs = list[frozenset[str]]
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_MOST_PAIRS = 64
_ENOUGH = 3  # sets that a text is tried with


class Likely:
    """An index of patterns by a character, or two in a row, of which each needs one."""

    def __init__(self, patterns: Sequence[re.Pattern[str]], flags: int = 0) -> None:
        self.size = len(patterns)
        self._needs = [needs_of(pattern.pattern, flags) for pattern in patterns]
        self._always = [place for place, needs in enumerate(self._needs) if not needs]
        self._by_gram: dict[str, list[int]] = {}
        for place, needs in enumerate(self._needs):
            for gram in needs[0] if needs else ():
                self._by_gram.setdefault(gram, []).append(place)
        self._grams = frozenset(self._by_gram)

    def places(self, text: str) -> list[int]:
        """The places of the patterns that may be found in the text, in their order."""
        grams = {*text, *map(add, text, text[1:])}
        found = set(self._always)
        found.update(chain.from_iterable(map(self._by_gram.__getitem__, grams & self._grams)))
        return [place for place in sorted(found) if not any(map(grams.isdisjoint, self._needs[place]))]


def absent_cues(text: str) -> frozenset[re.Pattern[str]]:
    """The cues that are surely not found in the text."""
    index, every = _cues(len(cues))
    return every.difference(map(cues.__getitem__, index.places(text)))


@cache
def _cues(size: int) -> tuple[Likely, frozenset[re.Pattern[str]]]:
    return Likely(cues[:size]), frozenset(cues[:size])


@cache
def needs_of(source: str, flags: int = 0) -> Needs:
    """Sets of characters and of pairs, the rarest first: whatever the pattern matches holds one of each.

    The pattern is read as `re` itself reads it: a reading of our own would have to know all of its grammar.
    """
    parsed = _parser.parse(source, flags)
    needs = _needs(parsed, cased=not parsed.state.flags & re.IGNORECASE)
    return sorted(needs, key=_commonness)[:_ENOUGH]


def _commonness(need: frozenset[str]) -> tuple[int, int]:
    """The fewer single characters and the fewer altogether, the rarer is a text that has one of them."""
    return sum(len(gram) == 1 for gram in need), len(need)


def _needs(items: Iterable[tuple[Any, Any]], *, cased: bool) -> Needs:
    found: Needs = []
    before: frozenset[str] = frozenset()
    for kind, what in items:
        chars = _chars(kind, what, cased=cased)
        if chars:
            found.append(chars)
            if before and len(before) * len(chars) <= _MOST_PAIRS:
                found.append(frozenset(map("".join, product(before, chars))))
        elif kind is _constants.SUBPATTERN or (kind in _REPEATS and what[0] > 0):
            found += _needs(what[-1], cased=cased and not (kind is _constants.SUBPATTERN and what[1]))
        elif kind is _constants.BRANCH:
            found += _of_branches([_needs(branch, cased=cased) for branch in what[1]])
        before = chars
    return found


def _of_branches(branches: list[Needs]) -> Needs:
    """What is needed whichever of the branches it is."""
    return [frozenset().union(*(min(needs, key=_commonness) for needs in branches))] if all(branches) else []


def _chars(kind: Any, what: Any, *, cased: bool) -> frozenset[str]:  # noqa: ANN401 as `re` has them
    """The characters of which one stands here; none where it may be any, or in another case."""
    if kind is _constants.LITERAL:
        chars = {chr(what)}
    elif kind is _constants.IN and all(of is _constants.LITERAL for of, _ in what):
        chars = {chr(code) for _, code in what}
    else:
        return frozenset()
    return frozenset(chars) if cased or all(char.lower() == char.upper() for char in chars) else frozenset()
