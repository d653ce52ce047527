"""The question which customer a sentence is about, and its answer by button, number or name."""

from __future__ import annotations

import re
from dataclasses import replace

from cards import visits as cards
from cards.card import Card, Option
from crm import customers, visits
from crm.customers import NewCustomer
from crm.recall import own_named_in
from handlers import held
from handlers.confirm import ask_name, doubt, write
from handlers.learning import learn_customer
from handlers.notes import NOT_YET, keep
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import MOST_OPTIONS, Whom, customer_known, draft, in_words, whom, without
from handlers.turn import Pending, Press, Turn
from nlu.names.forms import CITIES
from nlu.reading import Intent, Method, Reading

router = Router("whose")

LONGEST_NAME = 30
A_QUESTION = re.compile(r"什么|哪[些个家里]|多少|几[个家次]|怎么|如何|谁|情况|[吗呢嘛]$")
AROUND_A_NAME = re.compile(r"(?:应该|就|是|说|那|这|个|家|的|边|吧|啊|呀|哦|嗯|[，,。.!！?？])*")
NAME = re.compile(r"[一-鿿A-Za-z0-9（）()·&.]{3,30}")


def ask_whose(turn: Turn, reading: Reading, who: Whom, text: str, waiting: int = 0) -> Reply:
    """Ask which customer is meant; nothing is recorded until then, the words stay in the inbox."""
    message = waiting or turn.ctx.inbox_id or 0
    if not (who.options or who.new):
        who = Whom(options=tuple(own_named_in(turn.ctx, text, MOST_OPTIONS, CITIES)))
    if not (who.options or who.new):
        who = _last_spoken_of(turn)
    if len(who.options) == 1 and reading.intent is Intent.LOG_ACTIVITY:
        return doubt(turn, text, message, reading, who)
    data = {"held": message, "ids": [p.id for p in who.options], "new": who.new}
    turn.memory.ask("visit.customer", data, turn.now)
    return Reply(cards=(_question(who, message, text),))


def _last_spoken_of(turn: Turn) -> Whom:
    """Nobody was named: perhaps it is about the customer that was spoken of before."""
    if turn.memory.customer_id is None:
        return Whom()
    options = customers.proposals_of(turn.ctx, [turn.memory.customer_id])
    mine = [p for p in options if p.mine]
    names = customers.short_names(turn.ctx, [p.id for p in mine])
    return Whom(options=tuple(replace(p, name=names[p.id]) for p in mine))


def _question(who: Whom, message: int, text: str) -> Card:
    if len(who.options) == 1:
        named = who.options[0]
        return cards.likeness_card(named.name, str(named.id), who.new, message, text)
    if who.options:
        options = [Option(str(p.id), p.name) for p in who.options]
        question = f"“{who.said}”是哪家客户" if who.said else "说的是哪家客户"
        return cards.choice_card(question, options, who.new, message, text)
    if who.new:
        return cards.unknown_card(who.new, message, text)
    return cards.nobody_card(message, text)


@router.action("visit.pick")
def pick(turn: Turn, press: Press) -> Reply:
    """One of the customers was chosen: go on with the sentence."""
    message = held.held_id(press)
    return go_on(turn, message, held.text_of(turn, message), int(press.action.object_id))


@router.action("visit.new")
def new(turn: Turn, press: Press) -> Reply:
    """新建并记录."""
    message = held.held_id(press)
    text = held.text_of(turn, message)
    return create_and_record(turn, message, text, press.action.object_id)


@router.action("visit.note")
def note(turn: Turn, press: Press) -> Reply:
    """只记笔记: the words are kept without a customer."""
    message = held.held_id(press)
    return go_on(turn, message, held.text_of(turn, message), None)


@router.action("visit.not")
def none_of_them(turn: Turn, press: Press) -> Reply:
    """不是 / 都不是: ask for the name, offer to create it."""
    message = held.held_id(press)
    return ask_name(turn, message, held.text_of(turn, message), press.action.object_id)


