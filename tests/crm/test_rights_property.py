"""No query gives a row outside the rights, none is missing: random organisations against plain rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from crm import rights
from crm.context import Actor, Context
from crm.pool import ensure
from crm.rights import Verb, can_edit, can_see, may_act_for, may_claim, visible
from store.tables import (
    Activity,
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Away,
    Collaborator,
    Contact,
    Customer,
    Department,
    Member,
    MemberDepartment,
    Quote,
    Role,
    RoleScope,
    Table,
    Task,
    TaskStatus,
)
from tests.crm.rights_model import POOL, Org, Person, Share
from tests.crm.team import NOW

KINDS: dict[str, type[Table]] = {
    "customer": Customer,
    "contact": Contact,
    "activity": Activity,
    "task": Task,
    "quote": Quote,
}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SCOPES = ("none", "own", "subordinates", "department", "branch", "given", "all")


@st.composite
def organisations(draw: st.DrawFn) -> Org:
    """A small organisation with everything that gives and takes rights."""
    size, parts = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    member, part = st.integers(0, size - 1), st.integers(0, parts - 1)
    people = tuple(
        Person(
            draw(st.sampled_from(Role)),
            draw(st.none() | member),
            tuple(draw(st.sets(part, max_size=2))),
        )
        for _ in range(size)
    )
    scope = st.tuples(st.sampled_from(SCOPES), st.sets(part, max_size=2).map(tuple))
    set_for = st.tuples(
        st.sampled_from([p.role for p in people]),
        st.sampled_from(list(KINDS)),
        st.sampled_from(["read", "write"]),
    )
    owners = tuple(draw(st.lists(st.just(POOL) | member, min_size=1, max_size=5)))
    pool_for = st.tuples(st.sampled_from([p.role for p in people]), st.sampled_from(["read", "write"]))
    pool = st.tuples(
        st.sampled_from(["none", "given", "all"]), st.sampled_from(range(parts)).map(lambda p: (p,))
    )
    customer = st.integers(0, len(owners) - 1)
    quotes = tuple(draw(st.lists(st.tuples(member, customer), max_size=3)))
    quote = st.integers(0, len(quotes) - 1) if quotes else st.nothing()
    share = st.builds(
        Share,
        st.just("customer"),
        customer,
        member,
        st.sampled_from(["read", "write", "asked"]),
        st.booleans(),
    )
    shares = draw(st.lists(share, max_size=4, unique_by=lambda s: (s.kind, s.record, s.member)))
    task = st.tuples(member, member, customer, st.booleans())
    parents = tuple(draw(st.none() | part) for _ in range(parts))
    return Org(
        people,
        parents,
        draw(st.dictionaries(set_for, scope, min_size=1, max_size=4)),
        owners,
        quotes,
        tuple(shares),
        tuple(draw(st.lists(task, max_size=4))),
        tuple(draw(st.lists(st.tuples(member, quote, st.booleans()), max_size=3))) if quotes else (),
        tuple(draw(st.lists(st.tuples(member, member, st.booleans()), max_size=2))),
        tuple(draw(st.lists(st.tuples(member, st.none() | customer), max_size=4))),
        draw(st.dictionaries(pool_for, pool, max_size=3)),
    )


@dataclass(slots=True)
class Written:
    """An organisation in the database; the ids of its records by kind and place."""

    session: Session
    org: Org
    members: list[Member] = field(default_factory=list)
    ids: dict[str, list[int]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        """A row, with its id."""
        self.session.add(row)
        self.session.flush()
        return row

    def context(self, who: int) -> Context:
        """Somebody's rights, at `NOW`."""
        one = self.members[who]
        return Context(self.session, Actor(one.id, one.name, Role(one.role), "", one.superior_id), NOW)

    def seen(self, who: int, kind: str, verb: Verb) -> set[int]:
        """The places of what a query for somebody finds."""
        model: Any = KINDS[kind]
        found = self.session.execute(select(col(model.id)).where(visible(self.context(who), model, verb)))
        return {self.ids[kind].index(one) for one in found.scalars()}


def write(session: Session, org: Org) -> Written:
    """Put an organisation into the database."""
    made = Written(session, org)
    _people(made)
    _records(made)
    _grants(made)
    session.flush()
    return made


def _people(made: Written) -> None:
    org = made.org
    at: Any = {"created_at": NOW, "updated_at": NOW}
    made.members = [made.add(Member(name=f"M{n}", role=p.role, **at)) for n, p in enumerate(org.people)]
    parts = [made.add(Department(name=f"D{n}", **at)) for n in range(len(org.parents))]
    for part, parent in zip(parts, org.parents, strict=True):
        part.parent_id = None if parent is None else parts[parent].id
    for row, person in zip(made.members, org.people, strict=True):
        row.superior_id = None if person.above is None else made.members[person.above].id
        for one in person.departments:
            made.add(
                MemberDepartment(member_id=row.id, department_id=parts[one].id, platform="wecom", app="a")
            )
    for (role, kind, verb), (scope, given_) in org.scopes.items():
        departments = [parts[one].id for one in given_]
        made.add(
            RoleScope(role=role, object=kind, verb=verb, scope=scope, departments=departments, updated_at=NOW)
        )
    for (role, verb), (scope, given_) in org.pools.items():
        departments = [parts[one].id for one in given_]
        made.add(
            RoleScope(
                role=role, object="pool", verb=verb, scope=scope, departments=departments, updated_at=NOW
            )
        )
    for away, deputy, now in org.away:
        until = NOW + timedelta(days=1) if now else NOW
        made.add(
            Away(
                member_id=made.members[away].id,
                deputy_id=made.members[deputy].id,
                from_at=NOW - timedelta(days=1),
                until_at=until,
                created_at=NOW,
            )
        )


