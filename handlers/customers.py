"""Customers in the chat: look one up, add one, keep its people up to date."""

from __future__ import annotations

import re
from dataclasses import replace

from cards import customers as cards
from cards import help as helps
from cards import words
from crm import contacts, customers, overview, quotes
from crm.customers import NewCustomer
from crm.errors import UserMistake
from handlers import held
from handlers.quote_words import Wanted, ask_amount
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.tasks import day_of, list_of_day
from handlers.turn import Pending, Press, Turn
from nlu.entities import Time
from nlu.reading import Found, Intent, Reading

router = Router("customers")
router.help("华润置地", "看客户卡片：联系人、最近跟进、下一步、报价；简称、别名、写错一个字也能找到")
router.help(
    "新增客户 苏州汇川技术 联系人李娜 采购经理 电话 0512-66668888", "新建客户和联系人", "sales", "manager"
)

LONGEST_QUERY = 30
SCHEDULE = re.compile(r"安排|任务|待办|日程|计划|要做|提醒|什么事|忙什么|行程")
QUESTION = re.compile(r"[?？]|多少|几[个家次]|哪[些个家]|谁|什么|怎么|吗$|排名|统计|业绩")
HISTORY = re.compile(r"全部跟进|跟进记录|最近跟进|历史|拜访记录|所有跟进")
PERSON = re.compile(
    r"(?:联系人|对接人)[是为叫:：\s]*([一-鿿]{2,4})(?:[\s,，、]+((?!电话|手机|微信)[一-鿿]{1,8}))?"
)


@router.intent(Intent.QUERY, reads=True)
def query(turn: Turn, reading: Reading) -> Reply:
    """A customer's name, or a question about the schedule."""
    who = whom_to_show(turn, reading)
    if len(who) == 1 and HISTORY.search(turn.incoming.text):
        return show_history(turn, who[0], 0)
    if len(who) == 1:
        return show(turn, who[0])
    named = bool(reading.customers or reading.candidates)
    if who:
        return _choose(turn, "要看哪一家", _proposals(turn, who))
    said = day_of(reading)
    if said is not None and not named and (SCHEDULE.search(turn.incoming.text) or _only(said, turn)):
        return Reply(cards=(list_of_day(turn, said),))
    return _searched(turn, reading)


def _only(said: Time, turn: Turn) -> bool:
    """Whether the message is a day and nothing else."""
    return len(turn.incoming.text.strip(" 的?？。")) <= said.span.end - said.span.start


def whom_to_show(turn: Turn, reading: Reading) -> list[int]:
    """The customers that a look-up means: the one that is sure, otherwise all that may be meant and seen."""
    sure = [int(c.key) for c in reading.customers if c.key and c.found is not Found.FUZZY]
    if "customer" not in reading.ambiguous and sure:
        return list(dict.fromkeys(sure))
    keys = [int(c.key) for c in (*reading.customers, *reading.candidates) if c.key]
    return list(dict.fromkeys(keys))


def show(turn: Turn, customer_id: int) -> Reply:
    """The card of one customer."""
    view = overview.overview(turn.ctx, customer_id)
    turn.memory.customer_id = customer_id
    return Reply(cards=(cards.overview_card(view, turn.ctx.local),))


def _proposals(turn: Turn, ids: list[int]) -> list[customers.Proposal]:
    return customers.proposals_of(turn.ctx, ids)


def _choose(turn: Turn, question: str, proposals: list[customers.Proposal]) -> Reply:
    """Offer those that may be seen; of others no more is told than who looks after them."""
    mine = [p for p in proposals if p.mine]
    if not mine:
        first = proposals[0]
        return Reply(text=f"{first.name}已存在，负责人{first.owner}，详情请找对方了解。")
    if len(mine) == 1 and len(proposals) == 1:
        return show(turn, mine[0].id)
    turn.memory.ask("customer.which", {"ids": [p.id for p in mine[: cards.MOST_BUTTONS]]}, turn.now)
    return Reply(cards=(cards.choice_card(question, mine),))


def _searched(turn: Turn, reading: Reading) -> Reply:
    """A name that the message's grammar did not know: search for it."""
    text = turn.incoming.text.strip()
    name = next((c.name for c in reading.customers if c.found is Found.NEW), text)
    if len(name) > LONGEST_QUERY:
        return Reply(text=helps.not_understood(text))
    found = customers.look_up(turn.ctx, name)
    if found.sure and found.proposals[0].mine:
        return show(turn, found.proposals[0].id)
    if found.proposals:
        return _choose(turn, f"没有“{words.one_line(name, 12)}”，是不是", list(found.proposals))
    if QUESTION.search(text):
        return Reply(text=helps.cannot_answer(text))
    if reading.new_customer:
        return Reply(text=f"没有找到“{name}”。要新建就回复：新增客户 {name}")
    return Reply(text=helps.not_understood(text))


