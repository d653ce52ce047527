"""Cards of hand-overs, of customers that go to a colleague, and of absences."""

from __future__ import annotations

from dataclasses import replace

from cards import away, handover, transfer, transfers
from cards.card import Card, Option
from crm.away import Absence
from crm.group_transfers import Groups
from crm.handover.inventory import Kind
from crm.handover.single import Given
from crm.handover.undoing import Undone
from crm.handover.views import Due, HandoverView, Share
from crm.transfers import Outcome
from tests.cards.built.values import SOON, TASK, TODAY
from tests.local import local

DUE = (
    Due(local("2026-11-19T15:00"), "minute", "演示", "华润置地"),
    Due(local("2026-11-20T09:00"), "minute", "寄合同", "中海物业"),
)
LINA = Share(
    2,
    "李娜",
    {Kind.CUSTOMER: 3, Kind.TASK: 2, Kind.QUOTE: 1},
    customers=("华润置地", "中海物业", "招商蛇口"),
    customer_ids=(5, 14, 15),
    reasons=("跟进最多", "手上最少"),
    due=DUE,
    quotes=("Q1024",),
)
SUNLI = Share(
    4,
    "孙丽",
    {Kind.CUSTOMER: 12, Kind.TASK: 6, Kind.EXTERNAL: 230},
    customers=tuple(f"苏州第{n}精密制造" for n in range(1, 13)),
    customer_ids=tuple(range(30, 42)),
    reasons=("同区域同行业",),
)
BOSS = Share(3, "陈建国", {Kind.TASK: 2, Kind.RECORD: 1})
PLAN = HandoverView(
    id=8,
    version=3,
    state="proposed",
    member_id=1,
    name="张伟",
    left=True,
    counts={
        Kind.CUSTOMER: 15,
        Kind.TASK: 10,
        Kind.QUOTE: 1,
        Kind.APPROVAL: 2,
        Kind.RECORD: 1,
        Kind.EXTERNAL: 230,
    },
    shares=(SUNLI, LINA, BOSS),
    due=DUE,
    approvals=(("Q1031", "陈建国"), ("Q1032", "陈建国")),
)
CROWD = tuple(replace(LINA, to_id=n, name=f"同事{n}") for n in range(50, 57))
BACK = Undone(
    8,
    "张伟",
    14,
    conflicts=("客户“华润置地”赵磊在11月19日 10:05改过", "任务“演示”李娜在11月19日 09:40改过"),
    more=1,
)
GIVEN = Given(
    4,
    "孙丽",
    ((5, "华润置地", 2), (14, "中海物业", 1)),
    ((1, "张伟"),),
    tasks=(7, 8),
    quotes=(24,),
    blind=("张伟",),
    outside=(31, 32),
    asked=2,
)
DRAFT = handover.draft_words("启明智控", "孙丽", "张伟", "王总")
ABSENCE = Absence(9, 1, "张伟", 2, "李娜", local("2026-12-01T00:00"), local("2026-12-06T00:00"))
ENDED = Outcome(
    8,
    230,
    done={4: 226},
    refused={3: 2, 40128: 2},
    names={3: ("王建国", "李梅"), 40128: ("赵敏", "周凯")},
)
NOTHING = Outcome(8, 0, done={}, refused={}, names={})

SAMPLES: dict[str, Card] = {
    "plan": handover.plan_card(PLAN, TODAY),
    "plan_ahead": handover.plan_card(replace(PLAN, left=False, approvals=(), stuck=2), TODAY),
    "plan_many": handover.plan_card(replace(PLAN, shares=CROWD), TODAY),
    "done": handover.done_card(PLAN, 230),
    "dropped": handover.dropped_card(PLAN, "没有交接，都没有动"),
    "adjust": handover.adjust_card(PLAN, [(2, "李娜"), (4, "孙丽"), (3, "陈建国")], 0),
    "received": handover.received_card(PLAN, LINA, TODAY, DRAFT),
    "received_rest": handover.received_card(PLAN, BOSS, TODAY, DRAFT),
    "taken_back": handover.taken_back_card(BACK, 4),
    "conflict": handover.conflict_card(BACK),
    "transfers_ended": transfers.outcome_card("张伟", ENDED, {4: "孙丽"}),
    "transfers_groups": transfers.outcome_card(
        "张伟", ENDED, {4: "孙丽"}, Groups({4: 3, 2: 1}, {90501: ("展会交流群",)})
    ),
    "groups_alone": transfers.outcome_card("张伟", NOTHING, {4: "孙丽"}, Groups({4: 3})),
    "transfers_all": transfers.outcome_card("张伟", replace(ENDED, refused={}, names={}), {4: "孙丽"}),
    "give": transfer.ask_card(GIVEN, 99),
    "give_which": transfer.which_card(
        "华润", [Option("5", "华润置地"), Option("15", "华润燃气")], 4, "孙丽", 99
    ),
    "given": transfer.done_card(GIVEN, 99, 100),
    "given_not": transfer.settled_card("客户转移", 99, "没有转"),
    "got": transfer.received_card(GIVEN, "张伟", [SOON, TASK], TODAY, DRAFT),
    "away": away.away_card(ABSENCE, TODAY, inbox_id=99, mine=True),
    "away_other": away.away_card(replace(ABSENCE, end=None), TODAY, inbox_id=99, mine=False),
    "away_over": away.over_card(ABSENCE, "已销假 10:30"),
}
