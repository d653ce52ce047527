"""Who is let in, by the name that people say: namesakes, colleagues who have left, oneself."""

from __future__ import annotations

from sqlmodel import Session

from store.tables import Member
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation in a company with two 张伟."""
    talk = make_talk(session)
    talk.team.members["zhang"].department = "销售一部"
    session.add(Member(name="张伟", department="销售二部", created_at=NOW, updated_at=NOW))
    session.flush()
    return talk


def test_namesakes_are_told_apart_by_their_department(talk: Talk) -> None:
    assert "加上部门再说，例如：张伟（销售一部）" in talk.say("wu", "协作 恒瑞 张伟 可写").text
    assert talk.say("wu", "协作 恒瑞 张伟（销售一部） 可写").cards[0].title == "已加协作 · 张伟"
    assert "不再协作" in talk.say("wu", "取消协作 恒瑞 张伟（销售一部）").text


def test_one_leaves_without_saying_ones_name(talk: Talk) -> None:
    talk.say("wu", "协作 恒瑞 张伟（销售一部） 可写")
    assert talk.say("zhang", "取消协作 恒瑞医药").text.startswith("张伟不再协作恒瑞医药了")


def test_one_who_has_left_is_no_longer_let_in_but_can_be_taken_out(talk: Talk) -> None:
    talk.say("wu", "协作 恒瑞 赵磊 可看")
    talk.team.members["zhao"].active = False
    talk.session.flush()
    assert "已经离开了" in talk.say("wu", "协作 恒瑞 赵磊 可写").text
    assert "赵磊不再协作恒瑞医药了" in talk.say("wu", "取消协作 恒瑞 赵磊").text


def test_it_is_asked_for_by_the_name_people_use(talk: Talk) -> None:
    talk.say("zhang", "新增客户 深圳市恒通物流有限公司")
    assert talk.say("wu", "申请协作 恒通").text.startswith("已向张伟申请协作深圳市恒通物流有限公司")
