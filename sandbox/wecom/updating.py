"""message/update_template_card (page 94888)."""

from __future__ import annotations

from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.cardrules import INTERACTIVE, check_card
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.idtrans import translate
from sandbox.wecom.receivers import in_departments, tagged
from sandbox.wecom.register import Register, Sent
from sandbox.wecom.shape import JsonObject, needed, number, obj, text


class Updating:
    """Changes cards that are already in chats."""

    def __init__(self, world: World, register: Register) -> None:
        self._world, self._register = world, register

    def update(self, call: Call) -> JsonObject:
        """Change the copies of those named, once per response code. Raises Refused."""
        body = call.body()
        call.check_agent(body)
        code = text(body, "response_code")
        sent = self._register.by_code(code, call.app.agent_id)
        copies, invalid = self._whose(call, body, sent)
        button = obj(body, "button")
        if button is not None:
            words = text(button, "replace_name", "button.")
            if not words.strip():
                raise Refused(Code.NO_BUTTON_NAME, "button.replace_name: is missing")
            if (sent.card or {}).get("card_type") not in INTERACTIVE:
                raise Refused(Code.BAD_PARAM, "button: only for cards with buttons")
            for userid in copies:
                self._register.grey(sent, userid, words)
        else:
            card = self._card(body)
            for userid in copies:
                self._register.show(sent, userid, card)
        self._register.use_code(code)
        answer: JsonObject = {"errcode": 0, "errmsg": "ok"}
        return {**answer, "invaliduser": invalid} if invalid else answer

    def _card(self, body: JsonObject) -> JsonObject:
        if number(body, "enable_id_trans", 0, (0, 1)):
            body = translate({**body, "msgtype": "template_card"}, self._world)
        card = obj(body, "template_card")
        if card is None:
            raise Refused(Code.BAD_PARAM, "button or template_card is needed")
        card = {name: value for name, value in card.items() if name != "task_id"}
        needed(card, "card_type")
        check_card(card, update=True)
        return card

    def _whose(self, call: Call, body: JsonObject, sent: Sent) -> tuple[list[str], list[str]]:
        if number(body, "atall", 0, (0, 1)):
            return list(sent.copies), []
        userids = _list(body, "userids", limits.UPDATE_USERIDS, Code.TOO_MANY_USERIDS)
        parties = _list(body, "partyids", limits.UPDATE_PARTYIDS, Code.TOO_MANY_PARTIES)
        tags = _list(body, "tagids", limits.UPDATE_TAGIDS, Code.TOO_MANY_TAGS)
        if not userids and not parties and not tags:
            raise Refused(Code.NO_RECEIVER, "userids, partyids, tagids and atall are all empty")
        own = {userid.lower(): userid for userid in sent.copies}
        named = [str(one).lower() for one in userids]
        people = in_departments(self._world, call.app, {one for one in parties if isinstance(one, int)})
        people += tagged(self._world, call.app, {one for one in tags if isinstance(one, int)})
        below = [one.userid.lower() for one in people]
        chosen = dict.fromkeys(own[one] for one in named + below if one in own)
        return list(chosen), [one for one in named if one not in own]


def _list(body: JsonObject, name: str, limit: int, code: int) -> list[object]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise Refused(Code.BAD_PARAM, f"{name}: must be a list")
    if len(value) > limit:
        raise Refused(code, f"{name}: {len(value)}, {limit} are allowed")
    return value
