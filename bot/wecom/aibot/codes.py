"""What an errcode on the long connection means for us. The four of 8466xx are field reports."""

from __future__ import annotations

from typing import Final

from bot.errors import (
    Misconfigured,
    RateLimited,
    ReceiverGone,
    Rejected,
    TokenExpired,
    Unreachable,
    VendorFault,
)
from bot.wecom import codes

LATE: Final = 846605
"""The req_id is not known, is over, or is of another kind of callback."""
NOT_ACTIVATED: Final = 846607
"""Nobody has spoken to the bot in this conversation, so it may not speak first."""
STREAM_OVER: Final = 846608
"""The stream's time is over."""
NOT_SUBSCRIBED: Final = 846609
"""This connection is not the bot's, or not any more."""
BAD_CHAT: Final = frozenset({86201, 93001, 93006, 93008})
"""No conversation named, not allowed in the group, no such conversation, not in the group."""
TASK_ID_USED: Final = 42014
"""The card's task_id was used before."""

KEYS_HINT: Final = (
    "智能机器人的 Bot ID 或 Secret 不对，或没有选长连接："
    "管理后台 → 智能机器人 → 本机器人 → API 模式 → 长连接，核对两者后填入"
)
URL_HINT: Final = "智能机器人的连接地址不对：填 wss:// 开头的地址，或留空用默认值"
TAKEN_HINT: Final = (
    "智能机器人的长连接被别处接走了：同一个机器人只能有一处在用。停掉另一处，再重启这里或执行接回"
)


def fault(cmd: str, code: int) -> VendorFault:
    """The failure that `code` (not 0) in the acknowledgement of `cmd` stands for."""
    if code == NOT_SUBSCRIBED:
        return Unreachable(cmd, code, cause="not_subscribed")
    if code == NOT_ACTIVATED or code in BAD_CHAT:
        return ReceiverGone(cmd, code)
    found = codes.fault(cmd, code)
    if isinstance(found, TokenExpired | Misconfigured):  # there is no token here, and the hints are an app's
        return Rejected(cmd, code)
    return found


def subscribe_fault(cmd: str, code: int) -> VendorFault:
    """The same for the subscription, where whatever is not "later" is a wrong setting."""
    found = codes.fault(cmd, code)
    if isinstance(found, Unreachable | RateLimited):
        return found
    return Misconfigured(cmd, code, hint=KEYS_HINT)
