"""Own fields in a sentence: 华星 设备型号偏好 B sets, 华星的年采购额 asks, 年采购额大于100万的客户 lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import orjson

from cards import custom as cards
from cards import customers as customer_cards
from cards.card import Card
from crm import customers, overview
from crm.custom import fields, filters, index, reading, specs, values
from crm.custom.builtin import TABLES
from crm.custom.filters import Condition, Op
from crm.custom.kinds import CHOOSING, FieldSpec, Kind
from crm.custom.walking import NEWEST
from crm.errors import Conflict, UserMistake
from handlers import held, objects
from handlers.field_rows import EXAMPLE, called, find_contact, find_row, row_id
from handlers.paging import goes_on, paged
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Press, Turn
from nlu.reading import CustomAsk, CustomSaid, CustomWhat, Intent, Reading
from store.tables import Contact, Customer, CustomRecord, Table

router = Router("field_values")


@router.intent(Intent.CUSTOM)
def write(turn: Turn, said: Reading) -> Reply:
    """Set own fields or show one, or add a record of an own kind."""
    asked = _asked(said)
    if asked.what is CustomWhat.ADD:
        return objects.add_record(turn, said, asked)
    message = turn.ctx.inbox_id or 0
    if asked.what is not CustomWhat.ASK:
        return _go_on(turn, said, message, {})
    found = find_row(turn, said, asked, message)
    return found if isinstance(found, Reply) else _shown(turn, found, asked)


@router.intent(Intent.CUSTOM_QUERY, reads=True)
def look(turn: Turn, said: Reading) -> Reply:
    """A list by own fields, or the records of an own kind."""
    asked = _asked(said)
    if asked.what is CustomWhat.RECORDS:
        return objects.list_records(turn, said, asked)
    conditions = [Condition(one.key, Op(one.op), one.value, one.high) for one in asked.said]
    return _listed(turn, asked.object, conditions, (0,), mine=asked.mine)


def _asked(said: Reading) -> CustomAsk:
    if said.custom is None:
        raise UserMistake(f"这句没看懂，例如：{EXAMPLE}")
    return said.custom


def _go_on(
    turn: Turn, said: Reading, message: int, chosen: Mapping[str, str], row: Table | None = None
) -> Reply:
    """Find the record, ask which option is meant where one is none, set all fields."""
    asked = _asked(said)
    found = row if row is not None else find_row(turn, said, asked, message)
    if isinstance(found, Reply):
        return found
    own = specs.added(turn.ctx.session, index.object_of(turn.ctx.session, found))
    given = {_key(own, one): one.value for one in asked.said} | dict(chosen)
    for spec in own:
        unknown = reading.unknown_choice(spec, given.get(spec.key, "")) if spec.key in given else ""
        if unknown and unknown not in values.EMPTY:
            return _ask_option(turn, found, spec, unknown, message, chosen)
    return _set(turn, found, given)


def _key(own: Sequence[FieldSpec], said: CustomSaid) -> str:
    """The key of a field in the kind of its record: several kinds may have a field of one name."""
    if any(spec.key == said.key for spec in own):
        return said.key
    return next((spec.key for spec in own if spec.label == said.label), said.key)


def _set(turn: Turn, row: Table, given: Mapping[str, str]) -> Reply:
    ctx = turn.ctx
    done = objects.update(turn, row, given) if isinstance(row, CustomRecord) else values.put(ctx, row, given)
    turn.memory.record, turn.memory.pending = ctx.inbox_id, None
    about = (str(row.__tablename__), str(row_id(row)))
    refresh: tuple[Card, ...] = ()
    if isinstance(row, CustomRecord):
        return objects.changed_reply(turn, row)
    if isinstance(row, Customer):
        turn.memory.customer_id = row.id
        view = overview.overview(ctx, row.id)
        refresh = (customer_cards.overview_card(view, ctx.local),)
    return Reply(cards=(cards.set_card(called(turn, row), done, ctx.inbox_id or 0, about),), refresh=refresh)


def _ask_option(
    turn: Turn, row: Table, spec: FieldSpec, said: str, message: int, chosen: Mapping[str, str]
) -> Reply:
    values.need_edit(turn.ctx, row)
    kept = {
        "held": message,
        "key": spec.key,
        "row": str(row_id(row)),
        "table": str(row.__tablename__),
        "set": dict(chosen),
    }
    turn.memory.ask("field.choice", kept, turn.now)
    version: int = getattr(row, "version", 0)
    card = cards.option_card(spec, said, called(turn, row), row_id(row), version, message)
    return Reply(cards=(card,))


@router.action("field.choose")
def chose(turn: Turn, press: Press) -> Reply:
    """An option on the card that asked."""
    message, key, place = press.action.extra.split("|", 2)
    pending = turn.memory.pending
    kept = pending.data if pending is not None and pending.name == "field.choice" else {}
    if kept.get("held") != int(message) or kept.get("row") != press.action.object_id:
        raise Conflict("这个问题已经处理过了，要改的话直接说，例如：" + EXAMPLE)
    given = place or next(iter(press.fields.get(cards.OPTION_KEY, ())), "")
    return _chosen(turn, kept, key, given)


@router.answer("field.choice")
def choice_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The option typed, or its number."""
    given_up = held.dropped(turn, "好，没有改。")
    if given_up is not None:
        return given_up
    row = _kept_row(turn, pending.data)
    spec = values.need_field(turn.ctx, index.object_of(turn.ctx.session, row), pending.data["key"])
    option = reading.option_of(spec, turn.incoming.text)
    if option is None:
        said = held.said(turn)
        return (
            _chosen(turn, pending.data, spec.key, str(int(said) - 1))
            if said.isdecimal() and said != "0"
            else None
        )
    return _chosen(turn, pending.data, spec.key, str(spec.options.index(option)))


