"""The page in a real browser, with the real demo behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.demo.run import Demo, demo
from tests.sandbox.chromium import DevTools, Page, chromium, executable

START = datetime(2026, 3, 4, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"
WECOM, DING = "[data-testid=phone-wecom]", "[data-testid=phone-dingtalk]"
CARD, BUTTON, SUBMIT = "[data-testid=card]", "[data-testid^=button-]", "[data-testid=submit]"
WIDE, NARROW = (1440, 900), (390, 844)

pytestmark = [
    pytest.mark.skipif(executable() is None, reason="Chromium is not installed (apt install chromium)"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """One company for all tests here: each is about colleagues of its own."""
    database = tmp_path_factory.mktemp("office") / "demo.db"
    async with demo(f"sqlite:///{database}", start=START) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DevTools]:
    """One browser; each test opens a tab."""
    async with chromium(executable() or "", tmp_path_factory.mktemp("profile")) as running:
        yield running


@asynccontextmanager
async def opened(browser: DevTools, office: Demo, user: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """The page as a colleague sees it; in the end nothing may have gone wrong in it."""
    async with browser.page(*size) as page:
        await page.open(f"{office.address}/#user={user}")
        yield page
        assert page.problems == []


async def say(page: Page, phone: str, words: str) -> None:
    """Write it and press 发送."""
    await page.write(f"{phone} [data-testid=composer]", words)
    await page.click(f"{phone} [data-testid=send]")
    await page.sees(f"{phone} [data-from=user]", words)


async def test_both_phones_of_a_company_beside_each_other(browser: DevTools, office: Demo) -> None:
    async with opened(browser, office, "zhangwei", WIDE) as page:
        await page.misses("[data-testid=platforms]")

        await say(page, WECOM, VISIT)
        await page.sees(f"{WECOM} {CARD}", "已记录拜访")
        await page.sees(f"{WECOM} {CARD}", "王总")
        await page.click(f"{WECOM} {BUTTON}", "撤销")
        await page.sees(f"{WECOM} {CARD}", "已撤销")
        await page.misses(f"{WECOM} {BUTTON}:not(:disabled)", "撤销")

        await say(page, DING, VISIT)
        await page.click(f"{DING} [data-testid=chip]", "撤销")
        await page.sees(f"{DING} [data-from=app]", "已撤销")
        await say(page, DING, "报价 华润置地 58万 8折 提交")
        await page.sees(f"{DING} {CARD}", "待李经理审批")

        await page.click("[data-testid=user-lina]")
        await page.sees(f"{DING} {CARD}", "张伟的报价")
        await page.click(f"{DING} {BUTTON}", "同意")
        await page.sees(f"{DING} {CARD}", "已由李经理同意")
        await page.misses(f"{DING} {BUTTON}", "同意")

        await page.click("[data-testid=jump-tomorrow_830]")
        await page.sees("[data-testid=clock]", "08:30")
        await page.sees("[data-testid=clock]", "3月5日")


async def test_the_apps_menu_is_at_the_foot_of_its_chat(browser: DevTools, office: Demo) -> None:
    async with opened(browser, office, "zhouqiang", WIDE) as page:
        await page.misses(f"{DING} [data-testid=app-menu]")
        await page.click(f"{WECOM} [data-testid=app-menu] button", "更多")
        await page.click(f"{WECOM} [data-testid=app-menu] button", "帮助")
        await page.sees(f"{WECOM} [data-from=app]", "直接说")
        await page.misses(f"{WECOM} .app-menu-list")
        await page.click(f"{WECOM} [data-testid=app-menu] button", "今天")
        await page.sees(f"{WECOM} [data-from=app]", "今天的待办")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_how_the_card_template_is_imported(
    browser: DevTools, office: Demo, size: tuple[int, int]
) -> None:
    async with browser.page(*size) as page:
        await page.open(f"{office.address}/dingtalk-card")
        await page.sees("li", "新建一个模板")
        await page.click("summary", "看看里面是什么")
        await page.sees("pre", "editorData")
        assert await page.run("document.getElementById('download').href.startsWith('blob:')")
        assert await page.run("document.documentElement.scrollWidth <= innerWidth")
        assert page.problems == []


async def test_a_form_of_dingtalk_is_filled_and_sent(browser: DevTools, office: Demo) -> None:
    async with opened(browser, office, "wangfang", WIDE) as page:
        await say(page, DING, "今天")
        await page.sees(f"{DING} {CARD}", "今天的待办")
        await page.click(f"{DING} {SUBMIT}")
        await page.sees(f"{DING} [data-testid=message]", "已完成")


async def test_one_phone_and_a_switch_on_a_narrow_screen(browser: DevTools, office: Demo) -> None:
    async with opened(browser, office, "liuyang", NARROW) as page:
        await page.misses(DING)
        await say(page, WECOM, "帮助")
        await page.sees(f"{WECOM} [data-from=app]", "今天")
        await page.click("[data-testid=platform-dingtalk]")
        await page.misses(WECOM)
        await say(page, DING, "今天")
        await page.sees(f"{DING} {CARD}", "今天的待办")
        await page.click(f"{DING} [data-open-sheet=people]")
        await page.click("[data-testid=user-lina]")
        await page.sees(f"{DING} .chat-title", "李娜")
        await page.click(f"{DING} [data-open-sheet=tools]")
        await page.click("[data-testid=exchange] button", "v1.0/card/")
        await page.sees("[data-testid=raw-detail]", "outTrackId")
        assert await page.run("document.documentElement.scrollWidth <= innerWidth")


async def test_a_group_hears_who_mentions_the_robot(browser: DevTools, office: Demo) -> None:
    async with opened(browser, office, "sunli", WIDE) as page:
        await page.click(f"{DING} [data-chat][data-kind=dingtalk_group]")
        await say(page, DING, "今天")
        await page.sees(f"{DING} [data-from=app]", "孙丽，已私信你")
        await page.click("[data-testid=user-lina]")
        await page.click(f"{DING} [data-chat][data-kind=dingtalk_group]")
        await page.sees(f"{DING} [data-from=peer]", "孙丽")


async def test_a_lost_connection_comes_back_to_the_same_chats(browser: DevTools, office: Demo) -> None:
    async with opened(browser, office, "wuting", WIDE) as page:
        await page.click(f"{WECOM} [data-chat][data-kind=bot]")
        await page.sees(f"{WECOM} [data-chat][aria-current]", "机器人")
        await page.sees("body[data-online=true]")
        await office.sandbox.page.close()
        await page.sees("body[data-online=false]")
        await page.sees("body[data-online=true]")
        await page.sees(f"{WECOM} [data-chat][aria-current]", "机器人")
        await say(page, DING, "帮助")
        await page.sees(f"{DING} [data-from=app]", "直接说")
