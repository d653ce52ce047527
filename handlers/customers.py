"""Customers in the chat: look one up, add one, keep its people up to date."""

from __future__ import annotations

import re

from cards import customer_pages as pages
from cards import customers as cards
from cards import help as helps
from cards import words
from crm import customers, overview, quotes
from crm.errors import NotAllowed
from crm.rights import elsewhere
from handlers import held
from handlers.paging import goes_on, paged
from handlers.quote_words import Wanted, ask_amount
from handlers.reply import Reply
from handlers.router import Router
from handlers.spoken import named
from handlers.tasks import day_of, list_of_day
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.entities import Time
from nlu.reading import Found, Intent, Reading

router = Router("customers")
router.help("华润置地", "看客户全景：联系人、最近跟进、下一步、报价、进度；简称、别名、写错一个字也能找到")

LONGEST_QUERY = 30
SCHEDULE = re.compile(r"安排|任务|待办|日程|计划|要做|提醒|什么事|忙什么|行程")
QUESTION = re.compile(r"[?？]|多少|几[个家次]|哪[些个家]|谁|什么|怎么|吗$|排名|统计|业绩")
WHOSE = r"(?P<who>.{1,40}?)\s*"
HISTORY = re.compile(r"全部跟进|跟进记录|最近跟进|历史|拜访记录|所有跟进")


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
        raise NotAllowed(elsewhere(first.name, first.owner), first.id)
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
    _go_on(turn, "history", customer_id, page.after)
    return Reply(cards=(pages.history_card(page, turn.ctx.local, skip),))


@router.phrase(rf"{WHOSE}(?:全景图?|360度?|总览|客户卡片?|画像)", r"(?:全景图?|总览)", reads=True)
def whole(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 全景."""
    customer_id = named(turn, phrase.given.get("who", ""))
    return None if customer_id is None else show(turn, customer_id)


@router.phrase(rf"{WHOSE}(?:更多|更多资料|资料|档案|详细资料)", reads=True)
def more_of(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 更多."""
    customer_id = named(turn, phrase.given["who"])
    return None if customer_id is None else _more(turn, customer_id, 0)


@router.action("customer.more", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多, a page at a time."""
    return _more(turn, int(press.action.object_id), int(press.action.extra or 0))


def _more(turn: Turn, customer_id: int, skip: int) -> Reply:
    view = overview.overview(turn.ctx, customer_id)
    turn.memory.customer_id = customer_id
    card = cards.more_card(view, turn.ctx.local, skip)
    _go_on(turn, "more", customer_id, skip + cards.FRONT if cards.has_next(card) else None)
    return Reply(cards=(card,))


def _go_on(turn: Turn, name: str, customer_id: int, after: int | None) -> None:
    """Remember where the next page begins, so that 下一页 can be typed."""
    if after is not None:
        goes_on(turn, name, customer_id, str(after))


@paged("history")
def _history_on(turn: Turn, customer_id: int, start: str) -> Reply:
    return show_history(turn, customer_id, int(start))


@paged("people")
def _people_on(turn: Turn, customer_id: int, start: str) -> Reply:
    return _people(turn, customer_id, int(start))


@paged("offers")
def _offers_on(turn: Turn, customer_id: int, start: str) -> Reply:
    return _offers(turn, customer_id, int(start))


@paged("more")
def _more_on(turn: Turn, customer_id: int, start: str) -> Reply:
    return _more(turn, customer_id, int(start))


@router.phrase(rf"{WHOSE}(?:联系人|联系方式|对接人)(?:有谁|有哪些|都有谁|是谁|列表)?", reads=True)
def people_of(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星的联系人."""
    customer_id = named(turn, phrase.given["who"])
    return None if customer_id is None else _people(turn, customer_id, 0)


@router.action("customer.people", reads=True)
def people(turn: Turn, press: Press) -> Reply:
    """联系人, a page at a time."""
    return _people(turn, int(press.action.object_id), int(press.action.extra or 0))


def _people(turn: Turn, customer_id: int, skip: int) -> Reply:
    page = overview.people(turn.ctx, customer_id, skip)
    turn.memory.customer_id = customer_id
    _go_on(turn, "people", customer_id, page.after)
    return Reply(cards=(pages.people_card(page, skip),))


@router.phrase(
    rf"{WHOSE}(?:报价单|报价记录|报价列表|全部报价|所有报价|报过什么价|有哪些报价)",
    reads=True,
)
def offers_of(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 报价单."""
    customer_id = named(turn, phrase.given["who"])
    return None if customer_id is None else _offers(turn, customer_id, 0)


@router.action("customer.quotes", reads=True)
def offers(turn: Turn, press: Press) -> Reply:
    """报价, a page at a time."""
    return _offers(turn, int(press.action.object_id), int(press.action.extra or 0))


def _offers(turn: Turn, customer_id: int, skip: int) -> Reply:
    page = overview.offers(turn.ctx, customer_id, skip)
    turn.memory.customer_id = customer_id
    _go_on(turn, "offers", customer_id, page.after)
    return Reply(cards=(pages.offers_card(page, turn.ctx.local, skip),))


@router.action("customer.quote", reads=True)
def quote_hint(turn: Turn, press: Press) -> Reply:
    """报价: how to say it; the amount alone will do."""
    view = overview.overview(turn.ctx, int(press.action.object_id))
    turn.memory.customer_id = view.customer.id
    ask_amount(turn, view.customer.id, Wanted(None, quotes.FULL))
    said = f"报价 {view.called} 58万 9折 提交"
    return Reply(text=f"报多少、几折？直接回复 58万 9折 提交，也可以随时说全：{said}")
