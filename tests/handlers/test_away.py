"""请假 with a deputy in the chat: noted, told to both, ended by itself or before, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import quotes
from crm.tasks import finish
from handlers.reply import Reply
from scheduler.absences import ended_absences
from store.tables import Away, Task
from tests.ground import standing
from tests.handlers.colleagues import talk_with_sun
from tests.handlers.talk import Talk, facts

ZONE = ZoneInfo("Asia/Shanghai")


@standing
def talk(session: Session) -> Talk:
    """张伟 and 孙丽 under 李娜."""
    return talk_with_sun(session)


def rows(talk: Talk) -> list[Away]:
    return list(talk.session.execute(select(Away).order_by(col(Away.id))).scalars())


def local(moment: datetime | None) -> str:
    return moment.astimezone(ZONE).strftime("%m-%d %H:%M") if moment else ""


def told(talk: Talk, reply: Reply, who: str) -> str:
    return " ".join(one.text for one in reply.notices if one.member_id == talk.team.members[who].id)


@pytest.mark.parametrize(
    ("words", "begin", "until"),
    [
        ("请假 12月1日到12月5日 代理 李娜", "12-01 00:00", "12-06 00:00"),
        ("我请假12月1日到12月5日，李娜代理", "12-01 00:00", "12-06 00:00"),
        ("休假到下周五 代理李娜", "11-19 10:30", "11-28 00:00"),
        ("明天请假 代理人：李娜", "11-20 00:00", "11-21 00:00"),
        ("请假三天，由李娜代理", "11-19 10:30", "11-22 00:00"),
        ("下周一开始休年假三天 李娜代班", "11-23 00:00", "11-26 00:00"),
        ("出差 代理 李娜", "11-19 10:30", ""),
    ],
)
def test_it_is_noted_as_said(talk: Talk, words: str, begin: str, until: str) -> None:
    reply = talk.say("zhang", words)
    assert [card.title for card in reply.cards] == ["已登记请假"], reply.text
    (row,) = rows(talk)
    assert (local(row.from_at), local(row.until_at)) == (begin, until)
    assert (row.member_id, row.deputy_id) == (talk.team.members["zhang"].id, talk.team.members["li"].id)
    assert "由你代理" in told(talk, reply, "li")


def test_the_superior_notes_it_for_his_people_and_both_are_told(talk: Talk) -> None:
    reply = talk.say("li", "张伟 休假到下周五 代理孙丽")
    assert reply.cards[0].title == "已登记张伟请假"
    assert facts(reply.cards[0]) == {"时间": "11月19日 周四 到 11月27日 周五", "代理": "孙丽"}
    assert "张伟请假" in told(talk, reply, "sun")
    assert "李娜给你登记了请假" in told(talk, reply, "zhang")
    assert "由张伟本人或上级登记" in talk.say("wu", "张伟 休假到下周五 代理孙丽").text


def test_without_a_deputy_he_is_asked_for(talk: Talk) -> None:
    assert "由谁代理" in talk.say("zhang", "请假到周五").text
    assert talk.say("zhang", "李娜").cards[0].title == "已登记请假"


def test_nobody_else_is_meant_by_a_sentence_about_a_customer(talk: Talk) -> None:
    talk.say("zhang", "今天王总请假了")
    talk.say("zhang", "华润置地王总休假到周五")
    assert rows(talk) == []


def test_who_cannot_be_a_deputy_is_refused_with_the_reason(talk: Talk) -> None:
    assert "不能是自己" in talk.say("zhang", "请假到周五 代理 张伟").text
    assert "没有找到同事" in talk.say("zhang", "请假到周五 代理 王五").text
    talk.say("sun", "请假到下周五 代理 李娜")
    assert "孙丽那时也请假" in talk.say("zhang", "请假到周五 代理 孙丽").text
    assert "已经登记请假" in talk.say("sun", "明天请假 代理 张伟").text


def test_it_ends_at_once_with_the_word_and_both_hear_of_it(talk: Talk) -> None:
    card = talk.say("zhang", "请假到周五 代理 李娜").cards[0]
    reply = talk.say("zhang", "销假")
    assert reply.text == "好，已销假，李娜不再代理。"
    assert "你不再代理张伟" in told(talk, reply, "li")
    assert reply.refresh[0].done == "已销假 10:30"
    assert rows(talk)[0].ended_at is not None
    assert "现在没有登记请假" in talk.press("zhang", card, "销假").text
    talk.say("zhang", "请假到周五 代理 李娜")
    assert told(talk, talk.say("li", "销假 张伟"), "zhang").startswith("请假结束")


def test_it_ends_by_itself_once(talk: Talk) -> None:
    talk.say("zhang", "请假到周五 代理 李娜")
    before = datetime(2026, 11, 20, 23, 59, tzinfo=ZONE)
    assert ended_absences(talk.session, before, talk.team.business) == []
    after = before + timedelta(minutes=1)
    found = ended_absences(talk.session, after, talk.team.business)
    assert [one.member_id for one in found] == [talk.team.members[who].id for who in ("zhang", "li")]
    assert ended_absences(talk.session, after, talk.team.business) == []


def test_it_can_be_taken_back(talk: Talk) -> None:
    talk.say("zhang", "请假到周五 代理 李娜")
    assert "请假" in talk.say("zhang", "撤销").text
    assert rows(talk)[0].ended_at is not None
    talk.say("zhang", "请假到周五 代理 李娜")
    talk.say("zhang", "销假")
    talk.say("zhang", "撤销")
    assert [one.ended_at is None for one in rows(talk)] == [False, True]


def test_the_deputy_gets_the_approvals_and_decides_them(talk: Talk) -> None:
    talk.say("li", "请假到周五 代理 赵磊")
    reply = talk.say("zhang", "报价 华润置地 58万 9折 提交")
    asked = {one.member_id for one in reply.notices}
    assert asked == {talk.team.members["li"].id, talk.team.members["zhao"].id}
    assert len(quotes.waiting_for(talk.context("zhao"), talk.team.members["zhao"].id)) == 1
    (card,) = [one.card for one in reply.notices if one.member_id == talk.team.members["zhao"].id]
    assert card is not None
    done = talk.press("zhao", card, "同意")
    assert "赵经理" in done.refresh[0].done
    assert "只有提交人和被请审批的人处理" in talk.press("sun", card, "同意").text


def test_the_deputy_finishes_what_is_due_meanwhile(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我给王总打电话")
    talk.say("zhang", "请假到下周五 代理 吴婷")
    (task,) = talk.session.execute(select(Task)).scalars()
    assert finish(talk.context("wu"), task.id).status == "done"


def test_a_sentence_about_a_customer_with_a_deputy_of_its_own_is_left_alone(talk: Talk) -> None:
    talk.say("zhang", "华润置地王总明天请假，由李经理代理")
    talk.say("zhang", "明天王总请假，由李经理代理")
    assert rows(talk) == []
    assert "没有找到同事" not in talk.say("zhang", "明天王总请假，由李经理代理").text


def test_the_deputy_sees_the_customers_only_meanwhile(talk: Talk) -> None:
    assert "负责人张伟" in talk.say("wu", "美的集团").text
    talk.say("zhang", "请假到下周五 代理 吴婷")
    assert "美的" in talk.say("wu", "美的集团").cards[0].title
    talk.say("zhang", "销假")
    assert "负责人张伟" in talk.say("wu", "美的集团").text
