"""External contacts of WeCom (客户联系): taken over, linked, kept in step. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlmodel import Session, col

from crm.context import Context
from crm.identities import Kind, put
from crm.journal import changed, created
from store import search
from store.tables import Contact, ExternalContact, ExternalFollow, Identity

AT_ONCE = 500
"""People whose rows are looked for with one statement."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A member's side: `userid` in lower case, the remark and tags that he gave, how and when they met."""

    userid: str
    remark: str = ""
    description: str = ""
    corp_remark: str = ""
    tags: tuple[str, ...] = ()
    add_way: int = 0
    state: str = ""
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class External:
    """Somebody outside, and who has added him. `kind` 1 on WeChat, 2 on WeCom elsewhere."""

    external_id: str
    name: str = ""
    corp_name: str = ""
    corp_full_name: str = ""
    position: str = ""
    kind: int = 0
    follows: tuple[Follow, ...] = ()


@dataclass(slots=True)
class Imported:
    """How many were added, have changed, were linked to a customer just now, are in touch no more."""

    added: int = 0
    changed: int = 0
    linked: int = 0
    parted: int = 0


@dataclass(slots=True)
class _Known:
    """Contacts by their id at the platform, who follows each by row and userid, members by userid."""

    contacts: dict[str, ExternalContact]
    follows: dict[int, dict[str, ExternalFollow]] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)


def take(ctx: Context, platform: str, people: Iterable[External], *, whole: bool = False) -> Imported:
    """Add or bring in step. With `whole`, all who follow each of them are given. Does not commit."""
    done, waiting = Imported(), iter(people)
    while some := list(islice(waiting, AT_ONCE)):
        known = _known(ctx.session, platform, some)
        for one in some:
            if one.follows or one.external_id in known.contacts:  # else come and gone
                _take(ctx, platform, one, known, done, whole=whole)
    return done


def _take(ctx: Context, platform: str, one: External, known: _Known, done: Imported, *, whole: bool) -> None:
    row = _row(ctx, platform, one, known, done)
    follows = known.follows.setdefault(row.id, {})
    before = list(follows.items())
    touched = [_follow(ctx, row, known, follow) for follow in one.follows]
    done.changed += any(touched)
    done.linked += _link(ctx, row, one)
    if whole:
        there = {follow.userid for follow in one.follows}
        done.parted += sum(_part(ctx, old) for key, old in before if key not in there)


def _known(session: Session, platform: str, people: Sequence[External]) -> _Known:
    """What there is of these already."""
    contacts = select(ExternalContact).where(
        col(ExternalContact.platform) == platform,
        col(ExternalContact.external_id).in_([one.external_id for one in people]),
    )
    known = _Known({row.external_id: row for row in session.execute(contacts).scalars()})
    ids = [row.id for row in known.contacts.values()]
    follows = select(ExternalFollow).where(col(ExternalFollow.contact_id).in_(ids))
    for follow in session.execute(follows.order_by(col(ExternalFollow.id))).scalars():
        known.follows.setdefault(follow.contact_id, {})[follow.external_id] = follow
    userids = {follow.userid for one in people for follow in one.follows}
    members = select(col(Identity.external_id), col(Identity.member_id)).where(
        col(Identity.platform) == platform, col(Identity.external_id).in_(userids)
    )
    for userid, member_id in session.execute(members.order_by(col(Identity.id))):
        known.members.setdefault(userid, member_id)
    return known


def missing(ctx: Context, platform: str, userids: Collection[str], seen: Collection[tuple[str, str]]) -> int:
    """End what was not `seen` as (external id, userid); how many.

    Only for userids of which everything was read.
    """
    query = (
        select(col(ExternalContact.external_id), ExternalFollow)
        .join(ExternalFollow, col(ExternalFollow.contact_id) == col(ExternalContact.id))
        .where(
            col(ExternalContact.platform) == platform,
            col(ExternalFollow.external_id).in_(list(userids)),
            col(ExternalFollow.gone_at).is_(None),
        )
    )
    gone = [row[1] for row in ctx.session.execute(query) if (row[0], row[1].external_id) not in seen]
    return sum(_part(ctx, one) for one in gone)


