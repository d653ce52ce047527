"""Adding a customer in the chat: once, checked while it is entered, with the person who was named."""

from __future__ import annotations

import re
from dataclasses import replace

from cards import adding as cards
from cards import customers as customer_cards
from crm import contacts, customers, duplicates, identities, overview, particulars
from crm.contacts import News
from crm.customers import NewCustomer
from crm.duplicates import Entered, Suspect
from crm.errors import UserMistake
from crm.identities import Kind, Said
from handlers import held
from handlers.named import sounding_like
from handlers.particular_words import said_of_new
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Pending, Press, Turn
from nlu.names.alike import alike, forms_to_try
from nlu.reading import Found, Intent, Reading

router = Router("adding")
router.help(
    "新增客户 苏州汇川技术 联系人李娜 采购经理 电话 0512-66668888",
    "新建客户和联系人，疑似重复会先问",
    "sales",
    "manager",
)

PERSON = re.compile(
    r"(?:联系人|对接人)[是为叫:：\s]*([一-鿿]{2,4})(?:[\s,，、]+((?!电话|手机|微信)[一-鿿]{1,8}))?"
)
WECHAT = re.compile(
    r"(?:微信号?|wechat)[是为:：\s]*([A-Za-z][\w\-]{5,19}|1[3-9]\d{9})", re.ASCII | re.IGNORECASE
)
TAX = re.compile(r"(?:税号|统一社会信用代码)[是为:：\s]*([0-9A-Za-z]{15,18})")
USE = frozenset({"用这个", "就是这个", "就用这个"})
JOIN = frozenset({"合并", "合并吧"})


@router.intent(Intent.ADD_CUSTOMER)
def add(turn: Turn, reading: Reading) -> Reply:
    """新增客户 …: once; one that may be known already is asked about first."""
    name = _new_name(reading)
    if not name:
        return _known_or_nameless(turn, reading)
    text = turn.incoming.text
    suspects = suspected(turn, name, _identities(reading, text))
    if not suspects:
        return create(turn, reading, name, text)
    message = turn.ctx.inbox_id or 0
    if suspects[0].same:
        return _exists(turn, suspects[0], message)
    mine = [one.proposal.id for one in suspects if one.proposal.mine]
    shown = [one.proposal.id if one.proposal.mine else 0 for one in suspects]
    turn.memory.ask("customer.add", {"held": message, "mine": mine, "shown": shown}, turn.now)
    return Reply(cards=(cards.suspects_card(name, suspects, message),))


def _new_name(reading: Reading) -> str:
    return next((c.name for c in reading.customers if c.found is Found.NEW), "")


def suspected(
    turn: Turn, name: str, said: tuple[Said, ...] = (), itself: int | None = None
) -> tuple[Suspect, ...]:
    """The customers that one of this name, with these identities, may be, but for `itself`."""
    entered = Entered(name, said, forms_to_try(name), sounding_like(turn, name), itself)
    return duplicates.check(turn.ctx, entered, alike)


def _identities(reading: Reading, text: str) -> tuple[Said, ...]:
    values = (
        (Kind.PHONE, reading.phone or ""),
        (Kind.EMAIL, _first(identities.EMAIL, text, 0)),
        (Kind.WECHAT, _first(WECHAT, text, 1)),
        (Kind.TAX_NO, _first(TAX, text, 1)),
    )
    return tuple(Said(kind, v, norm) for kind, v in values if v and (norm := identities.normal(kind, v)))


def _first(pattern: re.Pattern[str], text: str, group: int) -> str:
    found = pattern.search(text)
    return found[group] if found else ""


def _exists(turn: Turn, suspect: Suspect, message: int) -> Reply:
    if suspect.proposal.mine:
        one = suspect.proposal.id
        turn.memory.ask("customer.add", {"held": message, "mine": [one], "shown": [one]}, turn.now)
    return Reply(cards=(cards.exists_card(suspect, message),))


def _known_or_nameless(turn: Turn, reading: Reading) -> Reply:
    who = whom(turn.ctx, reading)
    known = [c for c in (*reading.customers, *reading.candidates) if c.key]
    if who.sure or known:
        proposals = customers.proposals_of(turn.ctx, [int(known[0].key)])
        if proposals:
            return _exists(turn, Suspect(proposals[0], "名称相同", same=True), turn.ctx.inbox_id or 0)
    raise UserMistake("客户叫什么？例如：新增客户 苏州汇川技术 联系人李娜 采购经理 电话 0512-66668888")


