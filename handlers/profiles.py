"""What is kept about customers and their people: another name, a grade, a phone number, a birthday."""

from __future__ import annotations

import re
from dataclasses import replace

from cards import contacts as contact_cards
from cards import customers as cards
from cards import words
from crm import contacts, customers, overview, particulars, reveals, task_lists, tasks
from crm.contacts import News
from crm.custom import values
from crm.errors import UserMistake
from crm.moments import Grain, Moment, is_over
from crm.particulars import Particulars
from crm.tasks import NewTask
from handlers import held
from handlers.contact_words import ROLES, news_of
from handlers.help import otherwise
from handlers.named import find_named
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.clauses import clause_at, split_clauses
from nlu.entities import Time
from nlu.reading import Intent, Reading
from nlu.text import fold
from store.tables import Contact, Customer

router = Router("profiles")
router.help(
    "华润置地的王总生日农历腊月初八", "记联系人的生日、电话、邮箱、微信、职务、角色、喜好", "sales", "manager"
)
router.help("华润燃气又叫华燃 / 美的是A级客户", "给客户加简称、定级别", "sales", "manager")

ALIAS = re.compile(r"(?:别名|简称|又叫做?|也叫做?|俗称)(?:是|为|叫|加)?[:：\s“\"]*([^\s”\"，。,!？?]{2,20})")
LEVEL = re.compile(r"([A-Ea-e])\s*[级类]")
TO_DO = re.compile(r"联系(?!人|方式|电话)|回访|拜访|见(?!过)|打电话|跟进")
LONGEST_NAME = 30  # characters; a longer answer is another message
MOST = 5


@router.intent(Intent.UPDATE_CONTACT)
def update_contact(turn: Turn, reading: Reading) -> Reply:
    """华润置地的王总生日农历腊月初八, 王总电话改成 186…."""
    if not reading.contact:
        raise UserMistake("是谁的？例如：华润置地的王总生日农历腊月初八")
    if "birthday" in reading.ambiguous and news_of(reading, turn.incoming.text).note:
        raise UserMistake(reading.reasons["birthday"])
    return _take_down(turn, reading, turn.incoming.text, turn.ctx.inbox_id or 0)


@router.phrase(
    rf"(?P<who>[^\s，,。;；了][^，,。;；了]{{0,20}}?)(?:是|就是)[^，。,;；]{{0,6}}?(?:{'|'.join(ROLES)})",
    r"(?P<who>\S.{0,20}?)的?(?:全名|大名|本名|真名)(?:叫|是|为)\s*(?!什么|啥|谁)[一-鿿]{2,4}",
)
def role_or_name(turn: Turn, phrase: Phrase) -> Reply | None:
    """王总是决策人, 王总全名叫王建国."""
    reading = turn.understand(phrase.given["who"])
    if not reading.contact:
        return None
    return _take_down(turn, reading, turn.incoming.text, turn.ctx.inbox_id or 0)


@router.phrase(
    r"(?:新增|添加|加)?联系人[:：\s]+(?P<who>\S+)[\s:：]+(?:新增\s*|添加\s*)?(?P<name>[一-鿿]{2,4})"
    r"(?:[\s,，、]+(?P<title>(?!电话|手机|微信|邮箱|职务|角色|生日|喜)[一-鿿]{1,8}))?(?P<rest>(?:[\s,，、].*)?)",
)
def form(turn: Turn, phrase: Phrase) -> Reply | None:
    """联系人 华星 李娜 采购经理 电话 139… 邮箱 … 角色 采购: also who is called like a colleague."""
    found = find_named(turn, phrase.given["who"])
    if len(found) != 1:
        return None
    rest = phrase.given["rest"]
    reading = turn.understand(turn.incoming.text)
    news = replace(news_of(reading, rest), note="") if rest else News()
    customer = customers.get(turn.ctx, found[0], to_change=True)
    contact = contacts.find_or_add(turn.ctx, customer, phrase.given["name"], phrase.given["title"])
    told = contacts.tell(turn.ctx, contact, replace(news, title=news.title or phrase.given["title"]))
    return _shown(turn, told, customer)


