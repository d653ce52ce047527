"""Words of business that say too little to be recorded: what they may be is offered, nothing is written."""

from __future__ import annotations

from dataclasses import replace

from cards import confirm as cards
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Press, Turn
from handlers.whose import ask_whose, go_on
from nlu.model import wanted
from nlu.reading import Intent, Method, Reading

router = Router("unclear")


@router.gate
def offer(turn: Turn, reading: Reading) -> Reply | None:
    """Offer the likely meanings of words of business that the grammar made nothing of."""
    if reading.intent is not Intent.CHITCHAT or not wanted(reading, turn.incoming.text):
        return None
    who = whom(turn.ctx, reading)
    if who.sure:
        return None
    message = turn.ctx.inbox_id or 0
    turn.memory.ask("visit.customer", {"held": message, "ids": [], "new": ""}, turn.now)
    return Reply(cards=(cards.unclear_card(turn.incoming.text, message),))


@router.action("unclear.log")
def log(turn: Turn, press: Press) -> Reply:
    """记为拜访, 记为电话: whose it is comes next."""
    message = int(press.action.object_id)
    text = held.text_of(turn, message)
    reading = turn.understand(text).but(intent=Intent.LOG_ACTIVITY, method=Method(press.action.extra))
    who = whom(turn.ctx, reading)
    if len(who.sure) == 1:
        return go_on(turn, message, text, who.sure[0])
    asked = ask_whose(turn, reading, who, text, message)
    if turn.memory.pending is not None:
        turn.memory.pending.data["method"] = press.action.extra
    return replace(asked, cards=(), refresh=asked.cards)


@router.action("unclear.remind")
def remind(turn: Turn, press: Press) -> Reply:
    """设提醒: only the time is missing."""
    message = int(press.action.object_id)
    text = held.text_of(turn, message)
    turn.memory.ask("remind.when", {"text": text}, turn.now)
    settled = cards.settled_card("这句没看懂，要怎么记", text, message, "设提醒")
    return Reply(text="什么时候提醒？例如：明天上午10点，或：30分钟后", refresh=(settled,))
