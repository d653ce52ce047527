"""Events of the log as they are read: what was done to which record, and the words that caused it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from crm import labels
from crm.context import SYSTEM, Context
from crm.custom import show, specs
from crm.custom.kinds import FieldSpec
from crm.labels import Value, field_name, value_of
from crm.rights import people, shown, shown_amount, shown_words
from crm.titles import names_of
from store.tables import EventLog, Inbox

MOST_CHANGES = 12
MERGED = "merged"
UNTOLD = frozenset({"approval", "customer_identity"})
"""What changes along with something else that is told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to one row. `verb` is what was done (新增, 修改 …), `name` how the row is called.

    `itself` where the row is the very record that the timeline is of.
    """

    verb: str
    object: str
    name: str
    changes: tuple[Change, ...] = ()
    itself: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What one message, or one run of the clock, did. `said` are the words where the actor may read them.

    `at` is local; `undone` where all of it was taken back later.
    """

    at: datetime
    who: str
    steps: tuple[Step, ...]
    said: str = ""
    undone: bool = False
    inbox_id: int | None = None


class Told:
    """Turns events into what is read; what that takes is loaded for all of them at once."""

    def __init__(
        self, ctx: Context, events: Sequence[EventLog], about: tuple[str, int], owner_id: int | None
    ) -> None:
        self._ctx = ctx
        self._about = about
        self._owner = owner_id
        self._names = names_of(ctx.session, _named(events))
        self._fields = _own_fields(ctx, events)
        self._said = _said(ctx, events, owner_id)

    def entry(self, group: Sequence[EventLog]) -> Entry:
        """What one message did, in the order in which it was done."""
        steps = [step for event in reversed(group) if (step := self._step(event)) is not None]
        first = group[-1]
        who = self._names.get(("member", first.actor_id or 0), SYSTEM.name)
        said = self._said.get(first.inbox_id or 0, "")
        if any(said and said == step.name for step in steps) or self._priced(group):
            said = ""
        undone = all(event.undone_by is not None for event in group)
        return Entry(self._ctx.wall(first.at), who, tuple(steps), said, undone, first.inbox_id)

    def _priced(self, group: Sequence[EventLog]) -> bool:
        """Whether a colleague's words name a price that is withheld from the actor."""
        if group[-1].actor_id == self._ctx.actor.id:
            return False
        return any(e.object == "quote" for e in group) and (
            shown_amount(self._ctx, "quote", "total", 0, self._owner) is None
        )

    def _step(self, event: EventLog) -> Step | None:
        if event.object in UNTOLD:
            return None
        name = self._name(event)
        itself = (event.object, event.object_id) == self._about
        if event.type == "created":
            return Step("新增", event.object, name, self._facts(event), itself)
        if event.type == "deleted":
            return Step("删除", event.object, name, (), itself)
        if event.type == MERGED:
            into = self._names.get((event.object, int(event.after.get("into", 0))), "")
            return Step("合并", event.object, name, (Change("并入", None, into),), itself)
        if event.type == "revealed":
            return Step("查看", event.object, f"{name}的电话（{event.after.get('reason', '')}）")
        ended = self._ending(event)
        if ended:
            return Step(ended, event.object, name, (), itself)
        changes = self._changes(event)
        verb = {"undone": "撤销", "redone": "恢复"}.get(event.type, "修改")
        return Step(verb, event.object, name, changes, itself) if changes else None

    def _ending(self, event: EventLog) -> str:
        """撤下 or 恢复 where the row as a whole was taken away or came back; "" for a change of fields."""
        for column in labels.ENDINGS & event.after.keys():
            if event.after[column] is None:
                return "恢复"
            return "撤销" if event.type == "undone" else "更正" if column == "voided_at" else "归档"
        return ""

    def _name(self, event: EventLog) -> str:
        known = self._names.get((event.object, event.object_id))
        if known is not None:
            return shown_words(self._ctx, known, self._owner)
        kept = event.after or event.before
        return str(next((kept[k] for k in ("name", "title", "number", "alias") if kept.get(k)), ""))

    def _facts(self, event: EventLog) -> tuple[Change, ...]:
        """What is worth telling of a new row beside its name."""
        wanted = {"task": ("due_at",), "quote": ("total",), "activity": ("kind",)}.get(event.object, ())
        return tuple(
            change
            for column in wanted
            if (change := self._change(event, column, None, event.after.get(column))) is not None
        )

    def _changes(self, event: EventLog) -> tuple[Change, ...]:
        found = [
            self._change(event, column, event.before.get(column), after)
            for column, after in event.after.items()
        ]
        if "ext" in event.after:
            found += self._own(event)
        return tuple(change for change in found if change is not None)[:MOST_CHANGES]

    def _change(self, event: EventLog, column: str, before: object, after: object) -> Change | None:
        label = field_name(event.object, column)
        if not label:
            return None
        return Change(label, self._value(event, column, before), self._value(event, column, after))

    def _value(self, event: EventLog, column: str, plain: object) -> Value:
        """A value as the actor may see it."""
        if isinstance(plain, str | int) and not isinstance(plain, bool):
            text = str(plain)
            seen = shown(self._ctx, event.object, column, text, self._owner)
            if seen != text:
                return seen or "（不可见）"
        return value_of(self._ctx, event.object, column, plain, self._names)

    def _own(self, event: EventLog) -> list[Change | None]:
        """Fields of the organisation's own."""
        before, after = event.before.get("ext") or {}, event.after.get("ext") or {}
        return [
            self._own_change(event, key, before.get(key), after.get(key))
            for key in {**before, **after}
            if before.get(key) != after.get(key)
        ]

    def _own_change(self, event: EventLog, key: str, before: object, after: object) -> Change:
        spec = self._fields.get((event.object, key))

        def told(plain: object) -> str | None:
            text = show.text_of(self._ctx, spec, plain) if spec is not None else _plain(plain)
            return shown(self._ctx, event.object, key, text, self._owner) or None

        return Change(spec.label if spec is not None else key, told(before), told(after))


