"""When a customer was last and will next be followed up: worked out, never typed in."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm.util import identity_key

from crm.context import Context
from store.fast import Fast
from store.once import table_of
from store.tables import Activity, Customer, Task, TaskStatus

_CUSTOMER, _ACTIVITY, _TASK = table_of(Customer), table_of(Activity), table_of(Task)
_LAST = select(func.max(_ACTIVITY.c.happened_at)).where(
    _ACTIVITY.c.customer_id == bindparam("customer"),
    _ACTIVITY.c.voided_at.is_(None),
    _ACTIVITY.c.kind != "note",
)
_NEXT = select(func.min(_TASK.c.due_at)).where(
    _TASK.c.customer_id == bindparam("customer"), _TASK.c.status == TaskStatus.OPEN.value
)
_WRITE = Fast(
    update(_CUSTOMER)
    .where(_CUSTOMER.c.id == bindparam("customer"))
    .values(last_follow_at=_LAST.scalar_subquery(), next_follow_at=_NEXT.scalar_subquery())
)


def bring_up_to_date(ctx: Context, customer_id: int) -> None:
    """Set `last_follow_at` and `next_follow_at` of a customer by what stands in its activities and tasks.

    Being derived, they are not journalled and do not make a new version of the customer. The statement is
    made once: it runs with every record.
    """
    ctx.session.flush()
    _WRITE.run(ctx.session, {"customer": customer_id})
    held = ctx.session.identity_map.get(identity_key(Customer, customer_id))
    if held is not None:
        ctx.session.expire(held, ["last_follow_at", "next_follow_at"])
