"""What an organisation uses in a month, against what it has
[dingtalk-application-development-platform-billing-model].

Values only: whoever keeps the counts adds each call and each push, and asks what to tell the administrator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.dingtalk import limits

WARN_AT: Final = 80
"""Percent."""

ZONE: Final = ZoneInfo("Asia/Shanghai")
"""The calendar month is the vendor's."""

_FREE: Final = (
    "v1.0/oauth2/",
    "topapi/user/",
    "topapi/v2/user/",
    "topapi/v2/department/",
    "topapi/role/",
    "topapi/extcontact/",
    "get_jsapi_ticket",
    "robot/sendBySession",
)
"""Paths that cost nothing: tokens, login, the address book, external contacts
[basic-interfaces-such-as-log-off-and-address-book]; and answers at a sessionWebhook are no API call."""

_FREE_EVENTS: Final = ("user_", "org_dept_", "label_", "contact_")
"""Beginnings of events that are no counted push [appendix-a-list-of-events-not-included-in-webhook]."""


class Level(IntEnum):
    """How far one of the two counts has come."""

    OK = 0
    WARNING = 1
    SPENT = 2


@dataclass(frozen=True, slots=True)
class Quota:
    """What the organisation has a month. The defaults are the free edition's."""

    calls: int = limits.API_A_MONTH
    pushes: int = limits.PUSHES_A_MONTH


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used in a month, written 2026-03."""

    month: str
    calls: int = 0
    pushes: int = 0

    def at(self, now: datetime) -> Usage:
        """The usage of the month of `now` (aware): this one, or none yet."""
        month = month_of(now)
        return self if month == self.month else Usage(month)

    def call(self, path: str, now: datetime) -> Usage:
        """One API call more, where it counts."""
        used = self.at(now)
        return replace(used, calls=used.calls + 1) if counts_as_call(path) else used

    def push(self, event: str, now: datetime) -> Usage:
        """One push more, where it counts. `event` is the event's name, empty for messages and cards."""
        used = self.at(now)
        return replace(used, pushes=used.pushes + 1) if counts_as_push(event) else used


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell the administrator: `text` in Chinese, once for each `key`."""

    key: str
    text: str


def month_of(now: datetime) -> str:
    """The vendor's calendar month of an aware moment."""
    return now.astimezone(ZONE).strftime("%Y-%m")


def counts_as_call(path: str) -> bool:
    """Whether a call of this path is taken from the quota."""
    return not path.lstrip("/").startswith(_FREE)


def counts_as_push(event: str) -> bool:
    """Whether a push is taken from the quota; messages and cards always are."""
    return not event.startswith(_FREE_EVENTS)


def level(used: int, quota: int) -> Level:
    """How far a count has come."""
    if used >= quota:
        return Level.SPENT
    return Level.WARNING if used * 100 >= quota * WARN_AT else Level.OK


def notices(usage: Usage, quota: Quota) -> tuple[Notice, ...]:
    """What there is to tell by now; the keys change with the month, the count and the level."""
    counted = (
        ("calls", "接口调用", usage.calls, quota.calls),
        ("pushes", "消息推送", usage.pushes, quota.pushes),
    )
    told = []
    for name, words, used, most in counted:
        reached = level(used, most)
        if reached is not Level.OK:
            text = _told(words, used, most, reached)
            told.append(Notice(f"dingtalk.quota:{usage.month}:{name}:{reached.name.lower()}", text))
    return tuple(told)


def _told(words: str, used: int, most: int, reached: Level) -> str:
    figures = f"{used:,} / {most:,} 次"
    if reached is Level.SPENT:
        return f"钉钉本月{words}已用完（{figures}），下月初恢复，也可以在开发者后台购买增购包"
    return f"钉钉本月{words}已用 {used * 100 // most}%（{figures}），用完后消息会停到下月初"


def summary(usage: Usage, quota: Quota) -> str:
    """Both counts in words, for `genjin quota`."""
    return (
        f"{usage.month}  接口调用 {usage.calls:,} / {quota.calls:,} 次，"
        f"消息推送 {usage.pushes:,} / {quota.pushes:,} 次"
    )
