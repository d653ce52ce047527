"""Fields of the organisation's own that refer to a customer: they follow it when it is merged.

Which records say so is read from the side index of added fields, `custom_value`; fields that were removed
are in it too, because they can come back with their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from crm.custom.builtin import RECORD, TABLES
from crm.custom.kinds import Kind
from crm.merging.relations import AT_ONCE, Move
from store.once import table_of
from store.tables import Customer, CustomField, CustomValue

PREFIX = "reference:"
KIND = "关联字段"
"""What the rows of these links are called."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An added field whose value is the id of a customer, under `key` in `ext` of the rows of `table`."""

    field_id: int
    table: sa.Table
    key: str

    @property
    def name(self) -> str:
        """reference:17, as a `Move` keeps it."""
        return f"{PREFIX}{self.field_id}"


def references(session: Session) -> list[Reference]:
    """The fields that refer to customers, removed ones too."""
    query = sa.select(CustomField).where(col(CustomField.kind) == Kind.REFERENCE.value)
    rows = session.execute(query.order_by(col(CustomField.id))).scalars()
    return [Reference(one.id, table_of(TABLES.get(one.object, RECORD)), one.key) for one in rows]


def reference_named(session: Session, name: str) -> Reference | None:
    """A reference as a `Move` names it; None for another link, or a field that is there no more."""
    if not name.startswith(PREFIX):
        return None
    return next((one for one in references(session) if one.name == name), None)


def count(session: Session, one: Reference, customer_id: int, other: int) -> int:
    """How many records refer to the customer, the two that are merged aside."""
    return len(_ids(session, one, customer_id, (customer_id, other)))


def move(session: Session, one: Reference, source: int, target: int) -> Move:
    """Let the records that refer to `source` refer to `target`; the two themselves stay as they are."""
    ids = _ids(session, one, source, (source, target))
    put(session, one, ids, source, target)
    return Move(one.name, source, target, ids)


def put(session: Session, one: Reference, ids: Sequence[int], source: int, target: int) -> None:
    """Let these records refer to `target` where they refer to `source`, in themselves and in the index."""
    table = one.table
    for start in range(0, len(ids), AT_ONCE):
        some = list(ids[start : start + AT_ONCE])
        rows = session.execute(sa.select(table.c.id, table.c.ext).where(table.c.id.in_(some))).all()
        for row_id, held in rows:
            if (held or {}).get(one.key) == source:
                said = {**held, one.key: target}
                session.execute(sa.update(table).where(table.c.id == row_id).values(ext=said))
        index = sa.update(CustomValue).where(
            col(CustomValue.field_id) == one.field_id,
            col(CustomValue.object_id).in_(some),
            col(CustomValue.value_number) == source,
        )
        session.execute(index.values(value_number=target).execution_options(synchronize_session=False))


def still_there(session: Session, one: Reference, ids: Sequence[int], target: int) -> int:
    """How many of these records refer to the customer."""
    return len(set(_ids(session, one, target, ())) & set(ids))


def dropped(session: Session, ext: dict[str, object], *of: int) -> dict[str, object]:
    """What a customer's own fields hold, without those that would refer to itself: one of `of`."""
    keys = {one.key for one in references(session) if one.table is table_of(Customer)}
    return {key: value for key, value in ext.items() if not (key in keys and value in of)}


def _ids(session: Session, one: Reference, customer_id: int, besides: Sequence[int]) -> tuple[int, ...]:
    query = sa.select(col(CustomValue.object_id)).where(
        col(CustomValue.field_id) == one.field_id, col(CustomValue.value_number) == customer_id
    )
    if one.table is table_of(Customer):
        query = query.where(col(CustomValue.object_id).not_in(besides))
    return tuple(session.execute(query.order_by(col(CustomValue.object_id))).scalars())
