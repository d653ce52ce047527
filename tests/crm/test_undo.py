"""Taking back and bringing back: as a whole, in bulk, with rights, and as if nothing had happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import customers, history, undo
from crm.errors import NotAllowed, UserMistake
from crm.journal import changed
from crm.undo import Clashes
from store.ids import new_id
from store.tables import Customer, EventLog
from tests.crm.plans import watch
from tests.crm.team import Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    """The small team."""
    return make_team(session)


def many(team: Team, count: int) -> list[Customer]:
    """So many customers of 张伟."""
    at: Any = {"created_at": team.now, "updated_at": team.now}
    owner = team.members["zhang"].id
    rows = [
        Customer(number=f"M{n}", name=f"客户{n}号", name_norm=f"客户{n}号", owner_id=owner, **at)
        for n in range(count)
    ]
    team.session.add_all(rows)
    team.session.flush()
    return rows


def grade(team: Team, rows: list[Customer], who: str, level: str) -> int:
    """One message that grades all of them; its id."""
    message = new_id()
    ctx = team.as_(who, inbox_id=message)
    for row in rows:
        changed(ctx, row, level=level, source="展会")
    return message


def test_what_one_message_did_to_hundreds_is_taken_back_as_a_whole(team: Team) -> None:
    rows = many(team, 300)
    message = grade(team, rows, "li", "A")
    done = undo.undo(team.as_("li", inbox_id=new_id()), message)
    assert done.phrases == ("300家客户的修改",)
    assert done.records == 300
    assert {(row.level, row.source) for row in rows} == {("", "")}
    again = undo.redo(team.as_("li", inbox_id=new_id()))
    assert again.redone
    assert {(row.level, row.source) for row in rows} == {("A", "展会")}


def test_what_was_changed_since_stands_in_the_way_of_all_and_the_rest_can_go(team: Team) -> None:
    rows = many(team, 20)
    message = grade(team, rows, "li", "A")
    other = team.as_("zhang", team.now + timedelta(hours=1), new_id())
    changed(other, rows[3], level="C")
    with pytest.raises(Clashes) as refused:
        undo.undo(team.as_("li", inbox_id=new_id()), message)
    (clash,) = refused.value.clashes
    assert (clash.label, clash.mine, clash.now, clash.who) == ("级别", "A", "C", "张伟")
    assert refused.value.rest == 20
    assert {row.level for row in rows} == {"A", "C"}
    done = undo.undo(team.as_("li", inbox_id=new_id()), message, rest=True)
    assert len(done.kept) == 1
    assert [row.level for row in rows if row.level] == ["C"]
    assert {row.source for row in rows} == {""}


def test_the_number_of_questions_does_not_grow_with_the_rows(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for size in (10, 60):
        rows = [team.customer("zhang", f"第{size}批{n:04d}有限公司") for n in range(size)]
        message = grade(team, rows, "li", "A")
        with watch(team.session, monkeypatch) as watched:
            undo.undo(team.as_("li", inbox_id=new_id()), message)
        counts.append(len(watched.statements))
    assert counts[1] <= counts[0]


def test_a_field_of_ones_own_is_taken_back_by_itself(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    first, second = new_id(), new_id()
    changed(team.as_("zhang", inbox_id=first), customer, ext={"model": "X"})
    changed(team.as_("zhang", inbox_id=second), customer, ext={"model": "X", "colour": "红"})
    undo.undo(team.as_("zhang", inbox_id=new_id()), first)
    assert customer.ext == {"colour": "红"}
    third = new_id()
    changed(team.as_("li", inbox_id=third), customer, ext={"colour": "蓝"})
    with pytest.raises(Clashes):
        undo.undo(team.as_("zhang", inbox_id=new_id()), second)


def test_a_customer_that_is_somebody_elses_now_is_theirs(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    message = grade(team, [customer], "zhang", "A")
    changed(team.as_("chen", inbox_id=new_id()), customer, owner_id=team.members["wu"].id)
    with pytest.raises(Clashes) as refused:
        undo.undo(team.as_("zhang", inbox_id=new_id()), message)
    assert "现在由吴婷负责" in refused.value.message
    undo.undo(team.as_("chen", inbox_id=new_id()), message)
    assert customer.level == ""


def test_one_who_gave_a_customer_away_can_take_it_back(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    message = new_id()
    changed(team.as_("zhang", inbox_id=message), customer, owner_id=team.members["wu"].id)
    undo.undo(team.as_("zhang", inbox_id=new_id()), message)
    assert customer.owner_id == team.members["zhang"].id


def test_nobody_takes_back_what_a_stranger_did(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    message = grade(team, [customer], "zhang", "A")
    for who in ("wu", "zhao", "zheng"):
        with pytest.raises(NotAllowed):
            undo.undo(team.as_(who, inbox_id=new_id()), message)


def test_a_name_that_was_taken_meanwhile_is_not_brought_back(team: Team) -> None:
    message = new_id()
    first = customers.add(team.as_("zhang", inbox_id=message), customers.NewCustomer("苏州汇川技术"))
    undo.undo(team.as_("zhang", inbox_id=new_id()), message)
    customers.add(team.as_("wu", inbox_id=new_id()), customers.NewCustomer("苏州汇川技术"))
    with pytest.raises(Clashes) as refused:
        undo.redo(team.as_("zhang", inbox_id=new_id()))
    assert "已被别的记录用了" in refused.value.message
    assert first.archived_at is not None
    names = select(col(Customer.name)).where(col(Customer.archived_at).is_(None))
    assert team.session.scalars(names).all() == ["苏州汇川技术"]


def test_undoing_is_journalled_and_marked(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    message, undoing = grade(team, [customer], "zhang", "A"), new_id()
    undo.undo(team.as_("zhang", inbox_id=undoing), message)
    events = team.session.scalars(select(EventLog).where(col(EventLog.inbox_id) == undoing)).all()
    assert {(e.object, e.type) for e in events} == {("customer", "undone"), ("message", "undone")}
    marked = team.session.scalars(
        select(col(EventLog.undone_by)).where(col(EventLog.inbox_id) == message)
    ).all()
    assert marked == [undoing]


def test_redo_is_in_time_and_once(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    message = grade(team, [customer], "zhang", "A")
    undo.undo(team.as_("zhang", inbox_id=new_id()), message)
    late = team.as_("zhang", team.now + timedelta(hours=80), new_id())
    with pytest.raises(UserMistake, match="没有可以恢复"):
        undo.redo(late)


def test_the_past_is_worked_out_across_an_undoing(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    message = grade(team, [customer], "zhang", "A")
    between = team.now + timedelta(hours=2)
    undo.undo(team.as_("zhang", team.now + timedelta(hours=3), new_id()), message)
    ctx = team.as_("zhang", team.now + timedelta(hours=4))
    then = {f.name: f.then for f in history.as_of(ctx, customer.id, ctx.wall(between)).fields}
    now = {f.name: f.now for f in history.as_of(ctx, customer.id, ctx.wall(between)).fields}
    assert (then["level"], now["level"]) == ("A", None)
