"""How colleagues are spoken of: a manager by surname and office, everybody else by name."""

from __future__ import annotations

import re

from store.tables import Role

COMPOUND = re.compile(
    "欧阳|上官|司马|诸葛|皇甫|东方|尉迟|公孙|令狐|慕容|夏侯|司徒|长孙|宇文|端木|轩辕|独孤|南宫"
)
OFFICES = {Role.MANAGER: "经理", Role.DIRECTOR: "总"}
TITLE = re.compile(
    "(?:总经理|副总|总裁|工程师|董事长|总监|总工|总|经理|主任|主管|[部处科院校厂店]长|老师|教授|博士|律师|工|姐|哥)$"
)
SHORTER = {"总经理": "总", "副总": "总", "总裁": "总", "工程师": "工"}


def surname(name: str) -> str:
    """The surname of a Chinese name: its first character, or two for the compound ones."""
    return name[:2] if COMPOUND.match(name) and len(name) > 2 else name[:1]


def called(name: str, role: str) -> str:
    """李娜 the manager is 李经理, 陈建国 the director 陈总; a name that is not Chinese stays as it is."""
    office = next((word for kind, word in OFFICES.items() if kind == role), "")
    if not office or not name or not "一" <= name[0] <= "鿿" or name.endswith(office):
        return name
    return surname(name) + office


def address(name: str, title: str) -> str:
    """How a contact is addressed: 王建国, 总经理 is 王总; 赵敏, 采购主任 is 赵主任.

    Without a title that one is addressed by, the name.
    """
    addressed = TITLE.search(name)
    if addressed and addressed.start() in (1, 2):
        return name
    office = TITLE.search(title)
    return surname(name) + SHORTER.get(office.group(), office.group()) if office and name else name
