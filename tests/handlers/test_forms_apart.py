"""The fixed forms of customers and contacts leave ordinary sentences alone."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from handlers import adding, assets, identities, merging, particulars, profiles, tags, vcards
from handlers.router import Router, merge
from tests.handlers.talk import make_talk

OURS = (adding, assets, identities, merging, particulars, profiles, tags, vcards)


@pytest.fixture(scope="module")
def router() -> Router:
    """The forms of this file's features."""
    return merge([feature.router for feature in OURS])


@pytest.mark.parametrize(
    "text",
    [
        "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示",
        "今天拜访了美的的王总，他是决策人",
        "给王总打电话",
        "明天给美的打上门电话",
        "给华润置地贴发票",
        "今天拜访了美的，级别和来源都问了，预算50万",
        "美的的王总是老客户介绍来的朋友，今天一起吃饭了",
        "报价 美的 58万 9折",
        "明天上午10点提醒我给王总打电话",
        "去掉昨天那条",
        "取消明天的会",
        "美的要求增加预算",
        "王总的全名叫什么",
        "美的 全部跟进",
        "58万",
        "3号线改造预算50万",
        "电话联系了美的的李工，13912345678是他的新号码",
    ],
)
def test_an_ordinary_sentence_has_none_of_the_forms(router: Router, text: str) -> None:
    assert [route.name for route, _ in router.phrased(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "给他们加设备",
        "把方案并到报价里",
        "客户要求增加设备预算",
        "产品的标签",
        "美的是做空调的",
        "2024-03-05",
        "某某 级别 高",
    ],
)
def test_what_looks_like_one_goes_on_to_the_grammar(session: Session, text: str) -> None:
    reply = make_talk(session).say("zhang", text)
    assert "没有找到客户" not in reply.text
    assert not any(card.title.startswith(("已登记设备", "已更新客户", "合并预览")) for card in reply.cards)
