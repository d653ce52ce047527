"""What happened to a record: who changed what, when, and in which words."""

from __future__ import annotations

from cards import timeline as cards
from crm import quotes, timeline
from crm.errors import UserMistake
from crm.timeline import Timeline
from handlers import quoted
from handlers.paging import goes_on, paged
from handlers.reply import Reply
from handlers.router import Router
from handlers.spoken import named
from handlers.turn import Phrase, Press, Turn

router = Router("timeline")
router.help("华润置地 时间线", "谁在什么时候改了什么、改前改后，附原话；报价也可以：Q0001 时间线")

LOG = r"(?:时间线|变更记录|修改记录|改动记录|操作记录|变动记录|历史变更)"


@router.phrase(rf"(?P<number>[QqＱｑ]-?\s*\d{{1,12}})\s*(?:的)?\s*{LOG}", reads=True)
def of_quote(turn: Turn, phrase: Phrase) -> Reply | None:
    """Q0001 时间线."""
    quote_id = quotes.by_number(turn.ctx, phrase.given["number"].replace("-", "").replace(" ", ""))
    return _page(turn, timeline.of_record(turn.ctx, "quote", quote_id), first=True)


@router.phrase(rf"(?P<who>.{{0,40}}?)\s*{LOG}", reads=True)
def of_customer(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 时间线; alone, that of the record whose card is quoted, or of the customer last spoken of."""
    about = quoted.record(turn) if turn.incoming.quoted.strip() and not phrase.given["who"] else None
    if about is not None and about[0] != "customer":
        return _page(turn, timeline.of_record(turn.ctx, *about), first=True)
    customer_id = named(turn, phrase.given["who"])
    if customer_id is None:
        return None
    turn.memory.customer_id = customer_id
    return _page(turn, timeline.of_customer(turn.ctx, customer_id), first=True)


@router.action("customer.timeline", reads=True)
def opened(turn: Turn, press: Press) -> Reply:
    """时间线 on the customer's card."""
    customer_id = int(press.action.object_id)
    turn.memory.customer_id = customer_id
    return _page(turn, timeline.of_customer(turn.ctx, customer_id), first=True)


@router.action("timeline", reads=True)
def older(turn: Turn, press: Press) -> Reply:
    """更早的, and the timeline of any other record: `extra` is the kind, and where the page begins."""
    return _begun(turn, int(press.action.object_id), press.action.extra)


def _begun(turn: Turn, row: int, begin: str) -> Reply:
    """A page of any record's timeline; `begin` is its kind and the event before which it begins."""
    kind, _, before = begin.partition(":")
    start = int(before) if before else None
    if kind == "customer":
        return _page(turn, timeline.of_customer(turn.ctx, row, start), first=start is None)
    return _page(turn, timeline.of_record(turn.ctx, kind, row, start), first=start is None)


def _page(turn: Turn, page: Timeline | None, *, first: bool) -> Reply:
    if page is None:
        raise UserMistake("这条记录已经不在了。看客户的时间线这样说：华润置地 时间线")
    if page.before is not None:
        goes_on(turn, "timeline", page.object_id, f"{page.object}:{page.before}")
    return Reply(cards=(cards.timeline_card(page, turn.ctx.local, first=first),))


@paged("timeline")
def _on(turn: Turn, row: int, start: str) -> Reply:
    return _begun(turn, row, start)
