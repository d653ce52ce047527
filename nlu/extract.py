"""All expressions of a text: times, durations, recurring rules, money, numbers, shares, phones."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from nlu import figures as figures_of
from nlu import money, numbers, percent, phones, times
from nlu.calendar import WorkCalendar, packaged
from nlu.entities import Entity, Span
from nlu.folding import fold, mask
from nlu.numerals import CHARS

MAX_READ = 2000  # characters; a chat message is no longer than that
_SOMETHING = re.compile(rf"[0-9{CHARS}几数半对刚今昨明前后上下本这当现此周星礼节国春元清端中除过年月改近最稍回待等晚早每天]")
_SPACED = re.compile(rf"(?=.*[^0-9 .,-])(?=.* )[-负]?[0-9.,{CHARS} 点分之个成折半%kmw-]{{2,40}}")
_DATE_LIKE = re.compile(r"[0-9]{2,} +[0-9]|[0-9]-[0-9]|点 *[0-9]+ *分|[折元] *[0-9一二三四五六七八九]|[0-9] +[0-9]+ *[^0-9 折成]")


def extract(
    text: str, now: datetime, calendar: WorkCalendar | None = None, masked: tuple[tuple[int, int], ...] = ()
) -> tuple[Entity, ...]:
    """Every expression in the text, ordered by place.

    `now` is the local, naive reference time. `masked` are places (names found before) in which nothing may
    start or overlap. A number whose size alone makes it money is given twice, as Money and as Number.
    Only the first 2,000 characters are read.
    """
    original = text[:MAX_READ]
    folded = fold(original)
    if not _SOMETHING.search(folded):
        return ()
    if _SPACED.fullmatch(folded) and not _DATE_LIKE.search(folded):
        return _spaced(original, folded, now, calendar, masked)
    return _read(original, mask(folded, masked), now, calendar)


def _read(original: str, folded: str, now: datetime, calendar: WorkCalendar | None) -> tuple[Entity, ...]:
    found: list[Entity] = list(phones.find(folded, original))
    rest = mask(folded, [(e.span.start, e.span.end) for e in found])
    shares = percent.fractions(rest, original)
    rest = mask(rest, [(e.span.start, e.span.end) for e in shares])
    timed = list(times.find(rest, original, now, calendar or packaged()))
    rest = mask(rest, [(e.span.start, e.span.end) for e in timed])
    figures = list(figures_of.find(rest))
    plain = []
    for figure in figures:
        share = percent.of_figure(figure, rest, original)
        if share is None:
            plain.append(figure)
        else:
            shares.append(share)
    said, taken = money.find(rest, original, plain)
    found += [*shares, *timed, *said, *taken]
    found += numbers.find(rest, original, figures, [(e.span.start, e.span.end) for e in said])
    return tuple(sorted(found, key=lambda e: (e.span.start, -e.span.end)))


def _spaced(
    original: str, folded: str, now: datetime, calendar: WorkCalendar | None, masked: tuple[tuple[int, int], ...]
) -> tuple[Entity, ...]:
    """A message that is one expression with blanks in it (百 分 之 2.4): read without them, placed with them."""
    places = [i for i, c in enumerate(folded) if c != " "]
    if any(low < high for low, high in masked):
        return _read(original, mask(folded, masked), now, calendar)
    tight = "".join(folded[i] for i in places)
    moved: list[Entity] = []
    for entity in _read(tight, tight, now, calendar):
        start, end = places[entity.span.start], places[entity.span.end - 1] + 1
        moved.append(replace(entity, span=Span(start, end, original[start:end])))
    return tuple(moved)
