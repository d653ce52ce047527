"""The same scenario on every way of connecting, all of them open in one installation at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot import setup, wiring_dingtalk
from bot.demo import others
from bot.demo.run import Demo, demo
from store.tables import Activity, Identity, Member
from tests.bot.ways import NAMES, Ways, Way
from tests.databases import Databases

pytestmark = pytest.mark.asyncio(loop_scope="module")
START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@pytest.fixture(scope="module", loop_scope="module")
async def office(databases: Databases) -> AsyncIterator[Demo]:
    """The demo company on all four ways."""
    with databases.fresh("sqlite") as url:
        async with demo(url, start=START, http=True) as running:
            await _register_cards(running)
            yield running


async def _register_cards(office: Demo) -> None:
    """What the administrator does once for an app in HTTP mode."""
    app = office.settings.dingtalk[others.HTTP]
    public = office.callback.split("/callback/")[0]
    async with ClientSession() as http:
        client = wiring_dingtalk.client(app, http, office.clock)
        await setup.register_cards(client, others.HTTP, app, public)


@pytest.fixture(params=NAMES)
def way(request: pytest.FixtureRequest, office: Demo) -> Way:
    """One way of connecting."""
    return Ways(office)[request.param]


async def test_a_message_is_answered(way: Way) -> None:
    seen = await way.told("zhangwei", "帮助", "撤销")
    assert "错误编号" not in way.reads("zhangwei", seen)


async def test_a_visit_is_recorded_once(way: Way) -> None:
    before = _visits(way.office, "张伟")
    seen = await way.told("zhangwei", VISIT, "已记录拜访")
    shown = way.reads("zhangwei", seen)
    for part in ("华润置地", "王总", "58万元", "11月25日 周三 10:00"):
        assert part in shown
    assert _visits(way.office, "张伟") == before + 1


async def test_a_card_is_pressed_changes_and_refuses_a_second_press(way: Way) -> None:
    await way.told("lina", "今天", "今天")  # a smart bot may write first only where somebody has spoken
    said = way.all("lina")[-1]
    await way.told("zhangwei", "报价 华润置地 58万 9折 提交", "待李经理审批")
    card = await way.sees("lina", "待您审批", said)
    await way.press("lina", card, "同意")
    await way.sees("lina", "已由李经理同意", said)
    assert "已由李经理同意" in way.reads("lina", card)
    await way.sees("zhangwei", "同意")
    last = way.all("lina")[-1]
    await way.press("lina", card, "同意", again=True)
    refused = await way.sees("lina", "已由李经理同意", last)
    assert "错误编号" not in way.reads("lina", refused)
    assert "已由李经理同意" in way.reads("lina", card)


async def test_one_colleague_is_one_member_everywhere(office: Demo) -> None:
    ways = Ways(office)
    for name in NAMES:
        await ways[name].told("zhaolei", "你好", "赵磊")
    with Session(office.service.database.reader) as session:
        query = select(func.count(col(Identity.id)), func.count(func.distinct(col(Identity.member_id))))
        found = session.execute(
            query.join(Member, col(Member.id) == col(Identity.member_id)).where(col(Member.name) == "赵磊")
        ).one()
    assert tuple(found) == (len(NAMES), 1)


def _visits(office: Demo, name: str) -> int:
    with Session(office.service.database.reader) as session:
        query = select(func.count(col(Activity.id))).join(Member, col(Member.id) == col(Activity.owner_id))
        return int(session.execute(query.where(col(Member.name) == name)).scalar_one())
