"""Quotes: an offer to a customer, submitted to the direct manager, decided once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from crm import approvals
from crm.approvals import Person, Standing, Step, Verdict
from crm.context import Context
from crm.customers import called
from crm.deputies import acting_for
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.journal import changed, created
from crm.numbers import next_number
from crm.quote_prices import as_seen_by, price_of
from crm.rights import need_edit
from store.tables import (
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Customer,
    Member,
    Quote,
    QuoteStatus,
)

FULL = 10_000
LEAST, MOST = 100, 10**13  # fen: 1元 to 1000亿元
DISCOUNT_LEAST = 100  # ten-thousandths: below 0.1折 it is a slip
NUMBER = re.compile(r"\s*[QqＱｑ]\s*0*(\d{1,12})\s*")
OBJECT = "quote"


@dataclass(frozen=True, slots=True)
class QuoteDraft:
    """What is offered: `amount` the list price in fen, `discount` in ten-thousandths (9折 is 9000)."""

    customer_id: int
    amount: int
    discount: int = FULL
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as somebody may see it. Amounts in fen, `discount` in ten-thousandths, times aware UTC.

    Of the price what is withheld from him is None; `masked` where it is to be said that there is more.
    `approver` is who is asked, or would be asked once it is submitted; None where nobody is set.
    """

    id: int
    number: str
    version: int
    status: QuoteStatus
    customer_id: int
    customer: str
    owner: Person
    amount: int | None
    discount: int | None
    total: int | None
    note: str
    created_at: datetime
    approver: Person | None = None
    standing: Standing | None = None
    masked: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing of the price is withheld."""
        return None not in (self.amount, self.discount, self.total)


def total_of(amount: int, discount: int) -> int:
    """What is to be paid, in fen, rounded half up."""
    return (amount * discount * 2 + FULL) // (FULL * 2)


def draft(ctx: Context, wanted: QuoteDraft) -> QuoteView:
    """A new quote that nobody has been asked about yet. Raises `UserMistake` for impossible amounts."""
    _check(wanted)
    customer = ctx.session.get(Customer, wanted.customer_id)
    if customer is None or customer.archived_at is not None:
        raise UserMistake("这个客户已经不在了，请重新选择客户")
    need_edit(ctx, customer)
    row = Quote(
        number=next_number(ctx, "Q"),
        customer_id=customer.id,
        owner_id=ctx.actor.id,
        amount=wanted.amount,
        discount=wanted.discount,
        total=total_of(wanted.amount, wanted.discount),
        note=wanted.note,
        inbox_id=ctx.inbox_id,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    created(ctx, row)
    return view(ctx, row)


def repriced(
    ctx: Context, quote_id: int, *, amount: int | None = None, discount: int | None = None
) -> QuoteView:
    """The actor's draft at another amount (fen) or discount (ten-thousandths), what is None as it was.

    Raises `Conflict` once it is submitted, `UserMistake` for impossible amounts.
    """
    row = _locked(ctx, quote_id)
    _own(ctx, row)
    if row.status != QuoteStatus.DRAFT:
        raise Conflict(_where(ctx, row))
    amount = row.amount if amount is None else amount
    discount = row.discount if discount is None else discount
    _check(QuoteDraft(row.customer_id, amount, discount, row.note))
    changed(ctx, row, amount=amount, discount=discount, total=total_of(amount, discount))
    return view(ctx, row)


def submit(ctx: Context, quote_id: int, version: int | None = None) -> QuoteView:
    """Ask the owner's direct manager. Raises `UserMistake` where the owner has none."""
    row = _locked(ctx, quote_id)
    _own(ctx, row)
    if row.status != QuoteStatus.DRAFT:
        raise Conflict(_where(ctx, row))
    _same_version(row, version)
    approvals.request(ctx, (OBJECT, row.id), [Step((_superior(ctx),))])
    changed(ctx, row, status=QuoteStatus.PENDING)
    return view(ctx, row)


def decide(
    ctx: Context, quote_id: int, verdict: Verdict, comment: str = "", version: int | None = None
) -> QuoteView:
    """The manager's word. Raises `NotAllowed` for anybody else, `Conflict` where it is decided already."""
    row = _locked(ctx, quote_id)
    if row.status == QuoteStatus.PENDING:
        _same_version(row, version)
    now = approvals.decide(ctx, (OBJECT, row.id), verdict, comment.strip())
    if now.status is not ApprovalStatus.PENDING:
        changed(ctx, row, status=QuoteStatus(now.status.value))
    return view(ctx, row)


def add_reason(ctx: Context, quote_id: int, reason: str) -> QuoteView:
    """Add the reason of a decision afterwards."""
    row = _locked(ctx, quote_id)
    approvals.add_reason(ctx, (OBJECT, row.id), reason.strip())
    return view(ctx, row)


def withdraw(ctx: Context, quote_id: int, version: int | None = None) -> QuoteView:
    """Take a quote back: a draft is dropped, a submitted one as long as nobody has decided."""
    row = _locked(ctx, quote_id)
    _own(ctx, row)
    if row.status not in (QuoteStatus.DRAFT, QuoteStatus.PENDING):
        raise Conflict(_where(ctx, row))
    _same_version(row, version)
    if row.status == QuoteStatus.PENDING:
        approvals.withdraw(ctx, (OBJECT, row.id))
    changed(ctx, row, status=QuoteStatus.WITHDRAWN)
    return view(ctx, row)


def is_draft(ctx: Context, quote_id: int) -> bool:
    """Whether the quote is the actor's and nobody has been asked about it."""
    row = ctx.session.get(Quote, quote_id)
    return row is not None and row.owner_id == ctx.actor.id and row.status == QuoteStatus.DRAFT


