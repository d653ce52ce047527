"""What the phones show and what went over the wire: chats, exchanges, and who is told of changes."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.clock import Clock
from sandbox.company import App, Corp, User

EXCHANGES_KEPT = 500
USER, APP, PEER = "user", "app", "peer"


@dataclass(slots=True)
class CardState:
    """What the member did to the own copy of a card, and what the app made of it."""

    disabled: bool = False
    replace_text: str | None = None
    selected: dict[str, list[str]] = field(default_factory=dict)
    pressed: str | None = None

    def view(self) -> dict[str, object]:
        """As JSON for the page."""
        return {
            "disabled": self.disabled,
            "replace_text": self.replace_text,
            "selected": self.selected,
            "pressed": self.pressed,
        }


@dataclass(slots=True, eq=False)
class Message:
    """One message in a chat. `sender` is "user" (the chat's owner), "app" (an app or a bot) or "peer".

    `card` is the card as the client draws it; `author` says which bot, or who in a group.

    `seq` grows within the whole sandbox; `task_id` is the card's; a `dropped` message was accepted by the
    platform and never reached the member; `quote` is the id of the message it answers. `exchanges` are
    ids of the exchanges it took part in.
    """

    seq: int
    sender: str
    agent_id: int
    time: datetime
    kind: str
    text: str = ""
    card: dict[str, object] | None = None
    state: CardState | None = None
    media: dict[str, object] | None = None
    location: dict[str, object] | None = None
    quote: str = ""
    task_id: str = ""
    dropped: bool = False
    status: str = ""
    author: str = ""
    exchanges: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id the page knows it by."""
        return f"m{self.seq}"

    def shows(self) -> str:
        """Everything that can be read on it, one piece a line; for looking for words."""
        return "\n".join([self.text, *_strings(self.card or {})])

    def view(self) -> dict[str, object]:
        """As JSON for the page."""
        shown: dict[str, object] = {
            "id": self.id,
            "from": self.sender,
            "time": self.time.isoformat(),
            "kind": self.kind,
            "agent_id": self.agent_id,
            "dropped": self.dropped,
            "exchanges": self.exchanges,
        }
        if self.text:
            shown["text"] = self.text
        if self.card is not None and self.state is not None:
            shown["card"] = {**self.card, "state": self.state.view()}
        rest = {"media": self.media, "location": self.location, "quote": self.quote, "status": self.status}
        rest["author"] = self.author
        return {**shown, **{name: value for name, value in rest.items() if value}}


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in _strings(one)]


@dataclass(slots=True)
class Chat:
    """One member's chat with the apps. `unread` counts what arrived while nobody looked."""

    userid: str
    messages: list[Message] = field(default_factory=list)
    unread: int = 0
    watchers: int = 0


