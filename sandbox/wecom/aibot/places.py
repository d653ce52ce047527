"""Where a smart bot talks: with one member, or in a group; and by which names it knows the members."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from sandbox.company import SmartBot
from sandbox.state import APP, Message, World
from sandbox.wecom.content import Content

OPAQUE_CHARS = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation of a bot: with `userid`, or in the group `chatid`."""

    bot_id: str
    userid: str = ""
    chatid: str = ""

    @property
    def kind(self) -> str:
        """`chattype` of a callback."""
        return "group" if self.chatid else "single"

    def rooms(self, world: World) -> dict[str, str]:
        """Who sees the conversation: userid to the key of the own view of it."""
        if not self.chatid:
            return {self.userid: single_room(world, self.bot_id, self.userid)}
        members = world.corp.group(self.chatid).members
        return {one: group_room(world, self.chatid, one) for one in members}

    def show(self, world: World, content: Content, **parts: object) -> dict[str, Message]:
        """Put what the bot says into everybody's view: userid to the copy there."""
        copies = {}
        for userid, room in self.rooms(world).items():
            copy = world.message(
                APP,
                0,
                content.kind,
                text=content.text,
                card=content.card,
                state=content.state(),
                media=content.media,
                author=self.bot_id,
                **parts,
            )
            copies[userid] = world.add(room, copy)
        return copies


def single_room(world: World, bot_id: str, userid: str) -> str:
    """The key of a member's chat with a bot. Raises KeyError for a stranger."""
    return world.room(f"bot:{bot_id}:{name_of(world, userid)}").userid


def group_room(world: World, chatid: str, userid: str) -> str:
    """The key of a member's view of a group. Raises KeyError for a stranger."""
    return world.room(f"group:{chatid}:{name_of(world, userid)}").userid


def name_of(world: World, userid: str) -> str:
    """A userid as the directory spells it. Raises KeyError."""
    user = world.user(userid)
    if user is None:
        raise KeyError(userid)
    return user.userid


def shown_id(world: World, bot: SmartBot, userid: str) -> str:
    """The id a bot sees: the userid, or an opaque one that differs from bot to bot."""
    if not bot.opaque_ids:
        return userid
    digest = hashlib.sha256(f"{world.corp.id}/{bot.bot_id}/{userid}".encode()).digest()
    return "wo" + base64.urlsafe_b64encode(digest).decode()[:OPAQUE_CHARS]


def real_id(world: World, bot: SmartBot, shown: str) -> str | None:
    """The userid behind the id that a bot sees."""
    if not bot.opaque_ids:
        user = world.user(shown)
        return None if user is None else user.userid
    for user in world.corp.users:
        if shown_id(world, bot, user.userid) == shown:
            return user.userid
    return None
