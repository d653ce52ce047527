"""`genjin check`: the whole picture of an installation, in plain words."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import ClientSession
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.check_online import Online
from config.clock import SystemClock
from config.doctor import Finding, findings, left_out
from config.settings import DingTalkApp, DingTalkMode, Settings, WeComApp
from crm.accounts import member_of
from store import lease
from store.database import check, connect
from store.migrate import current

Echo = Callable[[str], object]


def report(settings: Settings, echo: Echo) -> bool:
    """Print what is set and what is missing; whether `serve` would start. Secrets are never shown."""
    echo(f"公司        {settings.organisation}（时区 {settings.zone}，早报 {settings.morning:%H:%M}）")
    echo(f"监听        http://{settings.host}:{settings.port}")
    database_ok = _database(settings, echo)
    if database_ok and settings.default_manager.strip():
        _default_manager(settings, echo)
    _platforms(settings, echo)
    if settings.model.base_url:
        limit = f"每次最多等 {settings.model.timeout:g} 秒"
        echo(f"模型        {settings.model.name or '未填'}  {settings.model.base_url}  {limit}")
    faults = findings(settings)
    for fault in faults:
        _fault("缺少        ", fault, echo)
    for fault in left_out(settings):
        if fault not in faults:
            _fault("先不接      ", fault, echo)
    echo(
        "结论        "
        + ("可以启动：genjin serve" if database_ok and not faults else "还不能启动，先处理上面的问题")
    )
    return database_ok and not faults


async def report_online(settings: Settings, echo: Echo) -> bool:
    """Print what each platform answers; whether all is well."""
    well = True
    clock = SystemClock()

    def held(name: str) -> bool:
        return _holds(settings, name)

    async with ClientSession() as http:
        async for told in Online(settings, http, clock, held).ask():
            well = well and told.ok
            echo(f"{'正常' if told.ok else '有问题'}  {told.app}  {told.asked}：{told.words}")
    return well


def _holds(settings: Settings, name: str) -> bool:
    """Whether a running service holds the lease; a database that does not answer knows of none."""
    try:
        database = connect(settings.database_url)
        try:
            with Session(database.reader) as session:
                return lease.holder_of(session, name, SystemClock().now()) is not None
        finally:
            database.close()
    except (SQLAlchemyError, ValueError, OSError):
        return False


def _fault(label: str, fault: Finding, echo: Echo) -> None:
    echo(f"{label}{fault.name}：{fault.problem}\n            在哪里找：{fault.place}")


def _database(settings: Settings, echo: Echo) -> bool:
    try:
        shown = make_url(settings.database_url).render_as_string(hide_password=True)
        database = connect(settings.database_url)
        try:
            have, newest = current(database.reader)
            state = "已是最新" if have == newest else f"需要升级：genjin migrate（{have or '空'} → {newest}）"
            echo(f"数据库      {check(database)}  {shown}  {state}")
        finally:
            database.close()
    except (SQLAlchemyError, ValueError, OSError) as error:
        echo(
            f"数据库      连不上：{type(error).__name__}。检查 GENJIN_DATABASE_URL，例如 sqlite:///var/genjin.db"
        )
        return False
    return True


def _default_manager(settings: Settings, echo: Echo) -> None:
    """Whether the manager of whoever has none is somebody; a database that is not migrated knows nobody."""
    userid = settings.default_manager.strip()
    try:
        database = connect(settings.database_url)
        try:
            with Session(database.reader) as session:
                known = member_of(session, userid)
        finally:
            database.close()
    except SQLAlchemyError:
        known = None
    if known is not None:
        echo(f"默认上级    {userid}")
        return
    echo(
        f"默认上级    没有 userid 是 {userid} 的在职同事，没有上级的人就没有审批人\n"
        "            在哪里找：管理后台 → 通讯录 → 成员详情 → 账号（钉钉：员工 UserID），填到"
        " GENJIN_DEFAULT_MANAGER；人还没导入就先 genjin sync"
    )


def _platforms(settings: Settings, echo: Echo) -> None:
    public = settings.public_url.rstrip("/") or "https://你的域名"
    for name, app in settings.wecom.items():
        _wecom(name, app, public, echo)
    for name, bot in settings.wecom_bots.items():
        echo(f"智能机器人  {name}：Bot ID {bot.bot_id or '未填'}，长连接 {bot.url}（不需要公网地址）")
    for name, ding in settings.dingtalk.items():
        _dingtalk(name, ding, public, echo)


def _wecom(name: str, app: WeComApp, public: str, echo: Echo) -> None:
    corp, agent = app.corp_id or "未填", app.agent_id or "未填"
    echo(f"企业微信    应用 {name}：企业 {corp}，AgentId {agent}，接口 {app.api_base}")
    echo(f"            回调地址填到 接收消息 → URL：{public}/callback/wecom/{name}")


def _dingtalk(name: str, app: DingTalkApp, public: str, echo: Echo) -> None:
    cards = f"卡片模板 {app.card_template_id}" if app.card_template_id else "没有卡片模板，用文字和快捷回复"
    echo(f"钉钉        应用 {name}：Client ID {app.client_id or '未填'}，{cards}")
    if app.mode is DingTalkMode.STREAM:
        echo("            Stream 模式：在 机器人 和 事件与回调 里都选 Stream，不需要公网地址")
        return
    echo(f"            HTTP 模式，消息接收地址：{public}/callback/dingtalk/{name}/robot")
    echo(f"            事件推送请求网址：{public}/callback/dingtalk/{name}/event")
