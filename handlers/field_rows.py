"""Which record a sentence about own fields means: a customer, one of its people, a record by its number."""

from __future__ import annotations

from cards import custom as cards
from crm import assets, contacts, customers
from crm.custom import fields
from crm.errors import UserMistake
from handlers import objects
from handlers.reply import Reply
from handlers.said import whom
from handlers.turn import Turn
from nlu.reading import CustomAsk, Reading
from store.tables import Activity, Asset, Contact, Customer, CustomRecord, Table

MOST_PEOPLE = 5
EXAMPLE = "华润置地 设备型号偏好 B"


def find_row(turn: Turn, said: Reading, asked: CustomAsk, message: int) -> Table | Reply:
    """The record that a sentence is about, or the question which one it is."""
    if asked.number:
        return (
            _asset(turn, asked.number) if asked.object == "asset" else objects.need_record(turn, asked.number)
        )
    if asked.object == "activity":
        activity = turn.ctx.session.get(Activity, turn.memory.activity_id or 0)
        if activity is None or activity.voided_at is not None:
            raise UserMistake("先记一条跟进，再填这个字段。")
        return activity
    if asked.object == "asset":
        raise UserMistake(f"是哪台设备？带上编号说，例如：E0001 {asked.said[0].label} …")
    if asked.object not in ("customer", "contact"):
        label = asked.said[0].label if asked.said else ""
        kind = fields.object_name(turn.ctx, asked.object)
        raise UserMistake(f"是哪一条{kind}？带上编号说，例如：YJ-2026-0001 {label} …。发“{kind}”看列表。")
    customer = _customer(turn, said, message)
    if isinstance(customer, Reply) or asked.object == "customer":
        return customer
    return find_contact(turn, said, customer, message)


def _asset(turn: Turn, number: str) -> Asset:
    found = assets.numbered(turn.ctx, number)
    if found is None:
        raise UserMistake(f"没有{number}这台设备，检查一下编号。")
    return found


def _customer(turn: Turn, said: Reading, message: int) -> Customer | Reply:
    who = whom(turn.ctx, said)
    ids = who.sure or tuple(one.id for one in who.options)
    if len(ids) == 1 and (who.sure or not who.alike):
        return customers.get(turn.ctx, ids[0])
    if ids:
        names = customers.short_names(turn.ctx, list(ids))
        turn.memory.ask("field.on", {"held": message, "ids": [str(i) for i in ids]}, turn.now)
        options = [(i, names[i]) for i in ids]
        return Reply(cards=(cards.which_card("是哪家客户", options, "field.on", message),))
    if who.new:
        raise UserMistake(f"没有找到客户“{who.new}”，没有写入。要新建就回复：新增客户 {who.new}")
    if turn.memory.customer_id is None:
        raise UserMistake(f"是哪家客户的？例如：{EXAMPLE}")
    return customers.get(turn.ctx, turn.memory.customer_id)


def find_contact(turn: Turn, said: Reading, customer: Customer, message: int) -> Contact | Reply:
    people = contacts.of_customer(turn.ctx, customer.id)
    name, title = said.contact or "", said.contact_title or ""
    if name:
        found = contacts.matching(people, name, title)
        if found is not None:
            return found
    if not name and len(people) == 1:
        return people[0]
    short = customers.short_names(turn.ctx, [customer.id])[customer.id]
    if not people:
        raise UserMistake(f"{short}还没有联系人，先加一位，例如：{short} 联系人 李娜 采购经理")
    turn.memory.ask(
        "field.person", {"held": message, "ids": [str(p.id) for p in people[:MOST_PEOPLE]]}, turn.now
    )
    question = f"{short}没有“{name}”，是哪位" if name else f"是{short}的哪位"
    options = [(p.id, p.name) for p in people[:MOST_PEOPLE]]
    return Reply(cards=(cards.which_card(question, options, "field.person", message),))


def called(turn: Turn, row: Table) -> str:
    """How a record is called in an answer."""
    if isinstance(row, Customer):
        return customers.short_names(turn.ctx, [row.id])[row.id]
    if isinstance(row, Contact | Asset):
        return row.name
    return row.number if isinstance(row, CustomRecord) else "这条跟进"


def row_id(row: Table) -> int:
    """The id of a record."""
    found: int = row.id  # type: ignore[attr-defined]  # every table with own fields has a whole-number id
    return found
