"""DingTalk on the page: every colleague's chats as rooms of the world, and what can be done in each.

A message of DingTalk is one thing that several people see, each in the own way; the page knows rooms of one
person. So each conversation has a room for each of its people, kept in step with what that person sees.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from sandbox.dingtalk import card_client
from sandbox.dingtalk.card_face import BUTTON, FORM, button_list, face, form_values, title_of
from sandbox.dingtalk.company import DingApp, Staff
from sandbox.dingtalk.people import FAILED, Click
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.simulator import DingTalk
from sandbox.dingtalk.state import GROUP, ROBOT, Bubble, Conversation, SpaceChange
from sandbox.phones import SENT, CannotPress
from sandbox.state import APP, PEER, USER, CardState, Message

_KINDS = {"audio": "voice", "action_card": "ding_card", "feed_card": "ding_card", "link": "ding_card"}


class File(Protocol):
    """A file to be sent."""

    @property
    def type(self) -> str:
        """image, voice, video or file."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def data(self) -> bytes:
        """Its bytes."""
        ...


class Screen:
    """Keeps the rooms of all colleagues who are on WeCom too (the page goes by their userids)."""

    def __init__(self, ding: DingTalk, media_prefix: str = "/dingtalk") -> None:
        self.ding, self._media_prefix = ding, media_prefix
        self._world = ding.space.world
        self._shown: dict[tuple[str, str], Message] = {}
        ding.space.listeners.add(self._changed)

    def lines(self, userid: str) -> list[DingLine]:
        """A colleague's DingTalk chats, by WeCom userid: one with each robot in sight, then the groups."""
        staff = self._staff(userid)
        if staff is None:
            return []
        space = self.ding.space
        apps = [one for one in space.organisation.apps if one.sees(staff.staff_id)]
        places = [(space.single(staff.staff_id, one.robot_code), one) for one in apps]
        for group in space.conversations.values():
            robots = [one for one in space.organisation.apps if one.robot_code in group.robots]
            if group.kind == GROUP and staff.staff_id in group.members and robots:
                places.append((group, robots[0]))
        return [DingLine(self, staff, place, app) for place, app in places]

    def room(self, place: Conversation, staff: Staff) -> str:
        """The key of a colleague's view of a conversation."""
        return self._world.room(f"ding:{place.id}:{staff.wecom_userid}").userid

    def bubble(self, message_id: str) -> Bubble:
        """The message behind one of the page. Raises CannotPress."""
        for (bubble_id, _), message in self._shown.items():
            if message.id == message_id:
                for place in self.ding.space.conversations.values():
                    for bubble in place.bubbles:
                        if bubble.id == bubble_id:
                            return bubble
        raise CannotPress("没有这条消息")

    def _staff(self, userid: str) -> Staff | None:
        everybody = self.ding.space.organisation.staff
        return next((one for one in everybody if one.wecom_userid.lower() == userid.lower() != ""), None)

    def _changed(self, change: SpaceChange) -> None:
        for member in change.conversation.members:
            staff = self.ding.space.staff(member)
            if staff is not None and staff.wecom_userid:
                self._show(change.conversation, change.bubble, staff)

    def _show(self, place: Conversation, bubble: Bubble, staff: Staff) -> None:
        name, room = (bubble.id, staff.staff_id), self.room(place, staff)
        message = self._shown.get(name)
        if message is None:
            if not bubble.shown_to(staff.staff_id):
                return
            message = self._message(bubble, staff)
            self._fill(message, bubble, staff)
            self._shown[name] = message
            self._world.add(room, message)
            return
        self._fill(message, bubble, staff)
        self._world.changed(room, message)

    def _message(self, bubble: Bubble, staff: Staff) -> Message:
        if bubble.sender == ROBOT:
            return self._world.message(APP, 0, bubble.kind, author=bubble.who)
        if bubble.who == staff.staff_id:
            return self._world.message(USER, 0, bubble.kind, status=SENT)
        other = self.ding.space.staff(bubble.who)
        author = (other.wecom_userid or other.name) if other is not None else bubble.who
        return self._world.message(PEER, 0, bubble.kind, author=author)

    def _fill(self, message: Message, bubble: Bubble, staff: Staff) -> None:
        message.exchanges = list(bubble.exchanges)
        if bubble.recalled:
            message.kind, message.text, message.card, message.media = "system", "消息已撤回", None, None
            return
        message.kind, message.text = _KINDS.get(bubble.kind, bubble.kind), bubble.text
        if bubble.card is not None:
            seen = bubble.card.view(staff.staff_id)
            template = self.ding.cards.template(bubble.card.template_id)
            if template is not None:
                message.kind, message.text = "ding_card", title_of(template, seen)
                message.card, message.state = face(template, seen)
        elif message.kind == "ding_card":
            message.card, message.state = _links_card(bubble), CardState()
        if bubble.media is not None:
            url = bubble.media.get("url") or f"{self._media_prefix}/shown/{bubble.media.get('media_id')}"
            message.media = {**bubble.media, "url": url}


