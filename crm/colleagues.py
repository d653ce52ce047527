"""Colleagues by the name that people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from crm.context import SYSTEM, Context
from crm.errors import UserMistake
from store.tables import Member

NAME = r"[一-鿿A-Za-z·.]{2,20}(?:[（(][^（）()]{1,20}[）)])?"
"""What a colleague's name looks like inside a form; a department in brackets tells namesakes apart."""
_WITHIN = re.compile(r"(?P<name>[^（(]+)[（(](?P<department>[^）)]+)[）)]")
MOST = 5


def named(session: Session, name: str) -> list[Member]:
    """The members of exactly this name, those who are here first. 李娜（销售一部） names one of several."""
    inside = _WITHIN.fullmatch(name.strip())
    query = select(Member).where(col(Member.name) == (inside["name"] if inside else name).strip())
    if inside:
        query = query.where(col(Member.department) == inside["department"].strip())
    query = query.order_by(col(Member.active).desc(), col(Member.id)).limit(MOST)
    return list(session.execute(query).scalars())


def one_of(session: Session, name: str, *, here: bool = True) -> Member:
    """The one colleague of this name. Raises `UserMistake` where there is none or several; `here` asks for
    one who has not left."""
    everybody = named(session, name)
    found = [one for one in everybody if one.active] if here else everybody
    if not found and everybody:
        raise UserMistake(f"{name}已经离开了，换一位同事。")
    if not found:
        raise UserMistake(f"没有找到同事“{name}”，写全名试试，例如：李娜")
    if not here and len(found) > 1:
        living = [one for one in found if one.active]
        found = living if len(living) == 1 else found
    if len(found) > 1:
        raise UserMistake(_several(found))
    return found[0]


def names_of(ctx: Context, ids: Iterable[int | None]) -> dict[int | None, str]:
    """The names of these members, in one statement; 系统 for nobody and for the clock."""
    known: dict[int | None, str] = dict.fromkeys(ids, SYSTEM.name)
    if ctx.actor.id in known:
        known[ctx.actor.id] = ctx.actor.name
    asked = [one for one in known if one not in (None, ctx.actor.id, SYSTEM.id)]
    if asked:
        query = select(col(Member.id), col(Member.name)).where(col(Member.id).in_(asked))
        known.update((row[0], row[1]) for row in ctx.session.execute(query))
    return known


def _several(found: Sequence[Member]) -> str:
    places = "、".join(one.department or "没有部门" for one in found)
    told = next((one for one in found if one.department), None)
    if told is None:
        return f"有{len(found)}位{found[0].name}，通讯录里都没写部门，请管理员写上部门再说。"
    how = f"加上部门再说，例如：{told.name}（{told.department}）"
    return f"有{len(found)}位{told.name}（{places}），{how}"
