"""Words of business that say too little to be recorded: what they may be is offered, nothing is written."""

from __future__ import annotations

from dataclasses import replace

from cards import confirm as cards
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Pending, Press, Turn
from handlers.whose import answered, ask_whose, go_on
from nlu.model import wanted
from nlu.reading import Intent, Method, Reading

router = Router("unclear")

METHODS = {"记为拜访": Method.VISIT, "拜访": Method.VISIT, "记为电话": Method.CALL, "电话": Method.CALL}
REMIND = frozenset({"设提醒", "提醒", "设个提醒"})


@router.gate
def offer(turn: Turn, reading: Reading) -> Reply | None:
    """Offer the likely meanings of words of business that the grammar made nothing of."""
    if reading.intent is not Intent.CHITCHAT or not wanted(reading, turn.incoming.text):
        return None
    who = whom(turn.ctx, reading)
    if who.sure:
        return None
    message = turn.ctx.inbox_id or 0
    turn.memory.ask("unclear.how", {"held": message, "ids": [], "new": ""}, turn.now)
    return Reply(cards=(cards.unclear_card(turn.incoming.text, message),))


@router.answer("unclear.how")
def typed(turn: Turn, pending: Pending) -> Reply | None:
    """What a button says, typed; a customer's name is whose the words are."""
    said, message = held.said(turn), int(pending.data["held"])
    if said in METHODS:
        return _log(turn, message, METHODS[said])
    if said in REMIND:
        return _remind(turn, message)
    return answered(turn, pending)


@router.action("unclear.log")
def log(turn: Turn, press: Press) -> Reply:
    """记为拜访, 记为电话: whose it is comes next."""
    shown = _log(turn, int(press.action.object_id), Method(press.action.extra))
    return replace(shown, cards=(), refresh=(*shown.refresh, *shown.cards)) if _asks(turn) else shown


def _asks(turn: Turn) -> bool:
    """Whether the answer is a question about the words that wait: the pressed card becomes that question."""
    pending = turn.memory.pending
    return pending is not None and "method" in pending.data


def _log(turn: Turn, message: int, method: Method) -> Reply:
    text = held.text_of(turn, message)
    reading = turn.understand(text).but(intent=Intent.LOG_ACTIVITY, method=method)
    who = whom(turn.ctx, reading)
    if len(who.sure) == 1:
        return go_on(turn, message, text, who.sure[0])
    asked = ask_whose(turn, reading, who, text, message)
    if turn.memory.pending is not None:
        turn.memory.pending.data["method"] = method.value
    return asked


@router.action("unclear.remind")
def remind(turn: Turn, press: Press) -> Reply:
    """设提醒: only the time is missing."""
    return _remind(turn, int(press.action.object_id))


def _remind(turn: Turn, message: int) -> Reply:
    text = held.text_of(turn, message)
    turn.memory.ask("remind.when", {"text": text}, turn.now)
    settled = cards.settled_card("这句没看懂，要怎么记", text, message, "设提醒")
    return Reply(text="什么时候提醒？例如：明天上午10点，或：30分钟后", refresh=(settled,))
