"""Writing about external contacts: remarks, tags, the welcome (pages 92115, 92117, 92118, 92137).

What an app writes is told to nobody: no callback follows.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sandbox.externals import External, Follow
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, obj, rows, text

MANY = 1000
WECHAT = 1


@dataclass(slots=True)
class Welcome:
    """A greeting that may be sent to somebody who has just been added. `words` once it was sent."""

    userid: str
    external_userid: str
    at: float
    sent: bool = False
    words: str = ""
    attachments: list[JsonObject] = field(default_factory=list)


class ExternalWrites:
    """Takes what apps write about external contacts. `welcomes` are the greetings by their code."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.welcomes: dict[str, Welcome] = {}

    def remark(self, call: Call) -> JsonObject:
        """externalcontact/remark. Raises Refused (41009, 41035, 84061, 40058)."""
        body = call.body()
        remark = _short(body, "remark", limits.REMARK_CHARS)
        description = _short(body, "description", limits.DESCRIPTION_CHARS)
        company = _short(body, "remark_company", limits.REMARK_COMPANY_CHARS)
        mobiles = _texts(body, "remark_mobiles")
        if not any((remark, description, company, mobiles, text(body, "remark_pic_mediaid"))):
            raise bad("remark", "nothing is given")

        def write(person: External, follow: Follow) -> Follow:
            in_wechat = person.kind == WECHAT  # the company has no effect on others
            return replace(
                follow,
                remark=remark or follow.remark,
                description=description or follow.description,
                remark_corp_name=(in_wechat and company) or follow.remark_corp_name,
                remark_mobiles=tuple(one for one in mobiles if one) if mobiles else follow.remark_mobiles,
            )

        self._change(call, body, write)
        return _ok()

    def mark(self, call: Call) -> JsonObject:
        """externalcontact/mark_tag. Raises Refused (41009, 41035, 84061, 40068)."""
        body = call.body()
        add, remove = _texts(body, "add_tag"), _texts(body, "remove_tag")
        known = {one.id for one in self._world.corp.tags}
        if not add and not remove:
            raise bad("add_tag", "nothing is given")
        if strange := [one for one in add + remove if one not in known]:
            raise Refused(Code.BAD_TAG, str(strange))

        def write(_person: External, follow: Follow) -> Follow:
            kept = [one for one in follow.tags if one not in remove]
            return replace(follow, tags=tuple(dict.fromkeys(kept + add)))

        self._change(call, body, write)
        return _ok()

    def welcome_code(self, userid: str, external_userid: str) -> str:
        """What comes with `add_external_contact`: 20 seconds to say hello. Kept in `welcomes`."""
        code = secrets.token_urlsafe(32)
        self.welcomes[code] = Welcome(userid, external_userid, self._world.seconds())
        return code

    def welcome(self, call: Call) -> JsonObject:
        """externalcontact/send_welcome_msg, once. Raises Refused (41049, 41050, 41051, 45002, 41064)."""
        body = call.body()
        code = text(body, "welcome_code")
        if not code:
            raise Refused(Code.NO_WELCOME_CODE)
        found = self.welcomes.get(code)
        if found is None or found.at + limits.WELCOME_LIFE <= self._world.seconds():
            raise Refused(Code.BAD_WELCOME_CODE)
        if found.sent:
            raise Refused(Code.ALREADY_CHATTING)
        words = text(obj(body, "text") or {}, "content", "text.")
        if len(words.encode()) > limits.WELCOME_BYTES:
            raise Refused(Code.TOO_LONG, f"text.content: {limits.WELCOME_BYTES} bytes are allowed")
        attachments = rows(body, "attachments", (0, MANY))
        if len(attachments) > limits.WELCOME_ATTACHMENTS:
            raise Refused(Code.TOO_MANY_ATTACHMENTS)
        if not words.strip() and not attachments:
            raise bad("text", "text or attachments are needed")
        found.sent, found.words, found.attachments = True, words, attachments
        return _ok()

    def _change(self, call: Call, body: JsonObject, write: Callable[[External, Follow], Follow]) -> None:
        userid, wanted = text(body, "userid"), text(body, "external_userid")
        if not userid:
            raise Refused(Code.NO_USERID)
        if not wanted:
            raise Refused(Code.NO_EXTERNAL_USERID)
        user = self._world.user(userid)
        if user is None:
            raise Refused(Code.UNKNOWN_USER)
        if not call.app.sees(user.userid):
            raise Refused(Code.NOT_VISIBLE)
        corp, changed = self._world.corp, False
        people = []
        for person in corp.externals:
            follows = person.follows
            if person.external_userid == wanted:
                own = [one.userid.lower() == userid.lower() for one in follows]
                changed = any(own)
                pairs = zip(follows, own, strict=True)
                follows = tuple(write(person, one) if mine else one for one, mine in pairs)
            people.append(replace(person, follows=follows))
        if not changed:
            raise Refused(Code.NO_EXTERNAL_RELATION)
        self._world.change_corp(replace(corp, externals=tuple(people)))


def _short(body: JsonObject, name: str, most: int) -> str:
    value = text(body, name)
    if len(value) > most:
        raise bad(name, f"{len(value)} characters, {most} are allowed")
    return value


def _texts(body: JsonObject, name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise bad(name, "must be a list of texts")
    return value


def _ok() -> JsonObject:
    return {"errcode": 0, "errmsg": "ok"}
