"""Members and departments brought in step with a directory: all of it, or a few entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session, col

from crm import accounts, departments, superiors
from crm.accounts import Account
from crm.context import Context
from crm.directory import Colleague, Department, Directory, Source, Subject
from crm.journal import changed
from crm.leaving import Leaver, end
from store.ids import new_id
from store.once import Once
from store.tables import DirectoryNews

FEW = 5
SHARE = 0.2
"""A directory that lacks more than a fifth of the people known (and more than five) is not believed:
rather the app's visible range was changed than that so many left in a day."""
MOST_NEWS = 50
MOST_TRIES = 5
LEASE = timedelta(minutes=2)

_NEWS = Once(DirectoryNews)


@dataclass(slots=True)
class Synced:
    """What a sync has done. `held_back` are missing people who were not taken for leavers, `doubtful` new
    members who bear the name of one who is there."""

    people: int = 0
    added: int = 0
    changed: int = 0
    back: int = 0
    superiors: int = 0
    left: list[Leaver] = field(default_factory=list)
    held_back: int = 0
    doubtful: list[str] = field(default_factory=list)


def take(
    ctx: Context,
    directory: Directory,
    source: Source,
    *,
    certain: bool = False,
    read_at: datetime | None = None,
) -> Synced:
    """Bring everything in step with a whole directory, read from `read_at` (now) on. Does not commit.

    Whoever is missing has left, unless the directory is not complete, or so many are missing that this is
    not believable; `certain` says that a person has looked and it is so.
    """
    done = Synced(people=sum(one.active for one in directory.people))
    departments.mirror(ctx, directory.departments, source, complete=directory.complete)
    known = accounts.known(ctx.session, source)
    read_at = read_at or ctx.now
    older = [one for one in known.values() if (one.identity.synced_at or one.identity.created_at) <= read_at]
    _people(ctx, directory.people, source, known, done, read_at)
    _missing(ctx, directory, older, done, certain=certain)
    done.superiors = superiors.assign(ctx, source, directory)
    if directory.complete:
        over(ctx.session, source, (Subject.USER, Subject.DEPARTMENT), read_at)
    return done


def take_some(
    ctx: Context,
    people: Sequence[Colleague],
    tree: Sequence[Department],
    source: Source,
    *,
    gone: Iterable[tuple[Subject, str]] = (),
    read_at: datetime | None = None,
) -> Synced:
    """Bring some entries in step, and work out everybody's manager anew; `gone` is out of the app's sight.

    They were read from `read_at` (now) on. Does not commit.
    """
    done = Synced(people=len(people))
    for one in tree:
        departments.keep(ctx, one, source)
    for subject, external_id in gone:
        if subject is Subject.USER:
            _gone(ctx, accounts.account(ctx.session, source, external_id), done, everywhere=False)
        elif (row := departments.find(ctx.session, source, external_id)) is not None:
            departments.drop(ctx, row)
    _people(ctx, people, source, _known(ctx.session, source, people), done, read_at or ctx.now)
    done.superiors = superiors.assign(ctx, source)
    return done


def take_one(ctx: Context, one: Colleague, source: Source) -> Synced:
    """Bring one colleague in step; managers are worked out when the news are looked up."""
    done = Synced(people=1)
    _people(ctx, [one], source, _known(ctx.session, source, [one]), done, ctx.now)
    return done


@dataclass(frozen=True, slots=True)
class News:
    """Something to look up: what it is, and when it was told last."""

    id: int
    subject: Subject
    external_id: str
    noted_at: datetime


def note(ctx: Context, source: Source, subject: Subject, ids: Iterable[str]) -> None:
    """Something has changed in the directory and must be looked up."""
    for one in ids:
        key = {"platform": source.platform, "app": source.app, "kind": subject.value, "external_id": one}
        again = update(DirectoryNews).where(*(getattr(DirectoryNews, name) == key[name] for name in key))
        again = again.values(noted_at=ctx.now, tries=0, lease_until=None).returning(col(DirectoryNews.id))
        if ctx.session.execute(again).first() is None:
            new = {"id": new_id(), "tries": 0, "noted_at": ctx.now, "lease_until": None}
            _NEWS.put(ctx.session, new | key)


