"""The demo's other ways of connecting: a smart bot and a group of WeCom, the same company on DingTalk."""

from __future__ import annotations

import secrets
import string
from dataclasses import replace
from typing import Final

from pydantic import SecretStr

from bot.demo.company import APP_NAME
from bot.guide import guide, template_setting
from cards.render.dingtalk_template import template
from config.settings import KEY_LENGTH, DingTalkApp, DingTalkMode, Settings, WeComBot
from sandbox.company import Corp, Group, SmartBot
from sandbox.dingtalk import DingApp, Mode, Organisation, import_template, organisation_of
from sandbox.dingtalk.simulator import PREFIX as DINGTALK_PREFIX
from sandbox.wecom.aibot.server import OPENWS

BOT: Final = "bot"
STREAM: Final = "ding"
HTTP: Final = "dinghttp"
TEMPLATE: Final = "genjin-demo.schema"
GROUP: Final = "wrSales1"
_LETTERS: Final = string.ascii_letters + string.digits


def with_others(settings: Settings, address: str, *, http: bool, template: bool) -> Settings:
    """The settings with a smart bot and an app of DingTalk on the platforms at `address`; with a second app
    that is pushed to over HTTP where `http`; without the card template unless `template`."""
    template_id = TEMPLATE if template else ""
    apps = {STREAM: _ding(address, DingTalkMode.STREAM, template_id)}
    if http:
        apps[HTTP] = _ding(address, DingTalkMode.HTTP, template_id)
    line = address.replace("http", "ws", 1) + OPENWS
    bot = WeComBot(bot_id=f"aib{secrets.token_hex(8)}", secret=SecretStr(_secret()), url=line)
    return settings.model_copy(update={"wecom_bots": {BOT: bot}, "dingtalk": apps})


def with_bot(corp: Corp, settings: Settings) -> Corp:
    """The company with its smart bot, alone and in a group of everybody."""
    bots = tuple(
        SmartBot(one.bot_id, one.secret.get_secret_value(), f"{APP_NAME}机器人")
        for one in settings.wecom_bots.values()
    )
    members = tuple(one.userid for one in corp.users)
    group = Group(GROUP, "销售群", members, tuple(one.bot_id for one in bots))
    return replace(corp, bots=bots, groups=(group,))


def dingtalk(corp: Corp, settings: Settings, callbacks: str) -> Organisation:
    """The same company on DingTalk; apps in HTTP mode are called at `callbacks` (…/callback/dingtalk)."""
    apps = tuple(_app(name, app, f"{callbacks}/{name}") for name, app in settings.dingtalk.items())
    return organisation_of(corp, apps, templates=(import_template(TEMPLATE, template()),))


def guide_page() -> str:
    """How the card template would be imported on the real platform."""
    return guide(template(), f"“{APP_NAME}”", template_setting(STREAM))


def accounts(organisation: Organisation) -> dict[str, str]:
    """The DingTalk ids of the colleagues by their WeCom userids."""
    return {one.wecom_userid: one.staff_id for one in organisation.staff if one.wecom_userid}


def _ding(address: str, mode: DingTalkMode, template_id: str) -> DingTalkApp:
    return DingTalkApp(
        client_id=f"ding{secrets.token_hex(8)}",
        client_secret=SecretStr(_secret()),
        card_template_id=template_id,
        mode=mode,
        token=SecretStr(secrets.token_hex(12)),
        aes_key=SecretStr("".join(secrets.choice(_LETTERS) for _ in range(KEY_LENGTH))),
        card_secret=SecretStr(_secret()),
        api_base=f"{address}{DINGTALK_PREFIX}/api",
        oapi_base=f"{address}{DINGTALK_PREFIX}/oapi",
    )


def _app(name: str, app: DingTalkApp, base: str) -> DingApp:
    is_http = app.mode is DingTalkMode.HTTP
    return DingApp(
        app.client_id,
        app.client_secret.get_secret_value(),
        APP_NAME,
        mode=Mode.HTTP if is_http else Mode.STREAM,
        robot_url=f"{base}/robot" if is_http else "",
        event_url=f"{base}/event" if is_http else "",
        token=app.token.get_secret_value(),
        encoding_aes_key=app.aes_key.get_secret_value(),
    )


def _secret() -> str:
    return secrets.token_urlsafe(32)
