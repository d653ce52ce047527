"""Reading dates written in figures: 2026-12-01, 20261201, 26/12/1, 12/5, 11.18."""

from __future__ import annotations

from datetime import date
from functools import partial

from nlu.patterns import either, lazy
from nlu.times import narrow
from nlu.times.context import Context
from nlu.times.stretch import Days, fixed, in_year, month_of, one
from nlu.times.years import century

_FULL = lazy(
    r"(?P<y>(?:19|20|21)[0-9]{2}) ?(?:[-/.·] ?(?P<m>1[0-2]|0?[1-9]) ?[-/.·]|年 ?(?P<m0>1[0-2]"
    r"|0?[1-9]) ?月) ?(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9]|[.][0-9])(?: ?[日号])?"
    r"|(?P<y2>(?:19|20)[0-9]{2}) (?P<m2>1[0-2]|0[1-9]) (?P<d2>3[01]|[12][0-9]|0[1-9])(?![0-9])"
    r"|(?P<y3>(?:19|20)[0-9]{2})(?P<m3>1[0-2]|0[1-9])(?P<d3>3[01]|[12][0-9]|0[1-9])(?![0-9a-z.]"
    r"|[ ]?[万亿元块wk个台套%])"
    r"|(?P<y4>[0-9]{2})(?P<s4>[-/.])(?P<m4>1[0-2]|0?[1-9])(?P=s4)(?P<d4>3[01]|[12][0-9]|0?[1-9])"
    r"(?![0-9]|[-/.][0-9])[日号]?"
)
_YEAR_LAST = lazy(r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})/(?P<y>(?:19|20)[0-9]{2})(?![0-9/])")
_YEAR_MONTH = lazy(r"(?P<y>20[0-9]{2})[-/.](?P<m>1[0-2]|0[1-9])(?![0-9.\-/:%]|[ ]?[万亿元块wk个台套件])")
_UNIT_AHEAD = (
    r"(?![0-9.:%/·]|[-~][0-9]|[ ]?[万亿元块wk个台套件人次家折成倍米吨度分级寸版英]"
    r"|的(?:股|份|人|客|时间|概率|价|金|货|款))"
)
_SHORT = lazy(
    rf"(?P<m>1[0-2]|0?[1-9])(?:[/·])(?P<d>3[01]|[12][0-9]|0?[1-9])(?: ?[日号])?{_UNIT_AHEAD}"
    rf"|(?P<m2>1[0-2]|0[1-9])-(?P<d2>3[01]|[12][0-9]|0[1-9])(?: ?[日号])?{_UNIT_AHEAD}"
    r"|(?P<m3>1[0-2]|0?[1-9])[.-](?P<d3>3[01]|[12][0-9]|0?[1-9])(?=(?<=[.][0-9]) ?[日号]|"
    r"(?<=[.][0-9]{2}) ?[日号]|(?:早|上午|中午|下午|晚|周|星期|之?前|截止|去了?|拜访|到访|见|约"
    r"|签|交[货付]|开会|和|跟|与|给|回款|到货|到账| +[01]?[0-9][:点])|[(](?:周|星期))(?: ?[日号])?"
)
MAY_START = either(_FULL, _YEAR_LAST, _YEAR_MONTH, _SHORT)


def _valid(year: int, month: int, day: int) -> Days | None:
    try:
        return fixed(one(date(year, month, day)))
    except ValueError:
        return None


def read(ctx: Context, at: int) -> tuple[Days, int] | None:
    """The date in figures that starts exactly at `at`."""
    if not MAY_START.match(ctx.text, at):
        return None
    found = _FULL.match(ctx.text, at)
    if found is not None:
        for tail in ("", "2", "3", "4"):
            if found[f"y{tail}"]:
                year = int(found[f"y{tail}"])
                day = _valid(
                    century(year) if tail == "4" else year,
                    int(found[f"m{tail}"] or found["m0"]),
                    int(found[f"d{tail}"]),
                )
                return (day, found.end()) if day else None
    found = _YEAR_LAST.match(ctx.text, at)
    if found is not None:
        first, second = int(found["a"]), int(found["b"])
        day = _valid(int(found["y"]), second, first) or _valid(int(found["y"]), first, second)
        return (day, found.end()) if day else None
    found = _YEAR_MONTH.match(ctx.text, at)
    if found is not None:
        month = month_of(int(found["y"]), int(found["m"]))
        return (fixed(month), found.end()) if month else None
    found = _SHORT.match(ctx.text, at)
    if found is not None:
        tail = "" if found["m"] else "2" if found["m2"] else "3"
        here = partial(narrow.month_day, month=int(found[f"m{tail}"]), day=int(found[f"d{tail}"]))
        return Days("year", in_year(here)), found.end()
    return None
