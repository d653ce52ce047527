"""A message that came without its words, because the platform's monthly quota is used up."""

from __future__ import annotations

from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Turn

router = Router("quota")

OVER_QUOTA = "message.over_quota"


@router.event(OVER_QUOTA)
def not_heard(turn: Turn) -> Reply:
    """The sender must know that nothing was kept."""
    return Reply(
        "这条没收到内容，也没有记下来：公司本月的钉钉消息额度用完了，下月初恢复。"
        "已经提醒管理员，急的事请先在企业微信里发给我，或者过后再发一次。"
    )
