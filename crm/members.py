"""Members of the organisation as a list tells them: added, changed, never doubled."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from crm.errors import UserMistake
from store.tables import Identity, Member, Role

COLUMNS = ("userid", "name", "role", "department", "position", "superior")
NEEDED = ("userid", "name")
EXAMPLE = (
    "userid,name,role,department,position,superior\n"
    "lina,李娜,主管,销售一部,销售经理,\n"
    "zhangwei,张伟,销售,销售一部,客户经理,lina"
)
ROLES = {
    "销售": Role.SALES,
    "主管": Role.MANAGER,
    "总监": Role.DIRECTOR,
    "商务": Role.COMMERCE,
    "财务": Role.FINANCE,
    "客服": Role.SERVICE,
    "市场": Role.MARKETING,
    "管理员": Role.ADMIN,
    "审计": Role.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list. `userid` is the platform's id, `superior` the userid of the direct manager."""

    userid: str
    name: str
    role: Role = Role.SALES
    department: str = ""
    position: str = ""
    superior: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many were added and how many changed."""

    added: int
    changed: int


def read_csv(text: str) -> list[Person]:
    """The people of a CSV with the header `userid,name,role,department,position,superior`.

    Raises `UserMistake` that names the line and the column.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise UserMistake(f"缺少列 {'、'.join(missing)}。第一行应是列名，例如：\n{EXAMPLE}")
    people = [_person(number, row) for number, row in enumerate(reader, start=2)]
    known: dict[str, Person] = {}
    for one in people:
        if known.setdefault(one.userid.lower(), one) is not one:
            raise UserMistake(f"userid {one.userid} 出现了两次，每位同事只写一行")
    return people


def _person(number: int, row: dict[str, str | None]) -> Person:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in NEEDED:
        if not values[name]:
            raise UserMistake(f"第 {number} 行的 {name} 是空的，例如：\n{EXAMPLE}")
    role = ROLES.get(values["role"]) or _role(number, values["role"] or Role.SALES)
    return Person(**{**values, "role": role})  # type: ignore[arg-type]  # the rest are texts


def _role(number: int, value: str) -> Role:
    try:
        return Role(value.lower())
    except ValueError:
        raise UserMistake(
            f"第 {number} 行的 role 是“{value}”，应是其中之一：{'、'.join(ROLES)}（或 {'、'.join(Role)}）"
        ) from None


def take(session: Session, people: Sequence[Person], platform: str, app: str, now: datetime) -> Imported:
    """Add or change these people, known by their userids in an app of a platform. Does not commit.

    Raises `UserMistake` where a superior is neither in the list nor known.
    """
    known = _known(session, platform, app)
    added = changed = 0
    for one in people:
        member = known.get(one.userid.lower())
        if member is None:
            member = Member(name=one.name, role=one.role, created_at=now, updated_at=now)
            session.add(member)
            session.flush()
            _identify(session, member, one.userid, (platform, app), now)
            known[one.userid.lower()] = member
            added += 1
        elif _differs(member, one):
            changed += 1
        member.name, member.role, member.active = one.name, one.role, True
        member.department, member.position, member.updated_at = one.department, one.position, now
    _superiors(people, known)
    _alive(session, people, platform, app)
    session.flush()
    return Imported(added, changed)


def _identify(session: Session, member: Member, userid: str, where: tuple[str, str], now: datetime) -> None:
    platform, app = where
    session.add(
        Identity(
            platform=platform,
            app=app,
            external_id=userid.lower(),
            address=userid,
            member_id=member.id,
            created_at=now,
        )
    )


def _alive(session: Session, people: Sequence[Person], platform: str, app: str) -> None:
    """Whoever is on the list has not left, whatever a directory said."""
    query = select(Identity).where(
        col(Identity.platform) == platform, col(Identity.app) == app, col(Identity.left_at).is_not(None)
    )
    listed = {one.userid.lower() for one in people}
    for row in session.execute(query).scalars():
        if row.external_id in listed:
            row.left_at = None


def _differs(member: Member, one: Person) -> bool:
    kept = (member.name, member.role, member.department, member.position, member.active)
    return kept != (one.name, one.role, one.department, one.position, True)


def _superiors(people: Sequence[Person], known: dict[str, Member]) -> None:
    for one in people:
        member = known[one.userid.lower()]
        if not one.superior:
            member.superior_id = None
            continue
        superior = known.get(one.superior.lower())
        if superior is None or superior is member:
            raise UserMistake(
                f"{one.name}（{one.userid}）的 superior 是“{one.superior}”，名单里没有这个 userid"
            )
        member.superior_id = superior.id


def _known(session: Session, platform: str, app: str) -> dict[str, Member]:
    query = (
        select(col(Identity.external_id), Member)
        .join(Member, col(Member.id) == col(Identity.member_id))
        .where(col(Identity.platform) == platform, col(Identity.app) == app)
    )
    return {row[0]: row[1] for row in session.execute(query)}
