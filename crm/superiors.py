"""Everybody's manager, worked out again from what the directory told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from crm import accounts, departments
from crm.accounts import Account
from crm.context import Context
from crm.directory import Colleague, Department, Directory, Source, heads, superiors, tells_leaders
from crm.journal import changed
from store.tables import Member, MemberDepartment, Role


def assign(ctx: Context, source: Source, directory: Directory | None = None) -> int:
    """Set the manager of everybody whom this directory tells about; how many have another one now.

    A directory that names no leader at all leaves the managers as a list or a person has set them. Where
    nobody is found and the manager has left, it is the one above him. Who leads is at least a manager; no
    other role comes from a directory, and none is taken away.
    """
    directory = directory or kept(ctx.session, source)
    known = accounts.known(ctx.session, source)
    default = ctx.business.default_manager
    default_id = accounts.member_of(ctx.session, default) if default else None
    told, leads = superiors(directory, default if default_id else ""), heads(directory)
    leading = accounts.leading(ctx.session)
    silent = not tells_leaders(directory)
    changes = 0
    for one in directory.people:
        account = known.get(one.userid)
        if account is None or leading.get(account.member.id) != account.identity.id:
            continue
        member = account.member
        above = told.get(one.userid)
        manager = known.get(above) if above is not None else None
        manager_id = manager.member.id if manager is not None else (default_id if above else None)
        if one.userid in leads and member.role == Role.SALES:
            changed(ctx, member, role=Role.MANAGER)
        if manager_id is None:
            manager_id = _otherwise(ctx.session, member, silent=silent)
        if manager_id in (member.id, member.superior_id):
            continue
        changed(ctx, member, superior_id=manager_id)
        changes += 1
    return changes


def _otherwise(session: Session, member: Member, *, silent: bool) -> int | None:
    """Who it is where the directory names nobody."""
    passed = {member.id}
    at = member.superior_id
    while at is not None and at not in passed:
        passed.add(at)
        superior = session.get_one(Member, at)
        if superior.active:
            return superior.id if silent or at != member.superior_id else None
        at = superior.superior_id
    return None


def kept(session: Session, source: Source) -> Directory:
    """The directory as it was last told, events included."""
    rows = departments.kept(session, source)
    ids = {row.department_id: name for name, row in rows.items()}
    above = departments.parents(session, source)
    links = departments.links(session, source)
    people = [
        colleague(one, links.get(one.member.id, []), ids)
        for one in accounts.known(session, source).values()
        if one.identity.left_at is None and one.identity.synced_at is not None
    ]
    told = (
        Department(name, "", ids.get(above.get(row.department_id) or 0, ""), tuple(row.leaders))
        for name, row in rows.items()
    )
    return Directory(tuple(told), tuple(people))


def colleague(one: Account, links: Sequence[MemberDepartment], ids: Mapping[int, str]) -> Colleague:
    """Somebody as the directory told last. `ids` are the directory's ids of departments."""
    at = [row for row in links if row.department_id in ids]
    places = tuple(ids[row.department_id] for row in at)
    return Colleague(
        userid=one.identity.external_id,
        name=one.member.name,
        departments=places,
        main=next((ids[row.department_id] for row in at if row.main), places[0] if places else ""),
        leads=tuple(ids[row.department_id] for row in at if row.leads),
        leaders=tuple(one.identity.leaders),
        position=one.member.position,
        active=one.member.active,
    )
