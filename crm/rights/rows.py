"""Which rows a person may see: the one condition for every query that lists or finds for somebody.

A row is seen where one of its people (owner, author, assignee …) or its customer's owner is within the
scope of its kind, where its customer or the row itself was granted, and where the scope is all. The ids
are put into the condition as they are, so that both databases find the rows by their indexes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlmodel import col

from crm.context import Context
from crm.rights.extent import Reach, reach
from crm.rights.policy import policy_of
from crm.rights.scopes import Verb
from store.among import among, by_ids
from store.tables import (
    Activity,
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Asset,
    Attachment,
    Contact,
    Customer,
    CustomerAlias,
    CustomerIdentity,
    CustomRecord,
    GroupTopic,
    Mention,
    Quote,
    Role,
    Table,
    Tagging,
    Task,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A model's kind of record, the columns that name its people, and whether it belongs to a customer."""

    object: str
    people: tuple[str, ...] = ()
    of_customer: bool = True


FEW = 50  # members whose customers SQLite lists in no time
ALL_KINDS = frozenset({Role.ADMIN, Role.DIRECTOR, Role.AUDITOR})
"""Roles for whom no kind of record of the organisation's own is closed."""
KINDS: dict[type[Table], Kind] = {
    Customer: Kind("customer", ("owner_id",), of_customer=False),
    CustomerAlias: Kind("customer"),
    CustomerIdentity: Kind("customer"),
    Tagging: Kind("customer"),
    GroupTopic: Kind("customer"),
    Contact: Kind("contact"),
    Asset: Kind("asset"),
    Activity: Kind("activity", ("author_id",)),
    Task: Kind("task", ("assignee_id", "creator_id")),
    Quote: Kind("quote", ("owner_id",)),
    CustomRecord: Kind("custom_record", ("owner_id",)),
}


def visible(ctx: Context, model: type[Table], verb: Verb = Verb.READ) -> ColumnElement[bool]:
    """The condition on the model that leaves the rows that the actor may see (or change).

    Raises `TypeError` for a model that belongs to nobody: it must say here to whom first.
    """
    part = _PARTS.get(model)
    if part is not None:
        return part(ctx, verb)
    kind = KINDS.get(model)
    if kind is None:
        raise TypeError(f"{model.__name__}: say in crm.rights.rows to whom it belongs")
    within = reach(ctx, kind.object, verb)
    whole = true() if within.everything else or_(*_conditions(ctx, model, kind, within))
    return whole & _open_to(ctx) if model is CustomRecord else whole


def visible_customers(ctx: Context) -> ColumnElement[bool]:
    """The condition on `Customer` that leaves what the actor may see."""
    return visible(ctx, Customer)


def sees(ctx: Context, row: Table, verb: Verb = Verb.READ) -> bool:
    """Whether the actor may see (or change) one row of any model."""
    model: Any = type(row)
    query = select(col(model.id)).where(col(model.id) == row.id, visible(ctx, model, verb))  # type: ignore[attr-defined]
    return ctx.session.execute(query).first() is not None


def _conditions(ctx: Context, model: type[Table], kind: Kind, within: Reach) -> list[ColumnElement[bool]]:
    table: Any = model
    found = [among(col(getattr(table, name)), within.members) for name in kind.people]
    if model is Customer and within.customers:
        found.append(by_ids(col(Customer.id), within.customers))
    if kind.of_customer:
        found.append(_of_customer(ctx, table, within, alone=not found and not within.records))
    if within.records:
        found.append(by_ids(col(table.id), within.records))
    return found


def _of_customer(ctx: Context, table: Any, within: Reach, *, alone: bool) -> ColumnElement[bool]:  # noqa: ANN401
    """The rows (of a model with `customer_id`) whose customer is within reach.

    SQLite works out a list of customers whole, and looks rows up by several indexes at once where each
    condition can be: right for the few customers of a few members. PostgreSQL needs the condition to
    stand `alone` for that. Otherwise both are better off asking for the customer of each row.
    """
    condition = among(col(Customer.owner_id), within.members)
    if within.customers:
        condition = condition | by_ids(col(Customer.id), within.customers)
    query = select(col(Customer.id)).where(condition)
    is_sqlite = ctx.session.get_bind().dialect.name == "sqlite"
    if len(within.members) <= FEW if is_sqlite else alone:
        return col(table.customer_id).in_(query)
    return query.where(col(Customer.id) == col(table.customer_id)).exists()


def _open_to(ctx: Context) -> ColumnElement[bool]:
    """The organisation's own kinds of records that are for the actor's role."""
    if ctx.actor.role in ALL_KINDS:
        return true()
    closed = [i for i, roles in policy_of(ctx).closed.items() if ctx.actor.role not in roles]
    return col(CustomRecord.object_id).not_in(closed) if closed else true()


def _approvals(ctx: Context, verb: Verb) -> ColumnElement[bool]:
    """What one or one's people have asked for, what waits for one's word, and what one has decided."""
    within = reach(ctx, "approval", verb)
    if within.everything:
        return true()
    acting = [member_id for member_id, _ in policy_of(ctx).acting(ctx.actor.id, ctx.actor.role, ctx.now)]
    waiting = select(col(ApprovalTask.approval_id)).where(
        col(ApprovalTask.assignee_id).in_(acting), col(ApprovalTask.status) == ApprovalStatus.PENDING
    )
    decided = select(col(ApprovalTask.approval_id)).where(col(ApprovalTask.assignee_id) == ctx.actor.id)
    return or_(
        among(col(Approval.requester_id), within.members),
        col(Approval.id).in_(waiting),
        col(Approval.id).in_(decided),
    )


def _approval_tasks(ctx: Context, verb: Verb) -> ColumnElement[bool]:
    seen = select(col(Approval.id)).where(_approvals(ctx, verb))
    return col(ApprovalTask.approval_id).in_(seen)


def _of_activity(model: Any) -> Callable[[Context, Verb], ColumnElement[bool]]:  # noqa: ANN401 has activity_id
    def condition(ctx: Context, verb: Verb) -> ColumnElement[bool]:
        seen = visible(ctx, Activity, verb)
        return col(model.activity_id).in_(select(col(Activity.id)).where(seen))

    return condition


_PARTS: dict[type[Table], Callable[[Context, Verb], ColumnElement[bool]]] = {
    Approval: _approvals,
    ApprovalTask: _approval_tasks,
    Attachment: _of_activity(Attachment),
    Mention: _of_activity(Mention),
}
