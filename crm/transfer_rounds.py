"""One round of the transfers in WeCom: what is to be asked for now, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.context import Context
from crm.handover.moving import chunks
from crm.journal import changed
from crm.transfers import NO_ANSWER, NO_RECORD, RECEIVER_FULL, REFUSED_BY_PERSON, State
from store.tables import ExternalFollow, ExternalTransfer, Handover, Member

BATCH = 100  # contacts in one call
EFFECT = timedelta(hours=24)
LOOK_AGAIN = timedelta(hours=1)
GIVEN_UP = timedelta(days=7)
PATIENT = 3  # times that a contact may be missing in the result
LEASE = timedelta(minutes=5)
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Batch:
    """Contacts that one call asks for, or asks about. `rows` are ids by external id."""

    app: str
    from_userid: str
    to_userid: str
    resigned: bool
    rows: Mapping[str, int]


class Take(Protocol):
    """Takes hold of what is due in these apps, `most` batches."""

    def __call__(self, session: Session, *, now: datetime, apps: Collection[str], most: int) -> list[Batch]:
        """The batches."""
        ...


def to_ask(session: Session, *, now: datetime, apps: Collection[str], most: int) -> list[Batch]:
    """What is to be asked for now, taken hold of for some minutes; what was taken back is dropped."""
    return _take(session, now, State.WAITING, apps, most)


def to_look_up(session: Session, *, now: datetime, apps: Collection[str], most: int) -> list[Batch]:
    """What was asked for and may be decided by now."""
    return _take(session, now, State.ASKED, apps, most)


def _take(session: Session, now: datetime, state: State, apps: Collection[str], most: int) -> list[Batch]:
    query = (
        select(ExternalTransfer, col(Handover.state), col(Member.active))
        .join(Handover, col(Handover.id) == col(ExternalTransfer.handover_id))
        .join(Member, col(Member.id) == col(Handover.member_id))
        .where(
            col(ExternalTransfer.state) == state.value,
            col(ExternalTransfer.due_at) <= now,
            col(ExternalTransfer.app).in_(list(apps)),
        )
        .order_by(col(ExternalTransfer.due_at), col(ExternalTransfer.id))
        .limit(BATCH * most)
        .with_for_update(skip_locked=True, of=ExternalTransfer)
    )
    together: dict[tuple[str, str, str, bool], dict[str, int]] = defaultdict(dict)
    for row, handover, active in session.execute(query):
        if state is State.WAITING and handover != "done":
            row.state, row.updated_at = State.DROPPED, now
            continue
        row.due_at = now + LEASE
        together[row.app, row.from_userid, row.to_userid, not active][row.external_id] = row.id
    session.flush()
    return [
        Batch(*about, {one: rows[one] for one in some})
        for about, rows in sorted(together.items())
        for some in _parts(list(rows), BATCH if state is State.WAITING else len(rows))
    ]


def _parts(ids: Sequence[str], size: int) -> list[Sequence[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def asked(session: Session, batch: Batch, codes: Mapping[str, int], now: datetime) -> None:
    """What the platform said to each contact of a batch: 0 that it has begun. 40100 and 40129 say that it
    had begun before; one that it says nothing of is asked for again."""
    for row in _rows(session, batch):
        code = codes.get(row.external_id)
        row.updated_at = now
        if code is None:
            _again(row, now)
        elif code in (0, 40100, 40129):
            row.state, row.code, row.attempts, row.due_at = State.ASKED, 0, 0, now + EFFECT
        else:
            row.state, row.code = State.FAILED, code
    session.flush()


def looked_up(session: Session, batch: Batch, statuses: Mapping[str, int], now: datetime) -> list[str]:
    """What became of the contacts of a batch (1 done, 2 waiting, 3 refused, 4 receiver full, 5 no record
    [94082]); the external ids of those that went through."""
    through = []
    for row in _rows(session, batch):
        status = statuses.get(row.external_id, 2 if row.attempts < PATIENT else NO_RECORD)
        row.updated_at = now
        if status == 1:
            row.state = State.DONE
            through.append(row.external_id)
        elif status in (REFUSED_BY_PERSON, RECEIVER_FULL, NO_RECORD):
            row.state = State.REFUSED if status == REFUSED_BY_PERSON else State.FAILED
            row.code = status
        else:
            row.attempts += 1
            row.due_at = now + LOOK_AGAIN
            if row.attempts * LOOK_AGAIN > GIVEN_UP:
                row.state, row.code = State.FAILED, NO_ANSWER
    session.flush()
    return through


def put_off(session: Session, batch: Batch, now: datetime, code: int, after: timedelta | None = None) -> None:
    """The call failed: again `after` a while (the platform said so), or later and later; not for ever."""
    for row in _rows(session, batch):
        row.code, row.updated_at = code, now
        if after is not None:
            row.due_at = now + after
        else:
            _again(row, now)
    session.flush()


def _again(row: ExternalTransfer, now: datetime) -> None:
    if row.attempts >= len(BACKOFF):
        row.state = State.FAILED
        row.code = row.code or NO_ANSWER
        return
    row.due_at = now + BACKOFF[row.attempts]
    row.attempts += 1


def told(ctx: Context, external_id: str, to_userid: str, reason: str) -> None:
    """The platform tells that a transfer has failed: customer_refused or customer_limit_exceed."""
    query = select(ExternalTransfer).where(
        col(ExternalTransfer.external_id) == external_id,
        col(ExternalTransfer.state) == State.ASKED.value,
        func.lower(col(ExternalTransfer.to_userid)) == to_userid.lower(),
    )
    for row in ctx.session.execute(query).scalars():
        refused = reason == "customer_refused"
        row.state = State.REFUSED if refused else State.FAILED
        row.code = REFUSED_BY_PERSON if refused else RECEIVER_FULL
        row.updated_at = ctx.now
    ctx.session.flush()


def gone_over(ctx: Context, batch: Batch, external_ids: Collection[str]) -> None:
    """Those that went through are in touch with the former member no more."""
    ids = [batch.rows[one] for one in external_ids]
    for some in chunks(ids):
        query = (
            select(ExternalFollow)
            .join(ExternalTransfer, col(ExternalTransfer.follow_id) == col(ExternalFollow.id))
            .where(col(ExternalTransfer.id).in_(some), col(ExternalFollow.gone_at).is_(None))
        )
        for follow in ctx.session.execute(query).scalars():
            changed(ctx, follow, gone_at=ctx.now)


def _rows(session: Session, batch: Batch) -> list[ExternalTransfer]:
    query = select(ExternalTransfer).where(col(ExternalTransfer.id).in_(list(batch.rows.values())))
    return list(session.execute(query.with_for_update()).scalars())
