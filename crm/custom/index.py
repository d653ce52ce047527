"""The side index of added fields, kept in step with `ext` by the journal: what filters ask.

Not journalled itself: it follows from the records and is written whenever `ext` of one changes, whoever
changes it (a sentence, an undo, a merge, an import).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from crm.custom import specs
from crm.custom.kinds import FieldSpec, Kind
from store.names import fold
from store.tables import CustomObject, CustomRecord, CustomValue, Table

NUMBER_SCALE = 10_000
EPOCH = date(1970, 1, 1)
LONGEST_TEXT = 80  # characters of a text that are compared


def object_of(session: Session, row: Table) -> str:
    """The kind of a record as `custom_field.object` names it."""
    if isinstance(row, CustomRecord):
        kind = session.get(CustomObject, row.object_id)
        return kind.key if kind is not None else ""
    return str(row.__tablename__)


def follow(session: Session, row: Table, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Bring the index of a record up to date after its `ext` has changed from `before` to `after`."""
    found = specs.added(session, object_of(session, row))
    changed = [spec for spec in found if before.get(spec.key) != after.get(spec.key)]
    if not changed:
        return
    row_id: int = row.id  # type: ignore[attr-defined]  # every table with `ext` has a whole-number id
    ids = [spec.id for spec in changed]
    session.execute(
        delete(CustomValue).where(col(CustomValue.object_id) == row_id, col(CustomValue.field_id).in_(ids)),
        execution_options={"synchronize_session": False},
    )
    for spec in changed:
        for norm, number in entries(spec, after.get(spec.key)):
            session.add(CustomValue(field_id=spec.id, object_id=row_id, value_norm=norm, value_number=number))
    session.flush()


def entries(spec: FieldSpec, value: Any) -> Iterator[tuple[str, int | None]]:  # noqa: ANN401 see Kind
    """What the index holds of a value: (folded text, number); one for each choice."""
    if value is None or value == "":
        return
    if spec.kind is Kind.CHOICES:
        yield from ((norm_of(str(one)), None) for one in value)
    elif spec.kind in (Kind.TEXT, Kind.CHOICE):
        yield norm_of(str(value)), None
    elif spec.kind is not Kind.FORMULA:
        yield "", number_of(spec.kind, value)


def number_of(kind: Kind, value: Any) -> int:  # noqa: ANN401 see Kind
    """A number, amount, date or id as the index holds it."""
    if kind is Kind.DATE:
        return (date.fromisoformat(str(value)) - EPOCH).days
    if kind is Kind.NUMBER:
        return int(Decimal(str(value)) * NUMBER_SCALE)
    return int(value)


def norm_of(text: str) -> str:
    """A text as the index holds it."""
    return fold(text)[:LONGEST_TEXT]
