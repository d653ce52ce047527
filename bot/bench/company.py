"""The company of the benchmark: many salespeople, each with customers of their own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from store import search
from store.names import norm
from store.tables import Contact, Customer, Identity, Member, Role

APP = "main"
CUSTOMERS_EACH = 5
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
FIRST = "华东南北中天海云金银星光恒安瑞泰隆昌盛祥"
SECOND = "润达科创联通信诚远航博雅正源启明宏图凯越"
TRADES = [
    "机械",
    "电子",
    "医疗",
    "物流",
    "纺织",
    "食品",
    "建材",
    "化工",
    "包装",
    "传媒",
    "光电",
    "仪表",
    "汽配",
    "家居",
    "环保",
    "软件",
    "能源",
    "教育",
    "农业",
    "装备",
]


def afternoon() -> datetime:
    """When the benchmark plays: at an hour at which no morning card and no digest is sent."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=15, minute=0, second=0, microsecond=0)


def userid(place: int) -> str:
    """The platform's id of member `place`."""
    return f"u{place:05d}"


def short_name(place: int) -> str:
    """What people call customer `place`: different for each place below 160,000."""
    first, rest = place % 20, place // 20
    second, rest = rest % 20, rest // 20
    third, trade = rest % 20, rest // 20 % 20
    return f"{FIRST[first]}{SECOND[second]}{SECOND[(second + 1 + third % 19) % 20]}{TRADES[trade]}"


def customer_name(place: int) -> str:
    """The registered name of customer `place`."""
    return f"{short_name(place)}有限公司"


def populate(session: Session, members: int, now: datetime) -> None:
    """Members, identities, customers and contacts, as plain rows."""
    boss = Member(name="总监", role=Role.DIRECTOR, created_at=now, updated_at=now)
    session.add(boss)
    session.flush()
    for place in range(members):
        member = Member(name=f"销售{place}", superior_id=boss.id, created_at=now, updated_at=now)
        session.add(member)
        session.flush()
        session.add(
            Identity(
                platform="wecom", app=APP, external_id=userid(place), member_id=member.id, created_at=now
            )
        )
        for n in range(CUSTOMERS_EACH):
            _customer(session, place * CUSTOMERS_EACH + n, member.id, now)
    session.flush()


def _customer(session: Session, place: int, owner: int, now: datetime) -> None:
    name = customer_name(place)
    row = Customer(
        number=f"C{place:05d}",
        name=name,
        name_norm=norm(name),
        owner_id=owner,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    search.index(session, row.id, [name])
    contact = SURNAMES[place % len(SURNAMES)] + "总"
    session.add(Contact(customer_id=row.id, name=contact, created_at=now, updated_at=now))


def sentence(place: int, turn: int) -> str:
    """What member `place` says in their n-th message: a visit with an amount and a next step."""
    which = place * CUSTOMERS_EACH + turn % CUSTOMERS_EACH
    short = short_name(which)
    contact = SURNAMES[which % len(SURNAMES)] + "总"
    return (
        f"今天下午拜访了{short}的{contact}，聊了第{turn + 1}期方案，预算大概{20 + turn % 70}万，"
        "下周三上午十点再去演示"
    )