@router.answer("visit.customer")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """A number, a yes or no, or the customer's name, typed instead of pressed."""
    given_up = held.dropped(turn, "好，这句话没有记录。")
    if given_up is not None:
        return given_up
    message = int(pending.data["held"])
    ids: list[int] = pending.data["ids"]
    said = held.said(turn)
    choice = held.chosen(turn, ids) or (ids[0] if len(ids) == 1 and said in held.YES else None)
    if choice is not None:
        return go_on(turn, message, held.text_of(turn, message), choice)
    if said in held.NO:
        return ask_name(turn, message, held.text_of(turn, message), pending.data["new"])
    if said in held.NOTE:
        return go_on(turn, message, held.text_of(turn, message), None)
    if pending.data["new"] and said in held.CREATE | (held.YES if not ids else frozenset()):
        return create_and_record(turn, message, held.text_of(turn, message), pending.data["new"])
    return _named(turn, message, free=not ids)


def _is_name(text: str, reading: Reading) -> bool:
    """Whether nothing is said but a name: 华润置地, 应该是美的那家; an unknown one may be any words."""
    places = [(one.start, one.end) for one in (*reading.customers, *reading.candidates)]
    if not places:
        return reading.intent in (Intent.QUERY, Intent.CHITCHAT)
    return AROUND_A_NAME.fullmatch(without(text, places)) is not None


def _named(turn: Turn, message: int, *, free: bool) -> Reply | None:
    """The customer's name as an answer (`free`: any name will do); what says more is another matter."""
    name = turn.incoming.text.strip()
    if len(name) > LONGEST_NAME:
        return None
    reading = in_words(turn.understand(name))
    if not _is_name(name, reading):
        return None
    who = whom(turn.ctx, reading)
    if len(who.sure) == 1:
        return go_on(turn, message, held.text_of(turn, message), who.sure[0])
    if who.options or who.new:
        return ask_whose(turn, reading, who, held.text_of(turn, message), message)
    if not free or not NAME.fullmatch(name) or A_QUESTION.search(name):
        return None
    return ask_whose(turn, reading, Whom(new=name), held.text_of(turn, message), message)


def go_on(turn: Turn, message: int, text: str, customer_id: int | None, *, new: bool = False) -> Reply:
    """Record the sentence that waited, once; `new` where the customer was created for it."""
    done = visits.already(turn.ctx, text, message)
    if done is not None:
        shown = visits.show(turn.ctx, done)
        card = cards.answered_card("这句话已经记录", text, message, f"已记在{shown.called or '备注'}")
        return Reply(text=f"这句话已经记在{shown.called or '备注'}了，没有再记一次。", refresh=(card,))
    reading = customer_known(_with_method(turn, message, held.read(turn, message, text)))
    if customer_id is None:
        kept = reading.but(contact=None, next_time=None)
        recorded = visits.record(turn.ctx, replace(draft(kept, text, None, turn.ctx.local), contact=""))
        turn.memory.record, turn.memory.activity_id = turn.ctx.inbox_id, recorded.activity.id
        turn.memory.pending = None
        reply = Reply(cards=(cards.recorded_card(recorded, turn.ctx.local.date()),))
        chosen = "只记笔记"
    else:
        if reading.intent in NOT_YET:
            reply = keep(turn, reading, text, customer_id)
        else:
            reply = write(turn, reading, text, (customer_id,), message)
        learn_customer(turn, text, message, customer_id, new=new)
        chosen = customers.short_names(turn.ctx, [customer_id]).get(customer_id, "")
    settled = cards.answered_card("已选客户", text, message, f"已选：{chosen}")
    return replace(reply, refresh=(*reply.refresh, settled))


def create_and_record(turn: Turn, message: int, text: str, name: str) -> Reply:
    """Create the customer under the name that was said, then record."""
    if visits.already(turn.ctx, text, message) is not None or not name:
        return go_on(turn, message, text, None)
    customer = customers.add(turn.ctx, NewCustomer(name))
    return go_on(turn, message, text, customer.id, new=True)


def _with_method(turn: Turn, message: int, reading: Reading) -> Reading:
    """How the contact took place, where that was chosen before the customer was asked for."""
    asked = turn.memory.pending.data if turn.memory.pending else {}
    if asked.get("held") != message or "method" not in asked:
        return reading
    return reading.but(intent=Intent.LOG_ACTIVITY, method=Method(asked["method"]))
