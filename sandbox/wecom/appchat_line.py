"""A group that an app has made, as a member has it on the phone: to read, and to talk to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from sandbox.phones import SENT, CannotPress
from sandbox.state import PEER, USER
from sandbox.wecom.appchats import AppChat, AppChats
from sandbox.wecom.media import Media
from sandbox.wecom.shape import JsonObject


@dataclass(frozen=True, slots=True)
class AppChatLine:
    """One member's view of one group."""

    chats: AppChats
    chat: AppChat
    userid: str

    @property
    def key(self) -> str:
        """The member's view of the group."""
        return self.chats.world.room(self.chat.room(self.userid)).userid

    def view(self) -> JsonObject:
        """As the page lists it; there is nobody to mention."""
        return {"kind": "group", "name": self.chat.name, "mention": ""}

    async def enter(self) -> None:
        """Nobody is told."""

    async def say(self, words: str, quote: str | None) -> None:
        """Talk to the others; no app hears it."""
        if not words.strip():
            raise CannotPress("请输入内容")
        world = self.chats.world
        for userid in self.chat.members:
            own = userid == self.userid
            parts = {"text": words, "author": self.userid, "quote": (quote or "") if own else ""}
            message = world.message(USER if own else PEER, 0, "text", status=SENT if own else "", **parts)
            world.add(world.room(self.chat.room(userid)).userid, message)

    async def send(self, media: Media) -> None:
        """Not here."""
        _nobody_takes_it()

    async def be_at(self, latitude: float, longitude: float, label: str) -> None:
        """Not here."""
        _nobody_takes_it()

    async def press(self, message: str, key: str, selected: dict[str, list[str]]) -> None:
        """There are no cards in such a group."""
        raise CannotPress("没有这张卡片")

    async def menu(self, message: str, key: str) -> None:
        """There are no cards in such a group."""
        raise CannotPress("没有这张卡片")


def _nobody_takes_it() -> NoReturn:
    raise CannotPress("应用收不到群里的消息，请发到单聊")
