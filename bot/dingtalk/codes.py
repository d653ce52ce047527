"""What an error of DingTalk means for the caller [server-api-error-codes-1, call-frequency-limit].

There are two envelopes: the API of api.dingtalk.com answers 4xx with `{"code": "Forbidden.…", "message"}`,
that of oapi.dingtalk.com 200 with `{"errcode": 60011, "errmsg"}`. The messages are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from bot.dingtalk import limits
from bot.errors import (
    Misconfigured,
    RateLimited,
    ReceiverGone,
    Rejected,
    TokenExpired,
    Unreachable,
    VendorFault,
)

SESSION_GONE: Final = 300001
"""A sessionWebhook has ended: HTTP 200 with this errcode."""

_CARDS: Final = "v1.0/card/"

CARD_EXISTS: Final = "param.cardAlreadyExist"
CARD_UNKNOWN: Final = "param.cardNotExist"

_APP_KEY_HINT: Final = "Client ID 或 Client Secret 不对：开发者后台 → 应用 → 凭证与基础信息，重新复制后填入"
_SCOPE_HINT: Final = "应用缺少接口权限：开发者后台 → 应用 → 权限管理，申请后再试"
_IP_HINT: Final = "本机出口 IP 不在白名单里：开发者后台 → 应用 → 安全设置 → 服务器出口 IP"
_QUOTA_HINT: Final = "本月的 API 调用量已用完，钉钉下月初恢复；要继续发送，请在开发者后台购买专业版或增购包"
_ROBOT_HINT: Final = "机器人编码不对或机器人未启用：开发者后台 → 应用 → 机器人，核对 RobotCode 并发布应用"
_TEMPLATE_HINT: Final = "卡片模板不存在或未发布：在卡片平台导入并发布模板，把模板 ID 填入设置"

_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")
_SCOPE: Final = re.compile(r"[A-Za-z0-9._]{1,60}")

_TOKEN: Final = frozenset({"InvalidAuthentication", "invalidParameter.token.invalid"})
_OLD_TOKEN: Final = frozenset({40001, 40014, 42001, 33001})
_BUSY: Final = frozenset({"system.busy", "ServiceUnavailable", "InternalError", "unknown.send.result"})
_PAUSES: Final = MappingProxyType(
    {
        "QpsLimitForAppkeyAndApi": limits.APP_LIMIT_PAUSE,
        "QpsLimitForSuitekeyAndOrgAndApi": limits.APP_LIMIT_PAUSE,
        "QpsLimitForApi": limits.API_LIMIT_PAUSE,
        "QpmLimitForAppkeyAndApi": limits.MINUTE_LIMIT_PAUSE,
        "send.too.fast": limits.MINUTE_LIMIT_PAUSE,
        "send.byToken.tooFast": limits.MINUTE_LIMIT_PAUSE,
    }
)
_OLD_PAUSES: Final = MappingProxyType({90018: limits.APP_LIMIT_PAUSE, 90002: limits.API_LIMIT_PAUSE})
_RECEIVER: Final = frozenset(
    {
        "staffId.notExisted",
        "param.userIdNotExist",
        "chatbotId.notAllow.sendOTO",
        "robot.oto.notExist",
        "invalid.openConversationId",
        "group.disbanded",
        "conversation.org.notMatch",
        "resource.not.found",
    }
)
_OLD_RECEIVER: Final = frozenset({33012, 60121})
_HINTS: Final = MappingProxyType(
    {
        "invalidClientIdOrSecret": _APP_KEY_HINT,
        "authFailed": _APP_KEY_HINT,
        "Forbidden.AccessDenied.IpNotInWhiteList": _IP_HINT,
        "invalidParameter.robotCode.empty": _ROBOT_HINT,
        "invalidParameter.robotCode.invalid": _ROBOT_HINT,
        "invalidParameter.robotCode.notExsit": _ROBOT_HINT,
        "invalidParameter.robotCode.auth": _ROBOT_HINT,
        "invalidParameter.robotCode.missing": _ROBOT_HINT,
        "bot.stopped": _ROBOT_HINT,
        "param.templateNotExist": _TEMPLATE_HINT,
        "param.templateUnpublished": _TEMPLATE_HINT,
        "param.cardTemplateIdEmpty": _TEMPLATE_HINT,
    }
)
_OLD_HINTS: Final = MappingProxyType({60011: _SCOPE_HINT, 40089: _APP_KEY_HINT})
_OLD_QUOTA: Final = 90020


class CardKnown(Rejected):
    """A card with this outTrackId was made before: what was asked for has happened."""


class CardGone(Rejected):
    """There is no card with this outTrackId any more."""


class SessionGone(Rejected):
    """The sessionWebhook has ended."""


class CardsRefused(Misconfigured):
    """The template is missing or the app may not make cards: messages can be sent all the same."""


class QuotaSpent(Misconfigured):
    """The organisation has used up its API calls of this month."""


def fault(call: str, status: int, body: Mapping[str, Any]) -> VendorFault:
    """The failure that an answer of api.dingtalk.com with this HTTP status stands for."""
    if is_ban(body):
        return RateLimited(call, 1111, retry_after=limits.IP_BAN.total_seconds())
    given = body.get("code")
    code = given if isinstance(given, str) and _CODE.fullmatch(given) else ""
    call = f"{call} {code}" if code else call
    if code in _HINTS:
        kind = CardsRefused if _HINTS[code] == _TEMPLATE_HINT else Misconfigured
        return kind(call, status, hint=_HINTS[code])
    if code in _TOKEN or (status == 401 and not code):
        return TokenExpired(call, status)
    if code.endswith("ApiCountLimitForOrg"):
        return QuotaSpent(call, status, hint=_QUOTA_HINT)
    if code.endswith("PermissionDenied"):
        kind = CardsRefused if call.startswith(_CARDS) else Misconfigured
        return kind(call, status, hint=_scopes(body))
    return _passing(call, status, code) or _final(call, status, code)


def _passing(call: str, status: int, code: str) -> VendorFault | None:
    """Failures that waiting may mend."""
    pause = _PAUSES.get(code) or _PAUSES.get(code.rpartition(".")[2])
    if pause is None and status == 429:
        pause = limits.MINUTE_LIMIT_PAUSE
    if pause is not None:
        return RateLimited(call, status, retry_after=pause.total_seconds())
    if code in _BUSY or status >= 500:
        return Unreachable(call, status, cause="busy")
    if not code:
        return Unreachable(call, status, cause="no_code")
    return None


def _final(call: str, status: int, code: str) -> VendorFault:
    """Failures of this request."""
    if code in _RECEIVER:
        return ReceiverGone(call, status)
    if code == CARD_EXISTS:
        return CardKnown(call, status)
    return CardGone(call, status) if code == CARD_UNKNOWN else Rejected(call, status)


def old_fault(call: str, body: Mapping[str, Any]) -> VendorFault:
    """The failure that an answer of oapi.dingtalk.com with errcode other than 0 stands for."""
    code = number(body.get("errcode"))
    if code == 88:
        code = number(body.get("sub_code")) or code
    if code in (-1, 0):
        return Unreachable(call, code, cause="busy")
    if code in _OLD_TOKEN:
        return TokenExpired(call, code)
    if code in _OLD_PAUSES:
        return RateLimited(call, code, retry_after=_OLD_PAUSES[code].total_seconds())
    if code == _OLD_QUOTA:
        return QuotaSpent(call, code, hint=_QUOTA_HINT)
    if code in _OLD_HINTS:
        return Misconfigured(call, code, hint=_OLD_HINTS[code])
    if code == SESSION_GONE:
        return SessionGone(call, code)
    return ReceiverGone(call, code) if code in _OLD_RECEIVER else Rejected(call, code)


BAN: Final = MappingProxyType({"status": 1111})


def is_ban_page(data: bytes) -> bool:
    """Whether a page for browsers says the same as `BAN`: which of the two comes is not settled."""
    start = data.lstrip()[:9].lower()
    return start.startswith((b"<!doctype", b"<html")) and (b"1111" in data or b"punish" in data)


def is_ban(body: Mapping[str, Any]) -> bool:
    """Whether our address is shut out after far too many calls: `{"status":1111,"punish":"deny"}`."""
    return body.get("status") == 1111


def number(value: object) -> int:
    """A number that the old API may give as digits."""
    try:
        return int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0


def _scopes(body: Mapping[str, Any]) -> str:
    """The hint with the names of the missing permissions."""
    detail = body.get("accessdenieddetail")
    given = detail.get("requiredScopes") if isinstance(detail, dict) else None
    listed = given if isinstance(given, list) else []
    names = [name for name in listed if isinstance(name, str) and _SCOPE.fullmatch(name)]
    return f"{_SCOPE_HINT}（{'、'.join(names[:5])}）" if names else _SCOPE_HINT
