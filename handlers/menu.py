"""The menu of WeCom's self-built app. An entry stands for words, or for an action of its own."""

from __future__ import annotations

from typing import Final

from cards.customers import MOST_BUTTONS, choice_card
from crm import customers
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Press, Turn

router = Router("menu")

SAYS: Final = "say:"
"""Begins the key of an entry that says for the person what follows."""


@router.action("menu.record", reads=True)
def record(turn: Turn, press: Press) -> Reply:
    """记跟进: how it is done."""
    return Reply(
        "跑完客户说一句就行，我来记。例如：\n"
        "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示\n"
        "用输入法的语音也可以，记完再发照片和位置会附在后面。"
    )


@router.action("menu.customers")
def latest(turn: Turn, press: Press) -> Reply:
    """客户: one's own, the last spoken to first."""
    found = customers.latest(turn.ctx, MOST_BUTTONS)
    if not found:
        return Reply("您名下还没有客户。说一句拜访了谁，或发：新增客户 公司名称，就有了。")
    turn.memory.ask("customer.which", {"ids": [one.id for one in found]}, turn.now)
    return Reply(cards=(choice_card("最近跟进的客户，点开看", found),))
