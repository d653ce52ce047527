"""What a role may do beside seeing and changing single records: export, change many at once, reveal …"""

from __future__ import annotations

from enum import StrEnum

from crm.context import SYSTEM, Context
from crm.errors import NotAllowed
from crm.rights.policy import policy_of
from crm.rights.words import ROLE_NAMES, named
from store.tables import Role


class Right(StrEnum):
    """Something that not everybody may do."""

    EXPORT = "export"
    MASS_CHANGE = "mass_change"
    REVEAL = "reveal"
    CONFIGURE = "configure"
    MERGE = "merge"
    ASSIGN = "assign"
    DELETE = "delete"
    AUDIT = "audit"


RIGHT_NAMES: dict[Right, str] = {
    Right.EXPORT: "导出",
    Right.MASS_CHANGE: "批量修改",
    Right.REVEAL: "看电话",
    Right.CONFIGURE: "设置",
    Right.MERGE: "合并",
    Right.ASSIGN: "分配",
    Right.DELETE: "删除",
    Right.AUDIT: "审计",
}

_LEADS = frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMIN})
_SELLS = _LEADS | {Role.SALES}
_CHANGES = frozenset(Role) - {Role.AUDITOR}
USUAL: dict[Right, frozenset[Role]] = {
    Right.EXPORT: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Right.MASS_CHANGE: _LEADS,
    Right.REVEAL: _SELLS | {Role.COMMERCE, Role.FINANCE, Role.SERVICE},
    Right.CONFIGURE: frozenset({Role.ADMIN}),
    Right.MERGE: _SELLS | {Role.COMMERCE},
    Right.ASSIGN: _LEADS,
    Right.DELETE: _CHANGES,
    Right.AUDIT: frozenset({Role.DIRECTOR, Role.ADMIN, Role.AUDITOR}),
}
"""The roles that may, where the organisation says nothing else."""
MANY = 5
"""Records that may be changed at once by whoever may change each of them; more is a mass change."""


def roles_with(ctx: Context, right: Right) -> tuple[Role, ...]:
    """The roles that may do this, in the order of `Role`."""
    said = policy_of(ctx).actions
    return tuple(role for role in Role if said.get((role, right), role in USUAL[right]))


def may(ctx: Context, right: Right) -> bool:
    """Whether the actor may do this. Who stands in for somebody does not get these rights of his."""
    return ctx.actor.id == SYSTEM.id or ctx.actor.role in roles_with(ctx, right)


def need(ctx: Context, right: Right) -> None:
    """Raise `NotAllowed`, which names the roles that may, unless the actor may do this."""
    if not may(ctx, right):
        raise NotAllowed(_refusal(ctx, right))


def need_many(ctx: Context, count: int) -> None:
    """Raise `NotAllowed`, as `need` does, where so many records at once are a mass change."""
    if count > MANY and not may(ctx, Right.MASS_CHANGE):
        raise NotAllowed(f"一次改{count}条，超过{MANY}条算批量修改。{_refusal(ctx, Right.MASS_CHANGE)}")


def _refusal(ctx: Context, right: Right) -> str:
    who = roles_with(ctx, right)
    whom = f"由{named(who)}来做" if who else "现在没有开放给任何角色，可以请管理员开通"
    return f"{RIGHT_NAMES[right]}{whom}，你是{ROLE_NAMES[ctx.actor.role]}，这次没有执行。"
