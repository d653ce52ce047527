"""Human numbers of records: Q0007, C0123. Taken in the transaction that uses them, so none is given twice."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from store.once import Once
from store.tables import Sequence

WIDTH = 4
_SEQUENCE = Once(Sequence)


def next_number(ctx: Context, prefix: str) -> str:
    """The next number with this prefix, for example Q0007."""
    _SEQUENCE.put(ctx.session, {"name": prefix, "value": 0})
    query = select(Sequence).where(col(Sequence.name) == prefix).with_for_update()
    row = ctx.session.execute(query).scalar_one()
    row.value += 1
    ctx.session.add(row)
    ctx.session.flush()
    return f"{prefix}{row.value:0{WIDTH}d}"
