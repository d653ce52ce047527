"""The condition that leaves the rows of one customer which the actor may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from crm.context import Context
from crm.rights import narrowed, reach, visible
from store.tables import Customer, Table

_KINDS = {"activity", "asset", "contact", "quote"}


def within(ctx: Context, model: type[Table], customer: Customer) -> ColumnElement[bool]:
    """The rows of a customer that the actor sees already.

    Who reaches the customer's records of this kind anyway needs no more than its id; the whole condition,
    which looks at everybody's customers, is for those whose role sees fewer of them.
    """
    table: Any = model
    mine: ColumnElement[bool] = col(table.customer_id) == customer.id
    name = str(table.__tablename__)
    if name in _KINDS and narrowed(ctx, name) and not reach(ctx, name).covers(customer.id, customer.owner_id):
        return mine & visible(ctx, model)
    return mine
