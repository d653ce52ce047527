"""`genjin check`: the whole picture of an installation, in plain words."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from config.doctor import findings
from config.settings import Settings, WeComApp
from store.database import check, connect
from store.migrate import current

Echo = Callable[[str], object]


def report(settings: Settings, echo: Echo) -> bool:
    """Print what is set and what is missing; whether `serve` would start. Secrets are never shown."""
    echo(f"公司        {settings.organisation}（时区 {settings.zone}，早报 {settings.morning:%H:%M}）")
    echo(f"监听        http://{settings.host}:{settings.port}")
    database_ok = _database(settings, echo)
    for name, app in settings.wecom.items():
        _wecom(name, app, settings, echo)
    faults = findings(settings)
    for fault in faults:
        echo(f"缺少        {fault.name}：{fault.problem}\n            在哪里找：{fault.place}")
    echo(
        "结论        "
        + ("可以启动：genjin serve" if database_ok and not faults else "还不能启动，先处理上面的问题")
    )
    return database_ok and not faults


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


def _wecom(name: str, app: WeComApp, settings: Settings, echo: Echo) -> None:
    public = settings.public_url.rstrip("/") or "https://你的域名"
    corp, agent = app.corp_id or "未填", app.agent_id or "未填"
    echo(f"企业微信    应用 {name}：企业 {corp}，AgentId {agent}，接口 {app.api_base}")
    echo(f"            回调地址填到 接收消息 → URL：{public}/callback/wecom/{name}")
