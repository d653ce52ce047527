"""A stranger to a record learns no more of it than its name and its owner, whatever he types or presses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Self

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, col

from cards.card import Action, Button, Card
from crm import contacts, pool, quotes
from crm.collaborators import ask as ask_in
from handlers.reply import Reply
from store.tables import (
    Activity,
    Asset,
    Collaborator,
    Contact,
    Customer,
    EventLog,
    Quote,
    Role,
    RoleScope,
    Tag,
    Tagging,
    Task,
)
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

PERSON, PHONE, SERIAL, TAG = "欧阳靖远", "13587654321", "SN-7788-KX", "重点培育"
AN_ID = re.compile(r"\d{15,}")
"""Any digits may stand in it, the last four of a phone number too."""
TOLD = f"今天下午拜访了恒瑞医药的{PERSON}，聊了净化车间紫檀方案，预算大概83.17万，下周三上午十点再去寄样品"
SECRETS = (
    PERSON,
    "欧阳",
    PHONE,
    "4321",
    SERIAL,
    "净化车间",
    "紫檀",
    "83.17",
    "831700",
    "寄样品",
    "77.4",
)
SAYINGS = (
    "{0}",
    "查一下{0}",
    "{0} 全部跟进",
    "{0} 跟进记录",
    "{0} 联系人",
    "{0} 全景",
    "{0} 更多",
    "{0} 报价单",
    "{0} 时间线",
    "{0} 变更记录",
    "{0} 设备",
    "{0} 标签",
    "{0} 任务",
    "昨天{0}什么情况",
    "{0}是谁负责",
    "{0}的协作人",
    "搜跟进 净化车间",
    "谁提过 紫檀",
    "{0}跟进里有没有提过净化车间",
    "看电话 {1}",
    "看电话 {1} 回访",
    "看{0}{1}的电话 回访",
    "{1}的电话是多少",
    "{1}",
    "{2}",
    "{3}",
    "{3} 时间线",
    "同意 {3}",
    "{1}生日农历腊月初八",
    "{0}的{1}电话 13900001111",
    "金额是56万不是83.17万",
    "合并 {0} 到 华润置地",
    "合并 华润置地 到 {0}",
    "完成 寄样品",
    "把寄样品改到周五下午",
    "{0}又叫小恒",
    "新增客户 {0}",
    "新增客户 恒瑞医疗 联系人{1} 电话 {2}",
    "报价 {0} 58万 9折 提交",
    "今天拜访了{0}，聊了方案",
    "取消协作 {0}",
    "协作 {0} 张伟 可写",
    "打标签 {0} 高意向",
    "标签 {0}",
    "客户 标签{4}",
    "交接 吴婷",
    "{5} 时间线",
    "公海",
    "把{0}放入公海",
    "{0}退回公海",
)
CLAIM = "领取 {0}"


@dataclass
class Spied:
    """The conversation, and what belongs to 吴婷: a customer, a quote of it, and the ids of all records."""

    talk: Talk
    customer: Customer
    quote: str
    owned: list[tuple[str, int]]

    def moved(self, session: Session) -> Self:
        """The same in another session of the same data."""
        customer = session.merge(self.customer, load=False)
        return replace(self, talk=self.talk.moved(session), customer=customer)

    def into_pool(self, *closed_to: Role) -> None:
        """Nobody looks after the customer any more; the pool is open but to some roles."""
        ctx = self.talk.context("wu")
        pool.release(ctx, [self.customer.id])
        for role in closed_to:
            ctx.session.add(RoleScope(role=role, object="pool", scope="none", updated_at=NOW))
        ctx.session.flush()

    def sayings(self) -> list[str]:
        """Everything that is typed."""
        names = ("恒瑞医药", PERSON, PHONE, self.quote, TAG, self.customer.number)
        short = ("恒瑞", "欧阳总", PHONE, self.quote, TAG, self.customer.number)
        return list(dict.fromkeys(s.format(*given) for s in SAYINGS for given in (names, short)))


@standing
def spied(session: Session) -> Spied:
    """What is looked for, and who looks."""
    talk = make_talk(session)
    reply = talk.say("wu", TOLD)
    assert reply.cards, reply.text
    ctx = talk.context("wu")
    customer = session.scalars(select(Customer).where(col(Customer.name) == "恒瑞医药")).one()
    contacts.find_or_add(ctx, customer, PERSON, phone=PHONE)
    quote = quotes.draft(ctx, quotes.QuoteDraft(customer.id, 86_000_000, 9000))
    at: Any = {"created_at": NOW, "updated_at": NOW}
    asset = Asset(number="A-9", customer_id=customer.id, name="紫檀机", serial=SERIAL, **at)
    tag = Tag(name=TAG, name_norm=TAG, created_at=NOW)
    session.add_all([asset, tag])
    session.flush()
    session.add(Tagging(customer_id=customer.id, tag_id=tag.id, created_at=NOW))
    ask_in(talk.context("zhang"), customer)
    session.flush()
    return Spied(talk, customer, quote.number, list(records_of(session, customer.id)))


def records_of(session: Session, customer_id: int) -> Iterator[tuple[str, int]]:
    """The customer and all that hangs on it."""
    yield "customer", customer_id
    models: tuple[Any, ...] = (Contact, Activity, Task, Quote, Asset)
    for model in models:
        for one in session.scalars(select(col(model.id)).where(col(model.customer_id) == customer_id)):
            yield str(model.__tablename__), one


def words(reply: Reply) -> str:
    """Everything that reaches the one who asked, buttons and their arguments too."""
    shown = [reply.text]
    for card in (*reply.cards, *reply.refresh):
        shown += [card.title, card.subtitle, card.body, card.note, card.done, card.quote]
        shown += [f"{fact.name} {fact.value}" for fact in card.facts]
        shown += [f"{b.text} {b.say} {b.action}" for b in card.buttons]
        shown += [f"{one.title} {one.example} {one.selected} {one.options}" for one in card.form]
        shown += list(card.emphasis or ())
    return "\n".join(shown)


def leaks(reply: Reply, said: str = "") -> list[str]:
    """The secrets in an answer that were not in the question."""
    shown = AN_ID.sub("", words(reply))
    return [one for one in SECRETS if one in shown and one not in said]


def changes(spied: Spied, who: str) -> list[tuple[str, str]]:
    """What somebody has changed of the records that are not his."""
    member = spied.talk.team.members[who].id
    query = select(EventLog).where(col(EventLog.actor_id) == member)
    found = spied.talk.session.scalars(query)
    return [(e.object, e.type) for e in found if (e.object, e.object_id) in spied.owned]


def overheard(spied: Spied, who: str, *more: str) -> list[tuple[str, str, str]]:
    """The secrets that somebody is told, whatever he types."""
    found = []
    for said in [*spied.sayings(), *more, *sorted(spied.talk.router.commands)]:
        spied.talk.memories.pop(who, None)
        reply = spied.talk.say(who, said)
        found += [(said, leak, words(reply)) for leak in leaks(reply, said)]
    return found


@pytest.mark.parametrize("who", ["zhang", "li"])
def test_nothing_is_said_to_a_stranger(spied: Spied, who: str) -> None:
    found = overheard(spied, who, CLAIM.format("恒瑞"), CLAIM.format("恒瑞医药"))
    assert found == [], "\n".join(str(one)[:400] for one in found)
    assert changes(spied, who) == []


@pytest.mark.parametrize("who", ["zhang", "li"])
def test_nothing_is_said_of_a_pool_that_is_closed(spied: Spied, who: str) -> None:
    spied.into_pool(Role.SALES, Role.MANAGER)
    found = overheard(spied, who, CLAIM.format("恒瑞"), CLAIM.format("恒瑞医药"))
    assert found == [], "\n".join(str(one)[:400] for one in found)
    assert changes(spied, who) == []


def test_of_an_open_pool_everything_but_numbers_is_said_and_nothing_changed(spied: Spied) -> None:
    spied.into_pool()
    told = overheard(spied, "zhang")
    assert {PERSON, "紫檀"} <= {leak for _, leak, _ in told}
    found = [one for one in told if one[1] == PHONE]
    assert found == [], "\n".join(str(one)[:400] for one in found)
    assert changes(spied, "zhang") == []


@pytest.mark.parametrize("pooled", [False, True])
def test_nothing_is_shown_or_done_where_a_stranger_presses(spied: Spied, pooled: bool) -> None:
    who = "zhang"
    if pooled:
        spied.into_pool(Role.SALES)
    message = spied.talk.session.scalars(
        select(col(Activity.inbox_id)).where(col(Activity.customer_id) == spied.customer.id)
    ).first()
    asked = spied.talk.session.scalars(select(col(Collaborator.id))).first()
    ids = dict.fromkeys([*(str(i) for _, i in spied.owned), str(message), str(asked), PERSON])
    found = []
    for name in sorted(spied.talk.router.actions):
        for object_id in ids:
            for extra in ("", str(spied.customer.id)):
                card = Card("x", buttons=(Button("b", Action(name, object_id, 0, extra)),))
                spied.talk.memories.pop(who, None)
                with suppress(ValueError, TypeError, LookupError, AssertionError, NoResultFound):
                    reply = spied.talk.press(who, card, "b")
                    found += [(name, object_id, extra, leak) for leak in leaks(reply, object_id)]
    assert found == [], "\n".join(str(one)[:400] for one in found)
    assert changes(spied, who) == []
