"""Customers' groups of WeCom (客户群) that go to whoever gets the customers at a hand-over.

A group is not kept here: who gets it is decided when its members are known, the platform does it at once,
and what came of it is written down as events of the hand-over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlmodel import Session, col

from crm import once
from crm.context import Context
from crm.handover.inventory import Kind
from crm.handover.plans import AHEAD, DONE, LEAVE
from crm.journal import log
from crm.transfers import GRACE, WECOM, State, accounts
from store.tables import (
    EventLog,
    ExternalContact,
    ExternalFollow,
    ExternalTransfer,
    Handover,
    HandoverItem,
    Identity,
    Member,
)

GIVEN, FINISHED = "groups_given", "groups_finished"
GIVEN_UP = timedelta(days=3)  # that the platform may be out of reach, or the app without the right to it


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hand-over whose groups are to go over: from whom (a userid), whether he has left, and to whom.

    `receivers` are members by the external ids of their people, `userids` their accounts; who has most of
    the rest is `first`.
    """

    handover_id: int
    app: str
    from_userid: str
    resigned: bool
    receivers: Mapping[str, int]
    userids: Mapping[int, str]
    first: int | None = None

    def receiver(self, externals: Iterable[str]) -> int | None:
        """Who gets the group of these people: who has most of them, otherwise `first`."""
        votes = Counter(self.receivers[one] for one in externals if one in self.receivers)
        return min(votes, key=lambda one: (-votes[one], one), default=self.first)


@dataclass(frozen=True, slots=True)
class Groups:
    """What became of a leaver's groups: how many have gone to whom (ids), and which (names) did not, why."""

    done: Mapping[int, int] = field(default_factory=dict)
    failed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many groups there were."""
        return sum(self.done.values()) + sum(map(len, self.failed.values()))


def take(session: Session, now: datetime, apps: Collection[str], most: int) -> list[Wanted]:
    """Hand-overs whose groups are due, each at most once an hour until it is finished."""
    query = (
        select(Handover, col(Member.active))
        .join(Member, col(Member.id) == col(Handover.member_id))
        .where(
            col(Handover.state) == DONE,
            col(Handover.kind).in_((LEAVE, AHEAD)),
            col(Handover.done_at) <= now - GRACE,
            col(Handover.done_at) > now - GIVEN_UP,
            ~_has(FINISHED),
        )
        .order_by(col(Handover.id))
        .limit(most * 10)
    )
    found: list[Wanted] = []
    for row, active in session.execute(query).all():
        own = accounts(session, col(Identity.member_id) == row.member_id)
        former = next((one for one in own if one.app in apps), None)
        name = f"handover.groups:{row.id}:{now:%Y%m%d%H}"
        if former is not None and len(found) < most and once.first(session, name, now):
            found.append(_wanted(session, row.id, former, resigned=not active))
    return found


def given(ctx: Context, wanted: Wanted, to_id: int | None, chats: Mapping[str, tuple[str, int]]) -> None:
    """Write down what became of some groups: (name, code) by chat id, 0 that it has gone to the member."""
    row = ctx.session.get_one(Handover, wanted.handover_id)
    log(ctx, row, GIVEN, {}, {"to": to_id, "chats": {one: list(what) for one, what in chats.items()}})


def finished(ctx: Context, handover_id: int) -> None:
    """Write down that nothing is left to be given."""
    log(ctx, ctx.session.get_one(Handover, handover_id), FINISHED, {}, {})


def outcome(session: Session, handover_id: int) -> Groups:
    """What became of the groups of a hand-over so far."""
    query = select(col(EventLog.after)).where(
        col(EventLog.object) == "handover",
        col(EventLog.object_id) == handover_id,
        col(EventLog.type) == GIVEN,
    )
    last: dict[str, tuple[int, str, int]] = {}
    for after in session.execute(query.order_by(col(EventLog.id))).scalars():
        for chat_id, (name, code) in after["chats"].items():
            last[chat_id] = (after["to"] or 0, name, code)
    done: Counter[int] = Counter()
    failed: dict[int, list[str]] = defaultdict(list)
    for to_id, name, code in last.values():
        if code:
            failed[code].append(name)
        else:
            done[to_id] += 1
    return Groups(done, {code: tuple(names) for code, names in failed.items()})


def ended(session: Session, now: datetime) -> list[int]:
    """Hand-overs that had groups but no external contacts, once all are decided, the newest first."""
    other = select(col(ExternalTransfer.handover_id)).where(
        col(ExternalTransfer.state) != State.DROPPED.value
    )
    query = (
        select(col(Handover.id))
        .where(
            col(Handover.state) == DONE,
            col(Handover.done_at) > now - 2 * GIVEN_UP,
            _has(FINISHED),
            _has(GIVEN),
            col(Handover.id).not_in(other),
        )
        .order_by(col(Handover.id).desc())
    )
    return list(session.execute(query).scalars())


def _has(kind: str) -> ColumnElement[bool]:
    """Whether a hand-over has such an event since it was carried out."""
    return exists().where(
        col(EventLog.object) == "handover",
        col(EventLog.object_id) == col(Handover.id),
        col(EventLog.type) == kind,
        col(EventLog.at) >= col(Handover.done_at),
    )


def _wanted(session: Session, handover_id: int, former: Identity, *, resigned: bool) -> Wanted:
    """What is to be done with the groups of the account `former`."""
    items = select(col(HandoverItem.to_id), col(HandoverItem.object)).where(
        col(HandoverItem.handover_id) == handover_id, col(HandoverItem.to_id).is_not(None)
    )
    rows = [(row[0], row[1]) for row in session.execute(items)]
    anybody = Counter(to_id for to_id, _ in rows)
    people = Counter(to_id for to_id, kind in rows if kind == Kind.CUSTOMER.value) or anybody
    living = accounts(session, col(Identity.member_id).in_(anybody), living=True)
    userids = {
        one.member_id: one.address or one.external_id for one in reversed(living) if one.app == former.app
    }
    return Wanted(
        handover_id,
        former.app,
        former.address or former.external_id,
        resigned,
        _receivers(session, handover_id),
        userids,
        min(people, key=lambda one: (-people[one], one), default=None),
    )


def _receivers(session: Session, handover_id: int) -> dict[str, int]:
    """Who gets the people outside, by external id: those of the leaver, and those of his customers."""
    of_item = (col(HandoverItem.handover_id) == handover_id, col(HandoverItem.to_id).is_not(None))
    what = select(col(ExternalContact.external_id), col(HandoverItem.to_id)).where(
        *of_item, col(ExternalContact.platform) == WECOM
    )
    of_customers = what.join(HandoverItem, col(HandoverItem.object_id) == col(ExternalContact.customer_id))
    of_leaver = what.join(ExternalFollow, col(ExternalFollow.contact_id) == col(ExternalContact.id)).join(
        HandoverItem, col(HandoverItem.object_id) == col(ExternalFollow.id)
    )
    found: dict[str, int] = {}
    for query, kind in ((of_customers, Kind.CUSTOMER), (of_leaver, Kind.EXTERNAL)):
        rows = session.execute(query.where(col(HandoverItem.object) == kind.value))
        found |= {row[0]: row[1] for row in rows}
    return found