def _chosen(turn: Turn, kept: Mapping[str, object], key: str, place: str) -> Reply:
    """Go on with the sentence that waited, with this option."""
    row = _kept_row(turn, kept)
    spec = values.need_field(turn.ctx, index.object_of(turn.ctx.session, row), key)
    if not place.isdecimal() or int(place) >= len(spec.options):
        raise UserMistake(f"选一个：{'、'.join(spec.options[:12])}")
    option = spec.options[int(place)]
    before = kept.get("set")
    chosen = {**(before if isinstance(before, dict) else {}), key: option}
    message = int(str(kept["held"]))
    said = held.read(turn, message, held.text_of(turn, message))
    turn.memory.pending = None
    if said.custom is None or said.custom.what is CustomWhat.ASK:
        reply = _set(turn, row, {key: option})
    else:
        reply = _go_on(turn, said, message, chosen, row)
    settled = cards.settled_card(f"{called(turn, row)}的{spec.label}", message, f"已选：{option}")
    return replace(reply, refresh=(*reply.refresh, settled))


def _shown(turn: Turn, row: Table, asked: CustomAsk) -> Reply:
    """What a field of a record holds now."""
    object_ = index.object_of(turn.ctx.session, row)
    key = _key(specs.added(turn.ctx.session, object_), asked.said[0])
    spec = values.need_field(turn.ctx, object_, key)
    _, text = values.line(turn.ctx, row, spec.key)
    title = called(turn, row)
    if text:
        return Reply(text=f"{title}的{spec.label}：{text}")
    if spec.kind is Kind.FORMULA:
        return Reply(text=f"{title}的{spec.label}还算不出来，公式用到的字段没有填全。")
    how = f"，可选{'、'.join(spec.options[:12])}" if spec.kind in CHOOSING else ""
    return Reply(
        text=f"{title}的{spec.label}还没填{how}。这样填：{title} {spec.label} {spec.example}".rstrip()
    )


@router.action("field.on", "field.person")
def picked(turn: Turn, press: Press) -> Reply:
    """The customer or the person that was meant."""
    table = Customer if press.action.name == "field.on" else Contact
    return _picked(turn, table, int(press.action.object_id), int(press.action.extra or 0))


@router.answer("field.on")
def customer_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a customer."""
    return _numbered(turn, pending, Customer)


@router.answer("field.person")
def person_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a person."""
    return _numbered(turn, pending, Contact)


def _numbered(turn: Turn, pending: Pending, table: type[Table]) -> Reply | None:
    given_up = held.dropped(turn, "好，没有改。")
    if given_up is not None:
        return given_up
    chosen = held.chosen(turn, pending.data["ids"])
    return None if chosen is None else _picked(turn, table, int(chosen), int(pending.data["held"]))


def _picked(turn: Turn, table: type[Table], row_id: int, message: int) -> Reply:
    """Go on with the sentence that waited, for this record."""
    row = turn.ctx.session.get(table, row_id)
    if row is None:
        raise UserMistake("这条记录已经不在了。")
    said = held.read(turn, message, held.text_of(turn, message))
    asked = _asked(said)
    turn.memory.pending = None
    if isinstance(row, Customer):
        row = customers.get(turn.ctx, row.id)
        found = find_contact(turn, said, row, message) if asked.object == "contact" else row
        if isinstance(found, Reply):
            return found
        row = found
    elif isinstance(row, Contact):
        customers.get(turn.ctx, row.customer_id)
    settled = cards.settled_card("选好了", message, f"已选：{called(turn, row)}")
    asks = asked.what is CustomWhat.ASK
    reply = _shown(turn, row, asked) if asks else _go_on(turn, said, message, {}, row)
    return replace(reply, refresh=(*reply.refresh, settled))


@router.action("field.list", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多 of a list: what was asked is on the button."""
    return _on(turn, 0, press.action.extra)


@paged("fields")
def _on(turn: Turn, _record: int, start: str) -> Reply:
    object_, skip, asked, mine, *before = orjson.loads(start)
    conditions = [Condition(key, Op(op), value, high) for key, op, value, high in asked]
    return _listed(turn, object_, conditions, (skip, *before), mine=mine)


def _listed(
    turn: Turn, object_: str, conditions: Sequence[Condition], place: Sequence[int], *, mine: bool = False
) -> Reply:
    """A page: `place` is how many were shown before, and the id below which it begins."""
    skip, before = place if len(place) > 1 else (*place, NEWEST)
    page = filters.find(turn.ctx, object_, conditions, skip, mine=mine, before=before)
    asked = [[one.key, one.op.value, one.value, one.high] for one in conditions]
    more_ = ""
    if page.after is not None:
        more_ = orjson.dumps([object_, page.after, asked, mine, page.before]).decode()
        goes_on(turn, "fields", 0, more_)
    called_ = f"{'我的' if mine else ''}{fields.object_name(turn.ctx, object_)}"
    return Reply(cards=(cards.list_card(called_, page, skip, more_),))


def _kept_row(turn: Turn, kept: Mapping[str, object]) -> Table:
    """The record that a question was about, where it may still be changed."""
    model = TABLES.get(str(kept["table"]), CustomRecord)
    row = turn.ctx.session.get(model, int(str(kept["row"])))
    if row is None:
        raise UserMistake("这条记录已经不在了。")
    return row
