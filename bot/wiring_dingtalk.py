"""DingTalk's two ways of connecting: Stream, where we open the connection, and pushes over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from aiohttp import ClientSession, web

from bot.carrying import carrying
from bot.dingtalk.client import DingTalkClient, MediaType
from bot.dingtalk.crypto import EventCrypto
from bot.dingtalk.gateway import StreamApp
from bot.dingtalk.http import HttpApp, callback_routes
from bot.dingtalk.post import DingTalkPost
from bot.dingtalk.quota import Quota
from bot.dingtalk.speech import DingTalkVoice
from bot.dingtalk.stream import StreamClient
from bot.dingtalk.transport import Hosts, Transport
from bot.parts import Parts
from bot.sources import DingTalkSource, Source
from bot.usage import Meter
from bot.voice import Voice
from config.clock import Clock
from config.settings import DingTalkApp, DingTalkMode, Settings
from crm.attached import KeptFile
from scheduler.delivery import Sender

DINGTALK: Final = "dingtalk"
App = tuple[str, str]


def voices(settings: Settings, secret: bytes) -> dict[App, Voice]:
    """How the apps speak. `secret` signs the buttons."""
    return {(DINGTALK, name): _voice(app, secret) for name, app in settings.dingtalk.items()}


def senders(parts: Parts) -> dict[App, Sender]:
    """The senders of the apps, which send kept files as well; their calls are counted."""
    clock, folder = parts.clock, parts.settings.files_folder()
    found: dict[App, Sender] = {}
    for name, app in parts.settings.dingtalk.items():
        api = client(app, parts.http, clock, parts.meter.calls_of(name))
        post = DingTalkPost(api, clock.now, app.client_id)
        found[DINGTALK, name] = carrying(post, partial(_upload, api), folder)
    return found


async def _upload(api: DingTalkClient, file: KeptFile, kind: str, data: bytes, content_type: str) -> str:
    return await api.upload(cast("MediaType", kind), file.name, data, content_type)


def sources(settings: Settings, http: ClientSession, clock: Clock, meter: Meter) -> dict[App, Source]:
    """Where files sent to the apps come from; their calls are counted."""
    return {
        (DINGTALK, name): DingTalkSource(client(app, http, clock, meter.calls_of(name)))
        for name, app in settings.dingtalk.items()
    }


def routes(parts: Parts) -> list[web.RouteDef]:
    """Where the apps in HTTP mode are called."""
    apps = {
        name: _http_app(app) for name, app in parts.settings.dingtalk.items() if app.mode is DingTalkMode.HTTP
    }
    return callback_routes(apps, parts.meter.hearing(parts.accept), parts.clock.now)


def streams(parts: Parts) -> list[StreamClient]:
    """The connections of the apps in Stream mode."""
    accept, timing = parts.meter.hearing(parts.accept), parts.timing
    return [
        StreamClient(
            parts.http,
            app.api_base,
            stream_app(name, app),
            accept,
            parts.clock.now,
            sleep=timing.sleep,
            monotonic=timing.now,
            jitter=timing.jitter,
        )
        for name, app in parts.settings.dingtalk.items()
        if app.mode is DingTalkMode.STREAM
    ]


def quota(settings: Settings) -> Quota:
    """What the organisation has a month."""
    return Quota(settings.dingtalk_calls, settings.dingtalk_pushes)


def client(
    app: DingTalkApp,
    http: ClientSession,
    clock: Clock,
    meter: Callable[[str], None] = lambda _path: None,
) -> DingTalkClient:
    """The APIs of an app; `meter` is told the path of each call."""
    hosts = Hosts(app.api_base, app.oapi_base)
    secret = app.client_secret.get_secret_value()
    transport = Transport(http, hosts, app.client_id, secret, clock.now, meter=meter)
    return DingTalkClient(transport, app.robot, app.oapi_base)


def stream_app(name: str, app: DingTalkApp) -> StreamApp:
    """What the gateway asks for."""
    return StreamApp(name, app.client_id, app.client_secret.get_secret_value())


def _voice(app: DingTalkApp, secret: bytes) -> DingTalkVoice:
    is_http = app.mode is DingTalkMode.HTTP
    return DingTalkVoice(
        app.robot,
        secret,
        template_id=app.card_template_id,
        route_key=app.route_key if is_http else "",
        in_response=is_http,
    )


def _http_app(app: DingTalkApp) -> HttpApp:
    key = app.aes_key.get_secret_value()
    crypto = EventCrypto(app.token.get_secret_value(), key, app.client_id) if key else None
    return HttpApp(app.client_secret.get_secret_value(), crypto, app.card_secret.get_secret_value())
