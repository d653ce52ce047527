"""Approvals: who must decide about a record, and that each part is decided exactly once, by the right person.

An approval has steps (`node` 1, 2, …); a step has one person or several, of whom any one (或签) or all
(会签) must agree. One no ends it. The record itself (a quote) follows in its own module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.context import Context
from crm.courtesy import called
from crm.deputies import acting_for
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.journal import changed, created, log
from store.tables import Approval, ApprovalMode, ApprovalStatus, ApprovalTask, Member

WORDS = {
    ApprovalStatus.APPROVED: "通过",
    ApprovalStatus.REJECTED: "驳回",
    ApprovalStatus.WITHDRAWN: "撤回",
}


class Verdict(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    REJECT = "reject"

    @property
    def status(self) -> ApprovalStatus:
        """The status that this word gives."""
        return ApprovalStatus.APPROVED if self is Verdict.APPROVE else ApprovalStatus.REJECTED


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who is asked, and how many of them must agree."""

    assignees: tuple[int, ...]
    mode: ApprovalMode = ApprovalMode.ANY


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as spoken of: 李经理."""

    id: int
    called: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an approval stands: who is asked now, and who decided what, when (aware UTC) and why."""

    id: int
    status: ApprovalStatus
    waiting: tuple[Person, ...] = ()
    by: Person | None = None
    at: datetime | None = None
    comment: str = ""


def settled(statuses: Sequence[str], mode: str) -> ApprovalStatus:
    """What the answers of one step come to; pending while more are needed."""
    if ApprovalStatus.REJECTED in statuses:
        return ApprovalStatus.REJECTED
    enough = any if mode == ApprovalMode.ANY else all
    if statuses and enough(status == ApprovalStatus.APPROVED for status in statuses):
        return ApprovalStatus.APPROVED
    return ApprovalStatus.PENDING


def request(ctx: Context, about: tuple[str, int], steps: Sequence[Step]) -> Standing:
    """Ask for a decision about the record `about` (object, id). Nobody is asked about their own request."""
    steps = [Step(tuple(p for p in step.assignees if p != ctx.actor.id), step.mode) for step in steps]
    if not steps or not all(step.assignees for step in steps):
        raise UserMistake("这件事没有可以审批的人，请让管理员设置您的直属上级")
    row = Approval(
        object=about[0], object_id=about[1], requester_id=ctx.actor.id, created_at=ctx.now, decided_at=None
    )
    created(ctx, row)
    for node, step in enumerate(steps, start=1):
        for member_id in step.assignees:
            part = ApprovalTask(approval_id=row.id, node=node, mode=step.mode, assignee_id=member_id)
            created(ctx, part)
    return _standing(ctx.session, row)


def standing(session: Session, about: tuple[str, int]) -> Standing | None:
    """The latest approval about a record, None where nobody was ever asked."""
    row = _latest(session, about)
    return _standing(session, row) if row is not None else None


def decide(ctx: Context, about: tuple[str, int], verdict: Verdict, comment: str = "") -> Standing:
    """The actor's word on the approval that is open about a record; where it stands afterwards.

    Raises `NotAllowed` for everybody who is not asked now, `Conflict` where it is decided already.
    """
    row = _open(ctx, about, involved_only=True)
    part = _part_of(ctx, row)
    if not _claim(ctx, part, verdict, comment):
        raise _too_late(ctx, row)
    _advance(ctx, row, part)
    return _standing(ctx.session, row)


def withdraw(ctx: Context, about: tuple[str, int]) -> Standing:
    """Take the request back while nobody has decided. Raises `NotAllowed` for all but the requester."""
    row = _open(ctx, about)
    if row.requester_id != ctx.actor.id:
        raise NotAllowed(f"只有提交人{person(ctx.session, row.requester_id).called}可以撤回")
    _close(ctx, row, ApprovalStatus.WITHDRAWN)
    return _standing(ctx.session, row)


def add_reason(ctx: Context, about: tuple[str, int], reason: str) -> Standing:
    """Add the reason afterwards to what the actor decided last."""
    row = _latest(ctx.session, about)
    parts = _parts(ctx.session, row) if row is not None else []
    mine = [p for p in parts if p.assignee_id == ctx.actor.id and p.decided_at is not None]
    if row is None or not mine:
        raise NotAllowed("只有审批人可以补充理由")
    changed(ctx, mine[-1], comment=reason)
    return _standing(ctx.session, row)


def person(session: Session, member_id: int) -> Person:
    """A colleague as spoken of."""
    member = session.get_one(Member, member_id)
    return Person(member.id, called(member.name, member.role))


def decided_words(ctx: Context, now: Standing) -> str:
    """已由李经理 10:32 通过; with the day where that was not today."""
    moment = ctx.wall(now.at or ctx.now)
    day = "" if moment.date() == ctx.local.date() else f"{moment.month}月{moment.day}日 "
    word = WORDS.get(now.status, "处理")
    return f"已由{now.by.called if now.by else '同事'} {day}{moment:%H:%M} {word}"


