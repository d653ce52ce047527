"""What was sent: messages with everybody's copy, task ids (never again), response codes (once, 72 h)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sandbox.state import Message, World
from sandbox.wecom import limits
from sandbox.wecom.drawing import draw, first_state
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject


@dataclass(slots=True, eq=False)
class Sent:
    """One message of an app. `copies` maps userids (as the directory spells them) to what they received."""

    msgid: str
    agent_id: int
    sent_at: float
    task_id: str = ""
    card: JsonObject | None = None
    copies: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True)
class _ResponseCode:
    sent: Sent
    issued: float
    used: bool = False


class Register:
    """The platform's memory of one organisation's app messages."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sent: dict[str, Sent] = {}
        self._tasks: dict[tuple[int, str], Sent] = {}
        self._codes: dict[str, _ResponseCode] = {}
        self._recent: dict[tuple[int, bytes], tuple[float, str]] = {}

    def new(self, agent_id: int, card: JsonObject | None = None) -> Sent:
        """Note a message about to be sent. Raises Refused (42014) when its task_id was ever used."""
        task_id = str((card or {}).get("task_id") or "")
        if task_id and (agent_id, task_id) in self._tasks:
            raise Refused(Code.BAD_TASK_ID, "task_id: already used")
        sent = Sent(secrets.token_urlsafe(48), agent_id, self._world.seconds(), task_id, card)
        self._sent[sent.msgid] = sent
        if task_id:
            self._tasks[agent_id, task_id] = sent
        return sent

    def by_msgid(self, msgid: str, agent_id: int) -> Sent:
        """The message of that id, as far as it is the app's own. Raises Refused (40058)."""
        sent = self._sent.get(msgid)
        if sent is None or sent.agent_id != agent_id:
            raise Refused(Code.BAD_PARAM, "msgid: unknown")
        return sent

    def by_task(self, agent_id: int, task_id: str) -> Sent | None:
        """The card of that task_id."""
        return self._tasks.get((agent_id, task_id))

    def new_code(self, sent: Sent) -> str:
        """A fresh response code for a card: once usable, for 72 h."""
        code = secrets.token_urlsafe(48)
        self._codes[code] = _ResponseCode(sent, self._world.seconds())
        return code

    def by_code(self, code: str, agent_id: int) -> Sent:
        """The card a code is for; it stays usable. Raises Refused (60140, 42015)."""
        known = self._codes.get(code)
        if known is None or known.used:
            raise Refused(Code.BAD_RESPONSE_CODE, "unknown or used")
        if known.issued + limits.RESPONSE_CODE_LIFE <= self._world.seconds():
            raise Refused(Code.BAD_RESPONSE_CODE, "expired")
        if known.sent.agent_id != agent_id:
            raise Refused(Code.CODE_OF_OTHER_APP)
        return known.sent

    def use_code(self, code: str) -> None:
        """From now on the code is worth nothing."""
        self._codes[code].used = True

    def repeated(self, agent_id: int, digest: bytes, interval: int) -> str | None:
        """The msgid of the same content sent within `interval` seconds; else None, and it is remembered."""
        now = self._world.seconds()
        before = self._recent.get((agent_id, digest))
        if before is not None and now - before[0] < interval:
            return before[1]
        return None

    def remember(self, agent_id: int, digest: bytes, msgid: str) -> None:
        """Remember a content for the duplicate check, and forget what is too old to matter."""
        now = self._world.seconds()
        while self._recent:
            oldest = next(iter(self._recent))
            if self._recent[oldest][0] > now - limits.DUPLICATE_CHECK_MAX:
                break
            del self._recent[oldest]
        self._recent.pop((agent_id, digest), None)
        self._recent[agent_id, digest] = (now, msgid)

    def show(self, sent: Sent, userid: str, card: JsonObject) -> None:
        """Put another card into the place of a member's copy."""
        message = sent.copies[userid]
        pressed = message.state.pressed if message.state else None
        message.card, message.state = draw(card), first_state(card)
        if message.state.disabled:
            message.state.pressed = pressed
        self._world.changed(userid, message)

    def grey(self, sent: Sent, userid: str, words: str) -> None:
        """Grey the buttons of a member's copy and write `words` on them."""
        message = sent.copies[userid]
        if message.state is not None:
            message.state.disabled, message.state.replace_text = True, words
        self._world.changed(userid, message)

    def recall(self, sent: Sent, app_name: str) -> None:
        """Take a message back from everybody who has it."""
        for userid, message in sent.copies.items():
            message.kind, message.text = "system", f"{app_name}撤回了一条消息"
            message.card = message.media = message.state = None
            self._world.changed(userid, message)
        sent.copies.clear()
