"""The menu of WeCom's self-built app. An entry stands for words, or for an action of its own."""

from __future__ import annotations

from typing import Final

from handlers.questions import latest as own_latest
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Press, Turn
from handlers.visits import ask_report

router = Router("menu")

SAYS: Final = "say:"
"""Begins the key of an entry that says for the person what follows."""


@router.action("menu.record")
def record(turn: Turn, press: Press) -> Reply:
    """记跟进: the next sentence is the follow-up, or whose it is."""
    ask_report(turn)
    return Reply(
        "好，说说这次跟进，我来记。例如：\n"
        "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示\n"
        "也可以先发客户名称。用输入法的语音也行，记完再发照片和位置会附在后面。不记了就回复 算了"
    )


@router.action("menu.customers")
def latest(turn: Turn, press: Press) -> Reply:
    """客户: one's own, the last spoken to first."""
    return own_latest(turn)
