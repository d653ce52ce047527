"""External contacts of WeCom (客户联系): taken over, linked, kept in step. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from crm.context import Context
from crm.identities import Kind, put
from crm.journal import changed, created
from store import search
from store.tables import Contact, ExternalContact, ExternalFollow, Identity


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


def take(ctx: Context, platform: str, people: Iterable[External], *, whole: bool = False) -> Imported:
    """Add or bring in step. With `whole`, all who follow each of them are given. Does not commit."""
    done = Imported()
    for one in people:
        if not one.follows and find(ctx.session, platform, one.external_id) is None:
            continue  # come and gone
        row = _row(ctx, platform, one, done)
        follows = {follow.external_id: follow for follow in _follows(ctx.session, row.id)}
        touched = [_follow(ctx, platform, row, follows.get(one_.userid), one_) for one_ in one.follows]
        done.changed += any(touched)
        done.linked += _link(ctx, row, one)
        if whole:
            there = {follow.userid for follow in one.follows}
            done.parted += sum(_part(ctx, old) for key, old in follows.items() if key not in there)
    return done


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


def _row(ctx: Context, platform: str, one: External, done: Imported) -> ExternalContact:
    row = find(ctx.session, platform, one.external_id)
    if row is None:
        done.added += 1
        return created(
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


def _follow(
    ctx: Context, platform: str, row: ExternalContact, kept: ExternalFollow | None, one: Follow
) -> bool:
    """Bring one member's side in step; whether an existing one has changed."""
    values: dict[str, object] = {
        "member_id": _member(ctx.session, platform, one.userid),
        "remark": one.remark,
        "description": one.description,
        "corp_remark": one.corp_remark,
        "tags": list(one.tags),
        "add_way": one.add_way,
        "state": one.state,
        "added_at": one.added_at,
        "gone_at": None,
    }
    if kept is not None:
        before = kept.version
        changed(ctx, kept, **values)
        return kept.version != before
    added = ExternalFollow(contact_id=row.id, external_id=one.userid, added_at=None, updated_at=ctx.now)
    for name, value in values.items():
        setattr(added, name, value)
    created(ctx, added)
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


def _member(session: Session, platform: str, userid: str) -> int | None:
    query = select(col(Identity.member_id)).where(
        col(Identity.platform) == platform, col(Identity.external_id) == userid
    )
    row = session.execute(query.order_by(col(Identity.id)).limit(1)).first()
    return None if row is None else int(row[0])
