"""How far each role sees and changes: the scopes, and what holds where the organisation says nothing else."""

from __future__ import annotations

from enum import StrEnum

from store.tables import Role


class Scope(StrEnum):
    """Whose records: they are told by whoever looks after them."""

    NONE = "none"
    OWN = "own"
    SUBORDINATES = "subordinates"
    DEPARTMENT = "department"
    BRANCH = "branch"
    GIVEN = "given"
    ALL = "all"


class Verb(StrEnum):
    """What is done with a record."""

    READ = "read"
    WRITE = "write"


POOL_OBJECT = "pool"
"""Stands for the customers that nobody looks after; to write is to claim them."""
SCOPE_NAMES: dict[Scope, str] = {
    Scope.NONE: "不开放",
    Scope.OWN: "本人",
    Scope.SUBORDINATES: "本人及下属",
    Scope.DEPARTMENT: "本部门",
    Scope.BRANCH: "本部门及下级",
    Scope.GIVEN: "指定部门",
    Scope.ALL: "全部",
}
OBJECT_NAMES: dict[str, str] = {
    "customer": "客户",
    "contact": "联系人",
    "activity": "跟进",
    "task": "任务",
    "quote": "报价",
    "approval": "审批",
    "asset": "设备",
    "custom_record": "自定义记录",
    POOL_OBJECT: "公海",
}
"""The kinds of records that have a scope; all but customers follow their customer until told otherwise."""

READS_ALL = frozenset({Role.DIRECTOR, Role.ADMIN, Role.COMMERCE, Role.FINANCE, Role.SERVICE, Role.AUDITOR})
WRITES_ALL = frozenset({Role.DIRECTOR, Role.ADMIN})
CLAIMS = frozenset({Role.SALES, Role.MANAGER, Role.DIRECTOR, Role.ADMIN})


def usual(role: Role, verb: Verb) -> Scope:
    """How far a role sees and changes customers where nothing else is set. Pure."""
    if role in (READS_ALL if verb is Verb.READ else WRITES_ALL):
        return Scope.ALL
    return Scope.NONE if role is Role.AUDITOR else Scope.SUBORDINATES


def usual_pool(role: Role) -> Scope:
    """Whether a role sees and claims what is in the pool where nothing else is set. Pure."""
    return Scope.ALL if role in CLAIMS else Scope.NONE
