"""A record as somebody may see it: the row itself, or a copy without what is hidden from the role."""

from __future__ import annotations

from typing import TypeVar

from crm.context import Context
from crm.rights.fields import FIELD_NAMES, shown
from store.once import columns_of
from store.tables import Table

R = TypeVar("R", bound=Table)


def seen(ctx: Context, row: R, object_: str, owner_id: int | None) -> R:
    """The row with its texts as the actor may see them; a copy that is no row where that differs."""
    values = {
        name: shown(ctx, object_, name, getattr(row, name), owner_id)
        for kind, name in FIELD_NAMES
        if kind == object_ and isinstance(getattr(row, name, None), str)
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    whole = {name: getattr(row, name) for name in columns_of(type(row))}
    return type(row)(**{**whole, **values})
