"""看电话: a masked number, for a reason that is written down."""

from __future__ import annotations

import re

from cards import rights as cards
from crm import contacts, reveals
from crm.errors import UserMistake
from crm.rights import need_see
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Found, Reading
from store.tables import Contact, Customer

router = Router("reveals")
router.help("看电话 王总 回访设备故障", "电话打码时写明原因查看，每次都有记录")
router.help("看电话记录", "谁在什么时候看了谁的电话、为什么", "director", "admin", "auditor")

UNDO = frozenset({"撤销", "撤回"})
EXAMPLE = "看电话 王总 回访设备故障"
TITLE = re.compile(
    r"(?:总经理|总监|经理|主任|主管|科长|处长|部长|厂长|工程师|董事长|老师|工|总|董|院长|校长)$"
)


@router.phrase(
    r"(?:看一?下?|查看?一?下?|显示)(?:手机|联系)?(?:电话|手机号?|号码)\s*(?P<who>\S+)(?:\s+(?P<reason>.+))?",
    r"(?:看一?下?|查看?一?下?)\s*(?P<who>\S+?)的?(?:电话|手机号?|号码)(?:\s+(?P<reason>.+))?",
)
def said(turn: Turn, phrase: Phrase) -> Reply | None:
    """看电话 王总 回访设备故障."""
    found = _called(turn, phrase.given["who"])
    if not found:
        raise UserMistake(
            f"没有找到联系人“{phrase.given['who']}”，带上客户说一遍，例如：看电话 华星王总 回访"
        )
    if len(found) > 1:
        who = "、".join(f"{customer.name}的{contact.name}" for contact, customer in found)
        raise UserMistake(f"是哪一位：{who}？带上客户说一遍，例如：{EXAMPLE.replace(' ', ' 华星', 1)}")
    return _reveal(turn, found[0][0], phrase.given["reason"])


@router.command("看电话记录", "电话查看记录", "谁看过电话", reads=True)
def looked(turn: Turn, reading: Reading) -> Reply:
    """看电话记录: for those who check."""
    return Reply(cards=(cards.looks_card(reveals.looked_at(turn.ctx), turn.ctx.local.date()),))


@router.action("contact.phone")
def pressed(turn: Turn, press: Press) -> Reply:
    """看电话 on a card: what for?"""
    return _reveal(turn, _contact(turn, int(press.action.object_id)), press.action.extra)


@router.answer("contact.phone")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """The reason; 撤销 is none."""
    if held.said(turn) in UNDO:
        return None
    given_up = held.dropped(turn, "好，没有查看。")
    if given_up is not None:
        return given_up
    turn.memory.pending = None
    return _reveal(turn, _contact(turn, int(pending.data["contact"])), turn.incoming.text)


def _reveal(turn: Turn, contact: Contact, reason: str) -> Reply:
    """The number, or first the question what for."""
    if not reason.strip() and contact.phone and reveals.needs_reason(turn.ctx, contact):
        turn.memory.ask("contact.phone", {"contact": contact.id}, turn.now)
        return Reply(text=f"看{contact.name}的电话做什么用？回一句原因，会记录下来，例如：回访设备故障")
    return Reply(cards=(cards.revealed_card(reveals.reveal(turn.ctx, contact, reason)),))


def _contact(turn: Turn, contact_id: int) -> Contact:
    contact = turn.ctx.session.get(Contact, contact_id)
    if contact is None or contact.archived_at is not None:
        raise UserMistake("这位联系人已经不在了。")
    need_see(turn.ctx, turn.ctx.session.get_one(Customer, contact.customer_id))
    return contact


def _called(turn: Turn, words: str) -> list[tuple[Contact, Customer]]:
    """The contacts that the words may mean, of the customers one sees: 王总, 华星王总, 华星的王总."""
    reading = turn.understand(words)
    name = reading.contact or words
    title = reading.contact_title or ""
    if not title and (found := TITLE.search(name)):
        title = found.group()
    people = contacts.known_by(turn.ctx, name, title)
    named = {int(c.key) for c in reading.customers if c.key and c.found is not Found.NEW}
    if not named and len(people) > 1 and turn.memory.customer_id is not None:
        named = {turn.memory.customer_id}
    closer = [one for one in people if one[1].id in named]
    return closer or ([] if named and reading.customers else people)
