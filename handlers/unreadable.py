"""A message of a kind that no reader here knows: forwarded cards, red packets, what comes next year."""

from __future__ import annotations

from handlers.reply import Reply
from handlers.router import MESSAGE, Router
from handlers.turn import Turn

router = Router("unreadable")


@router.event(MESSAGE)
def not_read(_turn: Turn) -> Reply:
    """The sender must know that nothing was kept."""
    return Reply(
        "这类消息我看不了，没有记下来。写一句话给我就行，例如：今天拜访了华润置地的王总，聊了二期报价"
    )
