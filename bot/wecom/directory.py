"""Members and departments as the address book tells them [96255, 96067].

Apps made since June 2022 get no mobile, e-mail or avatar, and what is not needed is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_ACTIVE: Final = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A colleague. `leads[i]` tells whether they lead `departments[i]`; `direct_leaders` are userids, and
    only those within the app's visible range; `active` is false when disabled, not activated or left."""

    userid: str
    name: str
    departments: tuple[int, ...] = ()
    leads: tuple[bool, ...] = ()
    main_department: int = 0
    direct_leaders: tuple[str, ...] = ()
    position: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Department:
    """A department. `parent_id` is 0 for the root; `leaders` are userids."""

    id: int
    name: str
    parent_id: int = 0
    leaders: tuple[str, ...] = ()


def member(row: Mapping[str, Any]) -> Member:
    """Read a member from user/get or user/list. Fields the platform left out get their defaults."""
    departments = _ints(row.get("department"))
    return Member(
        userid=str(row["userid"]),
        name=str(row.get("name", "")),
        departments=departments,
        leads=tuple(flag == 1 for flag in _ints(row.get("is_leader_in_dept"))),
        main_department=_int(row.get("main_department")) or (departments[0] if departments else 0),
        direct_leaders=_strings(row.get("direct_leader")),
        position=str(row.get("position", "")),
        active=_int(row.get("status", _ACTIVE)) == _ACTIVE,
    )


def department(row: Mapping[str, Any]) -> Department:
    """Read a department from department/list."""
    return Department(
        id=_int(row["id"]),
        name=str(row.get("name", "")),
        parent_id=_int(row.get("parentid")),
        leaders=_strings(row.get("department_leader")),
    )


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _ints(value: object) -> tuple[int, ...]:
    return tuple(_int(part) for part in value) if isinstance(value, list) else ()


def _strings(value: object) -> tuple[str, ...]:
    return tuple(part for part in value if isinstance(part, str)) if isinstance(value, list) else ()