def _open(ctx: Context, about: tuple[str, int], *, involved_only: bool = False) -> Approval:
    """The open approval, held until the transaction ends; who has no part in it learns nothing of it."""
    row = _latest(ctx.session, about, lock=True)
    if row is None:
        raise UserMistake("还没有提交审批")
    if row.status == ApprovalStatus.PENDING:
        return row
    involved = {row.requester_id, *(part.assignee_id for part in _parts(ctx.session, row))}
    if involved_only and ctx.actor.id not in involved:
        who = person(ctx.session, row.requester_id).called
        raise NotAllowed(f"这份审批由{who}提交，只有提交人和被请审批的人处理")
    raise _too_late(ctx, row)


def _latest(session: Session, about: tuple[str, int], *, lock: bool = False) -> Approval | None:
    query = select(Approval).where(col(Approval.object) == about[0], col(Approval.object_id) == about[1])
    query = query.order_by(col(Approval.id).desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.execute(query).scalar_one_or_none()


def _parts(session: Session, row: Approval) -> list[ApprovalTask]:
    query = select(ApprovalTask).where(col(ApprovalTask.approval_id) == row.id)
    query = query.order_by(col(ApprovalTask.node), col(ApprovalTask.id))
    return list(session.execute(query.execution_options(populate_existing=True)).scalars())


def _part_of(ctx: Context, row: Approval) -> ApprovalTask:
    """The actor's part in the step that the approval has reached: his own, or that of somebody away for whom
    he acts."""
    now = [part for part in _parts(ctx.session, row) if part.node == row.node]
    if ctx.actor.id != row.requester_id:
        people = (ctx.actor.id, *acting_for(ctx.session, ctx.actor.id, ctx.now))
        mine = [part for one in people for part in now if part.assignee_id == one != row.requester_id]
        if mine:
            return mine[0]
    who = "、".join(person(ctx.session, part.assignee_id).called for part in now)
    raise NotAllowed(f"这份审批由{who}处理，您不能代为决定")


def _claim(ctx: Context, part: ApprovalTask, verdict: Verdict, comment: str) -> bool:
    """Write the verdict where nobody was faster; the database is the judge of that.

    A deputy's word is written down as his own.
    """
    asked = part.assignee_id
    requester = select(col(Approval.requester_id)).where(col(Approval.id) == part.approval_id)
    query = (
        update(ApprovalTask)
        .where(
            col(ApprovalTask.id) == part.id,
            col(ApprovalTask.status) == ApprovalStatus.PENDING,
            col(ApprovalTask.assignee_id) == asked,
            col(ApprovalTask.version) == part.version,
            col(ApprovalTask.assignee_id) != requester.scalar_subquery(),
        )
        .values(
            status=verdict.status,
            assignee_id=ctx.actor.id,
            comment=comment,
            decided_at=ctx.now,
            version=part.version + 1,
        )
        .returning(col(ApprovalTask.id))
        .execution_options(synchronize_session=False)
    )
    if ctx.session.execute(query).first() is None:
        return False
    ctx.session.refresh(part)
    after: dict[str, object] = {
        "status": part.status,
        "comment": comment,
        "decided_at": ctx.now.isoformat(),
    }
    before: dict[str, object] = {"status": ApprovalStatus.PENDING.value}
    if asked != ctx.actor.id:
        before, after = before | {"assignee_id": asked}, after | {"assignee_id": ctx.actor.id}
    log(ctx, part, "changed", before, after)
    return True


def _advance(ctx: Context, row: Approval, mine: ApprovalTask) -> None:
    """Go on to the next step, or close, as the answers of this step say."""
    parts = _parts(ctx.session, row)
    result = settled([part.status for part in parts if part.node == row.node], mine.mode)
    if result is ApprovalStatus.PENDING:
        return
    if result is ApprovalStatus.APPROVED and any(part.node > row.node for part in parts):
        _skip(ctx, [part for part in parts if part.node == row.node])
        changed(ctx, row, node=row.node + 1)
        return
    _close(ctx, row, result)


def _close(ctx: Context, row: Approval, result: ApprovalStatus) -> None:
    _skip(ctx, _parts(ctx.session, row))
    changed(ctx, row, status=result, decided_at=ctx.now)


def _skip(ctx: Context, parts: Sequence[ApprovalTask]) -> None:
    """Nobody else needs to be asked any more."""
    for part in parts:
        if part.status == ApprovalStatus.PENDING:
            changed(ctx, part, status=ApprovalStatus.SKIPPED)


def _standing(session: Session, row: Approval) -> Standing:
    parts = _parts(session, row)
    pending = [p for p in parts if p.node == row.node and p.status == ApprovalStatus.PENDING]
    waiting = tuple(person(session, p.assignee_id) for p in pending) if row.decided_at is None else ()
    answered = sorted(
        (p for p in parts if p.decided_at), key=lambda p: (p.decided_at or row.created_at, p.id)
    )
    status = ApprovalStatus(row.status)
    if status is ApprovalStatus.WITHDRAWN:
        return Standing(row.id, status, by=person(session, row.requester_id), at=row.decided_at)
    if not answered:
        return Standing(row.id, status, waiting)
    last = answered[-1]
    by = person(session, last.assignee_id)
    return Standing(row.id, status, waiting, by, last.decided_at, last.comment)


def _too_late(ctx: Context, row: Approval) -> Conflict:
    ctx.session.refresh(row)
    now = _standing(ctx.session, row)
    if now.status is ApprovalStatus.PENDING:  # a step of several people: the actor's own part is done
        return Conflict("您已经表过态了，正在等其他审批人")
    return Conflict(decided_words(ctx, now))
