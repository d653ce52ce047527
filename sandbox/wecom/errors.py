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
    BAD_OAUTH_CODE = 40029
    BAD_USERIDS = 40031
    TOO_MANY_USERIDS = 40032
    BAD_CHARACTERS = 40033
    UNKNOWN_GROUP = 40050
    BAD_AGENTID = 40056
    BAD_PARAM = 40058
    BAD_TAG = 40068
    TAG_EXISTS = 40071
    BAD_SIGNATURE = 40093
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
    NO_EXTERNAL_USERID = 41035
    NO_WELCOME_CODE = 41049
    BAD_WELCOME_CODE = 41050
    ALREADY_CHATTING = 41051
    TOO_MANY_ATTACHMENTS = 41064
    TOKEN_EXPIRED = 42001
    OAUTH_CODE_EXPIRED = 42003
    BAD_TICKET = 42012
    BAD_TASK_ID = 42014
    CODE_OF_OTHER_APP = 42015
    BAD_KEY = 42018
    NO_KEY = 42019
    NO_BUTTON_NAME = 42020
    MSGID_EXPIRED = 42052
    NEEDS_GET = 43001
    NEEDS_POST = 43002
    NO_CALLBACK = 43012
    EMPTY_TEXT = 44004
    TOO_LONG = 45002
    VOICE_TOO_LONG = 45007
    TOO_MANY_ARTICLES = 45008
    TOO_OFTEN = 45009
    TOO_MANY_AT_ONCE = 45033
    BAD_JSON = 47001
    NOT_PERMITTED = 48002
    DOMAIN_NOT_TRUSTED = 50001
    OUT_OF_RANGE = 50002
    APP_DISABLED = 50003
    BAD_CURSOR = 50100
    IP_NOT_TRUSTED = 60020
    NOT_VISIBLE = 60021
    UNKNOWN_USER = 60111
    UNKNOWN_DEPARTMENT = 60123
    BAD_RESPONSE_CODE = 60140
    BAD_JS_DOMAIN = 80001
    NO_VALID_RECEIVER = 81013
    TOO_MANY_GROUP_MEMBERS = 81017
    NO_RECEIVER = 82001
    TOO_MANY_PARTIES = 82002
    TOO_MANY_TAGS = 82003
    TICKET_EXPIRED = 84014
    BAD_USER_TICKET = 84015
    BAD_STATE = 84025
    NO_EXTERNAL_RELATION = 84061
    NO_EXTERNAL_SERVICE = 84083
    NO_USER_TICKET = 84090
    BAD_CHATID = 86001
    UNKNOWN_CHATID = 86003
    BAD_CHAT_OWNER = 86005
    BAD_CHAT_SIZE = 86006
    BAD_CHAT_MEMBER = 86007
    CHAT_OF_OTHER_APP = 86008
    NO_CHATID = 86201
    NO_CHAT_MEMBERS = 86204
    CHATID_TOO_LONG = 86205
    OWNER_NOT_IN_CHAT = 86207
    CHATID_EXISTS = 86215
    STRANGER_IN_LIST = 86216
    NO_MINIPROGRAM = 90200
    TOO_MANY_ITEMS = 90201
    BAD_ITEM_KEY = 90202
    BAD_ITEM_VALUE = 90203
    BAD_TICKET_TYPE = 91040
    BAD_WEBHOOK = 93000
    WEBHOOK_DISABLED = 93004
    AGENT_OF_OTHER_TOKEN = 301002
    BAD_APPROVAL = 301025
    NO_TEMPLATE = 301026
    NO_APPROVAL_RIGHT = 301055
    BAD_MD5 = 301019


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
    Code.BAD_OAUTH_CODE: "invalid code",
    Code.BAD_USERIDS: "invalid userid list",
    Code.TOO_MANY_USERIDS: "invalid userid list size",
    Code.BAD_CHARACTERS: "invalid request character, do not use \\uxxxx",
    Code.UNKNOWN_GROUP: "chatid not exist",
    Code.BAD_AGENTID: "invalid agentid",
    Code.BAD_PARAM: "invalid Request Parameter",
    Code.BAD_TAG: "invalid tagid",
    Code.TAG_EXISTS: "tag name exists already",
    Code.BAD_SIGNATURE: "invalid jsapi signature",
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
    Code.NO_EXTERNAL_USERID: "external_userid missing",
    Code.NO_WELCOME_CODE: "welcome_code missing",
    Code.BAD_WELCOME_CODE: "invalid welcome code",
    Code.ALREADY_CHATTING: "customer and service have begun chatting",
    Code.TOO_MANY_ATTACHMENTS: "too many attachments",
    Code.TOKEN_EXPIRED: "access_token expired",
    Code.OAUTH_CODE_EXPIRED: "code expired",
    Code.BAD_TICKET: "jsapi ticket not available",
    Code.BAD_TASK_ID: "invalid taskcard task_id",
    Code.CODE_OF_OTHER_APP: "agentid does not match the response_code",
    Code.BAD_KEY: "invalid button key",
    Code.NO_KEY: "missing button key",
    Code.NO_BUTTON_NAME: "missing button name",
    Code.MSGID_EXPIRED: "msgid expired",
    Code.NEEDS_GET: "require GET method",
    Code.NEEDS_POST: "require POST method",
    Code.NO_CALLBACK: "the app has no callback url",
    Code.EMPTY_TEXT: "text content is empty",
    Code.TOO_LONG: "content size out of limit",
    Code.VOICE_TOO_LONG: "playtime out of limit",
    Code.TOO_MANY_ARTICLES: "article count out of range",
    Code.TOO_OFTEN: "api freq out of limit",
    Code.TOO_MANY_AT_ONCE: "api concurrent out of limit",
    Code.BAD_JSON: "data format error",
    Code.NOT_PERMITTED: "api forbidden",
    Code.DOMAIN_NOT_TRUSTED: "redirect uri unregistered",
    Code.OUT_OF_RANGE: "member out of the app's range",
    Code.APP_DISABLED: "app disabled",
    Code.BAD_CURSOR: "invalid cursor",
    Code.IP_NOT_TRUSTED: "not allow to access from your ip",
    Code.NOT_VISIBLE: "user not in the visible range of the app",
    Code.UNKNOWN_USER: "userid not found",
    Code.UNKNOWN_DEPARTMENT: "invalid party id",
    Code.BAD_RESPONSE_CODE: "invalid response_code",
    Code.BAD_JS_DOMAIN: "trusted domain not verified",
    Code.NO_VALID_RECEIVER: "user & party & tag all invalid",
    Code.TOO_MANY_GROUP_MEMBERS: "too many members without owner_filter",
    Code.NO_RECEIVER: "touser, toparty and totag are all empty",
    Code.TOO_MANY_PARTIES: "too many parties",
    Code.TOO_MANY_TAGS: "too many tags",
    Code.TICKET_EXPIRED: "user ticket expired",
    Code.BAD_USER_TICKET: "invalid user ticket",
    Code.BAD_STATE: "invalid state",
    Code.NO_EXTERNAL_SERVICE: "customer contact is not enabled for the user",
    Code.NO_EXTERNAL_RELATION: "not external contact",
    Code.NO_USER_TICKET: "user ticket missing",
    Code.BAD_CHATID: "invalid chatid",
    Code.UNKNOWN_CHATID: "chatid not exist",
    Code.BAD_CHAT_OWNER: "invalid chat owner",
    Code.BAD_CHAT_SIZE: "too many or too few chat members",
    Code.BAD_CHAT_MEMBER: "invalid chat member",
    Code.CHAT_OF_OTHER_APP: "the chat was not created by this app",
    Code.NO_CHATID: "chatid missing",
    Code.NO_CHAT_MEMBERS: "chat members missing",
    Code.CHATID_TOO_LONG: "chatid too long",
    Code.OWNER_NOT_IN_CHAT: "the owner is not in the member list",
    Code.CHATID_EXISTS: "chatid exists already",
    Code.STRANGER_IN_LIST: "invalid chat member id",
    Code.NO_MINIPROGRAM: "miniprogram appid missing",
    Code.TOO_MANY_ITEMS: "too many content items",
    Code.BAD_ITEM_KEY: "invalid key of a content item",
    Code.BAD_ITEM_VALUE: "invalid value of a content item",
    Code.BAD_TICKET_TYPE: "invalid type of ticket",
    Code.BAD_WEBHOOK: "invalid webhook url or the robot was removed",
    Code.WEBHOOK_DISABLED: "the robot is disabled",
    Code.AGENT_OF_OTHER_TOKEN: "agentid does not belong to this access_token",
    Code.BAD_MD5: "invalid md5",
    Code.BAD_APPROVAL: "invalid approval parameter",
    Code.NO_TEMPLATE: "get approval template fail",
    Code.NO_APPROVAL_RIGHT: "no approval auth",
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
