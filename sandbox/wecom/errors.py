"""The platform's error codes (pages 90313 and 90455) and the way it says no."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The codes the simulator answers with."""

    OK = 0
    BUSY = -1
    BAD_SECRET = 40001
    BAD_MEDIA_TYPE = 40004
    BAD_MEDIA_SIZE = 40006
    BAD_MEDIA_ID = 40007
    BAD_MSGTYPE = 40008
    BAD_IMAGE_SIZE = 40009
    BAD_CORPID = 40013
    BAD_TOKEN = 40014
    BAD_USERIDS = 40031
    TOO_MANY_USERIDS = 40032
    BAD_CHARACTERS = 40033
    BAD_AGENTID = 40056
    BAD_PARAM = 40058
    BAD_EXTERNAL = 40096
    NOT_RESIGNED = 40097
    NOT_VERIFIED = 40098
    IN_TRANSFER = 40100
    TRANSFERRED_TOO_OFTEN = 40128
    BEING_TRANSFERRED = 40129
    SAME_FOLLOWER = 40130
    NOT_A_FOLLOWER = 40131
    NO_TOKEN = 41001
    NO_CORPID = 41002
    NO_SECRET = 41004
    NO_MEDIA = 41005
    NO_USERID = 41009
    NO_AGENTID = 41011
    TOKEN_EXPIRED = 42001
    BAD_TASK_ID = 42014
    CODE_OF_OTHER_APP = 42015
    BAD_KEY = 42018
    NO_KEY = 42019
    NO_BUTTON_NAME = 42020
    NEEDS_GET = 43001
    NEEDS_POST = 43002
    NO_CALLBACK = 43012
    EMPTY_TEXT = 44004
    TOO_MANY_ARTICLES = 45008
    TOO_OFTEN = 45009
    TOO_MANY_AT_ONCE = 45033
    BAD_JSON = 47001
    IP_NOT_TRUSTED = 60020
    NOT_VISIBLE = 60021
    UNKNOWN_USER = 60111
    UNKNOWN_DEPARTMENT = 60123
    BAD_RESPONSE_CODE = 60140
    NO_VALID_RECEIVER = 81013
    NO_RECEIVER = 82001
    TOO_MANY_PARTIES = 82002
    TOO_MANY_TAGS = 82003
    NO_EXTERNAL_RELATION = 84061
    NO_EXTERNAL_SERVICE = 84083
    AGENT_OF_OTHER_TOKEN = 301002


MESSAGES: dict[int, str] = {
    Code.OK: "ok",
    Code.BUSY: "system busy",
    Code.BAD_SECRET: "invalid credential",
    Code.BAD_MEDIA_TYPE: "invalid media type",
    Code.BAD_MEDIA_SIZE: "invalid media size",
    Code.BAD_MEDIA_ID: "invalid media_id",
    Code.BAD_MSGTYPE: "invalid message type",
    Code.BAD_IMAGE_SIZE: "invalid image size",
    Code.BAD_CORPID: "invalid corpid",
    Code.BAD_TOKEN: "invalid access_token",
    Code.BAD_USERIDS: "invalid userid list",
    Code.TOO_MANY_USERIDS: "invalid userid list size",
    Code.BAD_CHARACTERS: "invalid request character, do not use \\uxxxx",
    Code.BAD_AGENTID: "invalid agentid",
    Code.BAD_PARAM: "invalid Request Parameter",
    Code.BAD_EXTERNAL: "invalid external userid",
    Code.NOT_RESIGNED: "user not resigned from corp",
    Code.NOT_VERIFIED: "user is not verified",
    Code.IN_TRANSFER: "external contact is in transfer",
    Code.TRANSFERRED_TOO_OFTEN: "customer transferred too often",
    Code.BEING_TRANSFERRED: "customer is being transferred",
    Code.SAME_FOLLOWER: "handover and takeover are the same",
    Code.NOT_A_FOLLOWER: "handover_userid is not a follower of the customer",
    Code.NO_TOKEN: "access_token missing",
    Code.NO_CORPID: "corpid missing",
    Code.NO_SECRET: "secret missing",
    Code.NO_MEDIA: "media data missing",
    Code.NO_USERID: "userid missing",
    Code.NO_AGENTID: "agentid missing",
    Code.TOKEN_EXPIRED: "access_token expired",
    Code.BAD_TASK_ID: "invalid taskcard task_id",
    Code.CODE_OF_OTHER_APP: "agentid does not match the response_code",
    Code.BAD_KEY: "invalid button key",
    Code.NO_KEY: "missing button key",
    Code.NO_BUTTON_NAME: "missing button name",
    Code.NEEDS_GET: "require GET method",
    Code.NEEDS_POST: "require POST method",
    Code.NO_CALLBACK: "the app has no callback url",
    Code.EMPTY_TEXT: "text content is empty",
    Code.TOO_MANY_ARTICLES: "article count out of range",
    Code.TOO_OFTEN: "api freq out of limit",
    Code.TOO_MANY_AT_ONCE: "api concurrent out of limit",
    Code.BAD_JSON: "data format error",
    Code.IP_NOT_TRUSTED: "not allow to access from your ip",
    Code.NOT_VISIBLE: "user not in the visible range of the app",
    Code.UNKNOWN_USER: "userid not found",
    Code.UNKNOWN_DEPARTMENT: "invalid party id",
    Code.BAD_RESPONSE_CODE: "invalid response_code",
    Code.NO_VALID_RECEIVER: "user & party & tag all invalid",
    Code.NO_RECEIVER: "touser, toparty and totag are all empty",
    Code.TOO_MANY_PARTIES: "too many parties",
    Code.TOO_MANY_TAGS: "too many tags",
    Code.NO_EXTERNAL_SERVICE: "customer contact is not enabled for the user",
    Code.NO_EXTERNAL_RELATION: "not external contact",
    Code.AGENT_OF_OTHER_TOKEN: "agentid does not belong to this access_token",
}


class Refused(Exception):
    """The platform says no: an error code, and a hint of what was wrong (only for people to read)."""

    def __init__(self, code: int, hint: str = "") -> None:
        super().__init__(f"{code} {hint}".strip())
        self.code = int(code)
        self.hint = hint

    def body(self, address: str) -> dict[str, object]:
        """The JSON answer, worded as the platform words it. `address` is the caller's IP."""
        text = MESSAGES.get(self.code, "error")
        tail = f"more info at https://open.work.weixin.qq.com/devtool/query?e={self.code}"
        return {"errcode": self.code, "errmsg": f"{text}, hint: [{self.hint}], from ip: {address}, {tail}"}