def parted(ctx: Context, platform: str, external_id: str, userid: str) -> bool:
    """One of the two has removed the other; whether that is news."""
    row = find(ctx.session, platform, external_id)
    follows = _follows(ctx.session, row.id) if row is not None else []
    return sum(_part(ctx, one) for one in follows if one.external_id == userid.lower()) > 0


def find(session: Session, platform: str, external_id: str) -> ExternalContact | None:
    """An external contact by the platform's id."""
    query = select(ExternalContact).where(
        col(ExternalContact.platform) == platform, col(ExternalContact.external_id) == external_id
    )
    found: ExternalContact | None = session.execute(query).scalar_one_or_none()
    return found


def _row(ctx: Context, platform: str, one: External, known: _Known, done: Imported) -> ExternalContact:
    row = known.contacts.get(one.external_id)
    if row is None:
        done.added += 1
        row = known.contacts[one.external_id] = created(
            ctx,
            ExternalContact(
                platform=platform,
                external_id=one.external_id,
                name=one.name,
                corp_name=one.corp_full_name or one.corp_name,
                position=one.position,
                kind=one.kind,
                created_at=ctx.now,
                updated_at=ctx.now,
            ),
        )
        return row
    before = row.version
    changed(
        ctx,
        row,
        name=one.name or row.name,
        corp_name=one.corp_full_name or one.corp_name or row.corp_name,
        position=one.position or row.position,
        kind=one.kind or row.kind,
    )
    done.changed += row.version != before
    return row


def _follow(ctx: Context, row: ExternalContact, known: _Known, one: Follow) -> bool:
    """Bring one member's side in step; whether an existing one has changed."""
    values: dict[str, object] = {
        "member_id": known.members.get(one.userid),
        "remark": one.remark,
        "description": one.description,
        "corp_remark": one.corp_remark,
        "tags": list(one.tags),
        "add_way": one.add_way,
        "state": one.state,
        "added_at": one.added_at,
        "gone_at": None,
    }
    kept = known.follows[row.id].get(one.userid)
    if kept is not None:
        before = kept.version
        changed(ctx, kept, **values)
        return kept.version != before
    added = ExternalFollow(contact_id=row.id, external_id=one.userid, added_at=None, updated_at=ctx.now)
    for name, value in values.items():
        setattr(added, name, value)
    known.follows[row.id][one.userid] = created(ctx, added)
    return False


def _link(ctx: Context, row: ExternalContact, one: External) -> bool:
    """Link to the one customer of exactly this name, and to his only contact of this name; both stay."""
    names = (one.corp_full_name, one.corp_name, *(follow.corp_remark for follow in one.follows))
    before = row.version
    if row.customer_id is None:
        found = {match.customer_id for name in names if name for match in search.exact(ctx.session, name)}
        if len(found) == 1:
            changed(ctx, row, customer_id=found.pop())
    if row.customer_id is not None and row.contact_id is None and one.name:
        query = select(col(Contact.id)).where(
            col(Contact.customer_id) == row.customer_id,
            col(Contact.archived_at).is_(None),
            col(Contact.name).in_([one.name, *(follow.remark for follow in one.follows if follow.remark)]),
        )
        contacts = ctx.session.execute(query.limit(2)).scalars().all()
        if len(contacts) == 1:
            changed(ctx, row, contact_id=contacts[0])
    if row.customer_id is not None and row.version != before:
        put(ctx, row.customer_id, Kind.EXTERNAL, row.external_id, contact_id=row.contact_id, source="wecom")
    return row.version != before


def _part(ctx: Context, one: ExternalFollow) -> bool:
    if one.gone_at is not None:
        return False
    changed(ctx, one, gone_at=ctx.now)
    return True


def _follows(session: Session, contact_id: int) -> list[ExternalFollow]:
    query = select(ExternalFollow).where(col(ExternalFollow.contact_id) == contact_id)
    return list(session.execute(query.order_by(col(ExternalFollow.id))).scalars())
