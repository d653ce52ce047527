"""Everything about one customer on one page: who, what was last done, what comes next, what is on offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from crm import contacts, customers, task_lists
from crm.context import Context
from crm.rights import can_edit, name_of
from crm.task_lists import TaskItem
from store.tables import Activity, Contact, Customer, Member, Quote, QuoteStatus

LAST = 3
PAGE = 5
OPEN_QUOTES = (QuoteStatus.DRAFT, QuoteStatus.PENDING, QuoteStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """A record in a list. `at` is local; amounts are fen."""

    id: int
    kind: str
    raw: str
    at: datetime
    grain: str
    part: str
    author: str
    contact: str
    amount_low: int | None = None
    amount_high: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A quote in a list. Amounts are fen, `discount` ten-thousandths."""

    number: str
    total: int
    discount: int
    status: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A customer as it is shown. Lists are short and newest first; tasks by time."""

    customer: Customer
    called: str
    owner: str
    mine: bool
    aliases: tuple[str, ...]
    contacts: tuple[Contact, ...]
    activities: tuple[ActivityLine, ...]
    activity_count: int
    tasks: tuple[TaskItem, ...]
    quotes: tuple[QuoteLine, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A page of a customer's records, newest first; `after` asks for the next page, None at the end."""

    customer: Customer
    called: str
    lines: tuple[ActivityLine, ...]
    count: int
    after: int | None


def overview(ctx: Context, customer_id: int) -> Overview:
    """A customer with what is around it. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    return Overview(
        customer,
        called=customers.short_names(ctx, [customer_id])[customer_id],
        owner=name_of(ctx, customer.owner_id),
        mine=can_edit(ctx, customer),
        aliases=tuple(customers.aliases_of(ctx, customer_id)),
        contacts=tuple(contacts.of_customer(ctx, customer_id, most=10)),
        activities=tuple(_lines(ctx, customer_id, 0, LAST)),
        activity_count=_count(ctx, customer_id),
        tasks=tuple(task_lists.open_of_customer(ctx, customer_id)),
        quotes=tuple(_quotes(ctx, customer_id)),
    )


def history(ctx: Context, customer_id: int, skip: int = 0) -> History:
    """A page of a customer's records after the first `skip`. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    found = _lines(ctx, customer_id, skip, PAGE + 1)
    after = skip + PAGE if len(found) > PAGE else None
    called = customers.short_names(ctx, [customer_id])[customer_id]
    return History(customer, called, tuple(found[:PAGE]), _count(ctx, customer_id), after)


def _count(ctx: Context, customer_id: int) -> int:
    query = select(func.count()).where(
        col(Activity.customer_id) == customer_id, col(Activity.voided_at).is_(None)
    )
    return int(ctx.session.execute(query).scalar_one())


def _lines(ctx: Context, customer_id: int, skip: int, most: int) -> list[ActivityLine]:
    query = (
        select(Activity, col(Member.name), col(Contact.name))
        .join(Member, col(Member.id) == col(Activity.author_id))
        .join(Contact, col(Contact.id) == col(Activity.contact_id), isouter=True)
        .where(col(Activity.customer_id) == customer_id, col(Activity.voided_at).is_(None))
        .order_by(col(Activity.happened_at).desc(), col(Activity.id).desc())
        .offset(skip)
        .limit(most)
    )
    return [
        ActivityLine(
            a.id,
            a.kind,
            a.raw,
            ctx.wall(a.happened_at),
            a.happened_grain,
            a.happened_part,
            author,
            contact or "",
            a.amount_low,
            a.amount_high,
            a.place,
        )
        for a, author, contact in ctx.session.execute(query)
    ]


def _quotes(ctx: Context, customer_id: int) -> list[QuoteLine]:
    query = (
        select(Quote)
        .where(col(Quote.customer_id) == customer_id, col(Quote.status).in_(OPEN_QUOTES))
        .order_by(col(Quote.id).desc())
        .limit(LAST)
    )
    return [QuoteLine(q.number, q.total, q.discount, q.status) for q in ctx.session.execute(query).scalars()]
