"""Hand-overs that the clock looks after: those that wait, and how the transfers in WeCom have ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from cards.card import Card
from cards.handover import plan_card
from cards.transfers import outcome_card, received_words
from config.business import Business
from crm import group_transfers, once, transfers
from crm.deputies import stand_ins
from crm.group_transfers import Groups
from crm.handover import plans
from crm.handover.views import view
from crm.transfers import Outcome
from nlu.calendar import packaged
from scheduler.claims import claimed
from scheduler.outgoing import Outgoing, on_behalf
from store.tables import Handover, Member

UNTIL = time(12)
AT_ONCE = 20


def waiting_handovers(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """The hand-overs of leavers that nobody has decided, once each working morning, to whoever manages."""
    local = now.astimezone(ZoneInfo(business.zone)).replace(tzinfo=None)
    if not business.morning <= local.time() < UNTIL or not packaged().is_workday(local.date()):
        return []
    midnight = datetime.combine(local.date(), time(), ZoneInfo(business.zone))
    query = (
        select(Handover, Member)
        .join(Member, col(Member.id) == col(Handover.member_id))
        .where(
            col(Handover.state) == plans.PROPOSED,
            col(Member.active).is_(False),
            col(Handover.created_at) < midnight,
        )
        .order_by(col(Handover.id))
    )
    found: list[Outgoing] = []
    for row, member in session.execute(query).all():
        name = f"handover:{row.id}:{local.date()}"
        if len(found) >= AT_ONCE or not once.first(session, name, now):
            continue
        found += _reminders(session, row, member, name, now, business)
    return found


def _reminders(
    session: Session, row: Handover, member: Member, name: str, now: datetime, business: Business
) -> list[Outgoing]:
    cards = []
    for person in stand_ins(session, member):
        ctx = on_behalf(session, session.get_one(Member, person), now, business)
        owned = plans.renew(ctx, row, member)
        if owned:
            card = plan_card(view(ctx, row, owned), ctx.local.date())
            cards.append(Outgoing(f"{name}:{person}", person, card))
    return cards


def ended_transfers(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """How people and groups went over in WeCom, once all are decided: to the manager and the receivers."""
    ids = [*transfers.ended(session), *group_transfers.ended(session, now)]
    told = claimed(session, [_name(one) for one in ids]) if ids else set()
    found: list[Outgoing] = []
    for handover_id in ids:
        if _name(handover_id) not in told and once.first(session, _name(handover_id), now):
            found += _outcome(session, handover_id)
    return found


def _name(handover_id: int) -> str:
    return f"handover.transfers:{handover_id}"


def _outcome(session: Session, handover_id: int) -> list[Outgoing]:
    row = session.get_one(Handover, handover_id)
    former = session.get_one(Member, row.member_id)
    ended, groups = transfers.outcome(session, handover_id), group_transfers.outcome(session, handover_id)
    key = _name(handover_id)
    receivers = sorted({*ended.done, *groups.done})
    card = outcome_card(former.name, ended, _names(session, receivers), groups)
    managers = (row.manager_id,) if row.manager_id is not None else stand_ins(session, former)
    found = [Outgoing(f"{key}:{one}", one, card) for one in managers]
    found += [
        Outgoing(f"{key}:to:{one}", one, Card(_received(former.name, ended, groups, one)))
        for one in receivers
        if one and one not in managers
    ]
    return found


def _received(former: str, ended: Outcome, groups: Groups, member_id: int) -> str:
    return received_words(former, ended.done.get(member_id, 0), groups.done.get(member_id, 0))


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(col(Member.id), col(Member.name)).where(col(Member.id).in_(list(ids))))
    return {row[0]: row[1] for row in rows}