@dataclass(slots=True, eq=False)
class Exchange:
    """One exchange. `direction` is "callback" (platform to app) or "api" (app to platform); `way` how the two
    are connected, in Chinese.
    """

    id: str
    time: datetime
    direction: str
    title: str
    request: dict[str, object]
    response: dict[str, object] = field(default_factory=dict)
    ok: bool = True
    errcode: int | None = None
    platform: str = "wecom"
    way: str = "应用"

    def view(self) -> dict[str, object]:
        """The line in the page's drawer."""
        line: dict[str, object] = {
            "id": self.id,
            "time": self.time.isoformat(),
            "direction": self.direction,
            "title": self.title,
            "ok": self.ok,
            "platform": self.platform,
            "way": self.way,
        }
        return line if self.errcode is None else {**line, "errcode": self.errcode}


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened: a message is new or changed, an exchange ended, a count changed, time jumped."""

    kind: str
    userid: str = ""
    message: Message | None = None
    exchange: Exchange | None = None


Listener = Callable[[Change], None]
Predicate = Callable[[Message], bool]


@dataclass(slots=True, eq=False)
class _Waiter:
    predicate: Predicate
    after: int
    found: asyncio.Future[Message]

    def look(self, message: Message) -> None:
        fits = not self.found.done() and not message.dropped and message.seq > self.after
        if fits and self.predicate(message):
            self.found.set_result(message)


class World:
    """The organisation, the time, everybody's chats, and the latest exchanges. Lives on one event loop."""

    def __init__(self, corp: Corp, clock: Clock) -> None:
        self.clock = clock
        self.exchanges: deque[Exchange] = deque(maxlen=EXCHANGES_KEPT)
        self.listeners: set[Listener] = set()
        self._chats: dict[str, Chat] = {}
        self._rooms: dict[str, Chat] = {}
        self._waiters: dict[str, list[_Waiter]] = {}
        self._numbers = itertools.count(1)
        self.corp = corp
        self.change_corp(corp)

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return self.clock.now()

    def seconds(self) -> float:
        """The present moment as a Unix time."""
        return self.clock.now().timestamp()

    def change_corp(self, corp: Corp) -> None:
        """Let the organisation change (somebody joins, leaves, moves)."""
        self.corp = corp
        self._users = {one.userid.lower(): one for one in corp.users}
        self._apps = {one.agent_id: one for one in corp.apps}

    def user(self, userid: str) -> User | None:
        """The member of that id; upper and lower case are the same."""
        return self._users.get(userid.lower())

    def app(self, agent_id: int | None = None) -> App:
        """An app by its id, or the first one. Raises KeyError."""
        return self.corp.apps[0] if agent_id is None else self._apps[agent_id]

    def room(self, key: str) -> Chat:
        """A chat other than a member's with the apps, under a key that no userid can have (with a colon)."""
        return self._rooms.setdefault(key, Chat(key))

    def chat(self, userid: str) -> Chat:
        """The chat of a member, or the room of that key. Raises KeyError for a stranger."""
        if (room := self._rooms.get(userid)) is not None:
            return room
        name = self._users[userid.lower()].userid
        return self._chats.setdefault(name, Chat(name))

    def add(self, userid: str, message: Message) -> Message:
        """Put a message into a chat and tell everybody."""
        chat = self.chat(userid)
        chat.messages.append(message)
        if message.sender == APP and not message.dropped and not chat.watchers:
            chat.unread += 1
            self.tell(Change("unread", chat.userid))
        self.changed(chat.userid, message)
        return message

    def message(self, sender: str, agent_id: int, kind: str, **parts: object) -> Message:
        """A new message of now, not yet in any chat; `parts` are fields of Message."""
        return Message(next(self._numbers), sender, agent_id, self.now(), kind, **parts)  # type: ignore[arg-type]  # checked by Message

    def changed(self, userid: str, message: Message) -> None:
        """Tell everybody that a message is new or has changed."""
        for waiter in self._waiters.get(userid, ()):
            waiter.look(message)
        self.tell(Change("message", userid, message))

    def look(self, userid: str, *, leaving: bool = False) -> Chat:
        """Somebody opens (or leaves) the chat on a page; what is looked at is read."""
        chat = self.chat(userid)
        chat.watchers = max(0, chat.watchers + (-1 if leaving else 1))
        if chat.unread and not leaving:
            chat.unread = 0
            self.tell(Change("unread", chat.userid))
        return chat

    async def wait_for(
        self,
        userid: str,
        predicate: Predicate,
        timeout: float = 60.0,  # noqa: ASYNC109 (callers wait on a condition, this is its limit)
        *,
        after: Message | None = None,
    ) -> Message:
        """The first message that fits, there already or still to come. `timeout` in real seconds.

        `after` leaves out that message and all earlier ones. Raises TimeoutError with the chat's last texts.
        """
        chat = self.chat(userid)
        loop = asyncio.get_running_loop()
        waiter = _Waiter(predicate, after.seq if after else 0, loop.create_future())
        for message in chat.messages:
            waiter.look(message)
        waiters = self._waiters.setdefault(chat.userid, [])
        waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter.found, timeout)
        except TimeoutError:
            last = [f"{one.sender}: {one.text or one.kind}" for one in chat.messages[-5:]]
            raise TimeoutError(f"nothing that fits came to {userid}; last: {last}") from None
        finally:
            waiters.remove(waiter)

    def open_exchange(
        self,
        direction: str,
        title: str,
        request: dict[str, object],
        *,
        platform: str = "wecom",
        way: str = "应用",
    ) -> Exchange:
        """Begin to record an exchange; it is shown once `close_exchange` is called."""
        number = f"x{next(self._numbers)}"
        return Exchange(number, self.now(), direction, title, request, platform=platform, way=way)

    def close_exchange(self, exchange: Exchange) -> None:
        """Keep an exchange and tell everybody."""
        self.exchanges.append(exchange)
        self.tell(Change("exchange", exchange=exchange))

    def tell(self, change: Change) -> None:
        """Call every listener; a listener only takes note, it never blocks."""
        for listener in tuple(self.listeners):
            listener(change)
