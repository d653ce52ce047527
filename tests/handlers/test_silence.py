"""Customers that nobody has spoken to for long."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """张伟 has visited 华润置地 20 days ago and 美的 today; with 华润燃气 nobody has ever spoken."""
    talk = make_talk(session)
    talk.say("zhang", "今天拜访了华润置地，聊了报价")
    talk.pass_time(days=20)
    talk.say("zhang", "今天拜访了美的，聊了报价")
    return talk


@pytest.mark.parametrize(
    "said",
    [
        "哪些客户半个月没跟进了",
        "谁超过15天没联系？",
        "两周没跟进的客户有哪些",
        "我的客户有两周没联系的吗",
        "超过两周没拜访的客户",
    ],
)
def test_the_longest_silent_come_first(talk: Talk, said: str) -> None:
    (card,) = talk.say("zhang", said).cards
    assert card.body == "1. 华润置地（华东）有限公司（20天前）\n2. 华润燃气集团（没有跟进过）"
    assert card.title.endswith("没跟进的客户 · 2家")
    (shown,) = talk.say("zhang", "第二个").cards
    assert shown.title == "华润燃气集团"


@pytest.mark.parametrize("said", ["哪些客户一个月没跟进了", "最近谁没联系", "好久没联系的客户"])
def test_a_month_is_meant_where_no_time_is_said(talk: Talk, said: str) -> None:
    assert talk.say("zhang", said).text in ("你名下的客户30天内都跟进过。", "你名下的客户一个月内都跟进过。")


def test_those_of_others_are_not_listed(talk: Talk) -> None:
    assert "恒瑞" not in str(talk.say("zhang", "哪些客户三天没跟进了"))