def by_number(ctx: Context, number: str) -> int:
    """The id of the quote with this number (Q0001, q1). Raises `UserMistake` where there is none."""
    found = NUMBER.fullmatch(number)
    wanted = f"Q{int(found.group(1)):04d}" if found else number.strip()
    query = select(col(Quote.id)).where(col(Quote.number) == wanted)
    quote_id = ctx.session.execute(query).scalar_one_or_none()
    if quote_id is None:
        raise UserMistake(f"没有找到报价 {wanted}，编号的样子是 Q0001")
    return int(quote_id)


def waiting_for(ctx: Context, member_id: int, most: int = 20) -> list[QuoteView]:
    """Quotes that this member is asked about, or decides for somebody away, the longest waiting first."""
    people = [member_id, *acting_for(ctx.session, member_id, ctx.now)]
    query = (
        select(Quote)
        .join(Approval, (col(Approval.object) == OBJECT) & (col(Approval.object_id) == col(Quote.id)))
        .join(ApprovalTask, col(ApprovalTask.approval_id) == col(Approval.id))
        .where(
            col(ApprovalTask.assignee_id).in_(people),
            col(Approval.requester_id) != member_id,
            col(ApprovalTask.status) == ApprovalStatus.PENDING,
            col(ApprovalTask.node) == col(Approval.node),
            col(Approval.status) == ApprovalStatus.PENDING,
        )
        .order_by(col(Approval.created_at), col(Quote.id))
        .limit(most)
    )
    return [view(ctx, row) for row in ctx.session.execute(query).scalars()]


def seen(ctx: Context, quote_id: int) -> QuoteView:
    """A quote as it stands now, for everybody who has its card: with what its author may see."""
    row = _locked(ctx, quote_id)
    return view(as_seen_by(ctx, row.owner_id), row)


def to_decide(ctx: Context, quote_id: int) -> QuoteView:
    """A quote for those who must decide about it: nothing of its price is withheld from them."""
    row = ctx.session.get_one(Quote, quote_id)
    return replace(view(ctx, row), amount=row.amount, discount=row.discount, total=row.total, masked=False)


def view(ctx: Context, row: Quote) -> QuoteView:
    """A quote as the actor may see it."""
    session = ctx.session
    standing = approvals.standing(session, (OBJECT, row.id))
    price = price_of(ctx, row, standing)
    return QuoteView(
        id=row.id,
        number=row.number,
        version=row.version,
        status=QuoteStatus(row.status),
        customer_id=row.customer_id,
        customer=short_name(session, row.customer_id),
        owner=approvals.person(session, row.owner_id),
        amount=price.amount,
        discount=price.discount,
        total=price.total,
        note=row.note,
        created_at=row.created_at,
        approver=_approver(ctx, row, standing),
        standing=standing,
        masked=price.masked,
    )


def short_name(session: Session, customer_id: int) -> str:
    """What people call a customer: its first alias, or its name without the legal form."""
    return called(session, [customer_id])[customer_id]


def _approver(ctx: Context, row: Quote, standing: Standing | None) -> Person | None:
    if standing is not None and standing.waiting:
        return standing.waiting[0]
    if row.status != QuoteStatus.DRAFT or ctx.actor.id != row.owner_id or ctx.actor.superior_id is None:
        return None
    return approvals.person(ctx.session, ctx.actor.superior_id)


def _superior(ctx: Context) -> int:
    """The actor's direct manager, who has to be there."""
    superior_id = ctx.actor.superior_id
    superior = ctx.session.get(Member, superior_id) if superior_id is not None else None
    if superior is None or superior.id == ctx.actor.id:
        raise UserMistake(
            "还没有设置您的直属上级，不知道该交给谁审批。请让管理员在成员资料里设置，之后再提交"
        )
    if not superior.active:
        raise UserMistake(f"您的直属上级{superior.name}已停用，请让管理员改成现在的上级，之后再提交")
    return superior.id


def _check(wanted: QuoteDraft) -> None:
    if not LEAST <= wanted.amount <= MOST:
        raise UserMistake("报价金额要在 1元 到 1000亿元 之间，例如：报价 华润置地 58万 9折")
    if not DISCOUNT_LEAST <= wanted.discount <= FULL:
        raise UserMistake("折扣要在 0.1折 到 10折 之间，例如 9折、85折、九五折")


def _locked(ctx: Context, quote_id: int) -> Quote:
    """The quote's row, held until the transaction ends, as it is in the database now."""
    query = select(Quote).where(col(Quote.id) == quote_id).with_for_update()
    query = query.execution_options(populate_existing=True)
    row: Quote | None = ctx.session.execute(query).scalar_one_or_none()
    if row is None:
        raise UserMistake("没有找到这份报价")
    return row


def _own(ctx: Context, row: Quote) -> None:
    if row.owner_id != ctx.actor.id:
        raise NotAllowed(f"只有提交人{approvals.person(ctx.session, row.owner_id).called}可以这样做")


def _same_version(row: Quote, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Conflict(f"报价 {row.number} 后来改过，请按最新的卡片处理")


def _where(ctx: Context, row: Quote) -> str:
    """What became of a quote, for somebody who comes too late."""
    standing = approvals.standing(ctx.session, (OBJECT, row.id))
    if standing is None or row.status == QuoteStatus.WITHDRAWN:
        return f"报价 {row.number} 已经撤回"
    if standing.status is ApprovalStatus.PENDING:
        names = "、".join(one.called for one in standing.waiting)
        return f"报价 {row.number} 已经提交，正在等{names}审批"
    return f"报价 {row.number} {approvals.decided_words(ctx, standing)}"
