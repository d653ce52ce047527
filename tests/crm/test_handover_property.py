"""Whatever somebody owns: carried out nothing is left with him, taken back everything is as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session

from crm import quotes, tasks
from crm.handover import plans
from crm.handover.carrying import carry_out
from crm.handover.inventory import Kind, belongings
from crm.handover.undoing import take_back
from crm.journal import changed
from crm.moments import Grain, Moment
from store.once import table_of
from store.tables import (
    Approval,
    ApprovalTask,
    Customer,
    CustomObject,
    CustomRecord,
    ExternalContact,
    ExternalFollow,
    Member,
    Quote,
    Table,
    Task,
)
from tests.crm.team import NOW, Team, make_team

TEN = Moment(datetime.fromisoformat("2026-11-25T10:00"), Grain.MINUTE)
KEPT: tuple[type[Table], ...] = (
    Customer,
    Task,
    Quote,
    Approval,
    ApprovalTask,
    CustomRecord,
    ExternalFollow,
    Member,
)
LEAVERS = ("li", "zhang", "zhao")
REGIONS = st.sampled_from(["", "华东", "华南"])
COMPANIES = st.lists(
    st.tuples(st.sampled_from(["li", "zhang", "wu", "zhao"]), REGIONS, st.integers(0, 2), st.booleans()),
    min_size=1,
    max_size=6,
)


def state(session: Session) -> Mapping[str, Any]:
    """Everything that matters of the tables: without versions and times of change."""
    session.flush()
    found: dict[str, Any] = {}
    for model in KEPT:
        table = table_of(model)
        columns = [one for one in table.c if one.name not in ("version", "updated_at")]
        found[table.name] = sorted(map(tuple, session.execute(select(*columns))), key=str)
    return found


def build(team: Team, company: list[tuple[str, str, int, bool]], loose: int) -> None:
    """Customers with tasks and quotes that wait, tasks without any, records and external contacts."""
    kind = CustomObject(
        key="lease",
        name="租约",
        name_norm="租约",
        prefix="L",
        created_at=NOW,
        updated_at=NOW,
        archived_at=None,
    )
    team.session.add(kind)
    team.session.flush()
    for number, (owner, region, plans_, quoted) in enumerate(company):
        customer = team.customer(owner, f"客户{'甲乙丙丁戊己'[number]}实业")
        changed(team.as_(owner), customer, region=region)
        for _ in range(plans_):
            tasks.create(team.as_(owner), tasks.NewTask("演示", TEN, customer_id=customer.id))
        if quoted:
            made = quotes.draft(team.as_(owner), quotes.QuoteDraft(customer.id, 58_000_000))
            quotes.submit(team.as_(owner), made.id)
        record = CustomRecord(
            object_id=kind.id,
            number=f"L{number}",
            title="一期",
            customer_id=customer.id if number % 2 else None,
            owner_id=team.members[owner].id,
            created_at=NOW,
            updated_at=NOW,
            archived_at=None,
        )
        outside = ExternalContact(
            platform="wecom",
            external_id=f"wm{number}",
            name="王总",
            customer_id=customer.id,
            created_at=NOW,
            updated_at=NOW,
        )
        team.session.add_all([record, outside])
        team.session.flush()
        follow = ExternalFollow(
            contact_id=outside.id, external_id=owner, member_id=team.members[owner].id, updated_at=NOW
        )
        team.session.add(follow)
    for _ in range(loose):
        tasks.create(team.as_("zhang"), tasks.NewTask("交周报", TEN))
    team.session.flush()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(company=COMPANIES, loose=st.integers(0, 2), who=st.sampled_from(LEAVERS), gone=st.booleans())
def test_nothing_is_left_behind_and_nothing_is_lost(
    session: Session, company: list[tuple[str, str, int, bool]], loose: int, who: str, *, gone: bool
) -> None:
    with session.begin_nested() as whole:
        team = make_team(session)
        build(team, company, loose)
        leaver = team.members[who]
        if gone:
            changed(team.as_("chen"), leaver, active=False)
        before = state(session)
        owned = belongings(session, leaver.id)
        row = plans.propose(team.as_("chen"), leaver)
        assert (row is None) == (not owned)
        if row is not None:
            carry_out(team.as_("chen", inbox_id=7), row.id, row.version)
            left = belongings(session, leaver.id)
            assert [one for one in left if one.kind is not Kind.EXTERNAL] == []
            back = take_back(team.as_("chen", inbox_id=8), row.id)
            assert back.conflicts == ()
        assert state(session) == before
        whole.rollback()
    session.expire_all()
