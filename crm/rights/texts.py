"""What was recorded, as somebody may read it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.rights.fields import PHONE, shown_words
from store.tables import Activity, Customer


def words_of(ctx: Context, rows: Sequence[Activity]) -> dict[int, str]:
    """The texts of records by their id, the phone numbers in them masked where the customer's are."""
    ids = {row.customer_id for row in rows if row.customer_id is not None and PHONE.search(row.raw)}
    owners: dict[int, int] = {}
    if ids:
        query = select(col(Customer.id), col(Customer.owner_id)).where(col(Customer.id).in_(ids))
        owners = {row[0]: row[1] for row in ctx.session.execute(query)}
    return {row.id: shown_words(ctx, row.raw, owners.get(row.customer_id or 0)) for row in rows}
