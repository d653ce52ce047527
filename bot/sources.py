"""Where the files that come in the chat are fetched from: one source for each app, by its platform's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from aiohttp import ClientSession

from bot.dingtalk.client import DingTalkClient
from bot.sink import Sink
from bot.wecom.aibot import media
from bot.wecom.aibot.limits import MEDIA_URL_LIFE
from bot.wecom.client import WeComClient
from bot.wecom.limits import MEDIA_LIFE

CODE_LIFE: Final = timedelta(hours=24)
"""How long a downloadCode is tried: DingTalk does not say how long it lives."""


class Source(Protocol):
    """Where the files of one app come from. `life` is how long the platform gives one out."""

    @property
    def life(self) -> timedelta:
        """From the message on."""
        ...

    async def fetch(self, reference: Mapping[str, str], sink: Sink) -> str:
        """Put a file into `sink`; its name, if there is one. Raises VendorFault, Undecipherable, TooLarge."""
        ...


@dataclass(frozen=True, slots=True)
class WeComSource:
    """media/get of a self-built app [90254]."""

    client: WeComClient
    life: timedelta = MEDIA_LIFE

    async def fetch(self, reference: Mapping[str, str], sink: Sink) -> str:
        """By media id."""
        return await self.client.get_media(reference.get("media_id", ""), sink)


@dataclass(frozen=True, slots=True)
class AiBotSource:
    """An encrypted file at an address of its own [100719]."""

    http: ClientSession
    life: timedelta = MEDIA_URL_LIFE

    async def fetch(self, reference: Mapping[str, str], sink: Sink) -> str:
        """By address and key."""
        return await media.fetch(self.http, reference.get("url", ""), reference.get("aes_key", ""), sink)


@dataclass(frozen=True, slots=True)
class DingTalkSource:
    """A file behind a downloadCode [download-the-file-content-of-the-robot-receiving-message]."""

    client: DingTalkClient
    life: timedelta = CODE_LIFE

    async def fetch(self, reference: Mapping[str, str], sink: Sink) -> str:
        """By code."""
        await self.client.download(reference.get("media_id", ""), sink)
        return ""
