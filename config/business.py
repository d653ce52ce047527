"""Default business configuration: how the working day runs and how far ahead people are reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Business:
    """What an organisation decides for itself.

    `zone` is an IANA name. `workdays_only` keeps morning cards away from weekends and holidays. At `evening`
    managers get the digest of the day's follow-ups.
    `lead` is how long before an appointment with an hour the reminder comes; a task that has a day and
    no hour is reminded at `day_hour` of that day. `undo_window` is how long a record can be taken back,
    `undo_window_lead` the same for managers, directors and administrators.
    `birthday_ahead` is how many days before a birthday it is announced for the first time.
    `default_manager` is the userid of the manager of everybody for whom the directory names none.
    `reveals_a_day` is how many masked phone numbers a member may look at in a day.
    `levels` are the grades of customers, best first, `sources` where they come from, `lifecycles` how far
    they have come.
    """

    organisation: str = "我的公司"
    zone: str = "Asia/Shanghai"
    morning: time = time(8, 30)
    evening: time = time(18, 30)
    workdays_only: bool = True
    day_hour: time = time(9, 0)
    lead: timedelta = timedelta(minutes=10)
    undo_window: timedelta = timedelta(hours=72)
    undo_window_lead: timedelta = timedelta(days=30)
    birthday_ahead: int = 3
    public_url: str = ""
    default_manager: str = ""
    reveals_a_day: int = 50
    levels: tuple[str, ...] = ("A", "B", "C", "D")
    sources: tuple[str, ...] = (
        "展会",
        "转介绍",
        "官网",
        "电话",
        "广告",
        "公众号",
        "小程序",
        "抖音",
        "陌拜",
        "招投标",
        "经销商",
        "老客户",
    )
    lifecycles: tuple[str, ...] = ("潜在", "意向", "成交", "复购", "流失")
