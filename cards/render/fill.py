"""Several pieces of text put into one bounded place, the important ones first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cards.fit import byte_length, cut, cut_bytes
from cards.render.left_out import LeftOut


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text: `what` names it when it is left out, the lowest `rank` gets room first.

    A `cuttable` part may be shown in part; the full text of something that is shown cut elsewhere is
    `spare`: without it the thing is shortened, not missing.
    """

    text: str
    what: str
    rank: int = 0
    cuttable: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where text goes: how much of it (`size` measures) and what stands between its parts."""

    limit: int
    separator: str = "\n"
    size: Callable[[str], int] = len
    shorten: Callable[[str, int], str] = cut
    worth: int = 8
    """A part is not cut to less than this."""


def characters(limit: int, separator: str = "\n") -> Place:
    """A place of `limit` characters."""
    return Place(limit, separator)


def utf8(limit: int) -> Place:
    """A place of `limit` UTF-8 bytes."""
    return Place(limit, size=byte_length, shorten=cut_bytes, worth=24)


@dataclass(frozen=True, slots=True)
class _Choice:
    texts: tuple[str, ...]
    missing: tuple[Part, ...]
    short: tuple[Part, ...]


def fill(parts: Sequence[Part], place: Place, left: LeftOut) -> str:
    """The parts that fit, in their order; when anything of the card is missing, the last words say how much.

    What did not fit is added to `left`.
    """
    parts = [part for part in parts if part.text]
    choice = _choose(parts, place, place.limit)
    if left.count or choice.missing:
        reserved = place.size(place.separator + left.notice(len(parts)))
        choice = _choose(parts, place, place.limit - reserved)
    for part in choice.missing:
        left.miss(part.what)
    for part in choice.short:
        left.shorten(part.what)
    return place.separator.join(text for text in (*choice.texts, left.notice()) if text)


def _choose(parts: Sequence[Part], place: Place, room: int) -> _Choice:
    """Give room by rank; what does not fit is cut or dropped, and later parts still get their chance."""
    taken: dict[int, str] = {}
    missing: list[Part] = []
    short: list[Part] = []
    for index in sorted(range(len(parts)), key=lambda index: parts[index].rank):
        part = parts[index]
        free = room - (place.size(place.separator) if taken else 0)
        text = part.text
        if place.size(text) > free and part.cuttable and free >= place.worth:
            text = place.shorten(text, free)
            short.append(part)
        if place.size(text) <= free:
            taken[index] = text
            room = free - place.size(text)
        else:
            (short if part.spare else missing).append(part)
    return _Choice(tuple(taken[index] for index in sorted(taken)), tuple(missing), tuple(short))