@router.answer("customer.which")
def which(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a choice."""
    ids: list[int] = pending.data["ids"]
    said = held.said(turn)
    if said.isdecimal() and 1 <= int(said) <= len(ids):
        turn.memory.pending = None
        return show(turn, ids[int(said) - 1])
    return show(turn, ids[0]) if len(ids) == 1 and said in held.YES else None


@router.action("customer.open", reads=True)
def opened(turn: Turn, press: Press) -> Reply:
    """客户卡片."""
    return show(turn, int(press.action.object_id))


@router.action("customer.history", reads=True)
def history(turn: Turn, press: Press) -> Reply:
    """全部跟进, a page at a time."""
    return show_history(turn, int(press.action.object_id), int(press.action.extra or 0))


def show_history(turn: Turn, customer_id: int, skip: int) -> Reply:
    """A page of a customer's records."""
    page = overview.history(turn.ctx, customer_id, skip)
    turn.memory.customer_id = page.customer.id
    return Reply(cards=(cards.history_card(page, turn.ctx.local, skip),))


@router.action("customer.quote", reads=True)
def quote_hint(turn: Turn, press: Press) -> Reply:
    """报价: how to say it; the amount alone will do."""
    view = overview.overview(turn.ctx, int(press.action.object_id))
    turn.memory.customer_id = view.customer.id
    ask_amount(turn, view.customer.id, Wanted(None, quotes.FULL))
    said = f"报价 {view.called} 58万 9折 提交"
    return Reply(text=f"报多少、几折？直接回复 58万 9折 提交，也可以随时说全：{said}")


@router.intent(Intent.ADD_CUSTOMER)
def add(turn: Turn, reading: Reading) -> Reply:
    """新增客户 …: once; a name much like another is asked about first."""
    name = next((c.name for c in reading.customers if c.found is Found.NEW), "")
    if not name:
        return _known_or_nameless(turn, reading)
    same = customers.duplicates(turn.ctx, name)
    if same.sure:
        raise customers.already_there(same.proposals[0])
    if same.proposals:
        message = turn.ctx.inbox_id or 0
        turn.memory.ask("customer.add", {"held": message}, turn.now)
        return Reply(cards=(cards.similar_card(name, same.proposals, message),))
    return create(turn, reading, name, turn.incoming.text)


def _known_or_nameless(turn: Turn, reading: Reading) -> Reply:
    who = whom(turn.ctx, reading)
    known = [c for c in (*reading.customers, *reading.candidates) if c.key]
    if who.sure or known:
        proposals = customers.proposals_of(turn.ctx, [int(known[0].key)])
        if proposals:
            raise customers.already_there(proposals[0])
    raise UserMistake("客户叫什么？例如：新增客户 苏州汇川技术 联系人李娜 采购经理 电话 0512-66668888")


def _person(reading: Reading, text: str) -> tuple[str, str]:
    """(name, title) of the contact; one behind 联系人 may share the name of a colleague."""
    if reading.contact:
        return reading.contact, reading.contact_title or ""
    found = PERSON.search(text)
    return (found[1], found[2] or "") if found else ("", "")


def create(turn: Turn, reading: Reading, name: str, text: str) -> Reply:
    """Add the customer with the contact that was named."""
    customer = customers.add(turn.ctx, NewCustomer(name))
    person, title = _person(reading, text)
    if person:
        contacts.find_or_add(turn.ctx, customer, person, title, reading.phone or "")
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    turn.memory.pending = None
    view = overview.overview(turn.ctx, customer.id)
    return Reply(cards=(cards.added_card(view, turn.ctx.local, turn.ctx.inbox_id or 0),))


@router.action("customer.add")
def add_anyway(turn: Turn, press: Press) -> Reply:
    """仍然新建."""
    return _add_held(turn, held.held_id(press))


@router.action("customer.drop")
def drop(turn: Turn, press: Press) -> Reply:
    """不建了."""
    turn.memory.pending = None
    card = cards.answered_card(held.held_id(press), "没有新建")
    return Reply(refresh=(card,))


@router.answer("customer.add")
def add_answered(turn: Turn, pending: Pending) -> Reply | None:
    """仍然新建 or 不建了, typed."""
    said = held.said(turn)
    if said in held.CREATE | held.YES:
        return _add_held(turn, int(pending.data["held"]))
    if said in held.DROP | held.NO:
        turn.memory.pending = None
        return Reply(text="好，没有新建。")
    return None


def _add_held(turn: Turn, message: int) -> Reply:
    text = held.text_of(turn, message)
    reading = turn.understand(text)
    name = next((c.name for c in reading.customers if c.found is Found.NEW), "")
    reply = create(turn, reading, name, text)
    return replace(reply, refresh=(cards.answered_card(message, "已新建"),))
