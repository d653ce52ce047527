"""How the platform says no: two envelopes (page server-api-error-codes-1), one exception.

New calls (api.dingtalk.com) answer an HTTP status with `{"code", "message", "requestid"}`. Old calls
(oapi.dingtalk.com) answer 200 with `{"errcode", "errmsg"}`; what the gate of `topapi/` refuses is wrapped
into errcode 88 with the real code in `sub_code`.
"""

from __future__ import annotations

import secrets

DENIED = "Forbidden.AccessDenied."


class Refused(Exception):
    """A refusal. `code` and `status` are for new calls, `errcode` for old ones; the message is for people."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        status: int = 400,
        errcode: int = -1,
        scopes: tuple[str, ...] = (),
        gate: bool = False,
    ) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code, self.message, self.status = code, message or code, status
        self.errcode, self.scopes, self.gate = errcode, scopes, gate

    def new_body(self) -> dict[str, object]:
        """The envelope of api.dingtalk.com."""
        body: dict[str, object] = {"code": self.code, "requestid": request_id(), "message": self.message}
        if self.scopes:
            body["accessdenieddetail"] = {"requiredScopes": list(self.scopes)}
        return body

    def old_body(self, path: str) -> dict[str, object]:
        """The envelope of oapi.dingtalk.com for a call of `path`."""
        if not self.gate or not path.startswith("topapi/"):
            return {"errcode": self.errcode, "errmsg": self.message, "request_id": request_id()}
        return {
            "errcode": 88,
            "sub_code": str(self.errcode),
            "sub_msg": self.message,
            "errmsg": f"ding talk error[subcode={self.errcode},submsg={self.message}]",
            "request_id": request_id(),
        }


def request_id() -> str:
    """An id as the platform writes them."""
    return secrets.token_hex(8).upper()


def old(errcode: int, message: str) -> Refused:
    """A refusal of an old call."""
    return Refused("", message, status=200, errcode=errcode)


def bad_token() -> Refused:
    """The token is unknown or missing."""
    return Refused("InvalidAuthentication", "不合法的access_token", errcode=40014, gate=True)


def expired_token() -> Refused:
    """The token has lived its time."""
    return Refused("InvalidAuthentication", "不合法的access_token", errcode=42001, gate=True)


def no_permission(scope: str) -> Refused:
    """The app lacks a permission."""
    return Refused(
        DENIED + "AccessTokenPermissionDenied",
        f"应用尚未开通所需的权限：[{scope}]",
        status=403,
        errcode=60011,
        scopes=(scope,),
        gate=True,
    )


def too_fast() -> Refused:
    """More calls a second than one app may make of one API."""
    words = "钉钉接口调用超过限制：应用调用该接口的QPS超限"
    return Refused(DENIED + "QpsLimitForAppkeyAndApi", words, status=403, errcode=90018, gate=True)


def api_too_fast() -> Refused:
    """More calls a second than the platform bears of one API, whoever makes them."""
    words = "钉钉接口调用超过限制：该接口的QPS超限"
    return Refused(DENIED + "QpsLimitForApi", words, status=403, errcode=90002, gate=True)


def foreign_address(address: str) -> Refused:
    """The app's server is not on its list of addresses."""
    words = f"访问ip不在白名单之中，request ip={address}"
    return Refused(DENIED + "IpNotInWhiteList", words, status=403, errcode=60020, gate=True)


def no_calls_left() -> Refused:
    """The organisation's calls of the month are used up."""
    words = "企业的接口月调用量已达上限"
    return Refused(DENIED + "ApiCountLimitForOrg", words, status=403, errcode=90020, gate=True)


def busy() -> Refused:
    """The platform has trouble of its own."""
    return Refused("system.busy", "系统繁忙", status=500, errcode=-1)
