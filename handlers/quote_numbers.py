"""Quotes named by their number, or as one's own: looked at, submitted and taken back by words."""

from __future__ import annotations

from dataclasses import replace

from cards import quotes as cards
from cards import words
from cards.card import Card
from cards.words import QUOTE_STATUS
from crm import quote_lists, quotes
from crm.deputies import acting_for
from crm.quotes import QuoteView
from handlers.quotes import submitted, withdrawn
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn
from nlu.reading import Reading
from store.tables import QuoteStatus

router = Router("quote_numbers")
router.help("我的报价 / Q0001", "看自己最近的报价，发编号看一份", "sales", "manager")
router.help("提交 Q0001 / 撤回 Q0001", "把草稿提交审批，没批之前可以撤回", "sales", "manager")

NUMBER = r"(?P<number>[Qq]-?\s*\d{1,12})"
OF = r"(?:刚才|刚刚)?(?:的|那份|这份|那个|这个)?\s*(?:报价单?)?\s*"


@router.phrase(
    rf"(?:看一?下|看看?|查看|查一?下|打开|报价单?)?\s*{NUMBER}"
    r"\s*(?:的)?(?:报价单?|详情|情况|进度|状态|审批)?(?:呢|怎么样了?|批了[吗没]|到哪了)?\s*[?？]?",
    reads=True,
)
def look(turn: Turn, phrase: Phrase) -> Reply:
    """Q0001: the quote as it stands."""
    found = quote_lists.one(turn.ctx, _number(phrase))
    turn.memory.customer_id = found.customer_id
    return Reply(cards=(_card(turn, found),))


@router.command("我的报价", "报价列表", "我的报价单", "报价单", "报价记录", "最近报价", reads=True)
def own(turn: Turn, reading: Reading) -> Reply:
    """我的报价: one's own, the latest first."""
    found = quote_lists.mine(turn.ctx)
    if not found:
        return Reply("你还没有报过价。这样报：报价 华润置地 58万 9折 提交")
    lines = [
        " ".join(p for p in (q.number, q.customer, cards.total_words(q), _status(q)) if p) for q in found
    ]
    return Reply("\n".join(["你最近的报价：", *lines, f"看一份就发编号，例如：{found[0].number}"]))


@router.phrase(rf"提交\s*(?:审批)?\s*{OF}{NUMBER}\s*(?:审批)?", rf"{NUMBER}\s*提交(?:审批)?")
def submit(turn: Turn, phrase: Phrase) -> Reply:
    """提交 Q0001."""
    return submitted(turn, quotes.by_number(turn.ctx, _number(phrase)))


@router.phrase(r"提交(?:审批|吧|一下)?", rf"提交(?:审批)?{OF}(?:审批)?")
def submit_last(turn: Turn, phrase: Phrase) -> Reply | None:
    """提交: the one draft that there is."""
    return submitted(turn, quote_lists.only(turn.ctx, QuoteStatus.DRAFT, "提交", turn.memory.record).id)


@router.phrase(
    rf"(?:撤回|撤销|撤消|撤|收回|作废)(?:掉|一下)?\s*{OF}{NUMBER}\s*(?:的?审批|报价)?",
    rf"{NUMBER}\s*(?:撤回|撤销|作废)",
)
def withdraw(turn: Turn, phrase: Phrase) -> Reply:
    """撤回 Q0001."""
    return withdrawn(turn, quotes.by_number(turn.ctx, _number(phrase)))


@router.phrase(
    r"(?:撤回|撤销|撤消|收回|作废)(?:掉|一下)?\s*(?:刚才|刚刚)?(?:的|那份|这份|那个|这个)?\s*(?:报价单?|审批|报价审批)"
)
def withdraw_last(turn: Turn, phrase: Phrase) -> Reply:
    """撤回报价: the one that waits."""
    return withdrawn(turn, quote_lists.only(turn.ctx, QuoteStatus.PENDING, "撤回", turn.memory.record).id)


def _card(turn: Turn, quote: QuoteView) -> Card:
    """The card as it is for who looks: with buttons for the author and for those who are asked."""
    ctx, standing = turn.ctx, quote.standing
    is_mine = quote.owner.id == turn.actor.id
    if quote.status is QuoteStatus.DRAFT:
        draft = cards.draft_card(quote)
        return draft if is_mine else replace(draft, buttons=())
    if quote.status is QuoteStatus.PENDING:
        answers = {turn.actor.id, *acting_for(ctx.session, turn.actor.id, ctx.now)}
        asked = answers & {one.id for one in (standing.waiting if standing else ())}
        if asked and not is_mine:
            return cards.approval_card(quote)
        return cards.pending_card(quote) if is_mine else replace(cards.pending_card(quote), buttons=())
    at = ctx.wall(standing.at) if standing is not None and standing.at is not None else ctx.local
    ended = cards.final_card(quote, at)
    today = ctx.local.date()
    if at.date() == today:
        return ended
    return replace(ended, done=f"{ended.done.removesuffix(f'{at:%H:%M}')}{words.moment(at, today)}")


def _status(quote: QuoteView) -> str:
    return QUOTE_STATUS.get(quote.status.value, "")


def _number(phrase: Phrase) -> str:
    return phrase.given["number"].replace("-", "").replace(" ", "")
