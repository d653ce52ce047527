"""What a manager hears of his people's follow-ups: as they are recorded, or once in the evening, or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from crm.colleagues import names_of
from crm.context import Context
from crm.customers import called
from crm.errors import UserMistake
from crm.rights import visible, words_of
from store.ids import earlier, new_id
from store.tables import Activity, FeedSetting, Member

GATHER = timedelta(minutes=2)
"""What is recorded this soon after somebody was told waits, and comes together."""
LAG = 3.0  # seconds; ids are made before they are committed, so the newest ones may not all be there yet
AT_ONCE = 300  # activities in one look
LATE = timedelta(days=7)
"""A day's digest tells of what was recorded that day and happened since then."""
MOST_SHARES = 5
"""People whose follow-ups of the day are named."""
MOST_SHOWN = 100


class Mode(StrEnum):
    """How a manager wants it."""

    LIVE = "live"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Entry:
    """One follow-up of one's people. `happened` is local."""

    id: int
    kind: str
    raw: str
    author_id: int
    author: str
    customer_id: int | None
    called: str
    happened: datetime
    row: Activity


@dataclass(frozen=True, slots=True)
class Share:
    """What one of them has recorded: how much, and the newest of it."""

    author: str
    count: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of one's people: how much in all, by how many, and those with the most."""

    total: int
    people: int
    shares: tuple[Share, ...]


def set_mode(ctx: Context, mode: Mode) -> None:
    """Choose, from now on: what was recorded before is not told. Raises `UserMistake` without people."""
    if not has_people(ctx):
        raise UserMistake("动态是带团队的人看下属跟进用的，你现在没有下属，不用设置。")
    row = ctx.session.get(FeedSetting, ctx.actor.id) or FeedSetting(
        member_id=ctx.actor.id, updated_at=ctx.now
    )
    if row.mode != mode or not row.seen_id:
        row.seen_id, row.sent_at = new_id(), None
    row.mode, row.updated_at = mode, ctx.now
    ctx.session.add(row)
    ctx.session.flush()


def mode_of(ctx: Context) -> Mode:
    """What was chosen; the digest where nothing was."""
    row = ctx.session.get(FeedSetting, ctx.actor.id)
    return Mode(row.mode) if row is not None else Mode.DIGEST


def has_people(ctx: Context) -> bool:
    """Whether anybody reports to the actor."""
    below = select(col(Member.id)).where(
        col(Member.superior_id) == ctx.actor.id, col(Member.active).is_(True)
    )
    return ctx.session.execute(below.limit(1)).first() is not None


def listeners(session: Session, now: datetime) -> list[FeedSetting]:
    """Those who hear at once, and were not told just now."""
    query = (
        select(FeedSetting)
        .join(Member, col(Member.id) == col(FeedSetting.member_id))
        .where(
            col(FeedSetting.mode) == Mode.LIVE,
            col(Member.active).is_(True),
            col(FeedSetting.sent_at).is_(None) | (col(FeedSetting.sent_at) <= now - GATHER),
        )
    )
    return list(session.scalars(query.order_by(col(FeedSetting.member_id))))


def recorded_since(session: Session, after: int) -> list[Activity]:
    """What was recorded after the row `after`, the oldest first, as far as all of it is there."""
    query = (
        select(Activity)
        .where(col(Activity.id) > after, col(Activity.id) <= earlier(new_id(), LAG))
        .order_by(col(Activity.id))
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def superiors(session: Session) -> dict[int, int | None]:
    """Everybody's superior."""
    rows = session.execute(select(col(Member.id), col(Member.superior_id)))
    return {row[0]: row[1] for row in rows}


def above(member_id: int, superior_of: Mapping[int, int | None]) -> set[int]:
    """Everybody above a member; a ring ends by itself."""
    found: set[int] = set()
    one = superior_of.get(member_id)
    while one is not None and one not in found and one != member_id:
        found.add(one)
        one = superior_of.get(one)
    return found


def below(manager_id: int, superior_of: Mapping[int, int | None]) -> list[int]:
    """Everybody below a manager."""
    return [one for one in superior_of if manager_id in above(one, superior_of)]


def told_of(row: Activity, seen_id: int) -> bool:
    """Whether a record is news: it stands, and is no correction of what was told already."""
    return (
        row.id > seen_id and row.voided_at is None and (row.corrects_id is None or row.corrects_id > seen_id)
    )


def take(session: Session, member_id: int, seen_id: int, until: int, now: datetime | None) -> bool:
    """Go on to `until` for one listener; False where another replica has. `now` where he is told."""
    values: dict[str, object] = {"seen_id": until}
    if now is not None:
        values["sent_at"] = now
    done = session.connection().execute(
        update(FeedSetting)
        .where(col(FeedSetting.member_id) == member_id, col(FeedSetting.seen_id) == seen_id)
        .values(**values)
        .returning(col(FeedSetting.member_id))
    )
    return done.first() is not None


def skip(session: Session, members: Collection[int], until: int) -> None:
    """Go on for those to whom nothing of it was news."""
    if members:
        session.connection().execute(
            update(FeedSetting)
            .where(col(FeedSetting.member_id).in_(members), col(FeedSetting.seen_id) < until)
            .values(seen_id=until)
        )


def of_day(ctx: Context, people: Sequence[int], start: datetime) -> Day:
    """What one's people have recorded since `start` (aware), within the actor's rights."""
    recorded = (
        col(Activity.author_id).in_(people),
        col(Activity.happened_at) >= start - LATE,
        col(Activity.created_at) >= start,
        col(Activity.created_at) <= ctx.now,
        col(Activity.voided_at).is_(None),
        visible(ctx, Activity),
    )
    number = func.count(col(Activity.id))
    counts = ctx.session.execute(
        select(col(Activity.author_id), number)
        .where(*recorded)
        .group_by(col(Activity.author_id))
        .order_by(number.desc(), col(Activity.author_id))
    ).all()
    top = [(author, count) for author, count in counts[:MOST_SHARES]]
    newest = (
        select(Activity)
        .where(*recorded, col(Activity.author_id).in_([author for author, _ in top]))
        .order_by(col(Activity.happened_at).desc(), col(Activity.id).desc())
        .limit(MOST_SHOWN)
    )
    shown = entries(ctx, ctx.session.scalars(newest)) if top else []
    names = names_of(ctx, (author for author, _ in top))
    shares = tuple(
        Share(names[author], count, tuple(one for one in shown if one.author_id == author))
        for author, count in top
    )
    return Day(sum(count for _, count in counts), len(counts), shares)


def seen_by(ctx: Context, rows: Sequence[Activity]) -> list[Entry]:
    """Those of these records that the actor may see, as entries."""
    ids = [row.id for row in rows]
    query = select(col(Activity.id)).where(col(Activity.id).in_(ids), visible(ctx, Activity))
    allowed = set(ctx.session.scalars(query))
    return entries(ctx, [row for row in rows if row.id in allowed])


def entries(ctx: Context, rows: Iterable[Activity]) -> list[Entry]:
    """Records as they are shown."""
    listed = list(rows)
    words = words_of(ctx, listed)
    names = called(ctx.session, [row.customer_id for row in listed if row.customer_id])
    authors = names_of(ctx, (row.author_id for row in listed))
    return [
        Entry(
            id=row.id,
            kind=row.kind,
            raw=words[row.id],
            author_id=row.author_id,
            author=authors[row.author_id],
            customer_id=row.customer_id,
            called=names.get(row.customer_id or 0, ""),
            happened=ctx.wall(row.happened_at),
            row=row,
        )
        for row in listed
    ]
