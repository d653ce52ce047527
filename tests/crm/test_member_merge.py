"""One colleague known twice becomes one: whatever names the second names the first afterwards."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from crm.errors import UserMistake
from crm.member_merge import LOOSE, merge, references
from store.tables import FeedSetting, Identity, metadata
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

NUMBERS = itertools.count(1_000_000)
NOT_MEMBERS = frozenset({"inbox_id", "object_id", "undone_by", "card_id", "message_id", "seen_id"})


@standing
def team(session: Session) -> Team:
    return make_team(session)


def value(column: sa.Column[Any]) -> object:
    """Something that fits a column."""
    number = next(NUMBERS)
    plain = getattr(column.type, "impl_instance", column.type)
    kind = dict if isinstance(plain, sa.JSON) else plain.python_type
    made = {str: f"v{number}", int: number, bool: False, float: 1.0, bytes: b"x", dict: {}}
    return made.get(kind, datetime(2026, 11, 19, 2, 30, tzinfo=UTC))


def row_for(session: Session, table: sa.Table, member: int, seen: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row of a table that names the member wherever it can, with the rows that it needs."""
    values: dict[str, Any] = {}
    for column in table.columns:
        targets = {key.column.table.name for key in column.foreign_keys}
        if "member" in targets or (table.name, column.name) in LOOSE:
            values[column.name] = member
        elif targets:
            (target,) = targets
            needed = not column.nullable and target not in seen
            parent = row_for(session, metadata.tables[target], member, (*seen, table.name)) if needed else {}
            values[column.name] = parent.get("id")
        elif column.primary_key or not column.nullable:
            values[column.name] = value(column)
    session.connection().execute(sa.insert(table).values(values))
    return values


def left(session: Session, member: int) -> list[str]:
    """The columns that still name the member."""
    return [
        f"{one.table.name}.{one.name}"
        for one in references()
        if session.connection().execute(sa.select(one.table).where(one == member).limit(1)).first()
    ]


def test_every_reference_is_moved(team: Team) -> None:
    session = team.session
    keep, drop = team.members["zhang"], team.members["wu"]
    tables = list({one.table.name: one.table for one in references() if one.table.name != "member"}.values())
    for table in tables:
        assert isinstance(table, sa.Table)
        row_for(session, table, drop.id)
    named = {f"{one.table.name}.{one.name}" for one in references()} - {"member.superior_id"}
    assert named <= set(left(session, drop.id))
    merge(team.as_("chen"), keep, drop)
    assert left(session, drop.id) == []
    assert named <= set(left(session, keep.id))


def test_no_column_that_names_a_member_is_forgotten() -> None:
    """A new column without a foreign key is either in LOOSE or known to be something else."""
    known = {f"{one.table.name}.{one.name}" for one in references()}
    for table in metadata.sorted_tables:
        for column in table.columns:
            whole_number = isinstance(column.type, sa.Integer | sa.BigInteger)
            if whole_number and column.name.endswith(("_id", "_by")) and not column.foreign_keys:
                name = f"{table.name}.{column.name}"
                assert column.name in NOT_MEMBERS or name in known, name


def test_what_both_have_once_is_kept_once(team: Team) -> None:
    keep, drop = team.members["zhang"], team.members["wu"]
    for member in (keep, drop):
        row_for(team.session, metadata.tables["feed_setting"], member.id)
    moved = merge(team.as_("chen"), keep, drop)
    assert [one.dropped for one in moved if one.table == "feed_setting"] == [1]
    rows = team.session.execute(select(FeedSetting).where(col(FeedSetting.member_id) == keep.id)).all()
    assert len(rows) == 1


def test_nobody_becomes_his_own_superior(team: Team) -> None:
    keep, drop = team.members["zhang"], team.members["li"]
    assert keep.superior_id == drop.id
    merge(team.as_("chen"), keep, drop)
    team.session.expire_all()
    assert keep.superior_id == team.members["chen"].id
    assert (drop.active, drop.superior_id) == (False, None)


def test_accounts_of_both_lead_to_the_one(team: Team) -> None:
    keep, drop = team.members["zhang"], team.members["wu"]
    team.session.add(
        Identity(platform="dingtalk", app="main", external_id="d1", member_id=drop.id, created_at=NOW)
    )
    team.session.flush()
    merge(team.as_("chen"), keep, drop)
    account = team.session.execute(select(Identity).where(col(Identity.external_id) == "d1")).scalar_one()
    assert account.member_id == keep.id


def test_one_is_not_merged_with_oneself(team: Team) -> None:
    with pytest.raises(UserMistake):
        merge(team.as_("chen"), team.members["wu"], team.members["wu"])
