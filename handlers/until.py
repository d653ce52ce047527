"""Until when something holds, as it is said: 到月底, 12月31日, 3天, 长期."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from crm.errors import UserMistake
from crm.moments import Grain
from handlers.said import length, point
from handlers.turn import Turn

FOR_GOOD = frozenset({"", "长期", "永久", "一直", "不限"})


def until(turn: Turn, words: str) -> datetime | None:
    """The end of the day that the words name, or the minute, aware; None for good. Raises `UserMistake`."""
    said = words.strip(" ，,").removeprefix("到").removeprefix("至").removeprefix("截止").strip(" ：:到")
    if said in FOR_GOOD:
        return None
    local = turn.ctx.local
    if said in ("年底", "今年底"):
        return _end_of(turn, date(local.year, 12, 31))
    reading = turn.understand(said)
    named = point(reading, local)
    if named is not None and named.grain == Grain.MINUTE and length(reading) is None:
        return turn.ctx.at(named.value)
    if named is not None:
        return _end_of(turn, named.value.date())
    raise UserMistake(f"“{said}”是到哪一天？例如：到月底、到12月31日、3天")


def _end_of(turn: Turn, day: date) -> datetime:
    return turn.ctx.at(datetime.combine(day + timedelta(days=1), time.min))
