"""What the cards are made from: one salesman's Thursday, without a database."""

from __future__ import annotations

from dataclasses import replace

from crm.approvals import Person, Standing
from crm.birthdays import Celebrant
from crm.customers import Proposal
from crm.overview import (
    ActivityLine,
    ContactLine,
    Figure,
    Link,
    LinkState,
    Overview,
    QuoteLine,
    TagLine,
    Waiting,
)
from crm.quotes import QuoteView
from crm.task_lists import TaskItem
from crm.visits import Recorded
from store.tables import Activity, ApprovalStatus, Contact, Customer, QuoteStatus
from tests.crm.team import NOW
from tests.local import local

LOCAL = local("2026-11-19T10:30")
TODAY = LOCAL.date()
HELD = 99
"""The message that a question is about."""
RAW = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"

CUSTOMER = Customer(
    id=5,
    number="C0001",
    name="华润置地（华东）有限公司",
    name_norm="",
    owner_id=1,
    level="A",
    created_at=NOW,
    updated_at=NOW,
)
CONTACT = Contact(
    id=6,
    customer_id=5,
    name="王总",
    title="采购总监",
    phone="13812345678",
    birthday_kind="lunar",
    birth_month=12,
    birth_day=8,
    note="喜欢喝茶",
    created_at=NOW,
    updated_at=NOW,
)
TASK = TaskItem(
    id=7,
    title="演示",
    due=local("2026-11-25T10:00"),
    grain="minute",
    remind=local("2026-11-25T09:50"),
    status="open",
    version=3,
    customer_id=5,
    customer="华润置地",
    contact="王总",
)
SOON = replace(
    TASK, id=8, title="给王总打电话", due=local("2026-11-19T15:00"), remind=local("2026-11-19T15:00")
)
LATE = replace(
    TASK,
    id=9,
    title="寄合同",
    due=local("2026-11-17T00:00"),
    grain="day",
    overdue=True,
    customer="中海物业",
    contact="",
)
WEEKLY = replace(
    SOON,
    id=10,
    title="写周报",
    customer="",
    contact="",
    repeat="FREQ=WEEKLY;BYDAY=FR",
    due=local("2026-11-20T17:30"),
)

ACTIVITY = Activity(
    id=11,
    kind="visit",
    author_id=1,
    raw=RAW,
    amount_low=58_000_000,
    amount_high=58_000_000,
    happened_at=NOW,
    happened_grain="part_of_day",
    happened_part="下午",
    inbox_id=HELD,
    created_at=NOW,
)
RECORDED = Recorded(ACTIVITY, CUSTOMER, "华润置地", CONTACT, TASK, 11, "张伟", local("2026-11-19T14:00"))
NOTE = Recorded(
    Activity(
        id=12,
        kind="note",
        author_id=1,
        raw="王总孩子明年高考",
        happened_at=NOW,
        inbox_id=HELD,
        created_at=NOW,
    ),
    None,
    "",
    None,
    None,
    12,
    "张伟",
    LOCAL,
)

LINES = (
    ActivityLine(
        11, "visit", RAW, local("2026-11-19T14:00"), "part_of_day", "下午", "张伟", "王总", 58_000_000
    ),
    ActivityLine(
        3, "call", "王总说预算年底前能批下来", local("2026-11-12T09:20"), "minute", "", "张伟", "王总"
    ),
)
VIEW = Overview(
    customer=CUSTOMER,
    called="华润置地",
    owner="张伟",
    mine=True,
    aliases=("华润", "CR Land"),
    contacts=(
        ContactLine(
            6,
            "王总",
            "采购总监",
            phone="13812345678",
            birthday_kind="lunar",
            birth_month=12,
            birth_day=8,
            likes="喜欢喝茶",
        ),
    ),
    activities=LINES,
    activity_count=9,
    tasks=(TASK, SOON),
    quotes=(QuoteLine("Q1024", 52_200_000, 9000, "pending"),),
    figures=(Figure("报价", "待审批", 1, 52_200_000),),
    waiting=(Waiting("Q1024", "李经理", LOCAL),),
    tags=(TagLine("高意向", "报价超过50万元"), TagLine("老客户")),
    related=(("上级单位", "华润集团"),),
    own=(("设备型号偏好", "X-200"),),
    chain=(Link("报价", LinkState.STALLED, "Q1024等李经理审批3天了"),),
)
PROPOSALS = (
    Proposal(5, "华润置地（华东）有限公司", "张伟", mine=True),
    Proposal(14, "华润万家有限公司深圳福田分公司", "吴婷", mine=False),
    Proposal(15, "华润燃气（苏州）有限公司", "张伟", mine=True),
)

SELLER, BOSS = Person(1, "张伟"), Person(2, "李经理")
DRAFT = QuoteView(
    id=24,
    number="Q1024",
    version=2,
    status=QuoteStatus.DRAFT,
    customer_id=5,
    customer="华润置地",
    owner=SELLER,
    amount=58_000_000,
    discount=9000,
    total=52_200_000,
    note="含三年维保",
    created_at=NOW,
    approver=BOSS,
)
PENDING = replace(
    DRAFT, status=QuoteStatus.PENDING, standing=Standing(3, ApprovalStatus.PENDING, waiting=(BOSS,))
)
APPROVED = replace(
    DRAFT, status=QuoteStatus.APPROVED, standing=Standing(3, ApprovalStatus.APPROVED, by=BOSS, at=NOW)
)
REJECTED = replace(
    DRAFT,
    status=QuoteStatus.REJECTED,
    standing=Standing(3, ApprovalStatus.REJECTED, by=BOSS, at=NOW, comment="折扣太低，谈到95折"),
)

CELEBRANT = Celebrant(6, "王总", 5, "华润置地", 1)
