"""What was taken back, in the words and with the rows that an answer and its cards need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crm import merging
from crm.context import Context
from crm.customers import called
from crm.labels import object_name
from crm.logged import load
from crm.reversing import Clash
from crm.takeback import title_of
from store.tables import Activity, Contact, Customer, EventLog, Inbox, Quote, Table, Task

NAMED = 3  # records of a kind that are told one by one; more are counted
MEASURES = {"customer": "家", "contact": "位", "task": "项", "quote": "份", "asset": "台", "tagging": "个"}


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: a phrase for each record, many of a kind counted, and the rows cards may be about.

    `already` where it had been taken back before; then nothing was done. `kept` is what was left as it is,
    `redone` says that an undoing was undone, `said` are the words of the message, `author_id` wrote it.
    `outside` counts the external contacts that WeCom gives to somebody else all the same, or again.
    """

    inbox_id: int
    phrases: tuple[str, ...]
    activities: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    contacts: tuple[tuple[int, str], ...] = ()
    customer_id: int | None = None
    already: bool = False
    quotes: tuple[int, ...] = ()
    kept: tuple[Clash, ...] = ()
    redone: bool = False
    said: str = ""
    records: int = 0
    author_id: int | None = None
    outside: int = 0


def summary(ctx: Context, inbox_id: int, events: Sequence[EventLog]) -> Undone:
    """What the events are about, for the answer and for the cards."""
    found = load(ctx, [(e.object, e.object_id) for e in events])
    pairs = [(e, found.get((e.object, e.object_id))) for e in reversed(events)]
    rows = [row for _, row in pairs if row is not None]
    customer_id = next((row.id for row in rows if isinstance(row, Customer)), None)
    inbox = ctx.session.get(Inbox, inbox_id)
    return Undone(
        inbox_id,
        merging.words_of(ctx, events) or _phrases(pairs, _whose(ctx, rows)),
        tuple(dict.fromkeys(row.id for row in rows if isinstance(row, Activity))),
        tuple(dict.fromkeys(row.id for row in rows if isinstance(row, Task))),
        tuple(dict.fromkeys((row.id, row.name) for row in rows if isinstance(row, Contact))),
        customer_id,
        quotes=tuple(dict.fromkeys(row.id for row in rows if isinstance(row, Quote))),
        said=" ".join(str(inbox.raw.get("text") or "").split()) if inbox is not None else "",
        records=len({(e.object, e.object_id) for e in events}),
        author_id=events[0].actor_id if events else None,
    )


def _whose(ctx: Context, rows: Sequence[Table]) -> str:
    """华润置地、美的: the customers of a sentence about several; nothing where there is one at most."""
    ids = [row.customer_id for row in rows if isinstance(row, Activity) and row.customer_id is not None]
    ids = list(dict.fromkeys(ids))
    if len(ids) < 2:
        return ""
    names = called(ctx.session, ids)
    more = f"等{len(ids)}家" if len(ids) > NAMED else ""
    return "、".join(names[one] for one in ids[:NAMED] if one in names) + more


def _phrases(pairs: Sequence[tuple[EventLog, Table | None]], whose: str) -> tuple[str, ...]:
    """What the rows are called: those that were created, otherwise those that were changed.

    `whose` are the customers of the records, where they are several.
    """
    made = [(e, row) for e, row in pairs if e.type in ("created", "deleted")]
    told = made or [(e, row) for e, row in pairs if row is not None]
    ending = "" if made else "的修改"
    names = list(dict.fromkeys((e.object, _phrase(e, row)) for e, row in told))
    names = [
        (table, f"{whose}的{name}" if whose and table == "activity" else name)
        for table, name in names
        if name
    ]
    counts = Counter(table for table, _ in names)
    phrases = [
        f"{name}{ending}"
        if counts[table] <= NAMED
        else f"{counts[table]}{MEASURES.get(table, '条')}{object_name(table)}{ending}"
        for table, name in names
    ]
    return tuple(dict.fromkeys(phrases))


def _phrase(event: EventLog, row: Table | None) -> str:
    """How a record is called; an alias is gone by then."""
    if row is not None:
        return title_of(row)
    kept = event.after or event.before
    return f"别名“{kept.get('alias', '')}”" if event.object == "customer_alias" else "记录"
