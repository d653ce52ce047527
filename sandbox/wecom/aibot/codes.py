"""The error codes of the long connection beside the API's own, and how a refusal is worded in a frame.

The codes are field reports: WeCom publishes none for the long connection. 853000, 86201 and the missing
`headers` of a frame that lacks a field were seen in frames of the real service.
"""

from __future__ import annotations

from enum import IntEnum

from sandbox.wecom.errors import Code, Refused


class BotCode(IntEnum):
    """What only the long connection answers."""

    NO_CHATID = 86201
    BOT_NOT_ALLOWED = 93001
    UNKNOWN_CHAT = 93006
    NOT_IN_GROUP = 93008
    BAD_REQ_ID = 846605
    NOT_ACTIVATED = 846607
    STREAM_OVER = 846608
    NOT_SUBSCRIBED = 846609
    BAD_BOT = 853000


_MESSAGES: dict[int, str] = {
    BotCode.NO_CHATID: "invalid chatid",
    BotCode.BOT_NOT_ALLOWED: "the bot is not allowed in this group",
    BotCode.UNKNOWN_CHAT: "invalid chatid",
    BotCode.NOT_IN_GROUP: "the bot is not in this group",
    BotCode.BAD_REQ_ID: "invalid req_id",
    BotCode.NOT_ACTIVATED: "the conversation is not activated",
    BotCode.STREAM_OVER: "the stream message has expired",
    BotCode.NOT_SUBSCRIBED: "aibot websocket not subscribed",
    BotCode.BAD_BOT: "invalid bot_id or secret",
}


class Malformed(Refused):
    """A frame without a field it must have: the refusal names no req_id, as the real service's does not."""

    def __init__(self, field: str) -> None:
        super().__init__(Code.BAD_PARAM, f"missing field `{field}`")


def worded(refused: Refused, address: str) -> dict[str, object]:
    """errcode and errmsg of an acknowledgement. `address` is the caller's IP."""
    answer = refused.body(address)
    if refused.code in _MESSAGES:
        answer["errmsg"] = f"{_MESSAGES[refused.code]}, hint: [{refused.hint}], from ip: {address}"
    return answer
