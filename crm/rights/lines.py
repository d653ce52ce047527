"""Whose records: the line of superiors and the tree of departments, worked out by the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Subquery, bindparam, select, union
from sqlmodel import col

from crm.context import Context
from crm.rights.memo import once_a_turn
from crm.rights.scopes import Scope
from store.tables import Away, Department, Member, MemberDepartment

Given = BindParameter[Any]
_MEMBER: Given = bindparam("member_id")


def reports(member_id: int, now: datetime | None = None) -> Select[Any]:
    """The ids of a member and of everybody below, for use inside a query; a ring ends by itself.

    With `now`, those for whom he stands in at that time, and everybody below them, are among them.
    """
    start = col(Member.id) == member_id
    if now is not None:
        start = start | col(Member.id).in_(_principals(member_id, now))
    return _line(start)


def _principals(member_id: int, now: datetime) -> Select[Any]:
    return select(col(Away.member_id)).where(
        col(Away.deputy_id) == member_id,
        col(Away.ended_at).is_(None),
        col(Away.from_at) <= now,
        col(Away.until_at).is_(None) | (col(Away.until_at) > now),
    )


def _line(start: ColumnElement[bool]) -> Select[Any]:
    line = select(col(Member.id).label("id")).where(start).cte("line", recursive=True)
    below = select(col(Member.id)).join(line, col(Member.superior_id) == line.c.id)
    line = line.union(below)
    return select(line.c.id)


def _departments_of(member_id: Given) -> Select[Any]:
    return select(col(MemberDepartment.department_id)).where(col(MemberDepartment.member_id) == member_id)


def _branch(start: ColumnElement[bool]) -> Select[Any]:
    """The departments that `start` fits and all below them."""
    tree = select(col(Department.id).label("id")).where(start).cte("branch", recursive=True)
    below = select(col(Department.id)).join(tree, col(Department.parent_id) == tree.c.id)
    tree = tree.union(below)
    return select(tree.c.id)


def _members_of(departments: Select[Any]) -> Select[Any]:
    return select(col(MemberDepartment.member_id)).where(col(MemberDepartment.department_id).in_(departments))


def _called_alike(member_id: Given) -> Select[Any]:
    """Those whose department has the same name, for a member whom no directory puts into any."""
    me: Subquery = select(col(Member.department).label("name")).where(col(Member.id) == member_id).subquery()
    return select(col(Member.id)).where(
        col(Member.department) == select(me.c.name).scalar_subquery(),
        col(Member.department) != "",
        ~select(_departments_of(member_id).subquery().c[0]).exists(),
    )


@once_a_turn
def members_in(ctx: Context, member_id: int, scope: Scope, departments: Collection[int]) -> frozenset[int]:
    """The members whose records a scope (any but all) opens to a member: he himself and others, or nobody."""
    if scope is Scope.NONE:
        return frozenset()
    if scope is Scope.OWN:
        return frozenset({member_id})
    given = {"member_id": member_id, "departments": list(departments)}
    return frozenset(ctx.session.execute(_within(scope), given).scalars()) | {member_id}


@lru_cache
def _within(scope: Scope) -> Select[Any]:
    """The question for the members in a scope, made once for each."""
    if scope is Scope.SUBORDINATES:
        return _line(col(Member.id) == _MEMBER)
    if scope is Scope.GIVEN:
        return _members_of(_branch(col(Department.id).in_(bindparam("departments", expanding=True))))
    mine = _departments_of(_MEMBER)
    within = mine if scope is Scope.DEPARTMENT else _branch(col(Department.id).in_(mine))
    both = union(_members_of(within), _called_alike(_MEMBER)).subquery()
    return select(both.c[0])


def belongs(ctx: Context, member_id: int, departments: Collection[int]) -> bool:
    """Whether a member is in one of these departments or one below."""
    inside = _within(Scope.GIVEN).where(col(MemberDepartment.member_id) == _MEMBER).limit(1)
    given = {"member_id": member_id, "departments": list(departments)}
    return ctx.session.execute(inside, given).first() is not None
