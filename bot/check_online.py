"""`genjin check --online`: what each platform still refuses, asked of the platform itself.

Every question is one that changes nothing: addresses, departments, a message to nobody. A smart bot is tried
only where no replica holds its connection, since trying takes it over.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import wiring_dingtalk, wiring_wecom
from bot.dingtalk import bodies
from bot.dingtalk.client import DingTalkClient
from bot.dingtalk.directory import ROOT
from bot.dingtalk.gateway import open_connection
from bot.errors import Misconfigured, RateLimited, ReceiverGone, TokenExpired, Unreachable, VendorFault
from bot.wecom.aibot.connection import Connection, Credentials, State
from config.clock import Clock
from config.doctor import startable
from config.settings import DingTalkApp, DingTalkMode, Settings, WeComApp, WeComBot

PATIENCE: Final = 8.0  # seconds for a smart bot to be let in
NOBODY: Final = "genjin-check"
_REACH: Final = ClientTimeout(total=8)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: which app, what was asked, whether it is well, and in words what to do where it is not."""

    app: str
    asked: str
    ok: bool
    words: str = "正常"


@dataclass(frozen=True, slots=True)
class Online:
    """Asks. `held` tells whether a running service holds a lease by its name."""

    settings: Settings
    http: ClientSession
    clock: Clock
    held: Callable[[str], bool]

    async def ask(self) -> AsyncIterator[Told]:
        """Every answer of every app that the settings have whole, one after the other."""
        settings = startable(self.settings)
        for name, app in settings.wecom.items():
            async for told in self._wecom(name, app):
                yield told
        for name, bot in settings.wecom_bots.items():
            yield await self._bot(name, bot)
        for name, ding in settings.dingtalk.items():
            async for told in self._dingtalk(name, ding):
                yield told

    async def _wecom(self, name: str, app: WeComApp) -> AsyncIterator[Told]:
        label = f"企业微信 {name}"
        client = wiring_wecom.client(app, self.http, self.clock)
        token = await _asked(label, "密钥和出口 IP", client.callback_ips())
        yield token
        if token.ok:
            yield await _asked(label, "通讯录（应用可见范围）", client.list_departments())
        yield await self._reached(label, f"/callback/wecom/{name}")

    async def _bot(self, name: str, bot: WeComBot) -> Told:
        label, asked = f"智能机器人 {name}", "长连接"
        if self.held(wiring_wecom.lease_name(name)):
            return Told(label, asked, ok=True, words="正常，服务正连着")
        credentials = Credentials(bot.bot_id, bot.secret.get_secret_value(), bot.url)
        known = asyncio.Event()

        def on_state(state: State) -> None:
            if state in (State.READY, State.REFUSED, State.WAITING):
                known.set()

        connection = Connection(self.http, credentials, lambda _frame: None, on_state=on_state)
        connection.start()
        connection.take()
        try:
            async with asyncio.timeout(PATIENCE):
                await known.wait()
        except TimeoutError:
            pass
        ready, hint = connection.state is State.READY, connection.hint
        await connection.close()
        words = hint or f"连不上 {bot.url}：检查网络和出口代理"
        return Told(label, asked, ok=True) if ready else Told(label, asked, ok=False, words=words)

    async def _dingtalk(self, name: str, app: DingTalkApp) -> AsyncIterator[Told]:
        label = f"钉钉 {name}"
        client = wiring_dingtalk.client(app, self.http, self.clock)
        book = await _asked(label, "密钥、出口 IP 和通讯录权限", client.list_departments(ROOT))
        yield book
        yield await _asked(label, "机器人发消息", _to_nobody(client))
        if app.mode is DingTalkMode.STREAM:
            stream = open_connection(self.http, app.api_base, wiring_dingtalk.stream_app(name, app))
            yield await _asked(label, "Stream 连接", stream)
        else:
            yield await self._reached(label, f"/callback/dingtalk/{name}/robot")
        if not app.card_template_id:
            words = "没有卡片模板，用文字和快捷回复；要卡片就先执行 genjin setup dingtalk"
            yield Told(label, "卡片", ok=True, words=words)

    async def _reached(self, label: str, path: str) -> Told:
        """Whether our address leads here from outside: without a signature the callback says 403."""
        asked = "回调地址"
        base = self.settings.public_url.rstrip("/")
        if not base:
            words = "没有填 GENJIN_PUBLIC_URL：填平台能访问到的地址，例如 https://crm.example.com"
            return Told(label, asked, ok=False, words=words)
        try:
            async with self.http.post(f"{base}{path}", data=b"{}", timeout=_REACH) as response:
                status = response.status
        except (ClientError, OSError, TimeoutError, ValueError):
            words = f"{base} 没有应答：先启动 genjin serve，再检查域名、证书和反向代理"
            return Told(label, asked, ok=False, words=words)
        if status == 403:
            return Told(label, asked, ok=True, words=f"正常，{base}{path}")
        words = f"{base}{path} 答的是 {status}：反向代理没有转到 {self.settings.host}:{self.settings.port}"
        return Told(label, asked, ok=False, words=words)


async def _to_nobody(client: DingTalkClient) -> None:
    """A message to a userId that nobody has: only whoever may send is told that there is nobody."""
    message = bodies.single(client.robot_code, NOBODY, bodies.robot_text("检查"))
    try:
        await client.send_single(orjson.dumps(message))
    except ReceiverGone:
        return


async def _asked(label: str, asked: str, question: Awaitable[object]) -> Told:
    try:
        await question
    except VendorFault as fault:
        return Told(label, asked, ok=False, words=_words(fault))
    return Told(label, asked, ok=True)


def _words(fault: VendorFault) -> str:
    """What to do, for somebody who has never seen an error code."""
    match fault:
        case Misconfigured():
            return fault.hint
        case RateLimited():
            return f"问得太频繁，过 {fault.retry_after:.0f} 秒再试"
        case TokenExpired():
            return "平台不认刚发的令牌：核对密钥是不是刚重置过，过几分钟再试"
        case Unreachable():
            return _unreachable(fault.cause)
        case _:
            return (
                f"平台拒绝了 {fault.call}，错误码 {fault.code}：先在控制台看应用是不是启用、"
                "可见范围里有没有人；还不行，把错误码贴到平台的错误码查询页"
            )


def _unreachable(cause: str) -> str:
    """Why no usable answer came, by what an administrator can look at."""
    match cause:
        case "busy":
            return "平台正忙，过一分钟再试"
        case "timeout":
            return "平台 10 秒没有应答：检查服务器能不能访问外网、出口代理通不通"
        case "not_json" | "no_token" | "too_large" | "http" | "no_code":
            return "应答的不是平台：多半被公司网关或登录页拦住，放行接口地址，或核对 API 地址"
        case _:
            return "连不上平台：检查服务器能不能访问外网、域名能不能解析、出口代理和 API 地址"
