"""The fields that a kind of record has, built in and added: what everything else learns from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from crm.custom.builtin import built_in
from crm.custom.kinds import FieldSpec, Kind
from store.tables import CustomField

MOST_FIELDS = 60
"""Fields of one kind of record that are in use at a time."""


def of_row(row: CustomField) -> FieldSpec:
    """A field as it is described to everything else."""
    return FieldSpec(
        row.object,
        row.key,
        row.label,
        Kind(row.kind),
        tuple(row.options),
        row.formula,
        row.required,
        id=row.id,
        version=row.version,
    )


def added(session: Session, object: str) -> tuple[FieldSpec, ...]:  # noqa: A002 as the tables call it
    """The fields that the organisation has added to a kind of record and has in use, in their order."""
    query = (
        select(CustomField)
        .where(col(CustomField.object) == object, col(CustomField.archived_at).is_(None))
        .order_by(col(CustomField.position), col(CustomField.id))
        .limit(MOST_FIELDS)
    )
    return tuple(of_row(row) for row in session.execute(query).scalars())


def every(session: Session, object: str) -> tuple[FieldSpec, ...]:  # noqa: A002 see above
    """All fields of a kind of record: those it has anyway, then those added."""
    return (*built_in(object), *added(session, object))


def by_key(fields: Sequence[FieldSpec], key: str) -> FieldSpec | None:
    """The field with this key."""
    return next((spec for spec in fields if spec.key == key), None)
