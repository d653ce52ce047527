"""Rights in the chat: one's own in words, an administrator's changes, working together, masked numbers."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import contacts
from crm.rights import Right, can_edit, can_see, may
from store.tables import Customer, Member, Role
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

PHONE = "13800138000"


@standing
def talk(session: Session) -> Talk:
    """A conversation in which there is an administrator; 恒瑞医药's 王建国 has a phone."""
    talk = make_talk(session)
    talk.team.members["admin"] = Member(name="孙工", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
    session.add(talk.team.members["admin"])
    session.flush()
    contacts.find_or_add(talk.context("wu"), hengrui(talk), "王建国", phone=PHONE)
    return talk


def hengrui(talk: Talk) -> Customer:
    """吴婷's customer."""
    return talk.session.scalars(select(Customer).where(col(Customer.name) == "恒瑞医药")).one()


def rights(talk: Talk, who: str) -> tuple[bool, bool]:
    """Whether somebody sees and may change 恒瑞医药."""
    ctx = talk.context(who)
    return can_see(ctx, hengrui(talk)), can_edit(ctx, hengrui(talk))


def test_ones_own_rights_in_words(talk: Talk) -> None:
    (card,) = talk.say("zhang", "权限").cards
    assert card.title == "你的权限 · 销售"
    assert facts(card)["查看客户"] == "本人及下属"
    assert "导出" in facts(card)["不能做"]


@pytest.mark.parametrize(
    ("text", "what", "before", "after"),
    [
        ("权限 财务 客户 本人", "查看客户", "全部", "本人"),
        ("权限财务客户全部", "查看客户", "全部", "全部"),
        ("权限 客服 修改客户 本部门及下级", "修改客户", "本人及下属", "本部门及下级"),
        ("权限 客服 客户 改 全部", "修改客户", "本人及下属", "全部"),
        ("权限 销售 报价 本人", "查看报价", "跟客户一样", "本人"),
        ("权限 客服 联系人.手机 打码", "联系人手机", "可改", "打码"),
        ("权限 客服 联系人的电话 隐藏", "联系人手机", "可改", "隐藏"),
        ("权限 财务 联系人手机 默认", "联系人手机", "打码", "打码"),
        ("权限 主管 导出 允许", "导出", "不允许", "允许"),
        ("/权限 销售 合并 禁止", "合并", "允许", "不允许"),
    ],
)
def test_an_administrator_sets_rights(talk: Talk, text: str, what: str, before: str, after: str) -> None:
    (card,) = talk.say("admin", text).cards
    if before == after:
        assert "本来就是" in card.title
        return
    assert facts(card) == {what: after, "原来": before}
    talk.say("admin", "撤销")
    (again,) = talk.say("admin", text).cards
    assert facts(again)["原来"] == before


def test_others_are_told_who_may(talk: Talk) -> None:
    for text in ("权限 财务 客户 本人", "权限 主管 导出 允许", "权限 客服 联系人.手机 打码"):
        assert "设置由管理员来做" in talk.say("li", text).text
    assert not may(talk.context("li"), Right.EXPORT)


def test_what_is_not_understood_is_explained_with_examples(talk: Talk) -> None:
    assert "权限 客服 客户 全部" in talk.say("admin", "权限 客服 客户 随便").text
    assert "没有“星座”" in talk.say("admin", "权限 客服 联系人.星座 打码").text
    assert "没有找到部门" in talk.say("admin", "权限 客服 客户 指定 火星区").text


def test_a_colleague_is_let_in_until_the_end_of_the_month(talk: Talk) -> None:
    reply = talk.say("wu", "协作 恒瑞 张伟 可写 到月底")
    (card,) = reply.cards
    assert facts(card) == {"客户": "恒瑞医药", "协作人": "张伟（可写）", "截止": "到11月30日 周一"}
    (notice,) = reply.notices
    assert (notice.member_id, "请你一起跟" in notice.text) == (talk.team.members["zhang"].id, True)
    assert rights(talk, "zhang") == (True, True)
    assert "张伟（可写，到11月30日" in talk.say("wu", "恒瑞的协作人").cards[0].body
    talk.pass_time(days=12)
    assert rights(talk, "zhang") == (False, False)


@pytest.mark.parametrize(
    "text",
    ["让张伟协作恒瑞", "恒瑞加协作人张伟 可看", "协作 恒瑞医药 张伟 3天", "给恒瑞加协作 张伟 可读 长期"],
)
def test_letting_in_is_said_in_many_ways(talk: Talk, text: str) -> None:
    assert talk.say("wu", text).cards[0].title == "已加协作 · 张伟"
    assert rights(talk, "zhang") == (True, False)
    assert "不再协作" in talk.say("wu", "取消协作 恒瑞 张伟").text
    assert rights(talk, "zhang") == (False, False)


def test_asking_the_owner_who_decides_once(talk: Talk) -> None:
    reply = talk.say("zhang", "申请协作 恒瑞医药 一起投标")
    (notice,) = reply.notices
    assert notice.card is not None
    assert (notice.member_id, facts(notice.card)["原因"]) == (talk.team.members["wu"].id, "一起投标")
    assert "已经申请过" in talk.say("zhang", "申请协作 恒瑞医药").text
    done = talk.press("wu", notice.card, "同意查看")
    assert done.refresh[0].done == "已由吴婷同意（可看）"
    assert (done.notices[0].member_id, rights(talk, "zhang")) == (
        talk.team.members["zhang"].id,
        (True, False),
    )
    assert "已由吴婷同意" in talk.press("zhao", notice.card, "拒绝").text
    talk.say("wu", "撤销")
    assert rights(talk, "zhang") == (False, False)


def test_the_owner_may_answer_in_words_too(talk: Talk) -> None:
    talk.say("zhang", "申请协作 恒瑞医药")
    assert "已由吴婷拒绝" in talk.say("wu", "拒绝协作 恒瑞 张伟").text
    assert "刚刚没有同意" in talk.say("zhang", "申请协作 恒瑞医药").text
    talk.pass_time(days=2)
    talk.say("zhang", "申请协作 恒瑞医药")
    reply = talk.say("wu", "协作 恒瑞 张伟 可写")
    assert "同意" in reply.refresh[0].done
    assert rights(talk, "zhang") == (True, True)


def test_a_stranger_does_not_grant_himself(talk: Talk) -> None:
    notice = talk.say("zhang", "申请协作 恒瑞医药").notices[0]
    assert notice.card is not None
    assert "吴婷或上级" in talk.press("zhang", notice.card, "同意修改").text
    assert (
        "吴婷或上级" in talk.say("li", "协作 恒瑞 张伟").text or "负责人吴婷" in talk.say("li", "恒瑞").text
    )
    assert rights(talk, "zhang") == (False, False)


def test_undo_is_no_reason_to_see_a_number(talk: Talk) -> None:
    talk.say("zheng", "看电话 王建国")
    reply = talk.say("zheng", "撤销")
    assert "什么都没有写" in reply.text
    assert not reply.cards


def test_a_masked_number_is_shown_for_a_reason(talk: Talk) -> None:
    asked = talk.say("zheng", "看电话 王建国")
    assert "原因" in asked.text
    (card,) = talk.say("zheng", "核对开票").cards
    assert facts(card)["电话"] == PHONE
    assert "还能看49个" in card.note
    (card,) = talk.say("zheng", "看电话 恒瑞的王建国 回访").cards
    assert facts(card)["电话"] == PHONE


def test_finance_sees_numbers_masked_everywhere(talk: Talk) -> None:
    talk.say("wu", f"今天拜访了恒瑞医药的王建国，手机{PHONE}，聊了方案")
    for text in ("恒瑞", "恒瑞 联系人", "恒瑞 全部跟进", "恒瑞 时间线", "搜跟进 方案", PHONE[:3]):
        reply = talk.say("zheng", text)
        shown = " ".join(
            [reply.text, *(f"{c.body} {c.note} {' '.join(f.value for f in c.facts)}" for c in reply.cards)]
        )
        assert PHONE not in shown, (text, shown)


def test_a_number_that_was_looked_at_is_told_in_the_timeline_and_to_those_who_check(talk: Talk) -> None:
    (people,) = talk.say("zheng", "恒瑞 联系人").cards
    asked = talk.press("zheng", people, "看王建国电话")
    assert "做什么用" in asked.text
    assert facts(talk.say("zheng", "核对开票").cards[0])["电话"] == PHONE
    told = talk.say("wu", "恒瑞 时间线").cards[0]
    assert "核对开票" in told.body + "".join(facts(told).values())
    assert "郑晓燕 看恒瑞医药王建国：核对开票" in talk.say("chen", "看电话记录").cards[0].body
    assert "审计由" in talk.say("zhang", "看电话记录").text


def test_a_hidden_field_is_on_no_card(talk: Talk) -> None:
    talk.say("wu", "客户 恒瑞医药 级别 A 来源 展会")
    talk.say("wu", "设备 恒瑞医药 新增 空压机 型号GA37 序列号SN4711")
    assert "A级" in str(talk.say("wu", "恒瑞医药").cards)
    assert "SN4711" in str(talk.say("wu", "恒瑞医药的设备").cards)
    talk.say("admin", "权限 销售 客户.级别 隐藏")
    talk.say("admin", "权限 销售 设备.序列号 隐藏")
    card = str(talk.say("wu", "恒瑞医药").cards)
    assert "A级" not in card
    assert "SN4711" not in str(talk.say("wu", "恒瑞医药的设备").cards)
    assert hengrui(talk).level == "A"


def test_who_has_only_asked_is_no_collaborator(talk: Talk) -> None:
    talk.say("zhang", "申请协作 恒瑞医药")
    assert "张伟" not in str(talk.say("wu", "恒瑞医药").cards)


@pytest.fixture
def audit(talk: Talk) -> Talk:
    """Somebody who checks is in the conversation too."""
    talk.team.members["he"] = Member(name="何平", role=Role.AUDITOR, created_at=NOW, updated_at=NOW)
    talk.session.add(talk.team.members["he"])
    talk.session.flush()
    return talk


@pytest.mark.parametrize(
    "text",
    [
        "今天拜访了恒瑞医药的王建国，聊了方案",
        "恒瑞医药又叫小恒",
        "打标签 恒瑞 高意向",
        "新增客户 苏州汇川技术",
        "报价 恒瑞医药 58万 9折",
        "设备 恒瑞医药 新增 空压机",
        "恒瑞的王建国生日农历腊月初八",
    ],
)
def test_who_checks_looks_and_changes_nothing(audit: Talk, text: str) -> None:
    assert audit.say("he", "恒瑞医药").cards[0].title.startswith("恒瑞医药")
    said = audit.say("he", text).text
    assert "审计只看不改" in said
    assert "总监、管理员来做" in said


def test_who_checks_changes_what_the_administrator_opens(audit: Talk) -> None:
    audit.say("admin", "权限 审计 修改客户 全部")
    assert audit.say("he", "今天拜访了恒瑞医药的王建国，聊了方案").cards
    assert (
        "、审计" in audit.say("li", "恒瑞医药又叫小恒").text or "负责人" in audit.say("li", "恒瑞医药").text
    )


def test_a_refusal_to_change_names_the_owner_and_the_roles(talk: Talk) -> None:
    said = talk.say("zheng", "今天拜访了恒瑞医药的王建国，聊了方案").text
    assert "吴婷和上级、总监、管理员" in said
