"""新增客户, 报价 and 记跟进 said alone: a form, shown where the platform can, else asked in the chat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import orjson

from cards import customers as customer_cards
from cards import forms as cards
from cards.card import Card, Option
from crm import contacts, customers, identities, once, overview
from crm.customers import NewCustomer
from crm.errors import UserMistake
from crm.identities import Kind, Said
from handlers import held, recording
from handlers.adding import suspected
from handlers.form_fields import amount_of, customer_id_of, customer_option, discount_of, filled_moment
from handlers.forms import filled
from handlers.quote_words import Wanted
from handlers.quotes import make
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import customer_known
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Reading, When

router = Router("filling")
router.help("新增客户 / 报价 / 记跟进", "只发这几个字，会一项一项问着填", "sales", "manager")

MOST_PROPOSED = 5
LEVEL = re.compile(r"(?:级别[是为:： ]*)?([A-D])级?")


@router.command("新增客户", "新建客户", "添加客户", "加客户", "录入客户", "客户建档")
def new_customer(turn: Turn, reading: Reading) -> Reply:
    """新增客户, without saying which."""
    return Reply(cards=(cards.customer_form(_new(turn)),))


@router.phrase(r"(?:新增|新建|添加|录入)客户[\s,，:：]*(?P<rest>(?:联系人|对接人|电话|手机|[A-D]级|级别).+)")
def new_customer_of(turn: Turn, phrase: Phrase) -> Reply:
    """新增客户 联系人李娜 电话 13812345678: all but the name, which is asked for."""
    rest = phrase.given["rest"]
    reading = turn.understand(rest)
    level = LEVEL.search(rest)
    known = {
        "contact": reading.contact or "",
        "phone": reading.phone or "",
        "level": level[1] if level else "",
    }
    return Reply(cards=(cards.customer_form(_new(turn), known),))


@router.command("报价", "新建报价", "做报价", "我要报价", "报个价")
def new_quote(turn: Turn, reading: Reading) -> Reply:
    """报价, without saying to whom."""
    return Reply(cards=(cards.quote_form(_new(turn), _proposed(turn)),))


@router.command("记跟进", "记录跟进", "写跟进", "新增跟进", "填跟进")
def new_visit(turn: Turn, reading: Reading) -> Reply:
    """记跟进, without saying anything."""
    return Reply(cards=(cards.visit_form(_new(turn), _proposed(turn)),))


@router.action("customer.create")
def create(turn: Turn, press: Press) -> Reply:
    """The form of a new customer, filled in."""
    form = cards.customer_form(press.action.object_id)
    given = filled(turn, form, press)
    if isinstance(given, Reply):
        return given
    settled = _submitted(turn, press, form.title)
    phone = identities.phone(given["phone"])
    said = (Said(Kind.PHONE, given["phone"], phone),) if phone else ()
    suspects = suspected(turn, given["name"], said)
    if suspects and suspects[0].same:
        raise customers.already_there(suspects[0].proposal)
    if suspects:
        message = str(turn.ctx.inbox_id or 0)
        turn.memory.ask("customer.create", {"form": message, "given": given}, turn.now)
        names = [f"{one.called}（{one.why}）" for one in suspects]
        packed = orjson.dumps([given["name"], given["contact"], given["phone"], given["level"]]).decode()
        asked = cards.similar_card(given["name"], names, message, packed)
        return Reply(cards=(asked,), refresh=(settled,))
    return _with(_create(turn, given), settled)


@router.action("customer.create_anyway")
def create_anyway(turn: Turn, press: Press) -> Reply:
    """仍然新建."""
    name, contact, phone, level = orjson.loads(press.action.extra)
    given = {"name": name, "contact": contact, "phone": phone, "level": level}
    return _create(turn, given, press.action.object_id)


@router.action("customer.uncreated")
def uncreated(turn: Turn, press: Press) -> Reply:
    """不建了."""
    turn.memory.pending = None
    return Reply(refresh=(cards.similar_answered_card(press.action.object_id, "没有新建"),))


@router.answer("customer.create")
def create_answered(turn: Turn, pending: Pending) -> Reply | None:
    """仍然新建 or 不建了, typed."""
    said = held.said(turn)
    form = str(pending.data["form"])
    if said in held.CREATE | held.YES:
        return _create(turn, pending.data["given"], form)
    if said in held.DROP | held.NO:
        turn.memory.pending = None
        return Reply(text="好，没有新建。", refresh=(cards.similar_answered_card(form, "没有新建"),))
    return None


@router.action("quote.make")
def quote(turn: Turn, press: Press) -> Reply:
    """The form of a quote, filled in."""
    form = cards.quote_form(press.action.object_id, _proposed(turn))
    given = filled(turn, form, press)
    if isinstance(given, Reply):
        return given
    settled = _submitted(turn, press, form.title)
    share = discount_of(turn, given["discount"])
    wanted = Wanted(amount_of(turn, given["amount"]), share, given["submit"] == "yes")
    return _with(make(turn, customer_id_of(given["customer"]), wanted), settled)


@router.action("visit.filled")
def visit(turn: Turn, press: Press) -> Reply:
    """The form of a follow-up, filled in: the words are read as if they had been said of the customer."""
    form = cards.visit_form(press.action.object_id, _proposed(turn))
    given = filled(turn, form, press)
    if isinstance(given, Reply):
        return given
    settled = _submitted(turn, press, form.title)
    reading = customer_known(turn.understand(given["what"]))
    when = filled_moment(turn, given["at"])
    if when is not None or given["next"]:
        planned = When(when.value, str(when.grain), when.part) if when is not None else None
        left = {"next_time", "next_action"}
        reading = reading.but(
            next_time=planned,
            next_action=given["next"] or reading.next_action or "跟进",
            ambiguous=reading.ambiguous - left,
            reasons={key: why for key, why in reading.reasons.items() if key not in left},
        )
    done = recording.write(turn, reading, _sentence(given), (customer_id_of(given["customer"]),))
    return _with(done, settled)


def _new(turn: Turn) -> str:
    """A form of its own for every message."""
    return str(turn.ctx.inbox_id or 0)


def _submitted(turn: Turn, press: Press, title: str) -> Card:
    """The form as it is shown from now on. Raises `UserMistake` for one that was submitted before."""
    form = press.action.object_id
    if not once.first(turn.ctx.session, f"form:{form}", turn.now):
        raise UserMistake(f"这张“{title}”已经提交过了，要再来一次就重新发：{title}")
    return cards.submitted_card(form, title)


def _with(reply: Reply, settled: Card) -> Reply:
    return replace(reply, refresh=(*reply.refresh, settled))


def _sentence(given: Mapping[str, str]) -> str:
    planned = "".join((given["at"], given["next"]))
    return f"{given['what']}，下一步：{planned}" if planned else given["what"]


def _create(turn: Turn, given: Mapping[str, str], similar: str = "") -> Reply:
    if not given.get("name"):
        raise UserMistake("客户叫什么？例如：新增客户 苏州汇川技术")
    customer = customers.add(turn.ctx, NewCustomer(given["name"], level=given["level"]))
    if given["contact"]:
        contacts.find_or_add(turn.ctx, customer, given["contact"], "", given["phone"])
    elif given["phone"]:  # a number alone belongs to the company
        identities.put(turn.ctx, customer.id, Kind.PHONE, given["phone"])
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    turn.memory.pending = None
    view = overview.overview(turn.ctx, customer.id)
    card = customer_cards.added_card(view, turn.ctx.local, turn.ctx.inbox_id or 0)
    settled = (cards.similar_answered_card(similar, "已新建"),) if similar else ()
    return Reply(cards=(card,), refresh=settled)


def _proposed(turn: Turn) -> tuple[Option, ...]:
    """The customer last spoken of and those followed up last: they are likely to be meant."""
    latest = [one.id for one in customers.latest(turn.ctx, MOST_PROPOSED)]
    spoken_of = [turn.memory.customer_id] if turn.memory.customer_id is not None else []
    ids = list(dict.fromkeys([*spoken_of, *latest]))[:MOST_PROPOSED]
    called = customers.short_names(turn.ctx, ids)
    return tuple(customer_option(one, called[one]) for one in ids if one in called)
