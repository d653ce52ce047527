"""What is kept about customers and their people: another name, a grade, a phone number, a birthday."""

from __future__ import annotations

import re

from cards import customers as cards
from crm import contacts, customers, overview
from crm.contacts import Birthday
from crm.errors import UserMistake
from handlers.help import otherwise
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Turn
from nlu.reading import Intent, Reading

router = Router("profiles")
router.help("华润置地的王总生日农历腊月初八", "记联系人的生日、电话、喜好", "sales", "manager")
router.help("华润燃气又叫华燃 / 美的是A级客户", "给客户加简称、定级别", "sales", "manager")

ALIAS = re.compile(r"(?:别名|简称|又叫做?|也叫做?|俗称)(?:是|为|叫|加)?[:：\s“\"]*([^\s”\"，。,!？?]{2,20})")
LEVEL = re.compile(r"([A-Ea-e])\s*[级类]")


@router.intent(Intent.UPDATE_CONTACT)
def update_contact(turn: Turn, reading: Reading) -> Reply:
    """华润置地的王总生日农历腊月初八, 王总电话改成 186…."""
    if not reading.contact:
        raise UserMistake("是谁的？例如：华润置地的王总生日农历腊月初八")
    who = whom(turn.ctx, reading)
    ids = who.sure or tuple(p.id for p in who.options)
    if len(ids) != 1 and turn.memory.customer_id is not None and not who.new:
        ids = (turn.memory.customer_id,) if turn.memory.customer_id in ids or not ids else ids
    if len(ids) != 1:
        raise UserMistake(f"是哪家的{reading.contact}？带上客户说一遍，例如：华润置地的王总电话 13912345678")
    birthday = reading.birthday if "birthday" not in reading.ambiguous else None
    customer = customers.get(turn.ctx, ids[0])
    title = reading.contact_title or ""
    contact = contacts.find_or_add(turn.ctx, customer, reading.contact, title)
    born = (
        Birthday(birthday.calendar, birthday.month, birthday.day, birthday.year, birthday.leap)
        if birthday
        else None
    )
    note = None if born or reading.phone else turn.incoming.text.strip()
    contacts.update(turn.ctx, contact, phone=reading.phone, birthday=born, note=note)
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    called = customers.short_names(turn.ctx, [customer.id])[customer.id]
    return Reply(cards=(cards.contact_card(contact, called, turn.ctx.inbox_id or 0),))


@router.intent(Intent.UPDATE_CUSTOMER)
def update_customer(turn: Turn, reading: Reading) -> Reply:
    """华润燃气又叫华燃, 美的是A级客户; other news about a customer is kept as a note."""
    who = whom(turn.ctx, reading)
    text = turn.incoming.text.strip()
    alias, level = ALIAS.search(text), LEVEL.search(text)
    if len(who.sure) != 1 or not (alias or level):
        return otherwise(turn, reading)
    customer = customers.get(turn.ctx, who.sure[0], to_change=True)
    done = []
    if alias:
        customers.add_alias(turn.ctx, customer, alias[1])
        done.append(f"简称“{alias[1]}”")
    if level:
        customers.set_level(turn.ctx, customer, level[1].upper())
        done.append(f"{level[1].upper()}级")
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    view = overview.overview(turn.ctx, customer.id)
    words = f"已给{view.called}记下：{'、'.join(done)}。记错了回复“撤销”。"
    return Reply(text=words, refresh=(cards.overview_card(view, turn.ctx.local),))
