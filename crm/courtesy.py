"""How colleagues are spoken of: a manager by surname and office, everybody else by name."""

from __future__ import annotations

from store.tables import Role

COMPOUND = frozenset(
    "欧阳 上官 司马 诸葛 皇甫 东方 尉迟 公孙 令狐 慕容 夏侯 司徒 长孙 宇文 端木 轩辕 独孤 南宫".split()
)
OFFICES = {Role.MANAGER: "经理", Role.DIRECTOR: "总"}


def surname(name: str) -> str:
    """The surname of a Chinese name: its first character, or two for the compound ones."""
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]


def called(name: str, role: str) -> str:
    """李娜 the manager is 李经理, 陈建国 the director 陈总; a name that is not Chinese stays as it is."""
    office = next((word for kind, word in OFFICES.items() if kind == role), "")
    if not office or not name or not "一" <= name[0] <= "鿿" or name.endswith(office):
        return name
    return surname(name) + office
