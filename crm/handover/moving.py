"""Many records get another person at once, each written down in the journal like any change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from crm.context import Context
from store.events import TOUCHED
from store.ids import new_id
from store.once import table_of
from store.tables import EventLog, Table

CHUNK = 400  # ids in one statement


def reassign(
    ctx: Context, model: type[Table], field: str, wanted: Mapping[int, int], **shared: object
) -> int:
    """Set `field` of the rows by id to the member wanted for each, and `shared` (column: value) of all; how
    many have changed.

    The version grows where `updated_at` is kept too, except of quotes: a card that asks for a decision stays
    valid when the quote belongs to somebody else.
    """
    by_person: dict[int, list[int]] = defaultdict(list)
    for row_id, person in wanted.items():
        by_person[person].append(row_id)
    ctx.session.flush()
    return sum(
        _chunk(ctx, model, {field: person, **shared}, ids)
        for person, everything in sorted(by_person.items())
        for ids in chunks(sorted(everything))
    )


def put_back(ctx: Context, model: type[Table], values: Mapping[int, Mapping[str, Any]]) -> int:
    """Set the columns of the rows by id to these values; how many have changed."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for row_id, row in values.items():
        alike[tuple(sorted(row.items()))].append(row_id)
    ctx.session.flush()
    return sum(_chunk(ctx, model, dict(row), ids) for row, every in alike.items() for ids in chunks(every))


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in parts that fit into one statement."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _chunk(ctx: Context, model: type[Table], values: Mapping[str, object], ids: Sequence[int]) -> int:
    table = table_of(model)
    fields = [table.c[name] for name in values]
    found = ctx.session.execute(select(table.c.id, *fields).where(table.c.id.in_(ids))).all()
    before = {row[0]: dict(zip(values, row[1:], strict=True)) for row in found}
    changing = [row_id for row_id in ids if row_id in before and before[row_id] != dict(values)]
    if not changing:
        return 0
    more: dict[Any, Any] = {}
    if "updated_at" in table.c:
        more["updated_at"] = ctx.now
    if "version" in table.c and table.name != "quote":
        more["version"] = table.c.version + 1
    ctx.session.execute(update(table).where(table.c.id.in_(changing)).values({**values, **more}))
    ctx.session.execute(
        insert(table_of(EventLog)),
        [_event(ctx, table.name, row_id, before[row_id], values) for row_id in changing],
    )
    ctx.session.info.setdefault(TOUCHED, set()).add(table.name)
    for held in list(ctx.session.identity_map.values()):
        if isinstance(held, model) and held.id in before:  # type: ignore[attr-defined]  # such rows have one
            ctx.session.expire(held)
    return len(changing)


def _event(
    ctx: Context, name: str, row_id: int, before: Mapping[str, Any], after: Mapping[str, object]
) -> dict[str, object]:
    return {
        "id": new_id(),
        "object": name,
        "object_id": row_id,
        "type": "changed",
        "before": dict(before),
        "after": dict(after),
        "actor_id": ctx.actor.id,
        "inbox_id": ctx.inbox_id,
        "at": ctx.now,
    }