def news(session: Session, source: Source, now: datetime) -> list[News]:
    """What must be looked up, the longest waiting first, at most 50; given up after five tries.

    Other replicas pass over it for two minutes.
    """
    free = or_(col(DirectoryNews.lease_until).is_(None), col(DirectoryNews.lease_until) <= now)
    query = (
        select(DirectoryNews)
        .where(
            col(DirectoryNews.platform) == source.platform,
            col(DirectoryNews.app) == source.app,
            col(DirectoryNews.tries) < MOST_TRIES,
            free,
        )
        .order_by(col(DirectoryNews.noted_at), col(DirectoryNews.id))
        .limit(MOST_NEWS)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.execute(query).scalars())
    for row in rows:
        row.lease_until, row.tries = now + LEASE, row.tries + 1
    session.flush()
    return [News(row.id, Subject(row.kind), row.external_id, row.noted_at) for row in rows]


def settle(session: Session, done: Iterable[News]) -> None:
    """These were looked up; what was told again meanwhile stays."""
    for one in done:
        over = delete(DirectoryNews).where(
            col(DirectoryNews.id) == one.id, col(DirectoryNews.noted_at) == one.noted_at
        )
        session.execute(over)


def over(session: Session, source: Source, subjects: Collection[Subject], read_at: datetime) -> None:
    """All of it was read: what was told before is known."""
    session.execute(
        delete(DirectoryNews).where(
            col(DirectoryNews.platform) == source.platform,
            col(DirectoryNews.app) == source.app,
            col(DirectoryNews.kind).in_([one.value for one in subjects]),
            col(DirectoryNews.noted_at) <= read_at,
        )
    )


def _known(session: Session, source: Source, people: Iterable[Colleague]) -> dict[str, Account]:
    found = (accounts.account(session, source, one.userid) for one in people)
    return {one.identity.external_id: one for one in found if one is not None}


def _people(
    ctx: Context,
    people: Iterable[Colleague],
    source: Source,
    known: dict[str, Account],
    done: Synced,
    read_at: datetime,
) -> None:
    """Bring colleagues in step. Whoever has left since they were read stays gone."""
    ids = {name: row.department_id for name, row in departments.kept(ctx.session, source).items()}
    some = [one.member.id for one in known.values()]
    names, links = departments.names(ctx.session, source), departments.links(ctx.session, source, some)
    leading = accounts.leading(ctx.session, some)
    for one in people:
        account = known.get(one.userid)
        if not one.active:
            _gone(ctx, account, done, everywhere=True)
            continue
        if account is not None and (account.identity.left_at or read_at) > read_at:
            continue
        department = names.get(one.main, "")
        if account is None:
            taken = accounts.adopt(ctx, source, one, department)
            account = known[one.userid] = taken.account
            done.added += taken.is_new
            done.doubtful += [one.name] if taken.doubtful else []
        else:
            done.back += accounts.revive(ctx, account)
            address = one.address or account.identity.address
            changed(ctx, account.identity, leaders=list(one.leaders), address=address)
            account.identity.synced_at = ctx.now
        if leading.setdefault(account.member.id, account.identity.id) == account.identity.id:
            done.changed += _facts(ctx, account, one, department)
        now = links.get(account.member.id, ())
        departments.place(ctx.session, source, account.member.id, one, ids, now)
    ctx.session.flush()


def _facts(ctx: Context, account: Account, one: Colleague, department: str) -> bool:
    """What the directory says about a member; what it does not say stays as it is."""
    member = account.member
    before = member.version
    changed(
        ctx,
        member,
        name=one.name or member.name,
        department=department or member.department,
        position=one.position or member.position,
    )
    return member.version != before


def _gone(ctx: Context, account: Account | None, done: Synced, *, everywhere: bool) -> None:
    if account is None or account.identity.left_at is not None:
        return
    leaver = end(ctx, account.identity, everywhere=everywhere)
    if leaver is not None:
        done.left.append(leaver)


def _missing(
    ctx: Context, directory: Directory, known: Iterable[Account], done: Synced, *, certain: bool
) -> None:
    there = {one.userid for one in directory.people}
    living = [one for one in known if one.identity.left_at is None]
    missing = [one for one in living if one.identity.external_id not in there]
    believable = len(missing) <= max(FEW, SHARE * len(living)) and bool(directory.people)
    if not (certain or (directory.complete and believable)):
        done.held_back = len(missing)
        return
    for one in missing:
        _gone(ctx, one, done, everywhere=False)
