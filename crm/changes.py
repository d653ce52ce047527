"""What events tell of the directory, applied at once as far as they tell it; the rest is looked up later."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import col

from crm import departments, superiors, sync
from crm.accounts import Account, account, leading, member_of, of_member
from crm.context import Context
from crm.directory import Colleague, Department, Source, Subject
from crm.journal import changed
from crm.leaving import Leaver, end
from crm.superiors import colleague
from store.tables import Department as Row
from store.tables import Member


@dataclass(frozen=True, slots=True)
class UserChange:
    """What an event says of a colleague; None where it says nothing. Ids as in `crm.directory`."""

    userid: str
    new_userid: str = ""
    name: str | None = None
    departments: tuple[str, ...] | None = None
    main: str | None = None
    leads: tuple[str, ...] | None = None
    leaders: tuple[str, ...] | None = None
    position: str | None = None
    active: bool | None = None


def user(ctx: Context, source: Source, change: UserChange) -> Leaver | None:
    """Somebody is new or has changed. Gives the leaver where the event says that he cannot act any more."""
    if change.new_userid and change.new_userid.lower() != change.userid.lower():
        _rename(ctx, source, change.userid, change.new_userid)
        change = replace(change, userid=change.new_userid)
    found = account(ctx.session, source, change.userid)
    sync.note(ctx, source, Subject.USER, [change.userid])
    if change.active is False:
        return leave(ctx, source, change.userid)
    if found is None and not change.name:
        return None
    if found is not None and found.identity.left_at is not None and change.active is None:
        return None  # whether he is back is looked up
    sync.take_one(ctx, _merged(ctx, source, found, change), source)
    if change.leaders:
        _direct_leader(ctx, source, change)
    return None


def leave(ctx: Context, source: Source, userid: str) -> Leaver | None:
    """Somebody has left the organisation; his people have another manager at once."""
    found = account(ctx.session, source, userid)
    if found is None or found.identity.left_at is not None:
        return None
    leaver = end(ctx, found.identity, everywhere=True)
    if leaver is not None and _leads(ctx, leaver.member_id):
        superiors.assign(ctx, source)
    return leaver


def department(ctx: Context, source: Source, told: Department) -> None:
    """A department is new or has changed; its leaders, and what is empty, are looked up."""
    kept = departments.find(ctx.session, source, told.id)
    sync.note(ctx, source, Subject.DEPARTMENT, [told.id])
    if kept is None:
        if told.name:
            departments.keep(ctx, told, source)
        return
    row = ctx.session.get_one(Row, kept.department_id)
    above = {one.department_id: name for name, one in departments.kept(ctx.session, source).items()}
    parent = told.parent or above.get(row.parent_id or 0, "")
    merged = replace(told, name=told.name or row.name, parent=parent, leaders=tuple(kept.leaders))
    departments.keep(ctx, merged, source)


def department_gone(ctx: Context, source: Source, external_id: str) -> None:
    """A department was removed."""
    kept = departments.find(ctx.session, source, external_id)
    if kept is not None:
        departments.drop(ctx, kept)


def _leads(ctx: Context, member_id: int) -> bool:
    query = select(col(Member.id)).where(col(Member.superior_id) == member_id, col(Member.active).is_(True))
    return ctx.session.execute(query.limit(1)).first() is not None


def _merged(ctx: Context, source: Source, found: Account | None, change: UserChange) -> Colleague:
    """What was known before, with what the event says."""
    one = Colleague(change.userid.lower(), change.name or "", address=change.userid)
    if found is not None:
        ids = {row.department_id: name for name, row in departments.kept(ctx.session, source).items()}
        links = departments.links(ctx.session, source, [found.member.id]).get(found.member.id, [])
        one = replace(colleague(found, links, ids), active=True, address=change.userid)
    names = ("name", "departments", "main", "leads", "leaders", "position")
    told = {name: value for name in names if (value := getattr(change, name)) is not None}
    one = replace(one, **told)
    if change.departments and one.main not in change.departments:
        one = replace(one, main=change.departments[0])
    return one


def _direct_leader(ctx: Context, source: Source, change: UserChange) -> None:
    """Set the manager at once where the event names one that is known."""
    found = account(ctx.session, source, change.userid)
    manager_id = next((m for one in change.leaders or () if (m := member_of(ctx.session, one))), None)
    if found is None or manager_id is None or manager_id == found.member.id:
        return
    if leading(ctx.session, [found.member.id]).get(found.member.id) == found.identity.id:
        changed(ctx, ctx.session.get_one(Member, found.member.id), superior_id=manager_id)


def _rename(ctx: Context, source: Source, old: str, new: str) -> None:
    """The platform has another id for somebody: in all its apps."""
    found = account(ctx.session, source, old)
    if found is None or account(ctx.session, source, new) is not None:
        return
    for one in of_member(ctx.session, found.member.id, source.platform):
        if one.external_id == old.lower():
            changed(ctx, one, external_id=new.lower(), address=new)
