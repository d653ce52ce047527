"""When a customer was last and will next be followed up: worked out, never typed in."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlmodel import col

from crm.context import Context
from store.tables import Activity, Customer, Task, TaskStatus


def bring_up_to_date(ctx: Context, customer_id: int) -> None:
    """Set `last_follow_at` and `next_follow_at` of a customer by what stands in its activities and tasks.

    Being derived, they are not journalled and do not make a new version of the customer.
    """
    ctx.session.flush()
    last = (
        select(func.max(col(Activity.happened_at)))
        .where(
            col(Activity.customer_id) == customer_id,
            col(Activity.voided_at).is_(None),
            col(Activity.kind) != "note",
        )
        .scalar_subquery()
    )
    following = (
        select(func.min(col(Task.due_at)))
        .where(col(Task.customer_id) == customer_id, col(Task.status) == TaskStatus.OPEN)
        .scalar_subquery()
    )
    ctx.session.execute(
        update(Customer)
        .where(col(Customer.id) == customer_id)
        .values(last_follow_at=last, next_follow_at=following)
        .execution_options(synchronize_session=False)
    )
    held = ctx.session.get(Customer, customer_id)
    if held is not None:
        ctx.session.refresh(held, ["last_follow_at", "next_follow_at"])
