"""What an errcode of WeCom means for the caller [90313, 90455]. errmsg is never looked at: it changes."""

from __future__ import annotations

from types import MappingProxyType
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
from bot.wecom import limits

BAD_RESPONSE_CODE: Final = 60140
"""update_template_card: the response_code is unknown, used or older than 72 h [94888]."""

NO_EXTERNALS: Final = 84061
"""externalcontact/…: no such external contact, or none at all, for who was asked about."""

GETTOKEN: Final = "gettoken"

_BUSY: Final = frozenset({-1, 6000})
_TOKEN: Final = frozenset({40001, 40014, 42001})
_FREQUENCY: Final = 45009
_CONCURRENCY: Final = 45033
_RECEIVER: Final = frozenset({40003, 60021, 60111, 81011, 81012, 81013, 82001})

_KEY_HINT: Final = "应用 Secret 不对：管理后台 → 应用管理 → 本应用 → Secret，重新查看后填入"
_PERMISSION_HINT: Final = "应用没有这个接口的权限：管理后台 → 应用管理 → 本应用，检查可见范围和接口权限"
_AGENT_HINT: Final = "AgentId 和 Secret 不是同一个应用的：管理后台 → 应用管理 → 本应用，按同一页核对两者"
_HINTS: Final = MappingProxyType(
    {
        40001: _KEY_HINT,
        40091: _KEY_HINT,
        40013: "企业 ID 不对：管理后台 → 我的企业 → 企业信息 → 企业ID",
        40056: _AGENT_HINT,
        301002: _AGENT_HINT,
        40093: "网页 JS 签名不对：检查网页地址和应用的可信域名",
        43012: "应用没有配置接收消息：管理后台 → 应用管理 → 本应用 → 接收消息 → 设置API接收，填回调地址",
        48002: _PERMISSION_HINT,
        48005: _PERMISSION_HINT,
        48006: _PERMISSION_HINT,
        50001: "网页域名不可信：管理后台 → 应用管理 → 本应用 → 网页授权及JS-SDK，添加可信域名",
        50002: _PERMISSION_HINT,
        50003: "应用被停用：管理后台 → 应用管理 → 本应用，重新启用",
        60011: _PERMISSION_HINT,
        60020: "本机出口 IP 不在企业可信IP里：管理后台 → 应用管理 → 本应用 → 企业可信IP，添加后约一分钟生效",
        NO_EXTERNALS: "没有这位外部联系人的权限：检查客户联系的使用范围",
        84074: "没有外部联系人的权限：管理后台 → 客户与上下游 → 权限配置，加入本应用",
        301021: _PERMISSION_HINT,
    }
)


def fault(call: str, code: int) -> VendorFault:
    """The failure that errcode `code` (not 0) of API `call` stands for."""
    if code in _BUSY:
        return Unreachable(call, code, cause="busy")
    if code in _TOKEN and call != GETTOKEN:
        return TokenExpired(call, code)
    if code == _FREQUENCY:
        return RateLimited(call, code, retry_after=limits.FREQUENCY_WINDOW.total_seconds())
    if code == _CONCURRENCY:
        return RateLimited(call, code, retry_after=limits.CONCURRENCY_PAUSE.total_seconds())
    if code in _RECEIVER:
        return ReceiverGone(call, code)
    if code in _HINTS:
        return Misconfigured(call, code, hint=_HINTS[code])
    return Rejected(call, code)


def http_fault(call: str, status: int) -> VendorFault:
    """The failure of an answer that is no 200: WeCom itself answers 200 even for errors."""
    if status == 429:
        return RateLimited(call, status, retry_after=limits.FREQUENCY_WINDOW.total_seconds())
    if status >= 500:
        return Unreachable(call, status, cause="http")
    return Misconfigured(call, status, hint="接口地址没有按企业微信的方式回答：检查 API 地址和出口代理")
