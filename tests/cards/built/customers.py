"""Cards of customers and contacts."""

from __future__ import annotations

from dataclasses import replace

from cards import birthdays, customers, digest, mornings
from cards.card import Card
from crm.mornings import DayBirthday, DayTask, Morning, Quiet, Team
from tests.cards.built.values import (
    CELEBRANT,
    HELD,
    LOCAL,
    PENDING,
    PROPOSALS,
    TODAY,
    VIEW,
)
from tests.local import local

MORNING = Morning(
    "张伟",
    TODAY,
    tasks=(
        DayTask("演示", "华润置地", local("2026-11-19T10:00"), "minute"),
        DayTask("回电话", "中海物业", local("2026-11-19T00:00"), "day"),
    ),
    task_count=2,
    overdue=(DayTask("寄合同", "龙湖", local("2026-11-17T00:00"), "day"),),
    overdue_count=3,
    approvals=(PENDING,),
    birthdays=(DayBirthday("王总", "华润置地", local("2026-11-20T00:00").date(), 1, lunar=True),),
    team=Team(6, 14, 2, 3, local("2026-11-18T00:00").date()),
)
QUIET = Morning("张伟", TODAY, quiet=(Quiet("中海物业", 45), Quiet("苏州汇川技术", None)))
TEN = [Card(f"提醒：{hour}:00 回电话", subtitle="华润置地") for hour in range(9, 19)]

SAMPLES: dict[str, Card] = {
    "overview": customers.overview_card(VIEW, LOCAL),
    "overview_of_another": customers.overview_card(replace(VIEW, mine=False, owner="吴婷"), LOCAL),
    "overview_in_the_pool": customers.overview_card(
        replace(VIEW, mine=False, owner="公海", claims=True), LOCAL
    ),
    "overview_new": customers.overview_card(
        replace(VIEW, activities=(), activity_count=0, tasks=(), quotes=(), contacts=(), aliases=()), LOCAL
    ),
    "choice": customers.choice_card("哪一家华润", PROPOSALS),
    "added": customers.added_card(VIEW, LOCAL, HELD),
    "birthday": birthdays.birthday_card(CELEBRANT, 2026, lunar=True),
    "birthday_done": birthdays.done_card(CELEBRANT, 2026, "张伟 10:30 已送祝福"),
    "morning": mornings.morning_card(MORNING),
    "morning_quiet": mornings.morning_card(QUIET),
    "digest": digest.digest_card(TEN),
}
