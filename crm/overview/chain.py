"""How far a customer is on the way from first contact to payment, and where it has come to a halt.

A part that comes later (deal, contract, payment) adds one function to `LINKS`. Each is worked out from
what the page has read already, so that the chain costs no statement of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.overview.values import Link, LinkState

QUIET_DAYS = 30
"""Days without a follow-up and without a plan after which a customer is out of sight."""
DRAFT_DAYS = 3
ASKED_DAYS = 2
ANSWER_DAYS = 7
"""Days after which a quote that was approved should have led to something."""


@dataclass(frozen=True, slots=True)
class LastQuote:
    """The newest quote that counts. `at` is when it got its status, local."""

    number: str
    status: str
    at: datetime
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the links are worked out from; local times."""

    now: datetime
    created: datetime
    last_follow: datetime | None
    planned: bool
    quote: LastQuote | None


def chain(known: Known) -> tuple[Link, ...]:
    """The parts that exist so far, in their order. Pure."""
    return tuple(link(known) for link in LINKS)


def trouble(links: Sequence[Link]) -> tuple[Link, ...]:
    """What is stalled or missing."""
    return tuple(one for one in links if one.state in (LinkState.STALLED, LinkState.MISSING) and one.words)


def _days(known: Known, since: datetime) -> int:
    return (known.now.date() - since.date()).days


def _follow(known: Known) -> Link:
    name = "跟进"
    if known.last_follow is None:
        days = _days(known, known.created)
        if known.planned or days < ANSWER_DAYS:
            return Link(name, LinkState.GOING, "还没有跟进")
        return Link(name, LinkState.MISSING, f"建档{days}天还没有跟进过")
    days = _days(known, known.last_follow)
    if days >= QUIET_DAYS and not known.planned:
        return Link(name, LinkState.STALLED, f"{days}天没有跟进，也没有安排下一步")
    return Link(name, LinkState.DONE)


def _quote(known: Known) -> Link:
    name, quote = "报价", known.quote
    if quote is None:
        return Link(name, LinkState.GOING, "还没有报价")
    days = _days(known, quote.at)
    if quote.status == "draft":
        slow = days >= DRAFT_DAYS
        return Link(name, _slow(slow), f"{quote.number}草稿放了{days}天，还没有提交" if slow else "草稿")
    if quote.status == "pending":
        slow = days >= ASKED_DAYS
        words = f"{quote.number}等{quote.asked or '上级'}审批{days}天了" if slow else "待审批"
        return Link(name, _slow(slow), words)
    if quote.status == "rejected":
        slow = days >= DRAFT_DAYS
        return Link(name, _slow(slow), f"{quote.number}驳回{days}天，还没有重报" if slow else "已驳回")
    return _answered(known, quote, days)


def _answered(known: Known, quote: LastQuote, days: int) -> Link:
    """An approved quote: somebody should have spoken with the customer since, or plan to."""
    heard = known.last_follow is not None and known.last_follow.date() > quote.at.date()
    if days >= ANSWER_DAYS and not heard and not known.planned:
        return Link("报价", LinkState.STALLED, f"{quote.number}通过{days}天没有下文")
    return Link("报价", LinkState.DONE, "已通过")


def _slow(slow: bool) -> LinkState:  # noqa: FBT001 the one thing that decides
    return LinkState.STALLED if slow else LinkState.GOING


LINKS: tuple[Callable[[Known], Link], ...] = (_follow, _quote)
