"""What the organisation has set of the rights, and who stands in for whom; loaded when it has changed.

Every process keeps what it loaded under a stamp of the tables. The stamp is asked for once a turn, by the
first question that needs it, so that a change holds at once on every replica; whoever works on his own
records asks for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from crm.context import Context
from crm.rights.scopes import POOL_OBJECT, Scope, Verb, usual, usual_pool
from store.events import touched, written
from store.fast import Fast
from store.once import table_of
from store.tables import ActionRight, Away, CustomObject, FieldRight, Member, Role, RoleScope, Table

_TABLES: tuple[type[Table], ...] = (RoleScope, FieldRight, ActionRight, Away, CustomObject)
_NAMES = frozenset(str(model.__tablename__) for model in _TABLES)
_MEMO = "policy"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A member whose deputy acts for him from `start` until `until` (aware UTC; None for ever)."""

    member_id: int
    role: Role
    deputy_id: int
    start: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the deputy acts at this time."""
        return self.start <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Policy:
    """What departs from the usual rights. `closed` are own kinds of records and the roles they are for."""

    scopes: Mapping[tuple[str, str, str], tuple[Scope, tuple[int, ...]]] = field(default_factory=dict)
    fields: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    actions: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    stand_ins: tuple[StandIn, ...] = ()
    closed: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def scope(self, role: Role, object_: str, verb: Verb) -> tuple[Scope, tuple[int, ...]]:
        """How far a role sees or changes a kind of record, and the departments named for it."""
        if object_ == POOL_OBJECT:
            return self.scopes.get((role, object_, verb)) or (usual_pool(role), ())
        found = self.scopes.get((role, object_, verb)) or self.scopes.get((role, "customer", verb))
        return found or (usual(role, verb), ())

    def acting(self, member_id: int, role: Role, now: datetime) -> tuple[tuple[int, Role], ...]:
        """The member and all for whom he stands in, through others if need be; a ring ends by itself."""
        found = {member_id: role}
        waiting = [member_id]
        while waiting:
            deputy = waiting.pop()
            for one in self.stand_ins:
                if one.deputy_id == deputy and one.member_id not in found and one.holds(now):
                    found[one.member_id] = one.role
                    waiting.append(one.member_id)
        return tuple(found.items())


_kept: WeakKeyDictionary[Engine, tuple[tuple[Any, ...], Policy]] = WeakKeyDictionary()


def _stamp_of_tables() -> Fast:
    """Changes whenever a row of the tables is added, changed or removed."""
    figures = [
        sa.select(figure).select_from(table).scalar_subquery()
        for table in tuple(table_of(model) for model in _TABLES)
        for figure in (func.count(), func.coalesce(func.sum(table.c.version), 0), func.max(table.c.id))
    ]
    return Fast(sa.select(*(figure.label(f"f{n}") for n, figure in enumerate(figures))))


_STAMP = _stamp_of_tables()


def policy_of(ctx: Context) -> Policy:
    """What holds now, changes of this very transaction included."""
    session = ctx.session
    own = written(session) if _changes(session) else 0
    key = (ctx.actor, ctx.now, ctx.inbox_id, own)
    memo = session.info.get(_MEMO)
    if memo is not None and memo[0] == key:
        found: Policy = memo[1]
        return found
    policy = _current(session)
    session.info[_MEMO] = (key, policy)
    return policy


def _changes(session: Session) -> bool:
    """Whether this very session has changed what was set."""
    return not touched(session).isdisjoint(_NAMES)


def _current(session: Session) -> Policy:
    session.flush()
    if _changes(session):  # not committed: nobody else's business
        return _load(session)
    engine = session.get_bind().engine
    stamp = tuple(_STAMP.run(session, {}).fetchone())
    kept = _kept.get(engine)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    policy = _load(session)
    _kept[engine] = (stamp, policy)
    return policy


def _load(session: Session) -> Policy:
    scopes = session.execute(select(RoleScope).where(col(RoleScope.scope) != "")).scalars()
    fields = session.execute(select(FieldRight).where(col(FieldRight.right) != "")).scalars()
    actions = session.execute(select(ActionRight).where(col(ActionRight.allowed).is_not(None))).scalars()
    away = session.execute(
        select(Away, col(Member.role))
        .join(Member, col(Member.id) == col(Away.member_id))
        .where(col(Away.ended_at).is_(None))
    )
    objects = session.execute(select(col(CustomObject.id), col(CustomObject.roles)))
    return Policy(
        {(s.role, s.object, s.verb): (Scope(s.scope), tuple(s.departments)) for s in scopes},
        {(f.role, f.object, f.field): f.right for f in fields},
        {(a.role, a.action): bool(a.allowed) for a in actions},
        tuple(StandIn(a.member_id, Role(role), a.deputy_id, a.from_at, a.until_at) for a, role in away),
        {id_: frozenset(roles) for id_, roles in objects if roles},
    )
