"""To change many records at once and to delete are rights of their own; roles keep their day's work."""

from __future__ import annotations

from sqlmodel import Session

from crm.rights import MANY
from handlers.reply import Reply
from store.tables import Member, Role
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation in which there is an administrator and another salesman of 李娜's."""
    talk = make_talk(session)
    boss = talk.team.members["li"].id
    for key, name, role, above in (("admin", "孙工", Role.ADMIN, None), ("sun", "孙丽", Role.SALES, boss)):
        row = Member(name=name, role=role, superior_id=above, created_at=NOW, updated_at=NOW)
        session.add(row)
        session.flush()
        talk.team.members[key] = row
    return talk


def words(reply: Reply) -> str:
    """Everything that is answered."""
    return reply.text + str(reply.cards)


def named(talk: Talk, count: int) -> str:
    """As many customers of 张伟, as one names them."""
    made = [talk.team.customer("zhang", f"{who}精密机械") for who in "甲乙丙丁戊己庚辛"[:count]]
    return "、".join(one.name for one in made)


def test_a_few_of_ones_own_customers_are_given_away_as_ever(talk: Talk) -> None:
    reply = talk.say("zhang", f"把{named(talk, MANY)}转给孙丽")
    assert reply.cards, reply.text


def test_many_at_once_are_for_those_who_lead(talk: Talk) -> None:
    many = named(talk, MANY + 1)
    said = talk.say("zhang", f"把{many}转给孙丽").text
    assert "批量修改由主管、总监、管理员来做，你是销售" in said
    assert talk.say("li", f"把{many}转给孙丽").cards
    talk.say("admin", "权限 销售 批量修改 允许")
    assert talk.say("zhang", f"把{many}转给孙丽").cards


def test_a_hand_over_of_many_asks_for_the_right(talk: Talk) -> None:
    named(talk, MANY + 1)
    talk.say("admin", "权限 主管 批量修改 禁止")
    (card,) = talk.say("li", "交接 张伟").cards
    start = next(b.text for b in card.buttons if b.action and b.action.name.startswith("handover."))
    assert "批量修改由总监、管理员来做" in words(talk.press("li", card, start))
    talk.say("admin", "权限 主管 批量修改 默认")
    (card,) = talk.say("li", "交接 张伟").cards
    assert "批量修改" not in words(talk.press("li", card, start))


def test_a_rule_for_tags_changes_many(talk: Talk) -> None:
    talk.say("admin", "权限 管理员 批量修改 禁止")
    said = talk.say("admin", "标签规则 沉睡 30天没跟进").text
    assert "批量修改由主管、总监来做" in said
    talk.say("admin", "权限 管理员 批量修改 默认")
    assert "批量修改" not in words(talk.say("admin", "标签规则 沉睡 30天没跟进"))


def test_what_was_recorded_is_deleted_where_the_role_may(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的集团，聊了方案")
    talk.say("admin", "权限 销售 删除 禁止")
    said = talk.say("zhang", "删掉刚才那条").text
    assert "删除由主管、总监、商务" in said
    assert "已撤销" in talk.say("zhang", "撤销").text  # taking back a slip is no deletion


def test_a_deletion_that_was_asked_about_is_refused_when_the_right_is_gone(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的集团，聊了方案")
    (card,) = talk.say("zhang", "删掉刚才那条").cards
    talk.say("admin", "权限 销售 删除 禁止")
    assert "删除由" in talk.press("zhang", card, card.buttons[0].text).text
    talk.say("admin", "权限 销售 删除 默认")
    assert "删除由" not in talk.press("zhang", card, card.buttons[0].text).text


def test_equipment_is_removed_where_the_role_may(talk: Talk) -> None:
    talk.say("zhang", "设备 美的集团 新增 空压机 序列号SN4711")
    talk.say("admin", "权限 销售 删除 禁止")
    assert "删除由" in talk.say("zhang", "设备 SN4711 拆除").text
    talk.say("admin", "权限 销售 删除 允许")
    assert "删除由" not in words(talk.say("zhang", "设备 SN4711 拆除"))


def test_own_kinds_of_records_are_put_away_where_the_role_may(talk: Talk) -> None:
    talk.say("admin", "对象 新增 样机借用 编号YJ 字段 设备/状态 单选 在库/借出")
    (card,) = talk.say("zhang", "样机借用 新增 美的集团 设备 GA37").cards
    number = card.title.split(" · ")[-1]
    talk.say("admin", "权限 销售 删除 禁止")
    assert "删除由" in talk.say("zhang", f"{number} 归档").text
    talk.say("admin", "权限 销售 删除 默认")
    assert "已归档" in words(talk.say("zhang", f"{number} 归档"))


def test_who_checks_deletes_nothing_anywhere(talk: Talk) -> None:
    (card,) = talk.say("admin", "权限 审计").cards
    facts = {fact.name: fact.value for fact in card.facts}
    assert facts["修改客户"] == "不开放"
    assert {"导出", "批量修改", "删除"} <= set(facts["不能做"].split("、"))
