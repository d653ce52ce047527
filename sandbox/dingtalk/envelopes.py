"""Every refusal that can come at any time, by a name; for switching one on.

Pages server-api-error-codes-1, call-frequency-limit, how-to-process-api-throttling-on-the-dingtalk-server,
chatbots-send-one-on-one-chat-messages-in-batches, create-and-deliver-cards. The limits over which the
platform complains are its own; where an old code is not published it is -1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sandbox.dingtalk.errors import (
    DENIED,
    Refused,
    api_too_fast,
    bad_token,
    busy,
    expired_token,
    foreign_address,
    no_calls_left,
    no_permission,
    too_fast,
)


def _robot(code: str, words: str) -> Callable[[], Refused]:
    return lambda: Refused(code, words)


def _denied(code: str, words: str) -> Callable[[], Refused]:
    return lambda: Refused(DENIED + code, words, status=403, gate=True)


ENVELOPES: Final[Mapping[str, Callable[[], Refused]]] = {
    "bad_token": bad_token,
    "expired_token": expired_token,
    "unauthorized": lambda: Refused(
        "InvalidAuthentication", "不合法的access_token", status=401, errcode=40014
    ),
    "permission": lambda: no_permission("qyapi_robot_sendmsg"),
    "address": lambda: foreign_address("203.0.113.7"),
    "app_qps": too_fast,
    "api_qps": api_too_fast,
    "app_qpm": _denied("QpmLimitForAppkeyAndApi", "应用调用该接口的QPM超限"),
    "suite_qps": _denied("QpsLimitForSuitekeyAndOrgAndApi", "应用在该企业调用该接口的QPS超限"),
    "month": no_calls_left,
    "too_many_requests": lambda: Refused("Throttling", "请求过于频繁", status=429, errcode=90018, gate=True),
    "busy": busy,
    "send_too_fast": _robot("send.too.fast", "发送速度太快"),
    "no_chat": _robot("robot.oto.notExist", "没有有效的机器人单聊会话"),
    "not_allowed": _robot("chatbotId.notAllow.sendOTO", "不允许主动发单聊，请检查机器人状态是否已启用"),
    "stopped": _robot("bot.stopped", "机器人已停用"),
    "unsafe": _robot("param.contentUnsafe", "内容不合规"),
}
