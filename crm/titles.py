"""How rows are called when something is told of them: many at once, one statement for each table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from store.tables import (
    Activity,
    Asset,
    Collaborator,
    Contact,
    Customer,
    CustomerAlias,
    CustomerIdentity,
    CustomRecord,
    Department,
    Member,
    Quote,
    Tag,
    Tagging,
    Task,
)

Names = dict[tuple[str, int], str]

_NAMES: dict[str, Select[Any, Any]] = {
    "member": select(col(Member.id), col(Member.name)),
    "department": select(col(Department.id), col(Department.name)),
    "customer": select(col(Customer.id), col(Customer.name)),
    "customer_alias": select(col(CustomerAlias.id), col(CustomerAlias.alias)),
    "customer_identity": select(col(CustomerIdentity.id), col(CustomerIdentity.value)),
    "contact": select(col(Contact.id), col(Contact.name)),
    "activity": select(col(Activity.id), col(Activity.raw)),
    "task": select(col(Task.id), col(Task.title)),
    "quote": select(col(Quote.id), col(Quote.number)),
    "tag": select(col(Tag.id), col(Tag.name)),
    "tagging": select(col(Tagging.id), col(Tag.name)).join(Tag, col(Tag.id) == col(Tagging.tag_id)),
    "asset": select(col(Asset.id), col(Asset.name)),
    "collaborator": select(col(Collaborator.id), col(Member.name)).join(
        Member, col(Member.id) == col(Collaborator.member_id)
    ),
    "custom_record": select(col(CustomRecord.id), col(CustomRecord.title)),
}
"""Each gives (id, name); a table that is not here has rows without a name."""


def names_of(session: Session, rows: Iterable[tuple[str, int]]) -> Names:
    """The names of these rows (table, id); those that are gone or have none are left out."""
    wanted: dict[str, set[int]] = {}
    for table, row_id in rows:
        if table in _NAMES:
            wanted.setdefault(table, set()).add(row_id)
    found: Names = {}
    for table, ids in wanted.items():
        query = _NAMES[table]
        key = query.selected_columns[0]
        for row_id, name in session.execute(query.where(key.in_(ids))):
            found[table, row_id] = name
    return found