def _records(made: Written) -> None:
    org, who = made.org, [m.id for m in made.members]
    at: Any = {"created_at": NOW, "updated_at": NOW}
    ids = made.ids
    ensure(made.context(0))
    rows = [
        Customer(
            number=f"C-{n}", name=f"客户{n}", name_norm=f"客户{n}-{who[0]}", owner_id=_owner(who, owner), **at
        )
        for n, owner in enumerate(org.owners)
    ]
    ids["customer"] = [made.add(row).id for row in rows]
    customers = ids["customer"]
    ids["contact"] = [made.add(Contact(customer_id=c, name="王总", **at)).id for c in customers]
    ids["quote"] = [
        made.add(
            Quote(
                number=f"Q-{n}-{who[0]}",
                customer_id=customers[c],
                owner_id=who[owner],
                amount=1,
                total=1,
                **at,
            )
        ).id
        for n, (owner, c) in enumerate(org.quotes)
    ]
    ids["activity"] = [
        made.add(
            Activity(
                kind="visit",
                customer_id=None if c is None else customers[c],
                author_id=who[author],
                raw="拜访",
                happened_at=NOW,
                created_at=NOW,
            )
        ).id
        for author, c in org.notes
    ]
    ids["task"] = [
        made.add(
            Task(
                title="回访",
                assignee_id=who[to],
                creator_id=who[by],
                customer_id=customers[c],
                due_at=NOW,
                remind_at=NOW,
                status=TaskStatus.OPEN if live else TaskStatus.DONE,
                **at,
            )
        ).id
        for to, by, c, live in org.tasks
    ]


def _owner(who: list[int], owner: int) -> int:
    return rights.POOL if owner == POOL else who[owner]


def _grants(made: Written) -> None:
    org, who = made.org, [m.id for m in made.members]
    for n, share in enumerate(org.shares):
        made.add(
            Collaborator(
                object=share.kind,
                object_id=made.ids[share.kind][share.record],
                member_id=who[share.member],
                right=share.right,
                created_at=NOW,
                ended_at=None if share.live or n % 2 else NOW,
                expires_at=NOW - timedelta(minutes=1) if not share.live and n % 2 else None,
            )
        )
    for assignee, quote, live in org.asked:
        approval = made.add(
            Approval(object="quote", object_id=made.ids["quote"][quote], requester_id=who[0], created_at=NOW)
        )
        status = ApprovalStatus.PENDING if live else ApprovalStatus.APPROVED
        made.add(ApprovalTask(approval_id=approval.id, assignee_id=who[assignee], status=status))


def check(session: Session, org: Org) -> None:
    """Every member, kind and verb; then nothing of it is left."""
    whole = session.begin_nested()
    try:
        made = write(session, org)
        for who in range(len(org.people)):
            for kind in KINDS:
                for verb in Verb:
                    assert made.seen(who, kind, verb) == org.seen(who, kind, verb), (who, kind, verb)
            ctx = made.context(who)
            assert may_claim(ctx) == org.at_pool(who, "write")
            for place, customer_id in enumerate(made.ids["customer"]):
                customer = session.get_one(Customer, customer_id)
                assert can_see(ctx, customer) == (place in org.seen(who, "customer", "read"))
                assert can_edit(ctx, customer) == (place in org.seen(who, "customer", "write"))
            for other, member in enumerate(made.members):
                allowed = other == who or org.opened(who, other, "customer", "write")
                assert may_act_for(ctx, member.id) == allowed
    finally:
        whole.rollback()
        session.expunge_all()


@pytest.mark.hypothesis
def test_a_query_gives_what_the_rules_give(session: Session) -> None:
    """On SQLite over many organisations; PostgreSQL, which is slower to fill, gets fewer."""
    few = session.get_bind().dialect.name == "postgresql"

    @settings(max_examples=15 if few else 60, deadline=None, suppress_health_check=SLOW)
    @given(org=organisations())
    def holds(org: Org) -> None:
        check(session, org)

    holds()


TREE = Org(
    (
        Person(Role.MANAGER, None, (0,)),
        Person(Role.SALES, 0, (1,)),
        Person(Role.SALES, 1, (2,)),
        Person(Role.SALES, None, (3,)),
    ),
    (None, 0, 1, None),
    {},
    (0, 1, 2, 3),
)
"""A manager, two below him in departments below his, and one elsewhere; each with a customer."""


@pytest.mark.parametrize("few", [50, 0])
@pytest.mark.parametrize(
    ("scope", "departments", "seen"),
    [
        ("own", (), {0}),
        ("subordinates", (), {0, 1, 2}),
        ("department", (), {0}),
        ("branch", (), {0, 1, 2}),
        ("given", (1,), {0, 1, 2}),
        ("given", (3,), {0, 3}),
        ("all", (), {0, 1, 2, 3}),
    ],
)
def test_what_each_scope_opens(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    scope: str,
    departments: tuple[int, ...],
    seen: set[int],
    few: int,
) -> None:
    monkeypatch.setattr("crm.rights.rows.FEW", few)  # as for few members, and as for many
    org = replace(TREE, scopes={(Role.MANAGER, "customer", "read"): (scope, departments)})
    assert org.seen(0, "customer", "read") == seen
    check(session, org)
