"""The chats of a member: with the app, with smart bots, in groups, on DingTalk; what can be done in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sandbox.company import Group, SmartBot
from sandbox.dingtalk.screen import Screen
from sandbox.phones import CannotPress, Phones
from sandbox.state import World
from sandbox.wecom.aibot.phones import BotPhones
from sandbox.wecom.appchat_line import AppChatLine
from sandbox.wecom.appchats import AppChats
from sandbox.wecom.media import Media
from sandbox.wecom.shape import JsonObject

Selected = dict[str, list[str]]


class Line(Protocol):
    """One chat of one member. Everything may raise CannotPress."""

    @property
    def key(self) -> str:
        """The key of `World.chat`."""
        ...

    def view(self) -> JsonObject:
        """How the page lists it."""
        ...

    async def enter(self) -> None:
        """Open it."""
        ...

    async def say(self, words: str, quote: str | None) -> None:
        """Say something, maybe quoting a message by its id."""
        ...

    async def send(self, media: Media) -> None:
        """Send a file."""
        ...

    async def be_at(self, latitude: float, longitude: float, label: str) -> None:
        """Send a place, in degrees."""
        ...

    async def press(self, message: str, key: str, selected: Selected) -> None:
        """Press a button of a card."""
        ...

    async def menu(self, message: str, key: str) -> None:
        """Choose from the menu of a card."""
        ...


@dataclass(frozen=True, slots=True)
class AppLine:
    """With the first self-built app."""

    world: World
    phones: Phones
    userid: str

    @property
    def key(self) -> str:
        """The userid."""
        return self.userid

    def view(self) -> JsonObject:
        """As the page lists it."""
        return {"kind": "app", "name": self.world.app().name, "menu": self.phones.menu_of()}

    async def enter(self) -> None:
        """The app is told each time."""
        await self.phones.enters(self.userid)

    async def choose(self, label: str) -> None:
        """Choose from the menu at the foot of the chat."""
        await self.phones.chooses(self.userid, label)

    async def say(self, words: str, quote: str | None) -> None:
        """Say something."""
        await self.phones.says(self.userid, words, quote=quote)

    async def send(self, media: Media) -> None:
        """Send a file."""
        await self.phones.sends(self.userid, media)

    async def be_at(self, latitude: float, longitude: float, label: str) -> None:
        """Send a place."""
        await self.phones.sends_location(self.userid, latitude, longitude, label)

    async def press(self, message: str, key: str, selected: Selected) -> None:
        """Press a button."""
        await self.phones.press(self.userid, message, key, selected)

    async def menu(self, message: str, key: str) -> None:
        """Choose from a menu."""
        await self.phones.menu(self.userid, message, key)


@dataclass(frozen=True, slots=True)
class BotLine:
    """With a smart bot."""

    phones: BotPhones
    userid: str
    bot: SmartBot

    @property
    def key(self) -> str:
        """The member's room with the bot."""
        return self.phones.chat(self.userid, self.bot.bot_id)

    def view(self) -> JsonObject:
        """As the page lists it."""
        return {"kind": "bot", "name": self.bot.name}

    async def enter(self) -> None:
        """The bot is told once a day."""
        await self.phones.enters(self.userid, self.bot.bot_id)

    async def say(self, words: str, quote: str | None) -> None:
        """Say something."""
        await self.phones.says(self.userid, words, self.bot.bot_id, quote=quote)

    async def send(self, media: Media) -> None:
        """Send a file."""
        await self.phones.sends(self.userid, media, self.bot.bot_id)

    async def be_at(self, latitude: float, longitude: float, label: str) -> None:
        """No bot gets places."""
        raise CannotPress("智能机器人收不到位置")

    async def press(self, message: str, key: str, selected: Selected) -> None:
        """Press a button."""
        await self.phones.press(self.userid, message, key, selected)

    async def menu(self, message: str, key: str) -> None:
        """Choose from a menu."""
        await self.phones.press(self.userid, message, key)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """In a group: who writes @ and a bot's name in front talks to the bot."""

    phones: BotPhones
    userid: str
    group: Group
    bots: tuple[SmartBot, ...]

    @property
    def key(self) -> str:
        """The member's view of the group."""
        return self.phones.group(self.group.chatid, self.userid)

    def view(self) -> JsonObject:
        """As the page lists it; `mention` is what to write in front."""
        mention = f"@{self.bots[0].name} " if self.bots else ""
        return {"kind": "group", "name": self.group.name, "mention": mention}

    async def enter(self) -> None:
        """Nobody is told."""

    async def say(self, words: str, quote: str | None) -> None:
        """Talk, or mention a bot."""
        for bot in self.bots:
            said = words.strip().removeprefix(f"@{bot.name}")
            if said != words.strip():
                await self.phones.at_bot(
                    self.group.chatid, self.userid, said.strip(), bot.bot_id, quote=quote
                )
                return
        await self.phones.talks(self.group.chatid, self.userid, words)

    async def send(self, media: Media) -> None:
        """No bot gets files from groups."""
        raise CannotPress("群里的文件机器人收不到，请发到单聊")

    async def be_at(self, latitude: float, longitude: float, label: str) -> None:
        """No bot gets places."""
        raise CannotPress("智能机器人收不到位置")

    async def press(self, message: str, key: str, selected: Selected) -> None:
        """Press a button."""
        await self.phones.press(self.userid, message, key, selected)

    async def menu(self, message: str, key: str) -> None:
        """Choose from a menu."""
        await self.phones.press(self.userid, message, key)


class Chats:
    """Everybody's chats; with `ding` those on DingTalk, with `made` the groups that apps have made."""

    def __init__(
        self,
        world: World,
        phones: Phones,
        bots: BotPhones,
        ding: Screen | None = None,
        made: AppChats | None = None,
    ) -> None:
        self._world, self._phones, self._bots, self._ding, self._made = world, phones, bots, ding, made

    def of(self, userid: str) -> list[Line]:
        """A member's chats: the app, the bots in sight, the groups. Raises KeyError for a stranger."""
        name = self._world.chat(userid).userid
        corp = self._world.corp
        lines: list[Line] = [AppLine(self._world, self._phones, name)]
        lines += [BotLine(self._bots, name, bot) for bot in corp.bots if bot.sees(name)]
        for group in corp.groups:
            if name in group.members:
                inside = tuple(corp.bot(one) for one in group.bots)
                lines.append(GroupLine(self._bots, name, group, inside))
        if self._made is not None:
            lines += [AppChatLine(self._made, one, name) for one in self._made.of(name)]
        if self._ding is not None:
            lines += self._ding.lines(name)
        return lines

    def find(self, userid: str, key: str) -> Line | None:
        """The chat of that key, as far as it is the member's; "" is the one with the app."""
        return next((one for one in self.of(userid) if key in ("", one.key)), None)

    def view(self, userid: str) -> list[JsonObject]:
        """A member's chats as the page lists them."""
        chats = [(one, self._world.chat(one.key)) for one in self.of(userid)]
        return [{**one.view(), "key": chat.userid, "unread": chat.unread} for one, chat in chats]


def owner(key: str) -> str:
    """Whose chat it is."""
    return key.rpartition(":")[2]
