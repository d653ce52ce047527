"""The outbox: what is to be sent, as rendered bytes, in order for each lane, shared by leases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, tuple_, update
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import col

from store import rates
from store.fast import Fast, connection_of
from store.ids import new_id
from store.once import Once, table_of
from store.rates import Counts, Wanted
from store.tables import CardRow, Outbox, OutboxState

LEASE = timedelta(seconds=60)
CODE_LIFE = timedelta(hours=72)  # developer.work.weixin.qq.com/document/path/94888
OPEN = (OutboxState.PENDING, OutboxState.LEASED)


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to send: `body` the exact bytes; `idem_key` makes it one, however often it is asked for.

    `words` is the body before it was made different from an earlier one that said the same.
    """

    idem_key: str
    platform: str
    app: str
    lane: str
    receiver: str
    body: bytes
    kind: str = "send"
    card_id: int | None = None
    inbox_id: int | None = None
    due_at: datetime | None = None
    words: bytes = b""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed letter, on its way. `response_code` is what an update needs, "" where there is none left."""

    id: int
    platform: str
    app: str
    lane: str
    receiver: str
    kind: str
    body: bytes
    attempts: int
    card_id: int | None
    response_code: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was leased; `again` where more may be found at once."""

    parcels: list[Parcel]
    again: bool = False


TABLE = table_of(Outbox)
CARDS = table_of(CardRow)
_PUT = Once(Outbox)
_EARLIER = TABLE.alias("earlier")
_BLOCKED = select(_EARLIER.c.id).where(
    _EARLIER.c.lane == TABLE.c.lane, _EARLIER.c.state.in_(OPEN), _EARLIER.c.id < TABLE.c.id
)
_PARCEL = (
    *(TABLE.c.id, TABLE.c.platform, TABLE.c.app, TABLE.c.lane, TABLE.c.receiver, TABLE.c.kind, TABLE.c.body),
    *(TABLE.c.attempts, TABLE.c.card_id, CARDS.c.response_code, TABLE.c.created_at, CARDS.c.code_expires_at),
)
_NAMES = tuple(column.name for column in _PARCEL)
_CLAIM = (
    select(*_PARCEL)
    .select_from(TABLE.outerjoin(CARDS, and_(CARDS.c.id == TABLE.c.card_id, TABLE.c.kind == "update")))
    .where(
        TABLE.c.due_at <= bindparam("now"),
        or_(
            TABLE.c.state == OutboxState.PENDING,
            and_(TABLE.c.state == OutboxState.LEASED, TABLE.c.lease_until < bindparam("now")),
        ),
        TABLE.c.state.in_(OPEN),
        ~_BLOCKED.exists(),
    )
    .order_by(TABLE.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=TABLE)
)
_CLAIM_BUT = _CLAIM.where(tuple_(TABLE.c.platform, TABLE.c.app).not_in(bindparam("away", expanding=True)))
_DUE = Fast(_CLAIM)
_LEASE = Fast(
    update(TABLE)
    .where(TABLE.c.id == bindparam("parcel"))
    .values(
        state=OutboxState.LEASED,
        leased_by=bindparam("worker"),
        lease_until=bindparam("until"),
        attempts=TABLE.c.attempts + 1,
    )
)
_LATER = Fast(update(TABLE).where(TABLE.c.id == bindparam("parcel")).values(due_at=bindparam("at")))
_SENT = Fast(
    update(TABLE)
    .where(TABLE.c.id == bindparam("parcel"))
    .values(
        state=OutboxState.SENT,
        sent_at=bindparam("sent_at"),
        message_id=bindparam("message_id"),
        lease_until=None,
        last_error="",
    )
)
_CODE_OF = (
    update(CARDS)
    .where(CARDS.c.id == bindparam("card"))
    .values(response_code=bindparam("code"), code_expires_at=bindparam("until"), updated_at=bindparam("now"))
)
_CODE = Fast(_CODE_OF)
_USED = Fast(_CODE_OF.where(CARDS.c.response_code == bindparam("used")))


def put(session: OrmSession, letter: Letter, now: datetime) -> int | None:
    """Queue a letter; its id, or None where one with this key was queued before."""
    new = new_id()
    values = {
        "id": new,
        "idem_key": letter.idem_key,
        "inbox_id": letter.inbox_id,
        "platform": letter.platform,
        "app": letter.app,
        "lane": letter.lane,
        "receiver": letter.receiver,
        "kind": letter.kind,
        "body": letter.body,
        "body_hash": digest(letter.words or letter.body),
        "card_id": letter.card_id,
        "state": OutboxState.PENDING,
        "due_at": letter.due_at or now,
        "attempts": 0,
        "leased_by": "",
        "last_error": "",
        "message_id": "",
        "created_at": now,
    }
    return new if _PUT.put(session, values) else None


def digest(body: bytes) -> str:
    """A short fingerprint of a body."""
    return hashlib.sha256(body).hexdigest()[:24]


def repeats(session: OrmSession, lane: str, body: bytes, since: datetime) -> int:
    """How often this very body was queued for the lane since then: WeCom would swallow another one."""
    query = select(func.count()).where(
        col(Outbox.lane) == lane, col(Outbox.body_hash) == digest(body), col(Outbox.created_at) >= since
    )
    return session.execute(query).scalar_one()


