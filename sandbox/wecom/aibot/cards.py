"""Template cards of a smart bot (page 101032): as an app's, with a few differences; and who got which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.state import Message, World
from sandbox.wecom.aibot import limits
from sandbox.wecom.aibot.places import Place
from sandbox.wecom.cardrules import check_card
from sandbox.wecom.drawing import draw, first_state
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.limits import HORIZONTAL_LIST, JUMP_LIST
from sandbox.wecom.shape import JsonObject, absent, bad, needed, obj, rows, text

_ASKS, _MEDIA = 3, 2


@dataclass(slots=True, eq=False)
class Sent:
    """A card in a conversation. `copies` maps userids to what they received."""

    place: Place
    task_id: str
    copies: dict[str, Message] = field(default_factory=dict)


class BotCards:
    """Every card of every bot; a bot uses a task_id once for ever."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: dict[tuple[str, str], Sent] = {}

    def check_new(self, bot_id: str, card: JsonObject) -> None:
        """Check a card about to be sent. Raises Refused (42014, and what `check` raises)."""
        check(card)
        if (bot_id, str(card.get("task_id") or "")) in self._tasks:
            raise Refused(Code.BAD_TASK_ID, "task_id: already used")

    def keep(self, place: Place, card: JsonObject, copies: dict[str, Message]) -> None:
        """Remember a card that was delivered."""
        task_id = text(card, "task_id")
        if task_id:
            self._tasks[place.bot_id, task_id] = Sent(place, task_id, copies)

    def by_task(self, bot_id: str, task_id: str) -> Sent | None:
        """The card of that task_id."""
        return self._tasks.get((bot_id, task_id))

    def all(self) -> Sequence[Sent]:
        """Every card that can be pressed, oldest first."""
        return list(self._tasks.values())

    def replace(self, sent: Sent, card: JsonObject, userids: list[str] | None) -> None:
        """Put another card into the place of the copies of `userids` (None: of everybody)."""
        rooms = sent.place.rooms(self._world)
        for userid, message in sent.copies.items():
            if userids is not None and userid not in userids:
                continue
            pressed = message.state.pressed if message.state else None
            message.card, message.state = drawn(card), first_state(card)
            if message.state.disabled:
                message.state.pressed = pressed
            self._world.changed(rooms.get(userid, userid), message)


def check(card: JsonObject, *, update: bool = False) -> str:
    """Check a card and return its type. Raises Refused (40058, 42014, 42018, 42019, 42020).

    Beside an app's card it may have `feedback`, and lines that ask the bot something (jump_list, type 3);
    it may not have lines with a file (horizontal_content_list, type 2).
    """
    plain = {name: value for name, value in card.items() if name != "feedback"}
    check_feedback(card)
    if not absent(card.get("jump_list")):
        plain["jump_list"] = [_plain_jump(one) for one in rows(card, "jump_list", JUMP_LIST)]
    for row in rows(card, "horizontal_content_list", HORIZONTAL_LIST):
        if row.get("type") == _MEDIA:
            raise bad("horizontal_content_list.type", "must be one of [0, 1, 3]")
    return check_card(plain, update=update)


def check_feedback(owner: JsonObject) -> str:
    """The id under which the member's opinion comes back, or "". Raises Refused (40058)."""
    found = obj(owner, "feedback")
    return "" if found is None else needed(found, "id", "feedback.", max_bytes=limits.FEEDBACK_ID_BYTES)


def drawn(card: JsonObject) -> JsonObject:
    """The card as the client shows it."""
    return draw({name: value for name, value in card.items() if name != "feedback"}, limits.ADVISORY)


def questions(card: JsonObject) -> dict[str, str]:
    """The lines that ask the bot something: what is written on them to what they ask."""
    lines = rows(card, "jump_list", JUMP_LIST)
    return {text(one, "title"): text(one, "question") for one in lines if one.get("type") == _ASKS}


def _plain_jump(row: JsonObject) -> JsonObject:
    if row.get("type") != _ASKS:
        return row
    needed(row, "question", "jump_list.", max_bytes=limits.QUESTION_BYTES)
    return {"title": row.get("title")}
