"""What an organisation sets of the rights holds at once, everywhere, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import contacts, quotes, undo
from crm.errors import NotAllowed, UserMistake
from crm.rights import (
    FieldAccess,
    Right,
    Scope,
    Verb,
    can_edit,
    can_see,
    may,
    need,
    shown,
    shown_amount,
    shown_words,
    visible,
)
from crm.rights.change import departments_called, field_called, rights_of, set_action, set_field, set_scope
from store.database import Database
from store.tables import (
    Customer,
    CustomObject,
    CustomRecord,
    Department,
    Member,
    MemberDepartment,
    Quote,
    Role,
)
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

PHONE = "13800138000"


@standing
def team(session: Session) -> Team:
    """The team with an administrator; 恒瑞医药 belongs to 吴婷."""
    team = make_team(session)
    for key, name, role in (("admin", "孙工", Role.ADMIN), ("audit", "何平", Role.AUDITOR)):
        team.members[key] = Member(name=name, role=role, created_at=NOW, updated_at=NOW)
        session.add(team.members[key])
    session.flush()
    team.customer("wu", "恒瑞医药")
    team.customer("zhang", "美的集团")
    return team


def customer(team: Team, name: str = "恒瑞医药") -> Customer:
    """A customer by its name."""
    return team.session.scalars(select(Customer).where(col(Customer.name) == name)).one()


def test_a_scope_that_is_set_holds_at_once(team: Team) -> None:
    assert can_see(team.as_("zheng"), customer(team))
    done = set_scope(team.as_("admin"), Role.FINANCE, "customer", Verb.READ, Scope.OWN)
    assert (done.what, done.before, done.after) == ("查看客户", "全部", "本人")
    assert not can_see(team.as_("zheng"), customer(team))
    set_scope(team.as_("admin"), Role.FINANCE, "customer", Verb.READ, None)
    assert can_see(team.as_("zheng"), customer(team))


def test_what_may_be_changed_is_never_more_than_what_may_be_seen(team: Team) -> None:
    set_scope(team.as_("admin"), Role.DIRECTOR, "customer", Verb.READ, Scope.OWN)
    assert not can_edit(team.as_("chen"), customer(team))


def test_a_kind_of_record_may_be_narrower_than_its_customer(team: Team) -> None:
    quotes.draft(team.as_("wu"), quotes.QuoteDraft(customer(team).id, 100_00))
    set_scope(team.as_("admin"), Role.SERVICE, "quote", Verb.READ, Scope.OWN)
    nurse = Member(name="周敏", role=Role.SERVICE, created_at=NOW, updated_at=NOW)
    team.session.add(nurse)
    team.session.flush()
    team.members["zhou"] = nurse
    ctx = team.as_("zhou")
    assert can_see(ctx, customer(team))
    assert team.session.scalars(select(Quote).where(visible(ctx, Quote))).all() == []


def test_setting_is_undone_like_anything_else(team: Team) -> None:
    set_scope(team.as_("admin", inbox_id=7), Role.FINANCE, "customer", Verb.READ, Scope.OWN)
    set_field(team.as_("admin", inbox_id=8), Role.SALES, "contact", "phone", FieldAccess.MASKED)
    set_action(team.as_("admin", inbox_id=9), Role.MANAGER, Right.EXPORT, allowed=True)
    for message in (7, 8, 9):
        undo.undo(team.as_("admin", inbox_id=20 + message), message)
    assert can_see(team.as_("zheng"), customer(team))
    assert shown(team.as_("wu"), "contact", "phone", PHONE) == PHONE
    assert not may(team.as_("li"), Right.EXPORT)


@pytest.mark.parametrize("who", ["chen", "li", "zhang", "zheng", "audit"])
def test_only_administrators_set_rights(team: Team, who: str) -> None:
    with pytest.raises(NotAllowed, match="管理员"):
        set_action(team.as_(who), Role.SALES, Right.EXPORT, allowed=True)


def test_administrators_cannot_lock_themselves_out(team: Team) -> None:
    with pytest.raises(UserMistake):
        set_action(team.as_("admin"), Role.ADMIN, Right.CONFIGURE, allowed=False)


def test_a_refusal_names_the_roles_that_may(team: Team) -> None:
    with pytest.raises(NotAllowed, match="导出由总监、管理员来做"):
        need(team.as_("li"), Right.EXPORT)
    set_action(team.as_("admin"), Role.MANAGER, Right.EXPORT, allowed=True)
    need(team.as_("li"), Right.EXPORT)
    with pytest.raises(NotAllowed, match="主管、总监、管理员"):
        need(team.as_("zhang"), Right.EXPORT)


def test_phones_are_masked_for_those_outside(team: Team) -> None:
    owner = team.members["wu"].id
    assert shown(team.as_("zheng"), "contact", "phone", PHONE, owner) == "138****8000"
    assert shown(team.as_("wu"), "contact", "phone", PHONE, owner) == PHONE
    assert shown(team.as_("audit"), "contact", "email", "zhang@hx.com", owner) == "z***@hx.com"
    assert shown_words(team.as_("zheng"), f"王总手机{PHONE}，周三去") == "王总手机138****8000，周三去"


def test_a_mask_that_was_set_is_for_ones_own_customers_too(team: Team) -> None:
    set_field(team.as_("admin"), Role.SALES, "contact", "phone", FieldAccess.MASKED)
    assert shown(team.as_("wu"), "contact", "phone", PHONE, team.members["wu"].id) == "138****8000"
    assert shown(team.as_("zhao"), "contact", "phone", PHONE, team.members["wu"].id) == PHONE


def test_cost_and_margin_are_hidden_from_sales(team: Team) -> None:
    assert shown_amount(team.as_("wu"), "quote", "cost", 100, team.members["wu"].id) is None
    assert shown_amount(team.as_("chen"), "quote", "cost", 100) == 100


def test_a_field_that_may_only_be_read_is_not_changed(team: Team) -> None:
    set_field(team.as_("admin"), Role.SALES, "contact", "phone", FieldAccess.READ)
    contact = contacts.find_or_add(team.as_("wu"), customer(team), "王总")
    with pytest.raises(NotAllowed, match="手机由主管、"):
        contacts.update(team.as_("wu"), contact, phone=PHONE)
    set_field(team.as_("admin"), Role.SALES, "contact", "phone", FieldAccess.MASKED)
    contacts.update(team.as_("wu"), contact, phone=PHONE)
    with pytest.raises(NotAllowed):
        contacts.update(team.as_("wu"), contact, phone="13900139000")


def test_departments_open_what_their_members_look_after(team: Team) -> None:
    at: Any = {"created_at": NOW, "updated_at": NOW}
    east = Department(name="华东区", **at)
    team.session.add(east)
    team.session.flush()
    suzhou = Department(name="苏州组", parent_id=east.id, **at)
    team.session.add(suzhou)
    team.session.flush()
    team.session.add(
        MemberDepartment(
            member_id=team.members["wu"].id, department_id=suzhou.id, platform="wecom", app="main"
        )
    )
    ids = departments_called(team.as_("admin"), ["华东区"])
    done = set_scope(team.as_("admin"), Role.FINANCE, "customer", Verb.READ, Scope.GIVEN, ids)
    assert done.after == "指定部门：华东区"
    ctx = team.as_("zheng")
    assert (can_see(ctx, customer(team)), can_see(ctx, customer(team, "美的集团"))) == (True, False)
    with pytest.raises(UserMistake, match="华南区"):
        departments_called(ctx, ["华南区"])


def test_a_department_that_only_has_a_name_counts_where_no_directory_tells_of_one(team: Team) -> None:
    for who in ("wu", "zheng"):
        team.members[who].department = "销售一部"
        team.session.add(team.members[who])
    team.session.flush()
    set_scope(team.as_("admin"), Role.FINANCE, "customer", Verb.READ, Scope.DEPARTMENT)
    ctx = team.as_("zheng")
    assert (can_see(ctx, customer(team)), can_see(ctx, customer(team, "美的集团"))) == (True, False)


def test_own_kinds_of_records_are_for_their_roles(team: Team) -> None:
    at: Any = {"created_at": NOW, "updated_at": NOW}
    kind = CustomObject(key="loan", name="借机", name_norm="借机", prefix="JJ", roles=["service"], **at)
    team.session.add(kind)
    team.session.flush()
    owner = team.members["wu"].id
    team.session.add(CustomRecord(object_id=kind.id, number="JJ-1", title="样机", owner_id=owner, **at))
    team.session.flush()
    for who, seen in (("wu", 0), ("zhao", 0), ("chen", 1)):
        query = select(CustomRecord).where(visible(team.as_(who), CustomRecord))
        assert len(team.session.scalars(query).all()) == seen


def test_rights_are_told_in_words(team: Team) -> None:
    view = rights_of(team.as_("zhang"), Role.SALES)
    assert ("查看客户", "本人及下属") in view.scopes
    assert ("报价成本", "隐藏") in view.fields
    assert "看电话" in view.may
    assert "导出" in view.may_not
    assert field_called(team.as_("zhang"), "contact", "电话") == "phone"
    assert field_called(team.as_("zhang"), "contact", "星座") is None


def test_a_change_on_one_replica_holds_on_the_others(database: Database) -> None:
    """Every process keeps what it loaded; the tables' stamp tells it that this is over."""
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        admin = Member(name="孙工", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
        session.add(admin)
        team.customer("wu", "恒瑞医药")
        session.flush()
        team.members["admin"] = admin
        session.commit()
    with Session(database.reader) as reader:
        there = replace(team, session=reader)
        assert can_see(there.as_("zheng"), customer(there))
    with Session(database.writer, expire_on_commit=False) as session:
        here = replace(team, session=session)
        set_scope(here.as_("admin"), Role.FINANCE, "customer", Verb.READ, Scope.OWN)
        with Session(database.reader) as reader:
            assert can_see(
                replace(team, session=reader).as_("zheng"), customer(replace(team, session=reader))
            )
        session.commit()
    with Session(database.reader) as reader:
        there = replace(team, session=reader)
        assert not can_see(there.as_("zheng"), customer(there))
