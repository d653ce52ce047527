"""The commands around the platforms: set up, asked, counted, bound."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import orjson
import pytest
from aiohttp import web
from sqlalchemy import select
from sqlmodel import Session, col

from bot.bench.run import free_port
from bot.demo.company import corp
from bot.demo.run import APP, demo_settings
from bot.dingtalk.quota import month_of
from config.clock import JumpingClock
from crm.binding import Account, issue
from sandbox.dingtalk import import_template
from sandbox.server import PREFIX, Sandbox
from store import usage
from store.database import Database
from store.tables import Identity, Member
from store.usage import CALLS, Count
from tests.bot.test_cli import Run, a_folder_of_one_s_own, filled, run

__all__ = ["a_folder_of_one_s_own", "filled", "run"]
"""Fixtures of the command line."""


@contextmanager
def wecom() -> Iterator[tuple[Sandbox, dict[str, str]]]:
    """WeCom on a thread of its own, and the settings for it."""
    port = free_port()
    settings = demo_settings("sqlite:///one.db", f"http://127.0.0.1:{port}{PREFIX}")
    app = settings.wecom[APP]
    made: list[Sandbox] = []
    loop = asyncio.new_event_loop()

    async def serve() -> web.AppRunner:
        made.append(Sandbox(corp(app, ""), JumpingClock()))
        runner = web.AppRunner(made[0].app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    thread = Thread(target=loop.run_forever)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(serve(), loop).result(60)
    values = {"corp_id": app.corp_id, "agent_id": str(app.agent_id), "secret": app.secret.get_secret_value()}
    values |= {"token": "t" * 20, "encoding_aes_key": "k" * 43, "api_base": app.api_base}
    try:
        yield made[0], {f"GENJIN_WECOM__{APP.upper()}__{key.upper()}": one for key, one in values.items()}
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_the_menu_is_set_up_again_and_again(run: Run) -> None:
    with wecom() as (sandbox, settings):
        for _ in range(2):
            done = run("setup", "wecom", GENJIN_SIGNING_KEY="s" * 40, **settings)
            assert (done.exit_code, "菜单已设好" in done.output) == (0, True)
        agent = int(settings["GENJIN_WECOM__MAIN__AGENT_ID"])
        assert list(sandbox.wecom.menus.of(agent)) == ["记跟进", "今天", "客户", "本周", "待审批", "帮助"]
        sandbox.wecom.faults.untrusted = True
        refused = run("setup", "wecom", GENJIN_SIGNING_KEY="s" * 40, **settings)
        assert refused.exit_code == 1
        assert "企业可信IP" in refused.output


def test_check_online_says_what_is_still_refused(run: Run) -> None:
    with wecom() as (sandbox, settings):
        sandbox.wecom.faults.untrusted = True
        told = run("check", "--online", GENJIN_SIGNING_KEY="s" * 40, **settings)
    assert told.exit_code == 1
    assert "有问题  企业微信 main  密钥和出口 IP：本机出口 IP 不在企业可信IP里" in told.output
    assert "GENJIN_PUBLIC_URL" in told.output


def test_without_an_app_nothing_is_set_up(run: Run) -> None:
    done = run("setup", "wecom")
    assert done.exit_code == 1
    assert "genjin check" in done.output


def test_the_card_template_is_written_with_how_it_is_imported(run: Run, tmp_path: Path) -> None:
    done = run("setup", "dingtalk", "--template", "card.json")
    assert done.exit_code == 0
    for part in ("card.json", "导入", "发布", "GENJIN_DINGTALK__MAIN__CARD_TEMPLATE_ID"):
        assert part in done.output
    file = (tmp_path / "card.json").read_bytes()
    assert orjson.loads(file)
    assert import_template("one", file).form
    page = (tmp_path / "card.html").read_text(encoding="utf-8")
    held = page.partition('id="template">')[2].partition("</script>")[0]
    assert orjson.loads(held) == orjson.loads(file)
    for part in ("新建模板", "导入", "发布", "GENJIN_DINGTALK__MAIN__CARD_TEMPLATE_ID"):
        assert part in page


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    done = run("setup", "dingtalk", "--template", "no/such/folder/card.json")
    assert done.exit_code == 1
    assert "写不了" in done.output


@pytest.mark.usefixtures("filled")
def test_quota_shows_what_is_used(run: Run, filled: Database) -> None:
    month = month_of(datetime.now(UTC))
    with Session(filled.writer) as session:
        usage.add(session, {Count("dingtalk", "ding", month, CALLS): 1234})
        session.commit()
    shown = run("quota", GENJIN_DINGTALK_CALLS="5000")
    assert "接口调用 1,234 / 5,000 次" in shown.output
    assert "ding  接口调用 1,234 次" in shown.output


def test_an_administrator_binds_an_account_nobody_can_read(run: Run, filled: Database) -> None:
    now = datetime.now(UTC)
    with Session(filled.writer) as session:
        code = issue(session, Account("wecom", "bot", "woAbC"), now - timedelta(minutes=1)).code
        session.commit()
    assert "没有叫" in run("members", "bind", code, "张三丰").output
    assert "没有绑上" in run("members", "bind", "12", "张伟").output
    done = run("members", "bind", code, "张伟")
    assert (done.exit_code, "已绑给张伟" in done.output) == (0, True)
    with Session(filled.reader) as session:
        query = select(col(Identity.address)).join(Member, col(Member.id) == col(Identity.member_id))
        found = session.execute(query.where(col(Member.name) == "张伟", col(Identity.app) == "bot"))
        assert found.scalar_one() == "woAbC"