def _plain(value: object) -> str:
    """A value of a field that is no longer there."""
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _named(events: Sequence[EventLog]) -> list[tuple[str, int]]:
    """The rows whose names are needed: those that changed, those they refer to, those who acted."""
    rows = [(e.object, e.object_id) for e in events]
    rows += [("member", e.actor_id) for e in events if e.actor_id]
    rows += [(e.object, int(e.after["into"])) for e in events if e.type == MERGED and "into" in e.after]
    for event in events:
        for column, value in [*event.before.items(), *event.after.items()]:
            to = labels.target(event.object, column)
            if to and isinstance(value, int):
                rows.append((to, value))
    return rows


def _own_fields(ctx: Context, events: Sequence[EventLog]) -> dict[tuple[str, str], FieldSpec]:
    """The organisation's own fields, where one of them has changed."""
    objects = {e.object for e in events if "ext" in e.after and e.type != "created"}
    return {(name, spec.key): spec for name in objects for spec in specs.added(ctx.session, name)}


def _said(ctx: Context, events: Sequence[EventLog], owner_id: int | None) -> dict[int, str]:
    """The words of the messages that the actor may read: one's own and those of the people below."""
    ids = {e.inbox_id for e in events if e.inbox_id is not None}
    if not ids:
        return {}
    mine = people(ctx)
    if mine is not None:
        mine |= {ctx.actor.id}
        ids = {e.inbox_id for e in events if e.inbox_id is not None and e.actor_id in mine}
    query = select(col(Inbox.id), col(Inbox.raw)).where(col(Inbox.id).in_(ids))
    texts = {i: " ".join(str(raw.get("text") or "").split()) for i, raw in ctx.session.execute(query)}
    return {i: shown_words(ctx, text, owner_id) for i, text in texts.items()}
