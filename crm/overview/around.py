"""What is around a customer: its people, tags, helpers, equipment, relations. One statement each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlmodel import col

from crm.collaborators import ASKED
from crm.context import Context
from crm.courtesy import called
from crm.overview.chain import LastQuote
from crm.overview.figures import QUOTE_STATES
from crm.overview.values import ActivityLine, ContactLine, Helper, QuoteLine, TagLine, Waiting
from crm.overview.within import within
from crm.rights import shown, shown_amount, shown_words
from crm.tags import of_customer
from store.tables import (
    Activity,
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Asset,
    Collaborator,
    Contact,
    Customer,
    Member,
    Quote,
)

MOST_TAGS = 20
MOST_HELPERS = 20
MOST_WAITING = 10


def contact_line(ctx: Context, row: Contact, owner_id: int) -> ContactLine:
    """A contact as the actor may see him."""
    return ContactLine(
        row.id,
        row.name,
        title=shown(ctx, "contact", "title", row.title, owner_id),
        role=shown(ctx, "contact", "role", row.role, owner_id),
        phone=shown(ctx, "contact", "phone", row.phone, owner_id),
        birthday_kind=shown(ctx, "contact", "birthday", row.birthday_kind, owner_id),
        birth_month=row.birth_month,
        birth_day=row.birth_day,
        birth_leap=row.birth_leap,
        likes=shown(ctx, "contact", "likes", row.likes, owner_id),
    )


def people(ctx: Context, customer: Customer, skip: int, most: int) -> list[ContactLine]:
    """Contacts of a customer, oldest first."""
    query = (
        select(Contact)
        .where(within(ctx, Contact, customer), col(Contact.archived_at).is_(None))
        .order_by(col(Contact.id))
        .offset(skip)
        .limit(most)
    )
    return [contact_line(ctx, row, customer.owner_id) for row in ctx.session.execute(query).scalars()]


def count(ctx: Context, model: type[Contact | Activity | Quote | Asset], customer: Customer) -> int:
    """How many of these a customer has: those that stand."""
    query = select(func.count()).where(within(ctx, model, customer))
    if issubclass(model, Activity):
        query = query.where(col(model.voided_at).is_(None))
    elif issubclass(model, Quote):
        query = query.where(col(model.status).in_(list(QUOTE_STATES)))
    else:
        query = query.where(col(model.archived_at).is_(None))
    return int(ctx.session.execute(query).scalar_one())


def activities(ctx: Context, customer: Customer, skip: int, most: int) -> list[ActivityLine]:
    """Records of a customer, newest first."""
    query = (
        select(Activity, col(Member.name), col(Contact.name))
        .join(Member, col(Member.id) == col(Activity.author_id))
        .join(Contact, col(Contact.id) == col(Activity.contact_id), isouter=True)
        .where(within(ctx, Activity, customer), col(Activity.voided_at).is_(None))
        .order_by(col(Activity.happened_at).desc(), col(Activity.id).desc())
        .offset(skip)
        .limit(most)
    )
    return [
        ActivityLine(
            a.id,
            a.kind,
            shown_words(ctx, a.raw, customer.owner_id),
            ctx.wall(a.happened_at),
            a.happened_grain,
            a.happened_part,
            author,
            contact or "",
            shown_amount(ctx, "activity", "amount", a.amount_low, customer.owner_id),
            shown_amount(ctx, "activity", "amount", a.amount_high, customer.owner_id),
            a.place,
        )
        for a, author, contact in ctx.session.execute(query)
    ]


def quotes(ctx: Context, customer: Customer, skip: int, most: int) -> list[QuoteLine]:
    """Quotes of a customer that count, newest first."""
    query = (
        select(Quote)
        .where(within(ctx, Quote, customer), col(Quote.status).in_(list(QUOTE_STATES)))
        .order_by(col(Quote.id).desc())
        .offset(skip)
        .limit(most)
    )
    return [
        QuoteLine(
            q.number,
            shown_amount(ctx, "quote", "total", q.total, q.owner_id),
            shown_amount(ctx, "quote", "discount", q.discount, q.owner_id),
            q.status,
            ctx.wall(q.created_at),
        )
        for q in ctx.session.execute(query).scalars()
    ]


def last_quote(ctx: Context, customer: Customer, waiting: Sequence[Waiting]) -> LastQuote | None:
    """The newest quote that counts, and since when it stands as it does."""
    query = (
        select(
            col(Quote.number),
            col(Quote.status),
            col(Approval.decided_at),
            col(Quote.updated_at),
        )
        .join(
            Approval,
            (col(Approval.object) == "quote") & (col(Approval.object_id) == col(Quote.id)),
            isouter=True,
        )
        .where(within(ctx, Quote, customer), col(Quote.status).in_(list(QUOTE_STATES)))
        .order_by(col(Quote.id).desc(), col(Approval.id).desc())
        .limit(1)
    )
    row = ctx.session.execute(query).first()
    if row is None:
        return None
    asked = next((w.asked for w in waiting if w.number == row[0]), "")
    return LastQuote(row[0], row[1], ctx.wall(row[2] or row[3]), asked)


def decisions(ctx: Context, customer: Customer) -> list[Waiting]:
    """Decisions about the customer's quotes that somebody is asked for now, the oldest first."""
    query = (
        select(col(Quote.number), col(Member.name), col(Member.role), col(Approval.created_at))
        .join(Approval, (col(Approval.object) == "quote") & (col(Approval.object_id) == col(Quote.id)))
        .join(ApprovalTask, col(ApprovalTask.approval_id) == col(Approval.id))
        .join(Member, col(Member.id) == col(ApprovalTask.assignee_id))
        .where(
            within(ctx, Quote, customer),
            col(Approval.status) == ApprovalStatus.PENDING,
            col(ApprovalTask.status) == ApprovalStatus.PENDING,
            col(ApprovalTask.node) == col(Approval.node),
        )
        .order_by(col(Approval.created_at), col(ApprovalTask.id))
        .limit(MOST_WAITING)
    )
    return [
        Waiting(number, called(name, role), ctx.wall(since))
        for number, name, role, since in ctx.session.execute(query)
    ]