def _take_down(turn: Turn, reading: Reading, text: str, message: int) -> Reply:
    """Where it is clear whose contact is meant it is taken down, otherwise asked about."""
    who = whom(turn.ctx, reading)
    ids = who.sure or tuple(p.id for p in who.options)
    last = turn.memory.customer_id
    if len(ids) != 1 and last is not None and not who.new and (last in ids or not ids):
        ids = (last,)
    if len(ids) == 1:
        return _write(turn, reading, text, ids[0])
    turn.memory.ask("contact.whose", {"held": message, "ids": list(ids[:MOST])}, turn.now)
    if len(ids) > 1:
        names = list(customers.short_names(turn.ctx, ids[:MOST]).items())
        return Reply(cards=(contact_cards.whose_card(reading.contact or "", names, message),))
    person = reading.contact
    return Reply(
        text=f"是哪家的{person}？回复客户名称就接着记，也可以说全：华润置地的{person}电话 13912345678"
    )


def _write(turn: Turn, reading: Reading, text: str, customer_id: int) -> Reply:
    customer = customers.get(turn.ctx, customer_id)
    contact = contacts.find_or_add(turn.ctx, customer, reading.contact or "", reading.contact_title or "")
    contacts.tell(turn.ctx, contact, news_of(reading, text))
    shown = _shown(turn, contact, customer)
    planned = _planned(turn, reading, contact, text)
    return (
        replace(shown, cards=tuple(replace(card, note=planned) for card in shown.cards)) if planned else shown
    )


def _planned(turn: Turn, reading: Reading, contact: Contact, text: str) -> str:
    """下次联系周四 beside what is new of a person: a reminder, in the words that tell of it."""
    clauses, local = split_clauses(fold(text)), turn.ctx.local
    for said in reading.entities:
        if not isinstance(said, Time):
            continue
        clause = clause_at(clauses, said.span.start)
        verb = TO_DO.search(text, clause.start, clause.end)
        grain = said.grain if said.grain in tuple(Grain) else Grain.DAY
        when = Moment(said.future or said.value, grain, said.part)
        if verb is None or is_over(when, local):
            continue
        title = f"{verb[0]}{contact.name}"
        task = tasks.create(
            turn.ctx, NewTask(title, when, customer_id=contact.customer_id, contact_id=contact.id)
        )
        item = task_lists.get(turn.ctx, task.id)
        return f"已设提醒：{title} · {words.due(item.due, item.grain, local.date(), deadline=False)}"
    return ""


def _shown(turn: Turn, contact: Contact, customer: Customer) -> Reply:
    """The contact as it is now."""
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    turn.memory.pending = None
    called = customers.short_names(turn.ctx, [customer.id])[customer.id]
    others = contacts.elsewhere(turn.ctx, contact)
    seen = reveals.as_seen(turn.ctx, contact)
    own = values.lines(turn.ctx, "contact", contact)
    card = contact_cards.contact_card(seen, called, turn.ctx.inbox_id or 0, others, own)
    return Reply(cards=(card,))


@router.action("contact.whose")
def picked(turn: Turn, press: Press) -> Reply:
    """The customer of a person of whom there are several."""
    message = held.held_id(press)
    return _go_on(turn, message, int(press.action.object_id))


@router.answer("contact.whose")
def whose(turn: Turn, pending: Pending) -> Reply | None:
    """The customer's number or name, typed."""
    dropped = held.dropped(turn, "好，没有记。")
    if dropped is not None:
        return dropped
    said, message = held.said(turn), int(pending.data["held"])
    chosen = held.chosen(turn, pending.data["ids"])
    if chosen is not None:
        return _go_on(turn, message, chosen)
    if len(said) > LONGEST_NAME or turn.understand(turn.incoming.text).intent is not Intent.QUERY:
        return None
    found = find_named(turn, turn.incoming.text)
    return _go_on(turn, message, found[0]) if len(found) == 1 else None


def _go_on(turn: Turn, message: int, customer_id: int) -> Reply:
    text = held.text_of(turn, message)
    reading = held.read(turn, message, text)
    if not reading.contact:
        reading = turn.understand(text[: text.index("是")] if "是" in text else text)
    reply = _write(turn, reading, text, customer_id)
    name = customers.short_names(turn.ctx, [customer_id])[customer_id]
    settled = contact_cards.settled_card(message, f"记到{name}")
    return Reply(text=reply.text, cards=reply.cards, refresh=(settled,))


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
        particulars.tell(turn.ctx, customer, Particulars(level=level[1]))
        done.append(f"{level[1].upper()}级")
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    view = overview.overview(turn.ctx, customer.id)
    words = f"已给{view.called}记下：{'、'.join(done)}。记错了回复“撤销”。"
    return Reply(text=words, refresh=(cards.overview_card(view, turn.ctx.local),))
