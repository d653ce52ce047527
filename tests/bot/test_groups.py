"""A group chat that is bound to a customer: what is said in it without a name is about that one."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo import others
from bot.demo.run import Demo
from store.tables import Activity, Customer, GroupTopic, Task
from tests.bot.ways import DingTalkApp, Ways
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Group:
    """A group of everybody with the bot in it."""

    def __init__(self, office: Demo) -> None:
        self.office = office

    async def told(self, who: str, words: str, expect: str) -> str:
        """Say something to the bot in the group, and what it answers there."""
        raise NotImplementedError


class WeComGroup(Group):
    """A group of WeCom with the smart bot."""

    async def told(self, who: str, words: str, expect: str) -> str:
        sandbox = self.office.sandbox
        said = await sandbox.bots.at_bot(others.GROUP, who, words)
        seen = await sandbox.wait_for(
            sandbox.bots.group(others.GROUP, who),
            lambda m: m.sender == "app" and expect in m.shows(),
            PATIENCE,
            after=said,
        )
        return seen.shows()


class DingTalkGroup(Group):
    """A group of DingTalk with the robot, over Stream."""

    async def told(self, who: str, words: str, expect: str) -> str:
        way = Ways(self.office)["dingtalk-stream"]
        assert isinstance(way, DingTalkApp)
        me = way.id_of(who)
        group = next(iter(way.ding.space.organisation.groups)).id
        said = await way.ding.says(me, words, group, client_id=way.client_id)
        seen = await way.ding.wait_for(
            me,
            lambda b: b.sender == "robot" and expect in b.shows(me),
            PATIENCE,
            group=group,
            client_id=way.client_id,
            after=said,
        )
        return seen.shows(me)


@pytest.fixture(params=[WeComGroup, DingTalkGroup], ids=["wecom", "dingtalk"])
def group(request: pytest.FixtureRequest, everywhere: Demo) -> Group:
    """A group on either platform."""
    made: Group = request.param(everywhere)
    return made


def about(office: Demo, raw: str) -> str:
    """The customer of the record with these words."""
    with Session(office.service.database.reader) as session:
        query = (
            select(col(Customer.name))
            .join(Activity, col(Activity.customer_id) == col(Customer.id))
            .where(col(Activity.raw) == raw)
        )
        return str(session.execute(query.order_by(col(Activity.id).desc()).limit(1)).scalar_one())


async def test_what_is_said_in_a_bound_group_is_about_its_customer(group: Group) -> None:
    kind = type(group).__name__
    await group.told("zhangwei", "绑定客户 华润置地", "这个群绑定了华润置地")
    shown = await group.told("zhangwei", f"今天去聊了二期报价，预算58万，{kind}", "已记录")
    assert "华润置地" in shown
    assert about(group.office, f"今天去聊了二期报价，预算58万，{kind}").startswith("华润置地")
    await group.told("zhangwei", "提醒我下周三上午十点去演示", "10:00")
    with Session(group.office.service.database.reader) as session:
        task = session.scalars(select(Task).order_by(col(Task.id).desc()).limit(1)).one()
        assert task.customer_id is not None
    assert "华润置地" in await group.told("zhangwei", "本群客户", "这个群是")
    await group.told("zhangwei", "解绑客户", "解绑了")
    await group.told("zhangwei", f"今天又去聊了三期报价，{kind}", "已私信你")  # 哪家客户
    with Session(group.office.service.database.reader) as session:
        standing = select(GroupTopic).where(col(GroupTopic.ended_at).is_(None))
        assert session.scalars(standing).all() == []


async def test_a_name_that_is_said_still_counts(group: Group) -> None:
    kind = type(group).__name__
    await group.told("zhangwei", "绑定客户 华润置地", "绑定了")
    await group.told("zhangwei", f"今天电话联系了澜起精密，聊了气价，{kind}", "已私信你")
    assert "澜起" in about(group.office, f"今天电话联系了澜起精密，聊了气价，{kind}")
    await group.told("zhangwei", "解绑客户", "解绑了")


async def test_only_who_may_change_the_customer_binds_it(group: Group) -> None:
    await group.told("wuting", "绑定客户 华润置地", "张伟")
    await group.told("zhangwei", "绑定客户 华润置地", "绑定了")
    await group.told("wuting", "解绑客户", "张伟")
    await group.told("zhangwei", "撤销", "已私信你")
    await group.told("zhangwei", "本群客户", "还没有绑定")
