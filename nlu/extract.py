"""All expressions of a text: times, durations, recurring rules, money, numbers, shares, phones."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from msgspec.structs import replace

from nlu import figures as figures_of
from nlu import money, numbers, percent, phones, times
from nlu.calendar import WorkCalendar, packaged
from nlu.entities import Entity, Span
from nlu.folding import fold, mask
from nlu.numerals import CHARS
from nlu.patterns import lazy
from nlu.times import STARTS

MAX_READ = 1000  # characters; a chat message of WeCom holds some 680 Chinese ones
MAX_FOUND = 60  # expressions of one kind
_SOMETHING = lazy(f"[{STARTS}{CHARS}对天]")
LONG = 40  # characters; a shorter text cannot hold anything that is slow to read
_WALL = lazy(rf"[0-9{CHARS}]{{41,}}")  # of figures
_RUN = lazy(rf"{_WALL.pattern}|((?s:.){{1,8}}?)\1{{15,}}")  # such a wall, or a paste held down
_REPEATED = 15  # characters that are there already, at the least, in a paste held down
_SPACED = lazy(rf"(?=.*[^0-9 .,-])(?=.* )[-负]?[0-9.,{CHARS} 点分之个成折半%kmw-]{{2,40}}")
_DATE_LIKE = lazy(
    r"[0-9]{2,} +[0-9]|[0-9]-[0-9]|点 *[0-9]+ *分|[折元] *[0-9一二三四五六七八九]|[0-9] +[0-9]+ *[^0-9 折成]"
)


def extract(
    text: str, now: datetime, calendar: WorkCalendar | None = None, masked: tuple[tuple[int, int], ...] = ()
) -> tuple[Entity, ...]:
    """Every expression in the text, ordered by place.

    `now` is the local, naive reference time. `masked` are places (names found before) in which nothing may
    start or overlap. A number whose size alone makes it money is given twice, as Money and as Number.
    Only the first 1,000 characters are read, and at most 60 expressions of a kind are given.
    """
    original = text[:MAX_READ]
    folded = fold(original)
    if not _SOMETHING.search(folded):
        return ()
    if len(folded) > LONG:
        run = _RUN if len(folded) - len(set(folded)) >= _REPEATED else _WALL
        folded = mask(folded, [found.span() for found in run.finditer(folded)])
    if _SPACED.fullmatch(folded) and not _DATE_LIKE.search(folded):
        return _spaced(original, folded, now, calendar, masked)
    return _read(original, mask(folded, masked), now, calendar)


def _read(original: str, folded: str, now: datetime, calendar: WorkCalendar | None) -> tuple[Entity, ...]:
    called = phones.find(folded, original)
    found: list[Entity] = [*called, *(number for phone in called for number in numbers.of_digits(phone))]
    rest = mask(folded, [(e.span.start, e.span.end) for e in found])
    shares = percent.fractions(rest, original)
    found += [number for share in shares for number in numbers.of_fraction(share, rest)]
    rest = mask(rest, [(e.span.start, e.span.end) for e in shares])
    timed = list(islice(times.find(rest, original, now, calendar or packaged()), MAX_FOUND))
    rest = mask(rest, [(e.span.start, e.span.end) for e in timed])
    figures = list(islice(figures_of.find(rest), MAX_FOUND))
    plain = []
    for figure in figures:
        share = percent.of_figure(figure, rest, original)
        if share is not None:
            shares.append(share)
        if share is None or share.span.text.endswith("点"):  # 5个百分点: five points, and a share
            plain.append(figure)
    said, taken = money.find(rest, original, plain)
    found += [*shares, *timed, *said, *taken]
    found += numbers.find(rest, original, plain, [(e.span.start, e.span.end) for e in said])
    if folded.strip() == "十一":  # National Day, or eleven
        found += numbers.find(folded, original, list(figures_of.find(folded)), [])
    return tuple(sorted(found, key=lambda e: (e.span.start, -e.span.end)))


def _spaced(
    original: str,
    folded: str,
    now: datetime,
    calendar: WorkCalendar | None,
    masked: tuple[tuple[int, int], ...],
) -> tuple[Entity, ...]:
    """One expression with blanks in it (百 分 之 2.4): read without them, placed with them."""
    places = [i for i, c in enumerate(folded) if c != " "]
    if any(low < high for low, high in masked):
        return _read(original, mask(folded, masked), now, calendar)
    tight = "".join(folded[i] for i in places)
    moved: list[Entity] = []
    for entity in _read(tight, tight, now, calendar):
        start, end = places[entity.span.start], places[entity.span.end - 1] + 1
        moved.append(replace(entity, span=Span(start, end, original[start:end])))
    return tuple(moved)
