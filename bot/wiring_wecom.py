"""WeCom's two ways of connecting: self-built apps by callback, smart bots over their long connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from aiohttp import ClientSession, web

from bot.alarms import Alarms
from bot.carrying import carrying
from bot.parts import Parts
from bot.sources import AiBotSource, Source, WeComSource
from bot.voice import Voice
from bot.wecom.aibot.bot import AiBot
from bot.wecom.aibot.connection import Credentials, State
from bot.wecom.aibot.holding import holding, late_letters, lease_calls
from bot.wecom.aibot.keeper import Keeper, LeaseCalls
from bot.wecom.aibot.speech import AiBotVoice
from bot.wecom.aibot.upload import Upload, Uploads
from bot.wecom.callback import CallbackApp, callback_routes
from bot.wecom.client import MediaType, WeComClient
from bot.wecom.crypto import CallbackCrypto
from bot.wecom.post import WeComPost
from bot.wecom.sender import WeComSender
from bot.wecom.speech import WeComVoice
from config.clock import Clock
from config.settings import Settings, WeComApp
from crm.attached import KeptFile
from handlers.incoming import Kind
from scheduler.delivery import Sender
from store.writer import Writer

WECOM: Final = "wecom"
App = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HeldBot:
    """A smart bot, and the lease by which one replica alone holds its connection."""

    bot: AiBot
    lease: LeaseCalls

    def hold(self) -> AbstractAsyncContextManager[Keeper]:
        """Run it."""
        return holding(self.bot, self.lease)


def lease_name(bot: str) -> str:
    """The name of a bot's lease."""
    return f"aibot:{bot}"


def voices(settings: Settings, secret: bytes) -> dict[App, Voice]:
    """How apps and bots speak. `secret` signs the buttons."""
    apps: dict[App, Voice] = {
        (WECOM, name): WeComVoice(app.agent_id, secret) for name, app in settings.wecom.items()
    }
    return apps | {(WECOM, name): AiBotVoice(secret) for name in settings.wecom_bots}


def bound(settings: Settings) -> frozenset[App]:
    """Where ids say nothing to anybody, so that a stranger is told a code to bind."""
    return frozenset((WECOM, name) for name in settings.wecom_bots)


def senders(parts: Parts, bots: Mapping[str, HeldBot]) -> dict[App, Sender]:
    """The senders of the apps and of the bots, which send kept files as well."""
    folder = parts.settings.files_folder()
    found: dict[App, Sender] = {}
    for name, app in parts.settings.wecom.items():
        api = client(app, parts.http, parts.clock)
        post = WeComPost(WeComSender(api, parts.clock.now), app.corp_id)
        found[WECOM, name] = carrying(post, partial(_upload, api), folder)
    for name, held in bots.items():
        found[WECOM, name] = carrying(held.bot.post, partial(_upload_by_bot, held.bot.uploads), folder)
    return found


async def _upload(api: WeComClient, file: KeptFile, kind: str, data: bytes, content_type: str) -> str:
    return await api.upload_media(cast("MediaType", kind), file.name, data, content_type)


async def _upload_by_bot(uploads: Uploads, file: KeptFile, kind: str, data: bytes, _type: str) -> str:
    return await uploads.upload(Upload(Kind(kind), file.name, data))


def sources(settings: Settings, http: ClientSession, clock: Clock) -> dict[App, Source]:
    """Where files sent to apps and bots come from."""
    apps: dict[App, Source] = {
        (WECOM, name): WeComSource(client(app, http, clock)) for name, app in settings.wecom.items()
    }
    return apps | {(WECOM, name): AiBotSource(http) for name in settings.wecom_bots}


def routes(parts: Parts) -> list[web.RouteDef]:
    """Where the apps are called back."""
    apps = {name: _callback_app(app) for name, app in parts.settings.wecom.items()}
    return callback_routes(apps, parts.accept, parts.clock.now)


def bots(parts: Parts) -> Iterator[tuple[str, HeldBot]]:
    """The smart bots by name; each sends through its own connection."""
    now = parts.clock.now
    late = late_letters(parts.writer, parts.voices, now, parts.wake)

    def on_state(state: State) -> None:
        if state is State.READY:
            parts.wake()

    for name, one in parts.settings.wecom_bots.items():
        credentials = Credentials(one.bot_id, one.secret.get_secret_value(), one.url)
        bot = AiBot(
            name, parts.http, credentials, parts.accept, late, now, timing=parts.timing, on_state=on_state
        )
        yield name, HeldBot(bot, lease_calls(parts.writer, lease_name(name), parts.worker, now))


async def look_after(bots: Mapping[str, HeldBot], writer: Writer, alarms: Alarms) -> None:
    """Tell the administrators of bots that cannot connect before somebody acts."""
    for name, held in bots.items():
        connection = held.bot.connection
        if connection.state in (State.REFUSED, State.TAKEN_OVER):
            hint = connection.hint
            await writer.run(partial(alarms.stopped, app=(WECOM, name), hint=hint))


def client(app: WeComApp, http: ClientSession, clock: Clock) -> WeComClient:
    """The API of an app."""
    secret = app.secret.get_secret_value()
    return WeComClient(http, app.api_base, app.corp_id, secret, app.agent_id, clock.now)


def _callback_app(app: WeComApp) -> CallbackApp:
    crypto = CallbackCrypto(
        app.token.get_secret_value(), app.encoding_aes_key.get_secret_value(), app.corp_id
    )
    return CallbackApp(app.corp_id, crypto)
