"""The directories that the settings name, and what keeps the members in step with them."""

from __future__ import annotations

from bot import wiring_dingtalk, wiring_wecom
from bot.directory import Registrar
from bot.external_contacts import ExternalReader
from bot.parts import Parts
from bot.readers import DingTalkReader, Reader, WeComReader
from bot.transfers import TransferDriver
from crm.directory import Source


def transfer_driver(parts: Parts) -> TransferDriver:
    """Gives external contacts to other members, through every self-built app of WeCom."""
    settings = parts.settings
    clients = {
        name: wiring_wecom.client(app, parts.http, parts.clock) for name, app in settings.wecom.items()
    }
    return TransferDriver(parts.writer, parts.clock, settings.business(), clients)


def registrar(parts: Parts) -> Registrar:
    """Reads the directory of every self-built app of WeCom and every app of DingTalk."""
    settings, http, clock = parts.settings, parts.http, parts.clock
    wecom = {
        Source(wiring_wecom.WECOM, name): wiring_wecom.client(app, http, clock)
        for name, app in settings.wecom.items()
    }
    readers: list[Reader] = [WeComReader(source, client) for source, client in wecom.items()]
    for name, app in settings.dingtalk.items():
        client = wiring_dingtalk.client(app, http, clock, parts.meter.calls_of(name))
        readers.append(DingTalkReader(Source(wiring_dingtalk.DINGTALK, name), client))
    return Registrar(
        parts.writer,
        parts.voices,
        clock,
        settings.business(),
        parts.wake,
        readers,
        [ExternalReader(source, client) for source, client in wecom.items()],
    )