def claim(
    session: OrmSession, worker: str, now: datetime, most: int = 32, away: Collection[tuple[str, str]] = ()
) -> list[Parcel]:
    """Lease what is due: at most one letter of a lane, and only the oldest that is not settled.

    `away` are apps (platform and name) for which nothing can be sent now: theirs waits.
    """
    parcels = _due(session, now, most, away)
    _lease(session, worker, now, parcels)
    return parcels


def claim_within(
    session: OrmSession,
    worker: str,
    now: datetime,
    most: int,
    away: Collection[tuple[str, str]],
    under: Callable[[Parcel], Wanted[Parcel]],
    counts: Counts,
) -> Claimed:
    """The same within the limits that each letter is `under`; one for which there is no room is put off."""
    found = _due(session, now, most, away)
    if not found:
        return Claimed([])
    if not rates.alone(session):
        return Claimed([], again=True)
    granted = rates.take(session, [under(one) for one in found], now, counts)
    _lease(session, worker, now, granted.now)
    _LATER.each(session, [{"parcel": one.id, "at": at} for one, at in granted.later])
    return Claimed(granted.now, again=bool(granted.later))


def _due(session: OrmSession, now: datetime, most: int, away: Collection[tuple[str, str]]) -> list[Parcel]:
    values: dict[str, Any] = {"now": now, "most": most}
    rows: Iterable[Sequence[Any]]
    if away:
        rows = connection_of(session).execute(_CLAIM_BUT, values | {"away": sorted(away)}).all()
    else:
        rows = _DUE.rows(session, values)
    return [_parcel(row, now) for row in rows]


def _lease(session: OrmSession, worker: str, now: datetime, parcels: Sequence[Parcel]) -> None:
    lease = {"worker": worker, "until": now + LEASE}
    _LEASE.each(session, [lease | {"parcel": one.id} for one in parcels])


def _parcel(row: Sequence[Any], now: datetime) -> Parcel:
    """A row of `_PARCEL`."""
    held = dict(zip(_NAMES, row, strict=True))
    expires_at = held.pop("code_expires_at")
    code = held["response_code"] if expires_at is not None and expires_at > now else ""
    return Parcel(**held | {"attempts": held["attempts"] + 1, "response_code": code})


def sent(session: OrmSession, parcel: Parcel, *, message_id: str, response_code: str, now: datetime) -> None:
    """The platform said yes. A card keeps the code for its next update; an update has used the code."""
    _SENT.run(session, {"parcel": parcel.id, "sent_at": now, "message_id": message_id})
    if parcel.card_id is None or not (response_code or parcel.kind == "update"):
        return
    code = {"card": parcel.card_id, "code": response_code, "until": now + CODE_LIFE, "now": now}
    if parcel.kind == "update":
        _USED.run(session, code | {"used": parcel.response_code})
    else:
        _CODE.run(session, code)


def release(session: OrmSession) -> None:
    """Take back every lease: where one process alone sends, whoever held them before is dead."""
    session.execute(
        update(TABLE)
        .where(TABLE.c.state == OutboxState.LEASED)
        .values(state=OutboxState.PENDING, lease_until=None)
    )


def again(session: OrmSession, parcel: Parcel, *, at: datetime, reason: str) -> None:
    """Not now: try again at `at`."""
    session.execute(
        update(Outbox)
        .where(col(Outbox.id) == parcel.id)
        .values(state=OutboxState.PENDING, due_at=at, last_error=reason, lease_until=None)
    )


def park(session: OrmSession, parcel_id: int, reason: str) -> None:
    """Given up: it waits for a person, and the lane goes on."""
    session.execute(
        update(Outbox)
        .where(col(Outbox.id) == parcel_id)
        .values(state=OutboxState.PARKED, last_error=reason, lease_until=None)
    )


def skip(session: OrmSession, parcel_id: int, reason: str) -> None:
    """It has become pointless to send this, and nobody needs to care."""
    session.execute(
        update(Outbox)
        .where(col(Outbox.id) == parcel_id)
        .values(state=OutboxState.SKIPPED, last_error=reason, lease_until=None)
    )


def unpark(session: OrmSession, outbox_id: int, now: datetime) -> bool:
    """Send something given up after all; False where it is not parked."""
    changed = session.execute(
        update(Outbox)
        .where(col(Outbox.id) == outbox_id, col(Outbox.state) == OutboxState.PARKED)
        .values(state=OutboxState.PENDING, due_at=now, attempts=0)
        .returning(col(Outbox.id))
    )
    return changed.first() is not None


def listed(session: OrmSession, state: str, most: int = 100) -> list[Outbox]:
    """Letters in this state, oldest first."""
    query = select(Outbox).where(col(Outbox.state) == state).order_by(col(Outbox.id)).limit(most)
    return list(session.execute(query).scalars())


def counts(session: OrmSession) -> dict[str, int]:
    """How many letters there are in each state."""
    query = select(col(Outbox.state), func.count()).group_by(col(Outbox.state))
    return {row[0]: row[1] for row in session.execute(query)}
