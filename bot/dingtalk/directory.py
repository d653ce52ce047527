"""Members and departments as the address book tells them [query-user-details, query-department-details0-v2].

Samples on these pages are mis-typed (numbers and lists as texts), so everything is read defensively.
Mobile and e-mail need further permissions and are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.dingtalk.codes import number

ROOT: Final = 1
"""The root department's id."""


@dataclass(frozen=True, slots=True)
class Member:
    """A colleague. `manager` is a userid or empty; `leads` are the departments that they lead."""

    userid: str
    unionid: str
    name: str
    departments: tuple[int, ...] = ()
    leads: tuple[int, ...] = ()
    manager: str = ""
    title: str = ""
    active: bool = True
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Department:
    """A department. `parent_id` is 0 for the root; `managers` are userids."""

    id: int
    name: str
    parent_id: int = 0
    managers: tuple[str, ...] = ()


def member(row: Mapping[str, Any]) -> Member:
    """Read a member. Raises KeyError without a userid."""
    return Member(
        userid=str(row["userid"]),
        unionid=_text(row, "unionid"),
        name=_text(row, "name"),
        departments=_numbers(row.get("dept_id_list")),
        leads=_leads(row.get("leader_in_dept")),
        manager=_text(row, "manager_userid"),
        title=_text(row, "title"),
        active=_true(row.get("active", True)),
        admin=_true(row.get("admin", False)),
    )


def department(row: Mapping[str, Any]) -> Department:
    """Read a department. Raises KeyError without an id."""
    managers = row.get("dept_manager_userid_list")
    return Department(
        id=number(row["dept_id"]),
        name=_text(row, "name"),
        parent_id=number(row.get("parent_id")),
        managers=tuple(one for one in managers if isinstance(one, str)) if isinstance(managers, list) else (),
    )


def _leads(rows: object) -> tuple[int, ...]:
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple(number(row.get("dept_id")) for row in listed if _true(row.get("leader")))


def _numbers(values: object) -> tuple[int, ...]:
    return tuple(number(value) for value in values) if isinstance(values, list) else ()


def _true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""
