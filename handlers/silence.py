"""哪些客户一个月没跟进了: one's own customers that nobody has spoken to for so long."""

from __future__ import annotations

from datetime import timedelta

from cards import customers as cards
from cards import words
from crm import customers
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import point
from handlers.turn import Phrase, Turn

router = Router("silence")
router.help("哪些客户一个月没跟进了", "名下多久没联系的客户，时间最长的在前", "sales", "manager")

USUAL = 30  # days
_WHICH = r"(?:我?(?:名下)?(?:的)?(?:有)?(?:哪些|哪几家|什么|几家|多少)?(?:客户|家)?|谁)"
_LONG = (
    r"(?:(?:已经?|都)?(?:超过|有|快)?(?P<long>[一二两三四五六七八九十半\d]{1,3}个?(?:天|周|星期|礼拜|月|年))(?:以上|多)?"
    r"|最近|好久|很久|近期)"
)
_NOT = r"(?:都)?(?:没有?|未|没怎么)(?:跟进|联系|拜访|动静|跟|见|消息)过?"


@router.phrase(
    rf"{_WHICH}{_LONG}{_NOT}(?:了)?的?(?:客户)?(?:有哪些|有谁|是哪些)?\s*[呢吗]?\s*[?？]?",
    rf"{_LONG}(?:有)?(?:哪些客户|哪几家|谁){_NOT}(?:了)?\s*[呢吗]?\s*[?？]?",
    reads=True,
)
def silent(turn: Turn, phrase: Phrase) -> Reply | None:
    """哪些客户一个月没跟进了, 最近谁没联系."""
    said, local = phrase.given.get("long") or "", turn.ctx.local
    when = point(turn.understand(f"{said}后"), local) if said else None
    if said and when is None:
        return None
    days = (when.value.date() - local.date()).days if when is not None else USUAL
    found, count = customers.silent(turn.ctx, turn.now - timedelta(days=days), cards.MOST_BUTTONS)
    called = said or f"{USUAL}天"
    if not found:
        return Reply(text=f"你名下的客户{called}内都跟进过。")
    turn.memory.ask("customer.which", {"ids": [one.id for one, _ in found]}, turn.now)
    ago = [words.days_ago(turn.ctx.wall(at), local) if at else "没有跟进过" for _, at in found]
    question = f"{called}没跟进的客户 · {count}家"
    return Reply(cards=(cards.choice_card(question, [one for one, _ in found], ago),))
