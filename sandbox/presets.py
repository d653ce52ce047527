"""Where 快进 can go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MORNING, BEFORE_TEN = time(8, 30), time(9, 50)
WEDNESDAY = 2


def _tomorrow_morning(local: datetime) -> datetime:
    return datetime.combine(local.date() + timedelta(days=1), MORNING, ZONE)


def _wednesday_of_next_week(local: datetime) -> datetime:
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday + timedelta(days=7 + WEDNESDAY), BEFORE_TEN, ZONE)


_PRESETS: dict[str, tuple[str, Callable[[datetime], datetime]]] = {
    "plus_10m": ("+10 分钟", lambda local: local + timedelta(minutes=10)),
    "plus_1h": ("+1 小时", lambda local: local + timedelta(hours=1)),
    "tomorrow_830": ("明天 8:30", _tomorrow_morning),
    "next_wed_950": ("下周三 9:50", _wednesday_of_next_week),
}


def presets(now: datetime) -> list[dict[str, object]]:
    """All of them, counted from `now` (aware), with local times."""
    return [
        {"id": id_, "label": label, "to": target(now.astimezone(ZONE)).isoformat()}
        for id_, (label, target) in _PRESETS.items()
    ]


def preset(id_: str, now: datetime) -> datetime:
    """One of them as a local time. Raises KeyError."""
    return _PRESETS[id_][1](now.astimezone(ZONE))
