"""The mechanics of taking back: one change of the log at a time, the last one first, each under a savepoint.

A field gets its old value back as long as it still is what the change made it; a created row is voided,
archived or cancelled as `crm.takeback` says. What cannot be taken back is a `Clash` that says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from crm import merging
from crm.context import Context
from crm.journal import log, plain, snapshot
from crm.labels import FIELDS, Value, field_name, target, value_of
from crm.logged import TABLES, Key, changed_since, load, typed, undoings
from crm.rights import Verb, can_edit, may_act_for, name_of, people
from crm.takeback import REVERSALS, title_of
from crm.titles import names_of
from store.tables import Customer, CustomerAlias, EventLog, Table

PERSONAL = ("author_id", "assignee_id", "owner_id", "creator_id", "requester_id")


@dataclass(frozen=True, slots=True)
class Clash:
    """Why something cannot be taken back.

    `title` is the record. Where a field was changed again, `label` names it, `mine` is what the message made
    it, `now` what it is, `who` changed it `at` (local); otherwise `reason` is the whole sentence. `whole`
    where taking back the rest would leave half a record.
    """

    title: str
    reason: str = ""
    label: str = ""
    mine: Value = None
    now: Value = None
    who: str = ""
    at: datetime | None = None
    whole: bool = False


class Reverser:
    """Takes changes back, one by one; `kind` is how that is called in the log: undone or redone."""

    def __init__(self, ctx: Context, events: Sequence[EventLog], kind: str) -> None:
        self._ctx = ctx
        self._kind = kind
        self.rows = load(ctx, [(e.object, e.object_id) for e in events])
        self._since = changed_since(ctx, events)
        self._undoings = undoings(ctx, [e for since in self._since.values() for e in since])
        self._reach = people(ctx, Verb.WRITE)
        self._allowed: dict[int, bool] = {}
        self.written = 0  # rows that were put back so far

    def take_back(self, event: EventLog) -> list[Clash]:
        """Take one change back as far as it can be; what could not."""
        key = (event.object, event.object_id)
        row = self.rows.get(key)
        if event.type == "deleted":
            return [] if row is not None else self._bring_back(event)
        if row is None:
            return [Clash("这条记录", "这条记录已经不在了，不能撤销。")]
        clash = self._not_mine(event, row)
        if clash is not None:
            return [clash]
        if event.type == merging.MERGED:
            return self._part(event, row)
        if event.type == "created":
            clash = self._refusal(event, row)
            return [clash] if clash is not None else self._put_away(event, row)
        return self._set_back(event, row)

    def _part(self, event: EventLog, row: Table) -> list[Clash]:
        """What was merged is two again."""
        reason = merging.why_not_back(self._ctx, event)
        if reason:
            return [Clash(title_of(row), reason, whole=True)]
        merging.put_back(self._ctx, event)
        self.written += 1
        return []

    def _not_mine(self, event: EventLog, row: Table) -> Clash | None:
        """A record of a customer that meanwhile is somebody else's is theirs to change."""
        ctx = self._ctx
        if any(getattr(row, name, None) == ctx.actor.id for name in PERSONAL):
            return None
        customer_id = row.id if isinstance(row, Customer) else getattr(row, "customer_id", None)
        if customer_id is None or self._may(customer_id):
            return None
        before = event.before.get("owner_id")
        if isinstance(before, int) and may_act_for(ctx, before):
            return None
        customer = ctx.session.get(Customer, customer_id)
        owner = name_of(ctx, customer.owner_id) if customer is not None else "别人"
        return Clash(title_of(row), f"{title_of(row)}现在由{owner}负责，由{owner}或上级来改。")

    def _may(self, customer_id: int) -> bool:
        known = self._allowed.get(customer_id)
        if known is None:
            customer = self._ctx.session.get(Customer, customer_id)
            known = customer is None or self._reach is None or customer.owner_id in self._reach
            known = known or (customer is not None and can_edit(self._ctx, customer))
            self._allowed[customer_id] = known
        return known

    def _refusal(self, event: EventLog, row: Table) -> Clash | None:
        """Why a created row stays: it is in use, settled, or others have worked on it since."""
        title = title_of(row)
        reversal = REVERSALS.get(event.object)
        if reversal is None:
            return Clash(title, f"{title}不能撤销。")
        reason = reversal.refuses(self._ctx, row, event.inbox_id)
        if reason:
            return Clash(title, reason, whole=getattr(row, "voided_at", None) is not None)
        for other in self._later(event):
            stands = other.undone_by is None and other.inbox_id not in self._undoings
            if stands and other.actor_id and other.actor_id != event.actor_id:
                who = name_of(self._ctx, other.actor_id)
                return Clash(title, f"{title}在{self._at(other)}被{who}改过，不能撤销。")
        return None

    def _put_away(self, event: EventLog, row: Table) -> list[Clash]:
        if isinstance(row, CustomerAlias):
            with self._ctx.session.begin_nested():
                log(self._ctx, row, "deleted", snapshot(row), {})
                self._ctx.session.delete(row)
                self._ctx.session.flush()
            del self.rows[event.object, event.object_id]
            self.written += 1
            return []
        return self._put(row, REVERSALS[event.object].values(self._ctx))

    def _bring_back(self, event: EventLog) -> list[Clash]:
        """A row that undoing has deleted is there again, under its old id."""
        model = TABLES[event.object]
        row = model(**{name: typed(model, name, value) for name, value in event.before.items()})
        try:
            with self._ctx.session.begin_nested():
                self._ctx.session.add(row)
                self._ctx.session.flush()
        except IntegrityError:
            return [Clash(title_of(row), f"{title_of(row)}已经又有了，不能恢复。")]
        log(self._ctx, row, self._kind, {}, snapshot(row))
        self.rows[event.object, event.object_id] = row
        self.written += 1
        return []

    def _set_back(self, event: EventLog, row: Table) -> list[Clash]:
        model = type(row)
        values: dict[str, Any] = {}
        clashes: list[Clash] = []
        for name, made in event.after.items():
            if not hasattr(row, name):
                continue
            now, before = getattr(row, name), _before(event, model, name)
            if isinstance(now, dict) and isinstance(made, dict):
                merged, again = _keys_back(now, event.before.get(name) or {}, made)
                values[name] = merged
                clashes += [self._clash(event, row, key, made.get(key), now.get(key)) for key in again]
            elif now == typed(model, name, made):
                values[name] = before
            else:
                clashes.append(self._clash(event, row, name, made, getattr(row, name)))
        return [*clashes, *self._put(row, values)]

    def _put(self, row: Table, values: Mapping[str, Any]) -> list[Clash]:
        """Set values and write that down; a row that would break a unique key stays as it is."""
        before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        if not before:
            return []
        try:
            with self._ctx.session.begin_nested():
                for name in before:
                    setattr(row, name, values[name])
                self._grow(row)
                self._ctx.session.add(row)
                self._ctx.session.flush()
        except IntegrityError:
            title = title_of(row)
            return [Clash(title, f"{title}的名称或号码已被别的记录用了，不能改回去。")]
        after = {name: values[name] for name in before}
        log(self._ctx, row, self._kind, plain(before), plain(after))
        self.written += 1
        return []

    def _grow(self, row: Any) -> None:  # noqa: ANN401 any row; not all have both columns
        if hasattr(row, "updated_at"):
            row.updated_at = self._ctx.now
        if hasattr(row, "version"):
            row.version += 1

    def _later(self, event: EventLog) -> list[EventLog]:
        found = self._since.get((event.object, event.object_id), [])
        return [other for other in found if other.id > event.id]

    def _clash(self, event: EventLog, row: Table, name: str, mine: object, now: object) -> Clash:
        """The field that was changed again: by whom, when, to what."""
        title = title_of(row)
        culprit = next((e for e in self._later(event) if name in e.after or name in _inner(e)), None)
        label = field_name(event.object, name) or FIELDS.get(name, "")
        kept = plain({"mine": mine, "now": now})
        names = names_of(self._ctx.session, _refs(event.object, name, kept.values()))
        who = self._who(culprit)
        return Clash(
            title,
            label=label or "内容",
            mine=value_of(self._ctx, event.object, name, kept["mine"], names),
            now=value_of(self._ctx, event.object, name, kept["now"], names),
            who=who,
            at=self._ctx.wall(culprit.at) if culprit else None,
        )

    def _who(self, culprit: EventLog | None) -> str:
        if culprit is None:
            return ""
        return "你" if culprit.actor_id == self._ctx.actor.id else name_of(self._ctx, culprit.actor_id)

    def _at(self, event: EventLog) -> str:
        return self._ctx.wall(event.at).strftime("%-m月%-d日 %H:%M")


def _before(event: EventLog, model: type[Table], name: str) -> Any:  # noqa: ANN401 whatever the column holds
    """What a field was before: where the log says nothing, what a new row holds."""
    if name in event.before:
        return typed(model, name, event.before[name])
    field = model.model_fields[name]
    return None if field.is_required() else field.get_default(call_default_factory=True)


def _keys_back(
    now: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """A document with the keys that one change set taken back, and those that were set again since. Pure."""
    merged, again = dict(now), []
    for key in {**before, **after}:
        if before.get(key) == after.get(key):
            continue
        if now.get(key) != after.get(key):
            again.append(key)
        elif key in before:
            merged[key] = before[key]
        else:
            merged.pop(key, None)
    return merged, again


def _inner(event: EventLog) -> set[str]:
    """The keys of documents that an event has set."""
    return {key for value in event.after.values() if isinstance(value, dict) for key in value}


def _refs(table: str, column: str, ids: Iterable[object]) -> list[Key]:
    """The rows that the values of a column refer to."""
    to = target(table, column)
    return [(to, one) for one in ids if to and isinstance(one, int)]
