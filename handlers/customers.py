"""Customers in the chat: look one up, add one, keep its people up to date."""

from __future__ import annotations

from cards import customer_pages as pages
from cards import customers as cards
from crm import customers, overview, quotes
from crm.errors import NotAllowed
from crm.rights import elsewhere
from handlers import held
from handlers.paging import goes_on, paged
from handlers.quote_words import Wanted, ask_amount
from handlers.reply import Reply
from handlers.router import Router
from handlers.spoken import named
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Found, Reading

router = Router("customers")
router.help("华润置地", "看客户全景：联系人、最近跟进、下一步、报价、进度；简称、别名、写错一个字也能找到")

WHOSE = r"(?P<who>.{1,40}?)\s*"


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


def choose(turn: Turn, question: str, proposals: list[customers.Proposal]) -> Reply:
    """Offer those that may be seen; of others no more is told than who looks after them."""
    mine = [p for p in proposals if p.mine]
    if not mine:
        first = proposals[0]
        raise NotAllowed(elsewhere(first.name, first.owner), first.id)
    if len(mine) == 1 and len(proposals) == 1:
        return show(turn, mine[0].id)
    turn.memory.ask("customer.which", {"ids": [p.id for p in mine[: cards.MOST_BUTTONS]]}, turn.now)
    return Reply(cards=(cards.choice_card(question, mine),))


@router.answer("customer.which")
def which(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a choice."""
    ids: list[int] = pending.data["ids"]
    chosen = held.chosen(turn, ids)
    if chosen is not None:
        turn.memory.pending = None
        return show(turn, chosen)
    return show(turn, ids[0]) if len(ids) == 1 and held.said(turn) in held.YES else None


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
    return None if customer_id is None else more_page(turn, customer_id, 0)


@router.action("customer.more", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多, a page at a time."""
    return more_page(turn, int(press.action.object_id), int(press.action.extra or 0))


def more_page(turn: Turn, customer_id: int, skip: int) -> Reply:
    """A page of what else is known of a customer."""
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
    return people_page(turn, customer_id, int(start))


@paged("offers")
def _offers_on(turn: Turn, customer_id: int, start: str) -> Reply:
    return offers_page(turn, customer_id, int(start))


@paged("more")
def _more_on(turn: Turn, customer_id: int, start: str) -> Reply:
    return more_page(turn, customer_id, int(start))


@router.phrase(rf"{WHOSE}(?:联系人|联系方式|对接人)(?:有谁|有哪些|都有谁|是谁|列表)?", reads=True)
def people_of(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星的联系人."""
    customer_id = named(turn, phrase.given["who"])
    return None if customer_id is None else people_page(turn, customer_id, 0)


@router.action("customer.people", reads=True)
def people(turn: Turn, press: Press) -> Reply:
    """联系人, a page at a time."""
    return people_page(turn, int(press.action.object_id), int(press.action.extra or 0))


def people_page(turn: Turn, customer_id: int, skip: int) -> Reply:
    """A page of a customer's people."""
    page = overview.people(turn.ctx, customer_id, skip)
    turn.memory.customer_id = customer_id
    _go_on(turn, "people", customer_id, page.after)
    return Reply(cards=(pages.people_card(page, skip),))


@router.phrase(
    rf"{WHOSE}(?:报价单|报价记录|报价列表|全部报价|所有报价|报过什么价|有哪些报价)",
    r"(?P<who>.{1,40}?)的报价[呢吗]?[?？]?",
    reads=True,
)
def offers_of(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 报价单."""
    customer_id = named(turn, phrase.given["who"])
    return None if customer_id is None else offers_page(turn, customer_id, 0)


@router.action("customer.quotes", reads=True)
def offers(turn: Turn, press: Press) -> Reply:
    """报价, a page at a time."""
    return offers_page(turn, int(press.action.object_id), int(press.action.extra or 0))


def offers_page(turn: Turn, customer_id: int, skip: int) -> Reply:
    """A page of a customer's quotes."""
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
