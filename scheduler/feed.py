"""The ticks of the managers' feed: what was just recorded for who hears it at once, and the day's digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from cards.feed import digest_card, live_card
from config.business import Business
from crm import feed, once
from crm.feed import Mode
from scheduler.claims import claimed
from scheduler.outgoing import Outgoing, on_behalf
from store.tables import Activity, FeedSetting, Member

UNTIL = time(22)
AT_ONCE = 10  # managers in one transaction: the writer is held for some tens of milliseconds


def live_feeds(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """What was recorded since, for each who hears at once: one card each."""
    waiting = feed.listeners(session, now)
    if not waiting:
        return []
    rows = feed.recorded_since(session, min(one.seen_id for one in waiting))
    if not rows:
        return []
    until, superior_of = rows[-1].id, feed.superiors(session)
    above = {author: feed.above(author, superior_of) for author in {row.author_id for row in rows}}
    found: list[Outgoing] = []
    quiet: list[int] = []
    for one in waiting:
        news = [r for r in rows if feed.told_of(r, one.seen_id) and one.member_id in above[r.author_id]]
        card = _news(session, one, news, until, now, business) if news else None
        if card is not None:
            found.append(card)
        elif not news:
            quiet.append(one.member_id)
    feed.skip(session, quiet, until)
    return found


def _news(
    session: Session,
    one: FeedSetting,
    news: Sequence[Activity],
    until: int,
    now: datetime,
    business: Business,
) -> Outgoing | None:
    """The card for one listener; None where he may see none of it, or another replica was first."""
    ctx = on_behalf(session, session.get_one(Member, one.member_id), now, business)
    entries = feed.seen_by(ctx, news)
    if not feed.take(session, one.member_id, one.seen_id, until, now if entries else None) or not entries:
        return None
    return Outgoing(f"feed:{one.member_id}:{until}", one.member_id, live_card(entries, ctx.local.date()))


def feed_digests(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """The day's digests, from `business.evening` until 22:00, local: once a day, none where it is empty."""
    local = now.astimezone(ZoneInfo(business.zone)).replace(tzinfo=None)
    if not business.evening <= local.time() < UNTIL:
        return []
    superior_of = feed.superiors(session)
    start = datetime.combine(local.date(), time(), ZoneInfo(business.zone))
    cards: list[Outgoing] = []
    for member in _not_served(session, local, superior_of):
        name = f"feed:{local.date()}:{member.id}"
        if not once.first(session, name, now):
            continue
        ctx = on_behalf(session, member, now, business)
        day = feed.of_day(ctx, feed.below(member.id, superior_of), start)
        if day.total:
            cards.append(Outgoing(name, member.id, digest_card(day, local.date())))
    return cards


def _not_served(session: Session, local: datetime, superior_of: Mapping[int, int | None]) -> Sequence[Member]:
    """The managers who want the digest and have not had today's."""
    managers = {one for one in superior_of.values() if one is not None}
    if not managers:
        return []
    other = select(col(FeedSetting.member_id)).where(col(FeedSetting.mode) != Mode.DIGEST)
    query = select(Member).where(
        col(Member.id).in_(managers), col(Member.active).is_(True), col(Member.id).not_in(other)
    )
    members = list(session.scalars(query.order_by(col(Member.id))))
    served = claimed(session, [f"feed:{local.date()}:{member.id}" for member in members])
    return [member for member in members if f"feed:{local.date()}:{member.id}" not in served][:AT_ONCE]