def _person(reading: Reading, text: str) -> tuple[str, str]:
    """(name, title) of the contact; one behind 联系人 may share the name of a colleague."""
    if reading.contact:
        return reading.contact, reading.contact_title or ""
    found = PERSON.search(text)
    return (found[1], found[2] or "") if found else ("", "")


def create(turn: Turn, reading: Reading, name: str, text: str) -> Reply:
    """Add the customer with the contact and the particulars that were named."""
    news = said_of_new(turn.ctx, text)
    customer = customers.add(
        turn.ctx,
        NewCustomer(name, level=news.level, source=news.source, industry=news.industry, region=news.region),
    )
    _take_person(turn, reading, customer.id, text)
    if news.tax_no:
        particulars.tell(turn.ctx, customer, particulars.Particulars(tax_no=news.tax_no))
    return _shown(turn, customer.id, new=True)


def _take_person(turn: Turn, reading: Reading, customer_id: int, text: str) -> None:
    """The contact that was named, with phone, e-mail and WeChat; a number alone belongs to the company."""
    person, title = _person(reading, text)
    customer = customers.get(turn.ctx, customer_id, to_change=True)
    if not person:
        for said in _identities(reading, text):
            if said.kind is not Kind.TAX_NO:
                identities.put(turn.ctx, customer_id, said.kind, said.value)
        return
    contact = contacts.find_or_add(turn.ctx, customer, person, title, reading.phone or "")
    email, wechat = _first(identities.EMAIL, text, 0), _first(WECHAT, text, 1)
    contacts.tell(turn.ctx, contact, News(email=email, wechat=wechat))


def _shown(turn: Turn, customer_id: int, *, new: bool) -> Reply:
    turn.memory.customer_id, turn.memory.record = customer_id, turn.ctx.inbox_id
    turn.memory.pending = None
    view = overview.overview(turn.ctx, customer_id)
    if new:
        return Reply(cards=(customer_cards.added_card(view, turn.ctx.local, turn.ctx.inbox_id or 0),))
    return Reply(cards=(customer_cards.overview_card(view, turn.ctx.local),))


@router.action("customer.add")
def add_anyway(turn: Turn, press: Press) -> Reply:
    """仍然新建."""
    return _add_held(turn, held.held_id(press))


@router.action("customer.use")
def use(turn: Turn, press: Press) -> Reply:
    """用这个: what was said goes to the customer that exists."""
    return _use(turn, held.held_id(press), int(press.action.object_id), join=False)


@router.action("customer.join")
def join(turn: Turn, press: Press) -> Reply:
    """合并: the same, and the new name becomes another name of that customer."""
    return _use(turn, held.held_id(press), int(press.action.object_id), join=True)


@router.action("customer.drop")
def drop(turn: Turn, press: Press) -> Reply:
    """不建了."""
    turn.memory.pending = None
    return Reply(refresh=(cards.answered_card(held.held_id(press), "没有新建"),))


@router.answer("customer.add")
def add_answered(turn: Turn, pending: Pending) -> Reply | None:
    """用这个, 合并, 仍然新建, 不建了 or the number of one, typed."""
    said, message = held.said(turn), int(pending.data["held"])
    mine: list[int] = pending.data.get("mine", [])
    shown: list[int] = pending.data.get("shown", [])
    chosen = held.chosen(turn, shown)
    if chosen:
        return _use(turn, message, chosen, join=False)
    if said in USE and mine:
        return _use(turn, message, mine[0], join=False)
    if said in JOIN and mine:
        return _use(turn, message, mine[0], join=True)
    if said in held.CREATE:
        return _add_held(turn, message)
    if said in held.DROP | held.NO:
        turn.memory.pending = None
        return Reply(text="好，没有新建。", refresh=(cards.answered_card(message, "没有新建"),))
    return None


def _add_held(turn: Turn, message: int) -> Reply:
    text = held.text_of(turn, message)
    reading = turn.understand(text)
    name = _new_name(reading)
    if not name:
        raise UserMistake("这家客户刚刚已经建好了，没有重复新增。")
    reply = create(turn, reading, name, text)
    return replace(reply, refresh=(cards.answered_card(message, "已新建"),))


def _use(turn: Turn, message: int, customer_id: int, *, join: bool) -> Reply:
    text = held.text_of(turn, message)
    reading = turn.understand(text)
    customer = customers.get(turn.ctx, customer_id, to_change=True)
    name = _new_name(reading)
    _take_person(turn, reading, customer.id, text)
    if join and name:
        customers.add_alias(turn.ctx, customer, name)
    reply = _shown(turn, customer.id, new=False)
    done = f"已并入{customer.name}" if join else f"用了{customer.name}"
    return replace(reply, refresh=(cards.answered_card(message, done),))
