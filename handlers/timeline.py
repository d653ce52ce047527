"""What happened to a record, and how a customer stood on a day that is past."""

from __future__ import annotations

from datetime import datetime

from cards import timeline as cards
from crm import history, quotes, timeline
from crm.errors import UserMistake
from crm.timeline import Timeline
from handlers import quoted
from handlers.paging import goes_on, paged
from handlers.reply import Reply
from handlers.router import Router
from handlers.spoken import named
from handlers.turn import Phrase, Press, Turn
from nlu.entities import Time
from nlu.reading import Found

router = Router("timeline")
router.help("华润置地 时间线", "谁在什么时候改了什么、改前改后，附原话；报价也可以：Q0001 时间线")
router.help("昨天华润置地什么情况", "回到那一天看客户：负责人、级别、待办、报价，和此后的变化")

LOG = r"(?:时间线|变更记录|修改记录|改动记录|操作记录|变动记录|历史变更)"
STATE = (
    r"(?:是|的|在)?(?:什么|啥|怎样的?|怎么样的?|哪个)?"
    r"(?:状态|情况|样子|样|阶段|级别)(?:是什么|是啥|如何|怎样|怎么样)?"
)


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


@router.phrase(
    rf"(?P<said>.{{2,50}}?{STATE})[?？]?",
    r"(?P<said>.{2,50}?(?:是|归)?谁(?:在)?(?:负责|跟进?|管)的?)[?？]?",
    r"(?P<said>(?:看看|看一下|看|查一?下|回到).{2,50})",
    reads=True,
)
def then(turn: Turn, phrase: Phrase) -> Reply | None:
    """上周五华星是什么状态: a customer and a time that is past; None for everything else."""
    reading = turn.understand(phrase.given["said"])
    known = [c for c in reading.customers if c.key and c.found is not Found.FUZZY]
    times = [e for e in reading.entities if isinstance(e, Time)]
    if len(known) != 1 or len(times) != 1 or "customer" in reading.ambiguous:
        return None
    moment = _end_of(times[0])
    if moment >= turn.ctx.local:
        return None
    customer_id = int(known[0].key)
    turn.memory.customer_id = customer_id
    past = history.as_of(turn.ctx, customer_id, moment)
    return Reply(cards=(cards.past_card(past, turn.ctx.local),))


def _end_of(said: Time) -> datetime:
    """The moment that a stretch of time is looked at from: its end, or the very minute."""
    start, until = said.value, said.until
    if said.past is not None:
        start, until = said.past, said.past + (said.until - said.value)
    return start if said.grain == "minute" else until
