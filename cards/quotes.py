"""Cards of quotes: the draft, the request for approval, and how it ended."""

from __future__ import annotations

from datetime import datetime

from cards.card import Action, Button, Card, Fact, Tone
from cards.words import discount as discount_words
from cards.words import money
from crm.approvals import WORDS
from crm.quotes import FULL, QuoteView
from crm.rights import STARS
from store.tables import ApprovalStatus, QuoteStatus

ENDED = {QuoteStatus.APPROVED: "同意", QuoteStatus.REJECTED: "驳回"}


def about(quote: QuoteView) -> tuple[str, str]:
    """What binds a card to its quote."""
    return ("quote", str(quote.id))


def draft_card(quote: QuoteView) -> Card:
    """A draft for its author: submit it or drop it."""
    asked = quote.approver.called if quote.approver else "直属上级"
    return Card(
        title=f"报价 {quote.number} · 草稿",
        subtitle=quote.customer,
        body=f"{price_words(quote)}。提交后由{asked}审批",
        facts=_facts(quote),
        buttons=(
            Button("提交", _action("quote.submit", quote), Tone.PRIMARY, say=f"回复 提交 {quote.number}"),
            Button("撤销", _action("quote.withdraw", quote), say=f"回复 撤销 {quote.number}"),
        ),
        about=about(quote),
        followed=True,
    )


def approval_card(quote: QuoteView) -> Card:
    """The request for the manager who decides."""
    return Card(
        title=f"{quote.owner.called}的报价 {quote.number} 待您审批",
        subtitle=quote.customer,
        tone=Tone.PRIMARY,
        body=price_words(quote),
        facts=(*_facts(quote), Fact("提交人", quote.owner.called)),
        buttons=(
            Button("同意", _action("quote.approve", quote), Tone.PRIMARY, say=f"回复 同意 {quote.number}"),
            Button("驳回", _action("quote.reject", quote), Tone.DANGER, say=f"回复 驳回 {quote.number} 理由"),
        ),
        about=about(quote),
    )


def pending_card(quote: QuoteView) -> Card:
    """For the author, while it waits."""
    waiting = quote.standing.waiting if quote.standing else ()
    names = "、".join(one.called for one in waiting) or "上级"
    return Card(
        title=f"报价 {quote.number} · 待{names}审批",
        subtitle=quote.customer,
        body=price_words(quote),
        facts=_facts(quote),
        buttons=(Button("撤回", _action("quote.withdraw", quote), say=f"回复 撤回 {quote.number}"),),
        about=about(quote),
        followed=True,
    )


def final_card(quote: QuoteView, at: datetime) -> Card:
    """How it ended, the same for everybody. `at` is the local time of the decision."""
    rejected = quote.status is QuoteStatus.REJECTED
    tones = {QuoteStatus.APPROVED: Tone.SUCCESS, QuoteStatus.REJECTED: Tone.DANGER}
    reason = quote.standing.comment if quote.standing else ""
    facts = _facts(quote)
    if reason:
        facts = (*facts, Fact("理由" if rejected else "意见", reason))
    return Card(
        title=f"报价 {quote.number}",
        subtitle=quote.customer,
        tone=tones.get(quote.status, Tone.PLAIN),
        body=price_words(quote),
        facts=(*facts, Fact("提交人", quote.owner.called)),
        done=done_words(quote, at),
        about=about(quote),
    )


def done_words(quote: QuoteView, at: datetime) -> str:
    """已由李经理同意 14:05."""
    by = quote.standing.by if quote.standing else None
    if quote.status is QuoteStatus.WITHDRAWN or by is None:
        return f"{quote.owner.called}已{WORDS[ApprovalStatus.WITHDRAWN]} {at:%H:%M}"
    return f"已由{by.called}{ENDED.get(quote.status, '处理')} {at:%H:%M}"


def price_words(quote: QuoteView) -> str:
    """原价 58万元，9折后 52.2万元，让利 5.8万元; what may not be seen is left out."""
    if quote.amount is None or quote.total is None or quote.discount is None:
        cut = "" if quote.discount in (None, FULL) else discount_words(quote.discount)
        seen = "，".join(part for part in (total_words(quote), cut) if part)
        return seen or "金额对你的角色不显示"
    if quote.discount == FULL:
        return f"{money(quote.total)}，不打折"
    less = money(quote.amount - quote.total)
    return f"原价 {money(quote.amount)}，{discount_words(quote.discount)}后 {money(quote.total)}，让利 {less}"


def total_words(quote: QuoteView) -> str:
    """52.2万元, *** where it is masked, nothing where it is hidden."""
    if quote.total is not None:
        return money(quote.total)
    return STARS if quote.masked else ""


def _facts(quote: QuoteView) -> tuple[Fact, ...]:
    stars = STARS if quote.masked else ""
    amount = stars if quote.amount is None else money(quote.amount)
    cut = (
        stars if quote.discount is None else "" if quote.discount == FULL else discount_words(quote.discount)
    )
    named = (("原价", amount), ("折扣", cut), ("总价", total_words(quote)), ("备注", quote.note))
    return (Fact("客户", quote.customer), *(Fact(name, value) for name, value in named if value))


def _action(name: str, quote: QuoteView) -> Action:
    return Action(name, str(quote.id), quote.version)
