"""Departments in step with the directories, and who belongs to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from crm.context import Context
from crm.directory import Colleague, Source
from crm.directory import Department as Told
from crm.journal import changed, created, log, snapshot
from store.tables import Department, DepartmentIdentity, MemberDepartment


def mirror(ctx: Context, told: Iterable[Told], source: Source, *, complete: bool) -> None:
    """Bring the departments in step with all that a directory tells.

    With `complete`, those that it names no more are archived once no other directory names them.
    """
    named = {one.id: one for one in told}
    for one in _parents_first(named):
        keep(ctx, one, source)
    if complete and named:
        for identity in kept(ctx.session, source).values():
            if identity.external_id not in named:
                drop(ctx, identity)


def keep(ctx: Context, told: Told, source: Source) -> DepartmentIdentity:
    """Add a department or bring it in step. Where its parent is not known, it stands at the top."""
    session = ctx.session
    identity = find(session, source, told.id)
    above = find(session, source, told.parent) if told.parent else None
    parent_id = above.department_id if above is not None else None
    if identity is None:
        row = _same(ctx, told, source, parent_id)
        identity = DepartmentIdentity(
            platform=source.platform,
            app=source.app,
            external_id=told.id,
            department_id=row.id,
            leaders=list(told.leaders),
        )
        return created(ctx, identity)
    changed(ctx, identity, leaders=list(told.leaders))
    if _is_oldest(session, identity):
        row = session.get_one(Department, identity.department_id)
        wanted: dict[str, object] = {"name": told.name or row.name, "archived_at": None}
        if parent_id != row.id:
            wanted["parent_id"] = parent_id
        changed(ctx, row, **wanted)
    return identity


def drop(ctx: Context, identity: DepartmentIdentity) -> None:
    """A directory has this department no more."""
    session, department_id = ctx.session, identity.department_id
    links = delete(MemberDepartment).where(
        col(MemberDepartment.department_id) == department_id,
        col(MemberDepartment.platform) == identity.platform,
        col(MemberDepartment.app) == identity.app,
    )
    session.execute(links.execution_options(synchronize_session=False))
    log(ctx, identity, "removed", snapshot(identity), {})
    session.delete(identity)
    session.flush()
    others = select(func.count()).where(col(DepartmentIdentity.department_id) == department_id)
    if not session.execute(others).scalar_one():
        changed(ctx, session.get_one(Department, department_id), archived_at=ctx.now)


def find(session: Session, source: Source, external_id: str) -> DepartmentIdentity | None:
    """A department by its id in a directory."""
    query = select(DepartmentIdentity).where(
        col(DepartmentIdentity.platform) == source.platform,
        col(DepartmentIdentity.app) == source.app,
        col(DepartmentIdentity.external_id) == external_id,
    )
    found: DepartmentIdentity | None = session.execute(query).scalar_one_or_none()
    return found


def kept(session: Session, source: Source) -> dict[str, DepartmentIdentity]:
    """All departments of a directory by their ids there."""
    query = select(DepartmentIdentity).where(
        col(DepartmentIdentity.platform) == source.platform, col(DepartmentIdentity.app) == source.app
    )
    return {
        one.external_id: one for one in session.execute(query.order_by(col(DepartmentIdentity.id))).scalars()
    }


def names(session: Session, source: Source) -> dict[str, str]:
    """The names of a directory's departments by their ids there."""
    query = (
        select(col(DepartmentIdentity.external_id), col(Department.name))
        .join(Department, col(Department.id) == col(DepartmentIdentity.department_id))
        .where(col(DepartmentIdentity.platform) == source.platform, col(DepartmentIdentity.app) == source.app)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def parents(session: Session, source: Source) -> dict[int, int | None]:
    """The departments of a directory with the ones above them."""
    query = (
        select(col(Department.id), col(Department.parent_id))
        .join(DepartmentIdentity, col(Department.id) == col(DepartmentIdentity.department_id))
        .where(col(DepartmentIdentity.platform) == source.platform, col(DepartmentIdentity.app) == source.app)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def links(
    session: Session, source: Source, member_ids: Iterable[int] | None = None
) -> dict[int, list[MemberDepartment]]:
    """Who belongs where, as a directory told, by member; of all, or of these."""
    query = select(MemberDepartment).where(
        col(MemberDepartment.platform) == source.platform, col(MemberDepartment.app) == source.app
    )
    if member_ids is not None:
        query = query.where(col(MemberDepartment.member_id).in_(list(member_ids)))
    found: dict[int, list[MemberDepartment]] = {}
    for row in session.execute(query.order_by(col(MemberDepartment.id))).scalars():
        found.setdefault(row.member_id, []).append(row)
    return found


def place(
    session: Session,
    source: Source,
    member_id: int,
    one: Colleague,
    ids: Mapping[str, int],
    now: Iterable[MemberDepartment],
) -> None:
    """Make a member belong where the directory says. `ids` are departments by their ids in the directory,
    `now` where he belongs so far."""
    wanted = {ids[name]: (name in one.leads, name == one.main) for name in one.departments if name in ids}
    for row in now:
        state = wanted.pop(row.department_id, None)
        if state is None:
            session.delete(row)
        else:
            row.leads, row.main = state
    for department_id, (leads, main) in wanted.items():
        session.add(
            MemberDepartment(
                member_id=member_id,
                department_id=department_id,
                platform=source.platform,
                app=source.app,
                leads=leads,
                main=main,
            )
        )


def _parents_first(named: Mapping[str, Told]) -> list[Told]:
    """In an order in which each comes after its parent; rings are cut somewhere."""
    done: dict[str, Told] = {}
    for one in named.values():
        line: list[Told] = []
        at: Told | None = one
        while at is not None and at.id not in done and at not in line:
            line.append(at)
            at = named.get(at.parent)
        done.update((step.id, step) for step in reversed(line))
    return list(done.values())


def _same(ctx: Context, told: Told, source: Source, parent_id: int | None) -> Department:
    """The row of a department that another directory has told of, or a new one."""
    session = ctx.session
    query = select(Department).join(
        DepartmentIdentity, col(DepartmentIdentity.department_id) == col(Department.id)
    )
    by_id = query.where(
        col(DepartmentIdentity.platform) == source.platform, col(DepartmentIdentity.external_id) == told.id
    )
    row: Department | None = session.execute(by_id.order_by(col(DepartmentIdentity.id)).limit(1)).scalar()
    if row is None:
        elsewhere = query.where(
            col(DepartmentIdentity.platform) != source.platform,
            col(Department.parent_id).is_(None)
            if parent_id is None
            else col(Department.parent_id) == parent_id,
        )
        if told.parent:  # roots are the organisation itself, whatever each platform calls it
            elsewhere = elsewhere.where(col(Department.name) == told.name)
        found = session.execute(elsewhere.distinct().limit(2)).scalars().all()
        row = found[0] if len(found) == 1 else None
    if row is not None:
        return changed(ctx, row, archived_at=None)
    return created(
        ctx,
        Department(
            name=told.name or told.id,
            parent_id=parent_id,
            created_at=ctx.now,
            updated_at=ctx.now,
            archived_at=None,
        ),
    )


def _is_oldest(session: Session, identity: DepartmentIdentity) -> bool:
    """Whether this directory is the one that tells about the department."""
    oldest = select(func.min(col(DepartmentIdentity.id))).where(
        col(DepartmentIdentity.department_id) == identity.department_id
    )
    return bool(session.execute(oldest).scalar_one() == identity.id)
