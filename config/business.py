"""Default business configuration: how the working day runs and how far ahead people are reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Business:
    """What an organisation decides for itself.

    `zone` is an IANA name. `workdays_only` keeps morning cards away from weekends and holidays.
    `lead` is how long before an appointment with an hour the reminder comes; a task that has a day and
    no hour is reminded at `day_hour` of that day. `undo_window` is how long a record can be taken back.
    `birthday_ahead` is how many days before a birthday it is announced for the first time.
    `default_manager` is the userid of the manager of everybody for whom the directory names none.
    """

    organisation: str = "我的公司"
    zone: str = "Asia/Shanghai"
    morning: time = time(8, 30)
    workdays_only: bool = True
    day_hour: time = time(9, 0)
    lead: timedelta = timedelta(minutes=10)
    undo_window: timedelta = timedelta(hours=24)
    birthday_ahead: int = 3
    public_url: str = ""
    default_manager: str = ""
