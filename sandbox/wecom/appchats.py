"""Groups that an app makes and speaks in (pages 90244, 90245, 90246, 90247, 90248).

Only for apps that the whole organisation sees. What members say there, no app hears. Each member sees the
group in a room of the own, `appchat:<chatid>:<userid>`, from the first message on.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from sandbox.state import APP, World
from sandbox.wecom import content, limits
from sandbox.wecom.call import Call
from sandbox.wecom.content import Content
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.flow import DAY, MINUTE, Flow
from sandbox.wecom.media import MediaStore
from sandbox.wecom.receivers import ALL, reachable
from sandbox.wecom.shape import JsonObject, bad, number, obj, text

KINDS = frozenset({"text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown"})
_CHATID = re.compile(r"[0-9A-Za-z]+")
_MENTION = re.compile(r"<@([^<>]{1,64})>")


@dataclass(slots=True)
class AppChat:
    """A group. `members` are userids as the directory spells them, `shown` once somebody has said a word."""

    chatid: str
    agent_id: int
    name: str
    owner: str
    members: list[str]
    shown: bool = False

    def room(self, userid: str) -> str:
        """The key of a member's view."""
        return f"appchat:{self.chatid}:{userid}"


@dataclass(slots=True)
class AppChats:
    """All groups of all apps, by chatid."""

    world: World
    media: MediaStore
    flow: Flow
    chats: dict[str, AppChat] = field(default_factory=dict)

    def create(self, call: Call) -> JsonObject:
        """appchat/create. Raises Refused (48002, 86001, 86005, 86006, 86007, 86204, 86205, 86207, 86215)."""
        body = self._body(call)
        chatid = text(body, "chatid") or secrets.token_hex(limits.APPCHAT_ID_CHARS // 2)
        if len(chatid) > limits.APPCHAT_ID_CHARS:
            raise Refused(Code.CHATID_TOO_LONG)
        if not _CHATID.fullmatch(chatid):
            raise Refused(Code.BAD_CHATID, "chatid: 0-9 A-Z a-z")
        if chatid in self.chats:
            raise Refused(Code.CHATID_EXISTS)
        members = self._people(call, body, "userlist", Code.BAD_CHAT_MEMBER)
        if not members:
            raise Refused(Code.NO_CHAT_MEMBERS)
        _check_size(members)
        owner = self._owner(call, body, members) or members[0]
        now = self.world.seconds()
        self.flow.check_rate("appchats of a day", limits.APPCHATS_PER_DAY, DAY, now)
        name = text(body, "name")[: limits.APPCHAT_NAME_CHARS]
        self.chats[chatid] = AppChat(chatid, call.app.agent_id, name or "群聊", owner, members)
        return {"errcode": 0, "errmsg": "ok", "chatid": chatid}

    def update(self, call: Call) -> JsonObject:
        """appchat/update. Raises Refused (48002, 86003, 86008, 86216, 86006, 86207 …)."""
        body = self._body(call)
        chat = self._own(call, text(body, "chatid"))
        joining = self._people(call, body, "add_user_list", Code.STRANGER_IN_LIST)
        leaving = {one.lower() for one in _ids(body, "del_user_list")}
        if leaving - {one.lower() for one in chat.members}:
            raise Refused(Code.STRANGER_IN_LIST, "del_user_list: not in the chat")
        after = list(dict.fromkeys(one for one in chat.members + joining if one.lower() not in leaving))
        _check_size(after)
        owner = self._owner(call, body, after)
        chat.members = after
        chat.owner = owner or (chat.owner if chat.owner in after else after[0])
        chat.name = text(body, "name")[: limits.APPCHAT_NAME_CHARS] or chat.name
        return {"errcode": 0, "errmsg": "ok"}

    def get(self, call: Call) -> JsonObject:
        """appchat/get. Raises Refused (48002, 86003, 86008, 86201)."""
        self._check_app(call)
        chat = self._own(call, call.query.get("chatid", ""))
        info = {"chatid": chat.chatid, "name": chat.name, "owner": chat.owner, "userlist": chat.members}
        return {"errcode": 0, "errmsg": "ok", "chat_info": info}

    def send(self, call: Call) -> JsonObject:
        """appchat/send: no cards; what is too much for a member is lost silently. Raises Refused."""
        body = self._body(call)
        chat = self._own(call, text(body, "chatid"))
        kind = text(body, "msgtype")
        if kind not in KINDS:
            raise Refused(Code.BAD_MSGTYPE, f"msgtype: {kind!r}")
        number(body, "safe", 0, (0, 1))
        said = content.read(body, self.media)
        mentioned = _mentioned(obj(body, "text") or {}) if kind == "text" else []
        now, people = self.world.seconds(), len(chat.members)
        most = limits.APPCHAT_SENDS_PER_MINUTE
        self.flow.check_rate("person-times in appchats", most, MINUTE, now, people)
        self._show(chat, said, mentioned, now)
        return {"errcode": 0, "errmsg": "ok"}

    def of(self, userid: str) -> list[AppChat]:
        """The groups that a member sees."""
        return [one for one in self.chats.values() if one.shown and userid in one.members]

    def _show(self, chat: AppChat, said: Content, mentioned: list[str], now: float) -> None:
        chat.shown = True
        called = [f"@{'所有人' if one == ALL else self._called(one)}" for one in mentioned]
        words = _MENTION.sub(lambda found: f"@{self._called(found.group(1))}", said.text)
        for userid in chat.members:
            message = self.world.message(
                APP,
                chat.agent_id,
                said.kind,
                text=" ".join([words, *called]),
                card=said.card,
                state=said.state(),
                media=said.media,
                dropped=not self.flow.reaches_in_group(userid, now),
            )
            self.world.add(self.world.room(chat.room(userid)).userid, message)

    def _called(self, userid: str) -> str:
        user = self.world.user(userid)
        return userid if user is None else user.name

    def _check_app(self, call: Call) -> None:
        if call.app.visible is not None:
            raise Refused(Code.NOT_PERMITTED, "the app's range must be the root department")

    def _body(self, call: Call) -> JsonObject:
        self._check_app(call)
        return call.body()

    def _own(self, call: Call, chatid: str) -> AppChat:
        if not chatid:
            raise Refused(Code.NO_CHATID)
        chat = self.chats.get(chatid)
        if chat is None:
            raise Refused(Code.UNKNOWN_CHATID)
        if chat.agent_id != call.app.agent_id:
            raise Refused(Code.CHAT_OF_OTHER_APP)
        return chat

    def _people(self, call: Call, body: JsonObject, name: str, code: Code) -> list[str]:
        found = [(one, reachable(self.world, call.app, one)) for one in _ids(body, name)]
        for one, user in found:
            if user is None:
                raise Refused(code, f"{name}: {one}")
        return list(dict.fromkeys(user.userid for _, user in found if user is not None))

    def _owner(self, call: Call, body: JsonObject, members: list[str]) -> str:
        """The owner that is asked for, or "". Raises Refused (86005, 86207)."""
        given = text(body, "owner")
        if not given:
            return ""
        user = reachable(self.world, call.app, given)
        if user is None:
            raise Refused(Code.BAD_CHAT_OWNER)
        if user.userid not in members:
            raise Refused(Code.OWNER_NOT_IN_CHAT)
        return user.userid


def _check_size(members: list[str]) -> None:
    low, high = limits.APPCHAT_MEMBERS
    if not low <= len(members) <= high:
        raise Refused(Code.BAD_CHAT_SIZE, f"{len(members)}, {low} to {high} are allowed")


def _ids(body: JsonObject, name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise bad(name, "must be a list of userids")
    return value


def _mentioned(part: JsonObject) -> list[str]:
    return _ids(part, "mentioned_list")
