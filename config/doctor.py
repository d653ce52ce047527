"""What is wrong with the settings, and where in the platform's console the right value is found.

A general fault keeps the service from starting; a fault of one app leaves out that app alone, as long as
another one can be started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.places import DINGTALK_PLACES, WECOM_BOT_PLACES, WECOM_PLACES
from config.settings import (
    KEY_LENGTH,
    DingTalkApp,
    DingTalkMode,
    ModelEndpoint,
    Settings,
    WeComApp,
    WeComBot,
)

MIN_SIGNING_KEY = 32
PLACEHOLDERS = frozenset(
    {"changeme", "change-me", "secret", "token", "xxx", "your-secret", "demo", "default", "test"}
)
GROUPS = ("wecom", "wecom_bots", "dingtalk")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the setting's name as written in the environment, what is wrong, and where to find it."""

    name: str
    problem: str
    place: str


def findings(settings: Settings) -> list[Finding]:
    """Everything that keeps `serve` from starting; empty when all is well, or well enough for one app."""
    found = [*_signing(settings), *_zone(settings), *_model(settings.model)]
    if any(_apps(settings, group) for group in GROUPS):
        runs = startable(settings)
        if not any(_apps(runs, group) for group in GROUPS):
            found += left_out(settings)
        return found
    where = f"{WECOM_PLACES['corp_id']}；main 是自取的应用名。也可以只接智能机器人或钉钉，见 .env.example"
    return [*found, Finding("GENJIN_WECOM__MAIN__CORP_ID", "还没有接入任何平台", where)]


def left_out(settings: Settings) -> list[Finding]:
    """The faults of single apps: these are left out when the service starts."""
    names = [(group, name) for group in GROUPS for name in _apps(settings, group)]
    return [fault for group, name in names for fault in _of(settings, group, name)]


def startable(settings: Settings) -> Settings:
    """The settings with only those apps that have no fault."""
    whole = {
        group: {name: app for name, app in _apps(settings, group).items() if not _of(settings, group, name)}
        for group in GROUPS
    }
    return settings.model_copy(update=whole)


def _apps(settings: Settings, group: str) -> Mapping[str, object]:
    apps: Mapping[str, object] = getattr(settings, group)
    return apps


def _of(settings: Settings, group: str, name: str) -> list[Finding]:
    """The faults of one app."""
    prefix = f"GENJIN_{group.upper()}__{name.upper()}"
    match _apps(settings, group)[name]:
        case WeComApp() as app:
            return list(_wecom(prefix, app))
        case WeComBot() as bot:
            return [*_bot(prefix, bot), *_twice(settings, prefix, name)]
        case DingTalkApp() as ding:
            return list(_dingtalk(prefix, ding))
    return []


def _signing(settings: Settings) -> list[Finding]:
    key = settings.signing_key.get_secret_value()
    where = "自己生成，例如：python -c 'import secrets; print(secrets.token_urlsafe(32))'"
    if not key:
        return [Finding("GENJIN_SIGNING_KEY", "没有填写", where)]
    if key.lower() in PLACEHOLDERS or len(key) < MIN_SIGNING_KEY:
        return [Finding("GENJIN_SIGNING_KEY", f"是默认值或太短（至少 {MIN_SIGNING_KEY} 个字符）", where)]
    return []


def _zone(settings: Settings) -> list[Finding]:
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return [Finding("GENJIN_ZONE", f"没有叫 {settings.zone} 的时区", "IANA 时区名，例如 Asia/Shanghai")]
    return []


def _model(model: ModelEndpoint) -> list[Finding]:
    """Faults of the optional model; none where it is off."""
    if not model.base_url:
        return []
    found = []
    address = urlsplit(model.base_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        where = "模型服务的说明，例如 https://api.example.com/v1；不用模型就留空"
        found.append(Finding("GENJIN_MODEL__BASE_URL", "不是 http 或 https 地址", where))
    if not model.name:
        found.append(Finding("GENJIN_MODEL__NAME", "没有填写", "模型服务的说明里的模型名称"))
    if model.key.get_secret_value().lower() in PLACEHOLDERS:
        found.append(Finding("GENJIN_MODEL__KEY", "还是默认值", "模型服务的控制台；本机的服务不要密钥就留空"))
    return found


def _wecom(prefix: str, app: WeComApp) -> Iterator[Finding]:
    values = {
        "corp_id": app.corp_id,
        "agent_id": str(app.agent_id or ""),
        "secret": app.secret.get_secret_value(),
        "token": app.token.get_secret_value(),
        "encoding_aes_key": app.encoding_aes_key.get_secret_value(),
    }
    yield from _needed(prefix, values, WECOM_PLACES)


def _bot(prefix: str, bot: WeComBot) -> Iterator[Finding]:
    values = {"bot_id": bot.bot_id, "secret": bot.secret.get_secret_value()}
    yield from _needed(prefix, values, WECOM_BOT_PLACES)
    if not bot.url.startswith(("wss://", "ws://")):
        yield Finding(f"{prefix}__URL", "不是 wss:// 开头的地址", "留空就是企业微信的地址")


def _twice(settings: Settings, prefix: str, name: str) -> Iterator[Finding]:
    """Our names of apps and bots share one space: a name stands for one of them."""
    if name in settings.wecom:
        yield Finding(prefix, f"机器人和自建应用都叫 {name}", "给机器人另取一个名字，例如 bot")


def _dingtalk(prefix: str, app: DingTalkApp) -> Iterator[Finding]:
    values = {"client_id": app.client_id, "client_secret": app.client_secret.get_secret_value()}
    if app.mode is DingTalkMode.HTTP and app.card_template_id:
        values["card_secret"] = app.card_secret.get_secret_value()
    yield from _needed(prefix, values, DINGTALK_PLACES)
    key = app.aes_key.get_secret_value()
    if key and (problem := _problem("aes_key", key)):
        yield Finding(f"{prefix}__AES_KEY", problem, DINGTALK_PLACES["aes_key"])
    if bool(key) != bool(app.token.get_secret_value()):
        missing = "token" if key else "aes_key"
        yield Finding(f"{prefix}__{missing.upper()}", "事件推送的两个值只填了一个", DINGTALK_PLACES[missing])


def _needed(prefix: str, values: Mapping[str, str], places: Mapping[str, str]) -> Iterator[Finding]:
    for key, value in values.items():
        problem = _problem(key, value)
        if problem:
            yield Finding(f"{prefix}__{key.upper()}", problem, places[key])


def _problem(key: str, value: str) -> str:
    if not value:
        return "没有填写"
    if value.lower() in PLACEHOLDERS:
        return "还是默认值"
    if key.endswith("aes_key") and not (len(value) == KEY_LENGTH and value.isascii() and value.isalnum()):
        return f"应为 {KEY_LENGTH} 个字母和数字，现在是 {len(value)} 个字符"
    return ""
