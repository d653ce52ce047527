"""Lists, searches and look-ups of those who see very many members' customers read no large table whole."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from sqlalchemy import insert, select, text, update
from sqlmodel import Session, col

from crm import customers, finding, tags, tally, task_lists
from crm.context import Context
from crm.custom import fields, filters
from crm.custom.fields import NewField
from crm.custom.filters import Condition, Op
from crm.custom.kinds import Kind
from store import search
from store.among import FEW
from store.ids import new_id
from store.once import table_of
from store.tables import Customer, CustomField, CustomValue, Member, Role, Tag, Tagging
from tests.crm.crowd import fill
from tests.crm.plans import scans, watch
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

MANY_MEMBERS = FEW + 50
CONDITIONS = {
    "many": Condition("kind", Op.IS, "A"),
    "few": Condition("kind", Op.IS, "B"),
    "not filled": Condition("kind", Op.EMPTY),
    "filled": Condition("kind", Op.FILLED),
}
LATELY = (datetime(2026, 11, 1), datetime(2026, 12, 1))  # noqa: DTZ001 - local, naive
Path = Callable[[Context], object]


def _listed(condition: Condition, *, mine: bool = False) -> Path:
    return lambda ctx: filters.find(ctx, "customer", [condition], mine=mine)


PATHS: dict[str, Path] = {
    **{name: _listed(one) for name, one in CONDITIONS.items()},
    "mine": _listed(CONDITIONS["not filled"], mine=True),
    "people": lambda ctx: filters.find(ctx, "contact", [Condition("likes_", Op.EMPTY)]),
    "who has a tag": lambda ctx: tags.customers_with(ctx, "老客户"),
    "common word": lambda ctx: customers.look_up(ctx, "客户"),
    "legal form": lambda ctx: customers.look_up(ctx, "有限公司"),
    "typo": lambda ctx: customers.look_up(ctx, "客户仁00123有限公司"),
    "search": lambda ctx: finding.find(ctx, finding.wanted("报价")),
    "today": lambda ctx: task_lists.today(ctx),
    "latest": lambda ctx: customers.latest(ctx, 5),
    "silent": lambda ctx: customers.silent(ctx, ctx.now, 5),
    "done": lambda ctx: tally.customers_of(ctx, [ctx.actor.id], *LATELY),
    "shares": lambda ctx: tally.shares(ctx, [ctx.actor.id], *LATELY),
}


@standing
def team(session: Session) -> Team:
    """The team among many customers with a field of their own; 李娜 has very many people."""
    team = make_team(session)
    fill(team)
    above = team.members["li"].id
    people = [
        Member(name=f"同事{n}", superior_id=above, created_at=NOW, updated_at=NOW)
        for n in range(MANY_MEMBERS)
    ]
    session.add_all(people)
    admin = Member(name="孙工", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
    session.add(admin)
    session.flush()
    team.members["admin"] = admin
    ctx = team.as_("admin")
    field = fields.add(ctx, "customer", NewField("偏好", Kind.CHOICE, ("A", "B")))
    likes = fields.add(ctx, "contact", NewField("爱好", Kind.CHOICE, ("茶", "酒")))
    field.key, likes.key = "kind", "likes_"
    session.flush()
    _share_out(session, people)
    _choose(session, field)
    _tag(session)
    names = session.execute(select(col(Customer.id), col(Customer.name)))
    search.fill(session, [(one, name) for one, name in names])
    session.execute(text("ANALYZE" if session.get_bind().dialect.name != "sqlite" else "SELECT 1"))
    return team


def _share_out(session: Session, people: Sequence[Member]) -> None:
    """Nobody looks after more than a few customers, so that those of one are worth an index."""
    ids = session.scalars(select(col(Customer.id)).order_by(col(Customer.id))).all()
    for n, one in enumerate(people):
        few = ids[n :: len(people)]
        if n > 1:  # some stay with 张伟 and 吴婷
            session.execute(update(Customer).where(col(Customer.id).in_(few)).values(owner_id=one.id))


def _choose(session: Session, field: CustomField) -> None:
    """Nearly everybody has chosen A, a few B, one in fifty nothing."""
    ids = session.scalars(select(col(Customer.id)).order_by(col(Customer.id))).all()
    rows = [
        {"id": new_id(), "field_id": field.id, "object_id": one, "value_norm": "b" if n % 500 == 1 else "a"}
        for n, one in enumerate(ids)
        if n % 50
    ]
    session.execute(insert(table_of(CustomValue)), rows)


def _tag(session: Session) -> None:
    """Everybody has other tags besides, so that reading all of them is no way to find those of one."""
    ids = session.scalars(select(col(Customer.id)).order_by(col(Customer.id))).all()
    for word in ("重点", "价格敏感", "老关系"):
        tag = Tag(name=word, name_norm=word, created_at=NOW)
        session.add(tag)
        session.flush()
        rows = [{"id": new_id(), "customer_id": one, "tag_id": tag.id, "created_at": NOW} for one in ids]
        session.execute(insert(table_of(Tagging)), [{**row, "auto": False, "reason": ""} for row in rows])


def test_no_large_table_is_read_from_end_to_end(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for who, few in itertools.product(("zhang", "li", "chen"), (filters.MOST_FEW, 1)):
        monkeypatch.setattr(filters, "MOST_FEW", few)
        monkeypatch.setattr(customers, "FEW", few)
        for name, path in PATHS.items():
            ctx = team.as_(who)
            with watch(team.session, monkeypatch) as watched:
                path(ctx)
            assert watched.statements, name
            whole = scans(team.session, watched)
            if whole:
                found[who, few, name] = whole
    assert found == {}


@pytest.mark.parametrize("who", ["zhang", "li", "chen"])
def test_as_many_statements_for_many_as_for_one(
    team: Team, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of owners and authors are asked for at once, and one's rights are worked out once."""
    most = {"common word": 9, "legal form": 9, "many": 10, "not filled": 10, "search": 13, "who has a tag": 7}
    for name, limit in most.items():
        ctx = team.as_(who)
        team.session.expire_all()
        with watch(team.session, monkeypatch) as watched:
            PATHS[name](ctx)
        assert len(watched.statements) <= limit, (name, len(watched.statements))
        names = [text for text, _ in watched.statements if "FROM member \nWHERE member.id IN" in text]
        assert len(names) <= 1, name


def test_ones_own_customers_of_a_common_name_are_found(team: Team) -> None:
    """Very many hold 客户, most of them better than 张伟's own one: it comes first all the same."""
    own = team.customer("wu", "名字特别长的一家老客户之家建设工程")
    team.session.execute(update(Customer).values(owner_id=team.members["zheng"].id))
    team.session.execute(
        update(Customer).where(col(Customer.id) == own.id).values(owner_id=team.members["zhang"].id)
    )
    found = customers.look_up(team.as_("zhang"), "客户")
    assert [one.id for one in found.proposals if one.mine] == [own.id]
    assert found.proposals[0].id == own.id
