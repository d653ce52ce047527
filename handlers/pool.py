"""The pool in the chat: 公海, 领取 华星, 把华星放入公海."""

from __future__ import annotations

from cards import pool as cards
from crm import customers, pool
from crm.errors import UserMistake
from handlers.named import find_named
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Press, Turn
from nlu.reading import Reading

router = Router("pool")
router.help("公海", "看没有人负责、可以领取的客户", "sales", "manager")
router.help("把美的集团放入公海 / 领取 美的集团", "客户退回公海，或领来自己负责", "sales", "manager")

_INTO = r"(?:放入|放回|放进|放到|退回|退到|退入|移入|移到|转入|扔进|扔回|丢进|丢回|转给|转到|交给|还给)"


@router.command("公海", "看公海", "公海客户", "客户公海", "公海池", "公海有哪些客户", reads=True)
def look(turn: Turn, reading: Reading) -> Reply:
    """公海: what lies in it."""
    return Reply(cards=(cards.pool_card(pool.page(turn.ctx)),))


@router.phrase(r"公海(?:客户)?\s*第?\s*(?P<page>\d{1,4})\s*页", reads=True)
def numbered(turn: Turn, phrase: Phrase) -> Reply:
    """公海 第2页."""
    skip = max(0, int(phrase.given["page"]) - 1) * pool.PAGE
    return Reply(cards=(cards.pool_card(pool.page(turn.ctx, skip), skip),))


@router.action("pool.page", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多."""
    skip = int(press.action.extra or 0)
    return Reply(cards=(cards.pool_card(pool.page(turn.ctx, skip), skip),))


@router.phrase(
    r"(?:我要|我来)?(?:从公海)?(?:里)?(?:领取|认领|捞取?)\s*(?:公海)?(?:里的?|的)?(?:客户)?[:：\s]*(?P<who>\S.{0,40})"
)
def claim_named(turn: Turn, phrase: Phrase) -> Reply | None:
    """领取 华星."""
    found = find_named(turn, phrase.given["who"])
    if not found:
        return None
    return _claim(turn, _one(turn, found, "领取"))


@router.action("pool.claim")
def claim(turn: Turn, press: Press) -> Reply:
    """领取 on the card of the pool."""
    return _claim(turn, int(press.action.object_id))


@router.phrase(
    rf"(?:请)?(?:把|将)?\s*(?P<who>\S.{{0,60}}?)\s*(?:这家客户|这个客户)?{_INTO}\s*(?:到|进)?公海(?:里|池)?",
    rf"{_INTO}公海(?:里|池)?[:：\s]+(?P<who>\S.{{0,60}})",
)
def release(turn: Turn, phrase: Phrase) -> Reply | None:
    """把华星放入公海, 退回公海 华星、美的."""
    named = [part for part in phrase.given["who"].replace(",", "、").replace("，", "、").split("、") if part]
    ids = [_one(turn, found, "放入公海") for part in named if (found := find_named(turn, part))]
    if len(ids) < len(named) or not ids:
        return None
    rows = pool.release(turn.ctx, ids)
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    names = [row.name for row in rows]
    return Reply(cards=(cards.released_card(names, turn.ctx.inbox_id or 0),))


def _claim(turn: Turn, customer_id: int) -> Reply:
    row = pool.claim(turn.ctx, customer_id)
    turn.memory.customer_id = row.id
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    return Reply(cards=(cards.claimed_card(row.id, row.name, turn.ctx.inbox_id or 0),))


def _one(turn: Turn, found: list[int], what: str) -> int:
    if len(found) > 1:
        names = "、".join(customers.full_names(turn.ctx, found[:5]))
        raise UserMistake(f"是哪一家：{names}？写全一点，例如：{what} {names.split('、')[0]}")
    return found[0]
