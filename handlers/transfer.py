"""把华星转给李娜: single customers go to a colleague, confirmed first because it changes who may see them."""

from __future__ import annotations

import re

from cards import transfer as cards
from cards.card import Card, Option
from cards.handover import draft_words
from cards.transfers import asked_words
from crm import colleagues, customers, task_lists
from crm.errors import UserMistake
from crm.handover import single
from crm.handover.single import EXAMPLE, Given
from handlers import held
from handlers.customers import whom_to_show
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Pending, Press, Turn
from nlu.reading import Intent, Reading
from store.tables import Member

router = Router("transfer")
router.help(
    "把华润置地转给李娜",
    "客户换负责人，未完成的待办和报价一起转，先确认再执行",
    "sales",
    "manager",
    "director",
    "admin",
)

THIS = re.compile(r"(?:这|那|该)(?:个|家)?(?:客户|公司)|^它|把它")
SURE = held.YES | {"确认", "确认转移", "转", "转吧", "确定"}
NOT_SURE = held.NO | held.DROP | {"不转", "不转了"}
LONGEST_NAME = 4


@router.intent(Intent.TRANSFER)
def ask(turn: Turn, reading: Reading) -> Reply:
    """把华星转给李娜, 转移 华星 李娜."""
    to = _receiver(turn, reading)
    ids = whom_to_show(turn, reading)
    if not ids and THIS.search(turn.incoming.text) and turn.memory.customer_id is not None:
        ids = [turn.memory.customer_id]
    if not ids:
        name = next((one.name for one in reading.customers), "")
        raise UserMistake(f"没有找到客户“{name}”，{EXAMPLE}" if name else f"要转哪家客户？{EXAMPLE}")
    if "customer" in reading.ambiguous or any(not one.key for one in reading.customers):
        return _which(turn, reading, ids, to)
    return _ask(turn, ids, to, turn.ctx.inbox_id or 0)


@router.action("transfer.pick")
def picked(turn: Turn, press: Press) -> Reply:
    """One of several customers that fit."""
    to_id, message = _extra(press)
    to = turn.ctx.session.get_one(Member, to_id)
    asked = _ask(turn, [int(press.action.object_id)], to, message)
    return Reply(refresh=asked.cards)


@router.answer("transfer.which")
def which_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a customer that was offered."""
    given_up = held.dropped(turn, "好，没有转。")
    if given_up is not None:
        return given_up
    chosen = held.chosen(turn, pending.data["ids"][: cards.MOST_OPTIONS])
    if chosen is None:
        return None
    to = turn.ctx.session.get_one(Member, int(pending.data["to"]))
    return _ask(turn, [chosen], to, int(pending.data["message"]))


@router.action("transfer.go")
def go(turn: Turn, press: Press) -> Reply:
    """确认转移."""
    to_id, message = _extra(press)
    return _given(turn, press.action.object_id, to_id, message)


@router.action("transfer.no")
def no(turn: Turn, press: Press) -> Reply:
    """不转."""
    turn.memory.pending = None
    return Reply(refresh=(cards.settled_card("客户转移", int(press.action.extra or 0), "没有转"),))


@router.answer("transfer.sure")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """确认, or 不转."""
    said, message = held.said(turn), int(pending.data["message"])
    if said in SURE:
        return _given(turn, str(pending.data["customers"]), int(pending.data["to"]), message)
    if said in NOT_SURE:
        turn.memory.pending = None
        return Reply("好，没有转。", refresh=(cards.settled_card("客户转移", message, "没有转"),))
    return None


def _ask(turn: Turn, ids: list[int], to: Member, message: int) -> Reply:
    given = single.preview(turn.ctx, ids, to)
    data = {"customers": cards.packed(given), "to": to.id, "message": message}
    turn.memory.ask("transfer.sure", data, turn.now)
    return Reply(cards=(cards.ask_card(given, message),))


def _given(turn: Turn, packed: str, to_id: int, message: int) -> Reply:
    """It is done, and all who had or have it are told."""
    to = turn.ctx.session.get_one(Member, to_id)
    given = single.give(turn.ctx, cards.unpacked(packed), to)
    turn.memory.pending = None
    turn.memory.record = turn.ctx.inbox_id
    inbox_id = turn.ctx.inbox_id or 0
    notices = [] if to.id == turn.actor.id else [Notice(to.id, _received(turn, given))]
    words = f"{turn.actor.name}把{cards.names(given)}转给了{to.name}，现在由{to.name}负责。"
    notices += [Notice(one, text=words) for one, _ in given.former if one not in (turn.actor.id, to.id)]
    parts = (f"好，{cards.names(given)}现在由{to.name}负责，已通知对方", asked_words(given.asked))
    text = "。".join([*filter(None, parts), "要撤回，回复 撤销"])
    return Reply(text, notices=tuple(notices), refresh=(cards.done_card(given, message, inbox_id),))


def _received(turn: Turn, given: Given) -> Card:
    """What is next, and what the customer may be told."""
    former = "、".join(name for _, name in given.former)
    draft = draft_words(turn.ctx.business.organisation, given.to, former)
    items = [task_lists.get(turn.ctx, one) for one in given.tasks[:10]]
    items.sort(key=lambda one: (one.due, one.id))
    return cards.received_card(given, turn.actor.name, items, turn.ctx.local.date(), draft)


def _which(turn: Turn, reading: Reading, ids: list[int], to: Member) -> Reply:
    """Several fit: only those that the actor may see are offered."""
    mine = [one for one in customers.proposals_of(turn.ctx, ids) if one.mine]
    if not mine:
        raise UserMistake(f"要转哪家客户？说全名试试，{EXAMPLE}")
    if len(mine) == 1:
        return _ask(turn, [mine[0].id], to, turn.ctx.inbox_id or 0)
    names = customers.short_names(turn.ctx, [one.id for one in mine])
    said = next((one.text for one in (*reading.candidates, *reading.customers)), "")
    options = [Option(str(one.id), names[one.id]) for one in mine]
    asked = {"ids": [one.id for one in mine], "to": to.id, "message": turn.ctx.inbox_id or 0}
    turn.memory.ask("transfer.which", asked, turn.now)
    return Reply(cards=(cards.which_card(said, options, to.id, to.name, turn.ctx.inbox_id or 0),))


def _receiver(turn: Turn, reading: Reading) -> Member:
    """The colleague who is to have it: as read, or the name at the end."""
    if reading.colleague:
        return colleagues.one_of(turn.ctx.session, reading.colleague)
    text = turn.incoming.text.strip(" 。.!！吧了")
    for length in range(LONGEST_NAME, 1, -1):
        if colleagues.named(turn.ctx.session, text[-length:]):
            return colleagues.one_of(turn.ctx.session, text[-length:])
    raise UserMistake(f"转给谁？写同事的全名，{EXAMPLE}")


def _extra(press: Press) -> tuple[int, int]:
    """(receiver, message) of a button."""
    to_id, _, message = press.action.extra.partition(" ")
    return int(to_id), int(message or 0)