def tags(ctx: Context, customer: Customer) -> list[TagLine]:
    """The tags of a customer, the oldest first, each by rule with the reason that holds now."""
    return [TagLine(one.name, one.reason) for one in of_customer(ctx, customer)[:MOST_TAGS]]


def helpers(ctx: Context, customer_id: int) -> list[Helper]:
    """Who else works on a customer now."""
    query = (
        select(col(Member.name), col(Collaborator.right), col(Collaborator.expires_at))
        .join(Member, col(Member.id) == col(Collaborator.member_id))
        .where(
            col(Collaborator.object) == "customer",
            col(Collaborator.object_id) == customer_id,
            col(Collaborator.ended_at).is_(None),
            col(Collaborator.right) != ASKED,
            or_(col(Collaborator.expires_at).is_(None), col(Collaborator.expires_at) > ctx.now),
        )
        .order_by(col(Collaborator.id))
        .limit(MOST_HELPERS)
    )
    return [
        Helper(name, right, ctx.wall(until).date() if until else None)
        for name, right, until in ctx.session.execute(query)
    ]


def related(ctx: Context, customer: Customer) -> list[tuple[str, str]]:
    """The companies that it belongs to and that recommended it, by name."""
    ids = [one for one in (customer.parent_id, customer.referrer_id) if one is not None]
    if not ids:
        return []
    query = select(col(Customer.id), col(Customer.name)).where(col(Customer.id).in_(ids))
    names = {row.id: row.name for row in ctx.session.execute(query)}
    pairs = ((customer.parent_id, "上级单位"), (customer.referrer_id, "介绍人"))
    return [(word, names[i]) for i, word in pairs if i in names]
