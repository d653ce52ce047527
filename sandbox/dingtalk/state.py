"""What DingTalk shows: conversations, the messages in them, and who waits for one."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sandbox.dingtalk.cards import Card
from sandbox.dingtalk.company import DingApp, Organisation, Staff
from sandbox.dingtalk.shape import JsonObject
from sandbox.state import World

USER, ROBOT = "user", "robot"
SINGLE, GROUP = "1", "2"  # receive-message: conversationType


@dataclass(frozen=True, slots=True)
class Link:
    """Something to tap on a message: a button of an action card, an entry of a feed card."""

    title: str
    url: str


@dataclass(slots=True, eq=False)
class Bubble:
    """One message as the client draws it.

    `kind` is text, markdown, action_card, link, feed_card, image, file, audio, video or card; `who` a staff
    id or a robot code; `only_for` limits who sees it; `key` is the processQueryKey it can be recalled by.
    `delivery` tells of a person's message what became of the push: pushed, lost, not_pushed.
    """

    seq: int
    id: str
    place: str
    sender: str
    who: str
    time: datetime
    kind: str
    text: str = ""
    title: str = ""
    links: tuple[Link, ...] = ()
    media: JsonObject | None = None
    card: Card | None = None
    at: tuple[str, ...] = ()
    only_for: frozenset[str] | None = None
    key: str = ""
    recalled: bool = False
    read_by: dict[str, datetime] = field(default_factory=dict)
    delivery: str = ""
    exchanges: list[str] = field(default_factory=list)

    def shown_to(self, staff_id: str) -> bool:
        """Whether the colleague sees it."""
        return not self.recalled and (self.only_for is None or staff_id in self.only_for)

    def shows(self, staff_id: str) -> str:
        """Everything the colleague can read on it, one piece a line; for looking for words."""
        card = self.card.words(staff_id) if self.card is not None else []
        return "\n".join([self.title, self.text, *(one.title for one in self.links), *card])

    def view(self, staff_id: str) -> JsonObject:
        """As JSON for a page, as the colleague sees it."""
        shown: JsonObject = {
            "id": self.id,
            "from": self.sender,
            "who": self.who,
            "time": self.time.isoformat(),
            "kind": self.kind,
            "title": self.title,
            "text": self.text,
            "links": [{"title": one.title, "url": one.url} for one in self.links],
            "media": self.media,
            "at": list(self.at),
            "delivery": self.delivery,
            "exchanges": self.exchanges,
        }
        if self.card is not None:
            shown["card"] = {
                "out_track_id": self.card.out_track_id,
                "template_id": self.card.template_id,
                "variables": self.card.view(staff_id),
                "announced": {kind: asdict(one) for kind, one in self.card.space_models.items()},
            }
        return shown


@dataclass(slots=True, eq=False)
class Conversation:
    """A chat with a robot, or a group. `members` are staff ids, `robots` robot codes."""

    id: str
    kind: str
    title: str
    members: list[str]
    robots: list[str]
    bubbles: list[Bubble] = field(default_factory=list)
    disbanded: bool = False


@dataclass(frozen=True, slots=True)
class SpaceChange:
    """A message is new or has changed in a conversation."""

    conversation: Conversation
    bubble: Bubble


Predicate = Callable[[Bubble], bool]


@dataclass(slots=True, eq=False)
class _Waiter:
    staff_id: str
    predicate: Predicate
    after: int
    found: asyncio.Future[Bubble]

    def look(self, bubble: Bubble) -> None:
        fits = not self.found.done() and bubble.seq > self.after and bubble.shown_to(self.staff_id)
        if fits and self.predicate(bubble):
            self.found.set_result(bubble)


class Space:
    """All conversations of the organisation, on the clock of `world`. Lives on one event loop."""

    def __init__(self, world: World, organisation: Organisation) -> None:
        self.world = world
        self.organisation = organisation
        self.listeners: set[Callable[[SpaceChange], None]] = set()
        self.conversations: dict[str, Conversation] = {
            one.id: Conversation(one.id, GROUP, one.title, list(one.members), list(one.robots))
            for one in organisation.groups
        }
        self.announcements: list[tuple[str, JsonObject]] = []
        self._waiters: dict[str, list[_Waiter]] = {}
        self._numbers = itertools.count(1)

    def announce(self, event_type: str, data: JsonObject) -> None:
        """Note an event that the apps are to be told of when the call under way is answered."""
        self.announcements.append((event_type, data))

    def now_ms(self) -> int:
        """The simulated present in milliseconds."""
        return int(self.world.seconds() * 1000)

    def staff(self, staff_id: str) -> Staff | None:
        """The colleague of that id."""
        return next((one for one in self.organisation.staff if one.staff_id == staff_id), None)

    def person(self, staff_id: str) -> Staff:
        """The colleague of that id. Raises KeyError."""
        found = self.staff(staff_id)
        if found is None:
            raise KeyError(f"no colleague {staff_id}")
        return found

    def by_union(self, union_id: str) -> Staff | None:
        """The colleague of that union id."""
        return next((one for one in self.organisation.staff if one.union_id == union_id), None)

    def app(self, client_id: str | None = None) -> DingApp:
        """An app, or the first one. Raises KeyError."""
        for one in self.organisation.apps:
            if client_id is None or one.client_id == client_id:
                return one
        raise KeyError(f"no app {client_id}")

    def change_staff(self, staff: Staff | None, staff_id: str) -> None:
        """Put a colleague in, change one, or (None) take one out, also of the groups."""
        others = tuple(one for one in self.organisation.staff if one.staff_id != staff_id)
        groups = self.organisation.groups
        if staff is None:
            groups = tuple(
                replace(one, members=tuple(who for who in one.members if who != staff_id)) for one in groups
            )
            for conversation in self.conversations.values():
                if conversation.kind == GROUP and staff_id in conversation.members:
                    conversation.members.remove(staff_id)
        people = others if staff is None else (*others, staff)
        self.organisation = replace(self.organisation, staff=people, groups=groups)

    def single(self, staff_id: str, robot_code: str) -> Conversation:
        """The chat of a colleague with a robot; it is there from the first message on."""
        digest = hashlib.sha256(f"{staff_id} {robot_code}".encode()).hexdigest()[:24]
        cid = f"cid{digest}=="
        if cid not in self.conversations:
            self.conversations[cid] = Conversation(cid, SINGLE, "", [staff_id], [robot_code])
        return self.conversations[cid]

    def chat(self, staff_id: str, group: str | None = None, client_id: str | None = None) -> Conversation:
        """A colleague's chat with an app's robot, or a group he is in. Raises KeyError."""
        if group is None:
            return self.single(self.person(staff_id).staff_id, self.app(client_id).robot_code)
        found = self.conversations[group]
        if staff_id not in found.members:
            raise KeyError(f"{staff_id} is not in the group {found.title}")
        return found

    def bubble(self, place: Conversation, sender: str, who: str, kind: str, **parts: object) -> Bubble:
        """A new message of now, not shown yet; `parts` are fields of Bubble."""
        name = f"msg{secrets.token_urlsafe(16)}=="
        return Bubble(next(self._numbers), name, place.id, sender, who, self.world.now(), kind, **parts)  # type: ignore[arg-type]  # checked by Bubble

    def show(self, place: Conversation, bubble: Bubble) -> Bubble:
        """Put a message into its conversation and tell everybody."""
        place.bubbles.append(bubble)
        self.changed(bubble)
        return bubble

    def changed(self, bubble: Bubble) -> None:
        """Tell everybody that a message is new or has changed."""
        place = self.conversations[bubble.place]
        for waiter in self._waiters.get(bubble.place, ()):
            waiter.look(bubble)
        for listener in tuple(self.listeners):
            listener(SpaceChange(place, bubble))

    def card_changed(self, card: Card) -> None:
        """Tell everybody that a card looks different, wherever it is."""
        for place in self.conversations.values():
            for bubble in place.bubbles:
                if bubble.card is card:
                    self.changed(bubble)

    async def wait_for(
        self,
        staff_id: str,
        place: Conversation,
        predicate: Predicate,
        timeout: float = 60.0,  # noqa: ASYNC109 (callers wait on a condition, this is its limit)
        after: Bubble | None = None,
    ) -> Bubble:
        """The first message that fits and that the colleague sees, there already or still to come.

        `timeout` in real seconds. Raises TimeoutError with the last texts.
        """
        found: asyncio.Future[Bubble] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(staff_id, predicate, after.seq if after else 0, found)
        for bubble in place.bubbles:
            waiter.look(bubble)
        waiters = self._waiters.setdefault(place.id, [])
        waiters.append(waiter)
        try:
            return await asyncio.wait_for(found, timeout)
        except TimeoutError:
            last = [f"{one.sender}: {one.text or one.kind}" for one in place.bubbles[-5:]]
            raise TimeoutError(f"nothing that fits came to {staff_id}; last: {last}") from None
        finally:
            waiters.remove(waiter)
