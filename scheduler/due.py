"""Reminders: tasks whose hour has come, each told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from cards.card import Card
from cards.tasks import reminder_card
from cards.words import moment
from config.business import Business
from crm import task_lists, tasks
from crm.context import Context
from crm.deputies import reached
from scheduler.outgoing import Outgoing, on_behalf
from store.tables import Member, Task, TaskStatus

AT_ONCE = 100
LATE = timedelta(minutes=5)
"""A reminder this much behind its hour says when it should have come."""


def due_reminders(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """The reminders that are due at `now` (aware UTC), the longest waiting first, at most 100.

    Tasks are claimed: other replicas pass over them, and `reminded_at` keeps them from being told again.
    What is for somebody away goes to his deputy too, what is for somebody who has left to his manager.
    Telling is no change of the task, so it makes no new version and no line in its history. One that comes
    again is followed by its next task, so that a series goes on whether or not anybody presses 完成.
    """
    cards = []
    told = _claimed(session, now)
    people = reached(session, {member.id: member for _, member in told}.values(), now)
    for task, member in told:
        ctx = on_behalf(session, member, now, business)
        tasks.next_of_series(ctx, task)
        card, late = _card(ctx, task), now - task.remind_at >= LATE
        key = f"remind:{task.id}:{task.remind_at.isoformat()}"
        for person in people[member.id]:
            if person == member.id:
                cards.append(Outgoing(key, person, card, late=late))
            else:
                cards.append(Outgoing(f"{key}:{person}", person, _for_another(card, member), late=late))
    return cards


def _claimed(session: Session, now: datetime) -> list[tuple[Task, Member]]:
    query = (
        select(Task, Member)
        .join(Member, col(Member.id) == col(Task.assignee_id))
        .where(
            col(Task.status) == TaskStatus.OPEN, col(Task.remind_at) <= now, col(Task.reminded_at).is_(None)
        )
        .order_by(col(Task.remind_at), col(Task.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Task)
    )
    found = [(task, member) for task, member in session.execute(query)]
    for task, _ in found:
        task.reminded_at = now
    session.flush()
    return found


def _for_another(card: Card, member: Member) -> Card:
    """The reminder as who acts for the member gets it."""
    whose = member.name if member.active else f"{member.name}（已离开）"
    return replace(card, title=f"{whose}的任务 · {card.title}")


def _card(ctx: Context, task: Task) -> Card:
    """The reminder; a late one names the hour that was meant."""
    card = reminder_card(task_lists.get(ctx, task.id), ctx.local)
    if ctx.now - task.remind_at < LATE:
        return card
    meant = moment(ctx.wall(task.remind_at), ctx.local.date())
    return replace(card, body="\n".join(filter(None, [f"原定 {meant} 提醒，晚了一些", card.body])))
