"""How roles are called."""

from __future__ import annotations

from collections.abc import Collection

from store.tables import Role

ROLE_NAMES: dict[Role, str] = {
    Role.SALES: "销售",
    Role.MANAGER: "主管",
    Role.DIRECTOR: "总监",
    Role.COMMERCE: "商务",
    Role.FINANCE: "财务",
    Role.SERVICE: "客服",
    Role.MARKETING: "市场",
    Role.ADMIN: "管理员",
    Role.AUDITOR: "审计",
}


def named(roles: Collection[Role]) -> str:
    """总监、管理员; in words where there are none."""
    return "、".join(ROLE_NAMES[role] for role in roles) or "管理员开通的角色"
