"""How roles are called."""

from __future__ import annotations

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
