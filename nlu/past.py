"""Questions about how a customer stands, or stood: 华星什么情况, 上周五华星是什么状态, 月初谁在跟华润.

The words of the question are taken off, and what is left is a time and a name in either order. Where the
one ends and the other begins is not always sure (上周三一重工), so that all places are given; whoever knows
the names chooses. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from nlu.calendar import WorkCalendar
from nlu.entities import Time
from nlu.extract import extract
from nlu.patterns import lazy
from nlu.text import fold
from nlu.times import STARTS

LONGEST = 60  # characters of a question
LONGEST_TIME = 20
_DAY = timedelta(days=1)

_WHO = r"(?:谁|哪位|哪个(?:人|销售))"
_CARES = r"(?:在|来)?(?:负责|管|对接|维护|跟进?)(?:着|的)?"
_STATE = (
    r"(?:是|的|在|处于|属于|算)?(?:一?个)?(?:什么|啥|怎样的?|怎么样的?|哪个|哪一?个)?"
    r"(?:状态|状况|情况|样子|样|阶段|级别|等级)(?:是什么|是啥|是哪个|如何|怎样|怎么样|咋样)?"
)
_TAIL = lazy(
    rf"{_STATE}|(?:怎么样|怎样|咋样|如何)|(?:跟?进展|进度)(?:如何|怎么样|怎样|到哪(?:一?步)?)|到(?:了)?(?:哪|什么)"
    rf"(?:一?步|个?阶段)|(?:是|归|由)?{_WHO}{_CARES}|在{_WHO}(?:那里|那儿|那|手[上里]|名下)|是{_WHO}的(?:客户)?|的?(?:负责人|归属人?|销售)(?:是|叫)?{_WHO}"
)
_SURE_TAIL = lazy(rf"状态|状况|阶段|级别|等级|{_WHO}")
_LOOK = lazy(r"(?:看(?:一?看|一?下)?|查(?:一?查|一?下)?|(?:退|倒)?回到)")
_WHO_FIRST = lazy(
    rf"(?P<a>.*?)(?:是|归|由)?{_WHO}(?P<b>.*?)"
    r"(?:在(?:负责|管|对接|维护|跟进?)|负责|管|对接|维护|跟(?!进|踪))(?:着|的)?(?P<c>.+)"
)
_WHO_IS = lazy(rf"(?P<a>.*?){_WHO}是(?P<c>.+?)的?(?:负责人|销售)")
_DOTTED = lazy(r"(?P<month>1[0-2]|0?[1-9])\.(?P<day>[12][0-9]|3[01]|0?[1-9])")
_POLITE = lazy(
    r"(?:请问|请|麻烦|帮(?:我|忙)|我?(?:想|要)(?:知道|问)?(?:一下)?|告诉我|问(?:一下|下)?"
    r"|看(?:一?看|一?下)?|查(?:一?查|一?下)?|[ ,:])*"
)
_END = lazy(r"(?:啊|呀|呢|嘛|来着|了|吗)*[?!.。 ]*$")
_SAME_DAY = lazy(r"(?P<last>去年|前年|上个?月)的?(?:这个?时候|今天|这天|同一?天)")
_AROUND = lazy(
    r"(?:在|到|截至|截止到?|于|当|[ ,])*(?P<core>(?:去年|前年|上个?月)的?这个?时候|.+?)"
    r"(?:那一?天|那个?时候?|那会儿?|的?时候|当天|当时|时|为止|的|是|在|,| )*"
)
_BEFORE_NAME = lazy(r"^(?:的|看看?|我们的?|咱们的?|我的|,|:| )+")
_BROKEN = lazy(r"[,。;:!?、\n]")
_BEHIND_NAME = lazy(r"(?:的|在|是|,|:| )+$")
_NOW = frozenset({"现在", "目前", "当前", "最近", "眼下", "如今", "近来"})
_STARTS = lazy(f"[{STARTS}]")


class Asked(Struct, frozen=True):
    """One way to read the question: who it may be about ("" for nobody named), and the moment, local.

    The moment is past; None asks for how it stands now.
    """

    name: str
    moment: datetime | None


def standing_asked(text: str, now: datetime, calendar: WorkCalendar | None = None) -> tuple[Asked, ...]:
    """All ways to read such a question, none for everything else. `now` is local and naive."""
    said = _END.sub("", fold(text).strip())
    if not 3 <= len(said) <= LONGEST:
        return ()
    reader = _Reader(now, calendar)
    found = [one for rest, alone in _questions(said) for one in reader.read(rest, alone=alone)]
    return tuple(dict.fromkeys(found))


def _questions(said: str) -> Iterator[tuple[str, bool]]:
    """Time and name as they stand together, and whether the question is one without any name as well."""
    polite = _POLITE.match(said)
    start = polite.end() if polite else 0
    starts = sorted({0, start})
    for cut in range(start + 2, len(said)):
        if _TAIL.fullmatch(said, cut):
            sure = _SURE_TAIL.search(said, cut) is not None
            yield from ((said[begin:cut], sure) for begin in starts)
    who = _WHO_FIRST.fullmatch(said, start)
    if who is not None:
        yield f"{who['a']}{who['b']} {who['c']}", False
    is_ = _WHO_IS.fullmatch(said, start)
    if is_ is not None:
        yield f"{is_['a']} {is_['c']}", False
    look = _LOOK.match(said)
    if look is not None:
        yield said[look.end() :], False


class _Reader:
    """Splits time from name, at one reference time."""

    __slots__ = ("_calendar", "_now", "_read")

    def __init__(self, now: datetime, calendar: WorkCalendar | None) -> None:
        self._now, self._calendar = now, calendar
        self._read: dict[str, tuple[datetime | None] | None] = {}

    def read(self, rest: str, *, alone: bool) -> Iterator[Asked]:
        """The ways to split; `alone` where a time by itself is enough."""
        rest = rest.strip()
        for cut in range(1, len(rest)):
            for time, name in ((rest[:cut], rest[cut:]), (rest[cut:], rest[:cut])):
                names = _names(name) if len(time) <= LONGEST_TIME else ()
                for moment in (self._moment(time) or ()) if names else ():
                    yield from (Asked(one, moment) for one in names)
        yield from (Asked(one, None) for one in _names(rest))
        for moment in (self._moment(rest) or ()) if alone else ():
            if moment is not None:
                yield Asked("", moment)

    def _moment(self, words: str) -> tuple[datetime | None] | None:
        """The moment that these words say and nothing else, where it is not to come."""
        if words not in self._read:
            around = _AROUND.fullmatch(words)
            core = around["core"] if around is not None else ""
            self._read[words] = self._time(core) if _STARTS.match(core) else None
            if words.strip(" 的,") in _NOW:
                self._read[words] = (None,)
        return self._read[words]

    def _time(self, words: str) -> tuple[datetime | None] | None:
        same = _SAME_DAY.match(words)
        if same is not None:
            day = _end_of_day(_shifted(self._now, same["last"]))
            return (day,) if same.end() == len(words) else None
        dotted = _DOTTED.fullmatch(words)  # elsewhere it is a number
        if dotted is not None:
            words = f"{dotted['month']}月{dotted['day']}日"
        times = [e for e in extract(words, self._now, self._calendar) if isinstance(e, Time)]
        if len(times) != 1 or times[0].span.start != 0 or times[0].span.end != len(words):
            return None
        return _moment_of(times[0], self._now)


def _names(words: str) -> tuple[str, ...]:
    """A name with and without what may stand around it: 的 may belong to it, as in 美的."""
    front = _BEFORE_NAME.sub("", words).strip()
    bare = _BEHIND_NAME.sub("", front).strip()
    if _BROKEN.search(bare):
        return ()
    return tuple(one for one in dict.fromkeys((front.rstrip(" ,:"), bare)) if len(one) >= 2)


def _moment_of(said: Time, now: datetime) -> tuple[datetime | None] | None:
    """From where a stretch of time is looked at: its end, or the very minute; now where it still goes on.

    Before 国庆 is the evening before. A beginning (月初) that still goes on is looked at from its first day.
    """
    start = said.value if said.past is None else said.past
    until = start + (said.until - said.value)
    if said.grain == "minute" or (said.span.text.endswith("前") and (said.deadline or said.past is not None)):
        until = start
    elif until >= now and said.span.text.endswith("初"):
        until = start + _DAY
    if until < now:
        return (until,)
    return (None,) if start <= now else None


def _end_of_day(day: datetime) -> datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def _shifted(now: datetime, last: str) -> datetime:
    """The same day of a year or a month before; the last day of that month where it has fewer."""
    months = {"去年": 12, "前年": 24}.get(last, 1)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1)