def _links_card(bubble: Bubble) -> JsonObject:
    title = "" if bubble.kind == "action_card" else bubble.title  # its title is for the list of chats only
    blocks = [("title", title), ("markdown", bubble.text)]
    return {
        "card_type": "action_card",
        "blocks": [{"kind": kind, "text": text} for kind, text in blocks if text],
        "button_list": button_list([card_client.Button(one.title, url=one.url) for one in bubble.links]),
    }


@dataclass(frozen=True, slots=True)
class DingLine:
    """One DingTalk chat of one colleague, for the page. Everything may raise CannotPress."""

    screen: Screen
    staff: Staff
    place: Conversation
    app: DingApp

    @property
    def key(self) -> str:
        """The room."""
        return self.screen.room(self.place, self.staff)

    def view(self) -> JsonObject:
        """As the page lists it; `mention` is what to write in front in a group."""
        if self.place.kind == GROUP:
            return {"kind": "dingtalk_group", "name": self.place.title, "mention": f"@{self.app.name} "}
        return {"kind": "dingtalk", "name": self.app.name}

    async def enter(self) -> None:
        """Nobody is told."""

    async def say(self, words: str, quote: str | None) -> None:
        """Say something; what is quoted does not reach a robot."""
        group = self._group()
        said = words.strip().removeprefix(f"@{self.app.name}") if group else words
        heard = group is None or said != words.strip()
        await self._try(
            self.screen.ding.people.says(
                self.staff.staff_id, said, group, at_bot=heard, client_id=self.app.client_id
            )
        )

    async def send(self, media: File) -> None:
        """Send a file."""
        people, who, robot = self.screen.ding.people, self.staff.staff_id, self.app.client_id
        if media.type == "image":
            await self._try(people.sends_picture(who, media.data, self._group(), robot))
        elif self._group() is not None:
            raise CannotPress("群里的文件机器人收不到，请发到单聊")
        elif media.type == "voice":
            await self._try(people.sends_voice(who, media.data, "（语音）", client_id=robot))
        else:
            await self._try(people.sends_file(who, media.name, media.data, robot))

    async def be_at(self, latitude: float, longitude: float, label: str) -> None:
        """No robot gets places."""
        raise CannotPress("钉钉机器人收不到位置")

    async def press(self, message: str, key: str, selected: dict[str, list[str]]) -> None:
        """Press the button of that key, or submit the form with the values of its fields."""
        bubble, people = self.screen.bubble(message), self.screen.ding.people
        who = self.staff.staff_id
        if key == FORM and bubble.card is not None:
            template = self.screen.ding.cards.template(bubble.card.template_id)
            if template is None:
                raise CannotPress("卡片模板不存在")
            values = form_values(template, bubble.card.view(who), selected)
            await self._try(people.submits(who, bubble, values))
            return
        with _kindly():
            buttons = people.buttons(who, bubble) if bubble.card is not None else []
        labels = [one.label for one in buttons] or [one.title for one in bubble.links]
        place = key.removeprefix(BUTTON)
        if not place.isdecimal() or int(place) >= len(labels):
            raise CannotPress("卡片上没有这个按钮")
        if buttons and not buttons[int(place)].url:
            one = buttons[int(place)]
            await self._try(people.presses(who, bubble, one.action_id, one.params))
        else:
            await self._try(people.taps(who, bubble, labels[int(place)]))

    async def menu(self, message: str, key: str) -> None:
        """Cards have no menu here."""
        raise CannotPress("钉钉卡片没有菜单")

    def _group(self) -> str | None:
        return self.place.id if self.place.kind == GROUP else None

    async def _try(self, act: Awaitable[object]) -> None:
        with _kindly():
            done = await act
        if isinstance(done, Click) and done.status == FAILED:
            raise CannotPress("操作没有成功，请稍后再试")


@contextmanager
def _kindly() -> Iterator[None]:
    try:
        yield
    except card_client.CannotPress as error:
        raise CannotPress(str(error)) from error
