"""Two customers that are one: every relation moves, and the whole can be put back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from crm import contacts, customers, identities, merging, undo, visits
from crm.contacts import News
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.identities import Kind
from crm.merging import Choice, relations
from crm.visits import ActivityKind, Draft
from store.ids import new_id
from store.tables import Customer, metadata
from store.types import UtcDateTime
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

CHANGE = 7001  # the id of the message that merges


@standing
def team(session: Session) -> Team:
    """The team."""
    return make_team(session)


def filler(table: sa.Table, column: sa.Column[Any], known: dict[str, int]) -> object:
    """Some value that the column takes; foreign keys refer to what there is."""
    for key in column.foreign_keys:
        return known[key.column.table.name]
    if column.primary_key:
        return new_id()
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return NOW
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Date):
        return NOW.date()
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.LargeBinary):
        return b""
    if isinstance(kind, sa.BigInteger):
        return new_id()
    if isinstance(kind, sa.Integer):
        return 1
    return f"{table.name}-{new_id()}"


class Rows:
    """Puts one row into each table, with whatever it needs from the others."""

    def __init__(self, session: Session, known: dict[str, int]) -> None:
        self.session = session
        self.known = known

    def row(self, table: sa.Table, **given: object) -> int:
        """The id of a new row; the rows that it must refer to are made first."""
        values: dict[str, object] = {}
        for column in table.columns:
            if column.name in given:
                values[column.name] = given[column.name]
                continue
            targets = [key.column.table for key in column.foreign_keys]
            if targets and (column.nullable or targets[0] is table):
                continue
            for target in targets:
                if target.name not in self.known:
                    self.known[target.name] = self.row(target)
            if not column.nullable or column.primary_key:
                values[column.name] = filler(table, column, self.known)
        done = self.session.execute(
            sa.insert(table).values(**values).returning(next(iter(table.primary_key)))
        )
        return int(done.scalar_one())


def test_every_relation_of_the_schema_moves(team: Team) -> None:
    """A table added later is in here by itself: the schema is walked, not a list."""
    loser, winner = team.customer("zhang", "华星科技"), team.customer("zhang", "蓝海贸易")
    rows = Rows(team.session, {"customer": winner.id, "member": team.members["zhang"].id})
    made: dict[str, int] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column.table.name == "customer" for key in column.foreign_keys)
            name = f"{table.name}.{column.name}"
            if refers and name != "customer.merged_into_id" and name not in relations.COPIED:
                made[f"{table.name}.{column.name}"] = rows.row(table, **{column.name: loser.id})
        generic = {"object", "object_id"} <= set(table.columns.keys())
        if generic and table.name not in relations.HISTORY:
            object_id = str(loser.id) if isinstance(table.c.object_id.type, sa.String) else loser.id
            made[f"{table.name}.object_id"] = rows.row(table, object="customer", object_id=object_id)
    assert len(made) > 12
    team.session.expire_all()
    merging.merge(team.as_("zhang", inbox_id=CHANGE), loser.id, winner.id)
    for name, row_id in made.items():
        table_name, column_name = name.split(".")
        table = metadata.tables[table_name]
        key = next(iter(table.primary_key))
        now = team.session.execute(sa.select(table.c[column_name]).where(key == row_id)).scalar_one()
        assert int(now) == winner.id, name
    for back, where in ((CHANGE, loser.id), (CHANGE + 1, winner.id), (CHANGE + 2, loser.id)):
        undo.undo(team.as_("zhang", inbox_id=back + 1), back)
        for name, row_id in made.items():
            table_name, column_name = name.split(".")
            table = metadata.tables[table_name]
            key = next(iter(table.primary_key))
            now = team.session.execute(sa.select(table.c[column_name]).where(key == row_id)).scalar_one()
            assert int(now) == where, name


def test_every_table_that_names_its_object_otherwise_is_known() -> None:
    odd = {
        table.name
        for table in metadata.sorted_tables
        if "object_id" in table.columns and not table.c.object_id.foreign_keys
        if "object" not in table.columns
    }
    assert odd == relations.BESIDE


def test_the_loser_is_archived_and_its_names_lead_to_the_winner(team: Team) -> None:
    loser = team.customer("zhang", "华星科技有限公司", "华星")
    winner = team.customer("zhang", "蓝海贸易")
    ctx = team.as_("zhang", inbox_id=CHANGE)
    merging.merge(ctx, loser.id, winner.id)
    assert loser.archived_at is not None
    assert loser.merged_into_id == winner.id
    assert customers.get(ctx, loser.id).id == winner.id
    for name in ("华星科技有限公司", "华星科技", "华星"):
        assert customers.look_up(ctx, name).proposals[0].id == winner.id
    assert customers.aliases_of(ctx, winner.id) == ["蓝海贸易", "华星", "华星科技有限公司"]


def test_undoing_makes_two_of_them_again(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技", "华星"), team.customer("zhang", "蓝海贸易")
    visits.record(
        team.as_("zhang"), Draft(ActivityKind.VISIT, raw="聊了报价", customer_id=loser.id, contact="王总")
    )
    merging.merge(team.as_("zhang", inbox_id=CHANGE), loser.id, winner.id)
    assert winner.last_follow_at is not None
    undone = undo.undo(team.as_("zhang"), CHANGE)
    assert undone.phrases == ("“华星科技”并入“蓝海贸易”的合并",)
    ctx = team.as_("zhang")
    assert customers.get(ctx, loser.id).name == "华星科技"
    assert customers.look_up(ctx, "华星").proposals[0].id == loser.id
    assert customers.aliases_of(ctx, winner.id) == []
    assert [c.name for c in contacts.of_customer(ctx, loser.id)] == ["王总"]
    assert winner.last_follow_at is None
    assert loser.last_follow_at is not None


def test_a_merge_that_was_built_upon_is_not_undone(team: Team) -> None:
    first, second, third = (team.customer("zhang", n) for n in ("华星科技", "蓝海贸易", "美的集团"))
    merging.merge(team.as_("zhang", inbox_id=CHANGE), first.id, second.id)
    merging.merge(team.as_("zhang", inbox_id=CHANGE + 1), second.id, third.id)
    with pytest.raises(Conflict, match="之后又被合并"):
        undo.undo(team.as_("zhang"), CHANGE)
    assert customers.get(team.as_("zhang"), first.id).id == third.id
    undo.undo(team.as_("zhang"), CHANGE + 1)
    undo.undo(team.as_("zhang"), CHANGE)
    assert customers.get(team.as_("zhang"), first.id).id == first.id


def test_the_same_person_is_joined_and_nobody_is_lost(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技"), team.customer("zhang", "蓝海贸易")
    ctx = team.as_("zhang")
    one = contacts.find_or_add(ctx, loser, "王建国", "总经理", "13912345678")
    contacts.tell(ctx, one, News(email="wang@hx.com", likes="喝茶"))
    two = contacts.find_or_add(ctx, winner, "王总", "", "139 1234 5678")
    contacts.find_or_add(ctx, loser, "李娜", "采购")
    contacts.find_or_add(ctx, winner, "张工", "", "13800000001")
    contacts.find_or_add(ctx, loser, "张工", "", "13800000002")
    visits.record(ctx, Draft(ActivityKind.VISIT, raw="聊了", customer_id=loser.id, contact="王建国"))
    done = merging.merge(team.as_("zhang", inbox_id=CHANGE), loser.id, winner.id)
    assert done.joined == ("王建国",)
    people = contacts.of_customer(ctx, winner.id)
    assert sorted(c.name for c in people) == ["张工", "张工", "李娜", "王建国"]
    assert (two.name, two.title, two.email, two.likes) == ("王建国", "总经理", "wang@hx.com", "喝茶")
    held = identities.find(ctx, identities.Said(Kind.EMAIL, "wang@hx.com", "wang@hx.com"))
    assert held is not None
    assert (held.customer_id, held.contact_id) == (winner.id, two.id)
    undo.undo(team.as_("zhang"), CHANGE)
    assert sorted(c.name for c in contacts.of_customer(ctx, loser.id)) == ["张工", "李娜", "王建国"]
    assert sorted(c.name for c in contacts.of_customer(ctx, winner.id)) == ["张工", "王总"]


def test_fields_are_taken_over_kept_or_chosen(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技"), team.customer("zhang", "蓝海贸易")
    loser.level, loser.source, loser.industry, loser.note = "A", "展会", "制造", "旧厂在苏州"
    winner.level, winner.industry, winner.note = "B", "贸易", "账期60天"
    team.session.flush()
    shown = merging.preview(team.as_("zhang"), loser.id, winner.id)
    assert [(c.field, c.winner, c.loser) for c in shown.clashes] == [
        ("level", "B", "A"),
        ("industry", "贸易", "制造"),
    ]
    assert loser.archived_at is None
    merging.merge(team.as_("zhang"), loser.id, winner.id, {"level": Choice.LOSER})
    assert (winner.level, winner.source, winner.industry) == ("A", "展会", "贸易")
    assert winner.note == "账期60天；旧厂在苏州"


def test_a_company_that_belonged_to_the_loser_is_not_its_own_parent(team: Team) -> None:
    loser, winner, child = (team.customer("zhang", n) for n in ("华星科技", "蓝海贸易", "华星电子"))
    winner.parent_id, child.parent_id = loser.id, loser.id
    team.session.flush()
    merging.merge(team.as_("zhang"), loser.id, winner.id)
    assert winner.parent_id is None
    assert child.parent_id == winner.id


def test_who_may_merge(team: Team) -> None:
    own, other = team.customer("zhang", "华星科技"), team.customer("wu", "蓝海贸易")
    with pytest.raises(NotAllowed, match="吴婷"):
        merging.merge(team.as_("zhang"), own.id, other.id)
    with pytest.raises(NotAllowed):
        merging.merge(team.as_("zheng"), own.id, other.id)
    with pytest.raises(UserMistake, match="同一家"):
        merging.merge(team.as_("zhang"), own.id, own.id)
    merging.merge(team.as_("chen"), own.id, other.id)
    assert team.session.get_one(Customer, own.id).archived_at is not None


def test_what_was_looked_at_must_still_hold(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技"), team.customer("zhang", "蓝海贸易")
    seen = (loser.version, winner.version)
    customers.set_level(team.as_("zhang"), winner, "A")
    with pytest.raises(Conflict, match="再看一遍"):
        merging.merge(team.as_("zhang"), loser.id, winner.id, versions=seen)


def test_the_same_tag_or_alias_twice_stays_behind(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技", "老华"), team.customer("zhang", "蓝海贸易")
    customers._add_alias(team.as_("zhang"), winner, "老华")
    merging.merge(team.as_("zhang"), loser.id, winner.id)
    assert sorted(customers.aliases_of(team.as_("zhang"), winner.id)) == ["华星科技", "老华"]
