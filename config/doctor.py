"""What is wrong with the settings, and where in the platform's console the right value is found."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.settings import KEY_LENGTH, ModelEndpoint, Settings, WeComApp

MIN_SIGNING_KEY = 32
PLACEHOLDERS = frozenset(
    {"changeme", "change-me", "secret", "token", "xxx", "your-secret", "demo", "default", "test"}
)
CONSOLE = "企业微信管理后台 work.weixin.qq.com"
WECOM_PLACES = {
    "corp_id": f"{CONSOLE} → 我的企业 → 企业信息 → 企业ID",
    "agent_id": f"{CONSOLE} → 应用管理 → 自建 → 选择应用 → AgentId",
    "secret": f"{CONSOLE} → 应用管理 → 自建 → 选择应用 → Secret（查看后在手机上接收）",
    "token": f"{CONSOLE} → 应用管理 → 自建 → 选择应用 → 接收消息 → 设置API接收 → Token",
    "encoding_aes_key": f"{CONSOLE} → 应用管理 → 自建 → 选择应用 → 接收消息 → 设置API接收 → EncodingAESKey",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the setting's name as written in the environment, what is wrong, and where to find it."""

    name: str
    problem: str
    place: str


def findings(settings: Settings) -> list[Finding]:
    """Everything that keeps `serve` from starting; empty when all is well."""
    found = [*_signing(settings), *_zone(settings), *_model(settings.model)]
    if not settings.wecom:
        found.append(
            Finding(
                "GENJIN_WECOM__MAIN__CORP_ID",
                "还没有接入任何平台",
                f"{WECOM_PLACES['corp_id']}；main 是自取的应用名",
            )
        )
    for name, app in settings.wecom.items():
        found.extend(_wecom(name, app))
    return found


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


def _wecom(name: str, app: WeComApp) -> list[Finding]:
    values = {
        "corp_id": app.corp_id,
        "agent_id": str(app.agent_id or ""),
        "secret": app.secret.get_secret_value(),
        "token": app.token.get_secret_value(),
        "encoding_aes_key": app.encoding_aes_key.get_secret_value(),
    }
    found = []
    for key, value in values.items():
        problem = _problem(key, value)
        if problem:
            found.append(Finding(f"GENJIN_WECOM__{name.upper()}__{key.upper()}", problem, WECOM_PLACES[key]))
    return found


def _problem(key: str, value: str) -> str:
    if not value:
        return "没有填写"
    if value.lower() in PLACEHOLDERS:
        return "还是默认值"
    if key == "encoding_aes_key" and len(value) != KEY_LENGTH:
        return f"应为 {KEY_LENGTH} 个字符，现在是 {len(value)} 个"
    return ""
