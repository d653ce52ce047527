"""The pages behind a customer: records, people, quotes, what happened, the past, what stands in the way."""

from __future__ import annotations

from datetime import timedelta

from cards import customer_pages, customers, timeline, undo
from cards.card import Card
from crm.labels import Fen
from crm.overview import History, Offers, People, QuoteLine
from crm.past import DoneThen, Field, OfferedThen, Past, PlannedThen
from crm.reversing import Clash
from crm.timeline import Timeline
from crm.told import Change, Entry, Step
from tests.cards.built.values import CUSTOMER, HELD, LINES, LOCAL, RAW, TODAY, VIEW
from tests.local import local

ENTRIES = (
    Entry(
        local("2026-11-19T09:00"),
        "李娜",
        (Step("修改", "customer", "华润置地", (Change("级别", "B", "A"),), itself=True),),
        said="华润置地是A级客户",
    ),
    Entry(
        local("2026-11-17T10:30"),
        "张伟",
        (
            Step("新增", "contact", "王总"),
            Step("新增", "activity", RAW, (Change("方式", None, "拜访"),)),
            Step("新增", "task", "演示", (Change("时间", None, local("2026-11-25T10:00")),)),
        ),
        undone=True,
    ),
    Entry(
        local("2026-11-16T15:00"),
        "张伟",
        (Step("新增", "quote", "Q1024", (Change("报价", None, Fen(52_200_000)),)),),
    ),
)
PAST = Past(
    5,
    "华润置地",
    local("2026-11-14T00:00"),
    local("2026-11-05T09:00"),
    (
        Field("owner_id", "负责人", "张伟", "李娜"),
        Field("level", "级别", "B", "A"),
        Field("lifecycle", "阶段", "意向", "意向"),
    ),
    ("王总",),
    ("高意向",),
    (DoneThen("visit", RAW, local("2026-11-10T15:00")),),
    4,
    (PlannedThen("演示", local("2026-11-15T10:00"), "minute", "done"),),
    (OfferedThen("Q1024", 52_200_000, "pending", "approved"),),
    (("activity", 3), ("quote", 1)),
)
CLASHES = (
    Clash("客户“华润置地”", label="级别", mine="A", now="B", who="李娜", at=local("2026-11-19T10:00")),
    Clash("联系人“王总”", "联系人“王总”在11月19日 10:10被李娜改过，不能撤销。"),
)

SAMPLES: dict[str, Card] = {
    "history": customer_pages.history_card(History(CUSTOMER, "华润置地", LINES, 9, 3), LOCAL, 0),
    "history_end": customer_pages.history_card(History(CUSTOMER, "华润置地", LINES, 9, None), LOCAL, 5),
    "people": customer_pages.people_card(People(CUSTOMER, "华润置地", VIEW.contacts, 7, 6), 0),
    "quotes": customer_pages.offers_card(
        Offers(
            CUSTOMER,
            "华润置地",
            (*VIEW.quotes, QuoteLine("Q1019", None, 10_000, "rejected", LOCAL)),
            2,
            None,
            mine=True,
        ),
        LOCAL,
        0,
    ),
    "more": customers.more_card(VIEW, LOCAL, 0),
    "timeline": timeline.timeline_card(
        Timeline("customer", 5, "华润置地", ENTRIES, 31, 5, "华润置地"), LOCAL, first=True
    ),
    "timeline_end": timeline.timeline_card(
        Timeline("quote", 24, "报价Q1024", ENTRIES[2:], None, 5, "华润置地"), LOCAL, first=False
    ),
    "past": timeline.past_card(PAST, LOCAL),
    "past_which": timeline.which_card(
        "华润", [(5, "华润置地"), (6, "华润燃气")], LOCAL - timedelta(days=3), LOCAL.date()
    ),
    "clash": undo.clash_card(CLASHES, 3, HELD, TODAY),
    "clash_of_all": undo.clash_card(CLASHES, 0, HELD, TODAY),
    "clash_answered": undo.answered_card(HELD, "其余已撤销"),
}
