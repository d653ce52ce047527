"""Own fields in the chat: added by an administrator, filled in, asked for, listed, taken back."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from cards.render.dingtalk_text import listed
from crm import assets, contacts, customers
from crm.custom import fields
from crm.journal import created
from handlers.field_words import HELP
from handlers.reply import Reply
from store.tables import Customer, FieldRight, Role
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk


@standing
def talk(session: Session) -> Talk:
    """The team, with 陈建国 as administrator, and a choice and an amount of customers."""
    talk = make_talk(session)
    talk.team.members["chen"].role = Role.ADMIN
    talk.say("chen", "字段 客户 新增 设备型号偏好 单选 A/B/C")
    talk.say("chen", "字段 客户 新增 年采购额 金额")
    return talk


def shown(reply: Reply) -> str:
    """All that is to be read."""
    parts = [reply.text]
    for card in reply.cards:
        lines = (f"{fact.name}={fact.value}" for fact in card.facts)
        parts += [card.title, card.subtitle, card.body, card.note, *lines]
    return "\n".join(part for part in parts if part)


def customer(talk: Talk, name: str) -> Customer:
    """A customer by its name."""
    found = customers.look_up(talk.context("zhang"), name)
    row = talk.session.get(Customer, found.proposals[0].id)
    assert row is not None
    return row


def test_a_field_is_added_and_works_at_once(talk: Talk) -> None:
    added = talk.say("chen", "字段 联系人 新增 车牌").cards[0]
    assert added.title == "已新增字段 · 车牌"
    assert facts(added) == {"用在": "联系人", "类型": "文本", "这样填": "华润置地 车牌 沪A12345"}
    done = talk.say("zhang", "华润置地 设备型号偏好 B，年采购额120万").cards[0]
    assert facts(done) == {"设备型号偏好": "B", "年采购额": "120万元"}
    assert talk.say("zhang", "华润置地的年采购额是多少").text == "华润置地的年采购额：120万元"
    changed = talk.say("zhang", "华润置地 年采购额 80万").cards[0]
    assert facts(changed) == {"年采购额": "120万元 → 80万元"}


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("字段 客户 新增 到期日 日期", "日期"),
        ("字段客户 新增 到期日 日期", "日期"),
        ("/字段 客户 加 到期日（日期）", "日期"),
        ("字段 新增 客户 到期日 日期", "日期"),
        ("给客户加字段 到期日 日期", "日期"),
        ("客户新增字段 到期日 日期", "日期"),
        ("字段 客户 新增 到期日 单选：早/晚", "单选"),
        ("字段 客户 新增 到期日 早/晚", "单选"),
        ("字段 客户 新增 到期日 多选 早、中、晚", "多选"),
        ("字段 客户 新增 到期日 数字 必填", "数字 · 必填"),
        ("字段 客户 新增 到期日 公式 年采购额*5%", "公式"),
        ("字段 客户 新增 到期日 人员", "人员"),
        ("字段 客户 新增 到期日", "文本"),
    ],
)
def test_a_field_can_be_added_in_many_words(talk: Talk, typed: str, kind: str) -> None:
    added = talk.say("chen", typed).cards[0]
    assert (added.title, facts(added)["类型"]) == ("已新增字段 · 到期日", kind)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("字段 客户 新增 到期日 颜色", "不是字段类型"),
        ("字段 客户 新增 到期日 单选", "要有选项"),
        ("字段 客户 新增 到期日 公式 利润*2", "“利润”不认识"),
        ("字段 客户 新增 级别", "本来就有"),
        ("字段 客户 新增 年采购额", "已经有字段"),
        ("字段 火箭 新增 高度", "没有“火箭”"),
        ("字段 客户 删除 高度", "没有“高度”"),
        ("字段 客户 改名 年采购额", "改成什么"),
        ("字段 客户 年采购额 加选项 D", "没有选项"),
        ("字段 客户 乱写 一气", "没看懂"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_way_out(talk: Talk, typed: str, told: str) -> None:
    assert told in talk.say("chen", typed).text


def test_only_an_administrator_changes_fields(talk: Talk) -> None:
    for typed in ("字段 客户 新增 车牌", "字段 客户 删除 年采购额", "字段 客户 设备型号偏好 加选项 D"):
        assert "管理员" in talk.say("zhang", typed).text
    assert "设备型号偏好" in shown(talk.say("zhang", "字段 客户"))


def test_options_names_and_formulas_change_and_come_back(talk: Talk) -> None:
    talk.say("chen", "字段 客户 设备型号偏好 加选项 D/E")
    assert facts(talk.say("zhang", "华润置地 设备型号偏好 E").cards[0]) == {"设备型号偏好": "E"}
    talk.say("chen", "字段 客户 设备型号偏好 减选项 E")
    assert talk.say("zhang", "华润置地的设备型号偏好").text.endswith("：E")
    talk.say("chen", "字段 客户 改名 设备型号偏好 偏好型号")
    assert talk.say("zhang", "华润置地的偏好型号").text == "华润置地的偏好型号：E"
    talk.say("chen", "撤销")
    assert talk.say("zhang", "华润置地的设备型号偏好").text == "华润置地的设备型号偏好：E"


def test_a_field_is_removed_only_when_confirmed(talk: Talk) -> None:
    talk.say("zhang", "华润置地 设备型号偏好 B")
    asked = talk.say("chen", "字段 客户 删除 设备型号偏好").cards[0]
    assert "有1条记录填了它" in asked.body
    kept = talk.press("chen", asked, "不删")
    assert kept.refresh[0].done == "没有删除"
    asked = talk.say("chen", "字段 客户 删除 设备型号偏好").cards[0]
    done = talk.press("chen", asked, "删除字段")
    assert "数据都留着" in done.text
    assert talk.press("chen", asked, "删除字段").text == "这个字段已经删除了。"
    assert "设备型号偏好" not in shown(talk.say("zhang", "字段 客户"))
    talk.say("chen", "撤销")
    assert talk.say("zhang", "华润置地的设备型号偏好").text.endswith("：B")


def test_the_history_tells_every_change(talk: Talk) -> None:
    talk.say("chen", "字段 客户 设备型号偏好 加选项 D")
    talk.say("chen", "撤销")
    body = talk.say("chen", "字段 历史").cards[0].body.splitlines()
    assert [line.partition("：")[2] for line in body] == [
        "客户字段“设备型号偏好”选项由A/B/C/D改为A/B/C",
        "客户字段“设备型号偏好”选项由A/B/C改为A/B/C/D",
        "新增客户字段“年采购额”（金额）",
        "新增客户字段“设备型号偏好”（单选：A/B/C）",
    ]


def test_an_unknown_choice_is_asked_with_the_options(talk: Talk) -> None:
    asked = talk.say("zhang", "华润置地 设备型号偏好 D，年采购额 120万").cards[0]
    assert asked.title == "设备型号偏好没有“D”"
    assert [button.text for button in asked.buttons] == ["A", "B", "C"]
    assert customer(talk, "华润置地").ext == {}
    done = talk.press("zhang", asked, "C")
    assert facts(done.cards[0]) == {"设备型号偏好": "C", "年采购额": "120万元"}
    assert "已选：C" in [card.done for card in done.refresh]
    assert "已经处理过" in talk.press("zhang", asked, "A").text
    talk.say("zhang", "撤销")
    assert customer(talk, "华润置地").ext == {}


def test_an_unknown_choice_is_answered_in_words(talk: Talk) -> None:
    for answer in ("b", "2"):
        talk.say("zhang", "华润置地 设备型号偏好 D")
        assert "设备型号偏好=" in shown(talk.say("zhang", answer))
        assert talk.say("zhang", "华润置地的设备型号偏好").text.endswith("：B")
    talk.say("zhang", "华润置地 设备型号偏好 D")
    assert talk.say("zhang", "算了").text == "好，没有改。"


def test_many_options_are_a_drop_down(talk: Talk) -> None:
    talk.say("chen", "字段 客户 新增 产线 单选 一线/二线/三线/四线/五线/六线/七线")
    asked = talk.say("zhang", "华润置地 产线 八线").cards[0]
    assert len(asked.form[0].options) == 7
    done = talk.press("zhang", asked, "就选这个", option="6")
    assert facts(done.cards[0]) == {"产线": "七线"}


def test_which_customer_is_asked_where_several_fit(talk: Talk) -> None:
    asked = talk.say("zhang", "华润 设备型号偏好 B").cards[0]
    assert {button.text for button in asked.buttons} == {"华润置地", "华润燃气"}
    done = talk.press("zhang", asked, "华润燃气")
    assert done.cards[0].title == "已更新 · 华润燃气"
    talk.say("zhang", "华润 设备型号偏好 C")
    assert talk.say("zhang", "1").cards[0].title.startswith("已更新 · 华润")


def test_without_a_name_the_customer_last_spoken_of_is_meant(talk: Talk) -> None:
    assert "是哪家客户的" in talk.say("zhang", "设备型号偏好 B").text
    talk.say("zhang", "华润燃气")
    assert talk.say("zhang", "设备型号偏好 B").cards[0].title == "已更新 · 华润燃气"


def test_a_field_of_a_person(talk: Talk) -> None:
    talk.say("chen", "字段 联系人 新增 车牌")
    assert "还没有联系人" in talk.say("zhang", "客户 华润置地 车牌 沪A12345").text
    ctx, row = talk.context("zhang"), customer(talk, "华润置地")
    king = contacts.find_or_add(ctx, row, "王建国", "总经理")
    assert talk.say("zhang", "客户 华润置地 车牌 沪A12345").cards[0].title == "已更新 · 王建国"
    contacts.find_or_add(ctx, row, "李娜娜", "采购经理")
    asked = talk.say("zhang", "华润置地 车牌 沪B1").cards[0]
    assert [button.text for button in asked.buttons] == ["王建国", "李娜娜"]
    talk.press("zhang", asked, "王建国")
    assert list(king.ext.values()) == ["沪B1"]


def test_a_persons_own_fields_are_on_his_card_as_rights_allow(talk: Talk) -> None:
    talk.say("chen", "字段 联系人 新增 车牌")
    contacts.find_or_add(talk.context("zhang"), customer(talk, "华润置地"), "王建国", "总经理")
    talk.say("zhang", "华润置地 车牌 沪A12345")
    card = talk.say("zhang", "华润置地的王建国电话 13800138000").cards[0]
    assert facts(card)["车牌"] == "沪A12345"
    assert "车牌沪A12345" in facts(talk.say("zhang", "华润置地 联系人").cards[0])["王建国"]
    talk.say("chen", "权限 销售 联系人.车牌 隐藏")
    assert "车牌" not in facts(talk.say("zhang", "华润置地的王建国微信 wangjg88").cards[0])
    assert "沪A" not in shown(talk.say("zhang", "华润置地 联系人"))


def test_a_needed_field_says_so_where_it_is_asked_for(talk: Talk) -> None:
    added = talk.say("chen", "字段 客户 新增 行业分类 单选 机械/电子 必填").cards[0]
    assert facts(added)["类型"] == "单选 · 必填"
    form = talk.say("zhang", "华润置地 填资料").cards[0]
    titles = {field.title: field.optional for field in form.form}
    assert titles["行业分类（必填）"] is False
    assert titles["年采购额"] is True
    asked = talk.say("zhang", "华润置地 行业分类 纺织").cards[0]
    assert asked.title == "行业分类（必填）没有“纺织”"


def test_others_customers_are_not_told_and_not_changed(talk: Talk) -> None:
    talk.say("wu", "恒瑞 年采购额 300万")
    for typed in ("恒瑞 年采购额 1万", "恒瑞的年采购额"):
        assert "300万" not in shown(talk.say("zhang", typed))
    assert "恒瑞" not in shown(talk.say("zhang", "年采购额大于1万的客户"))
    assert "恒瑞" in shown(talk.say("chen", "年采购额大于1万的客户"))


def test_lists_are_paged_and_say_how_they_were_understood(talk: Talk) -> None:
    for number in range(10):
        row = talk.team.customer("zhang", f"第{number}精密机械")
        assert facts(talk.say("zhang", f"{row.name} 年采购额 {number + 101}万").cards[0])
    first = talk.say("zhang", "年采购额大于100万的客户").cards[0]
    assert first.title == "年采购额大于100万元的客户 · 10家"
    second = talk.press("zhang", first, "更多").cards[0]
    assert len(second.body.splitlines()) == 2
    assert second.body.startswith("9. ")
    assert "没有符合的" in shown(talk.say("zhang", "年采购额大于900万的客户"))
    assert talk.say("chen", "年采购额大于100万的客户").cards[0].title.endswith("10家")
    assert "没有符合的" in shown(talk.say("chen", "我的年采购额大于100万的客户"))


def test_the_report_of_a_visit_is_left_alone(talk: Talk) -> None:
    reply = talk.say("zhang", "今天拜访华润置地，聊了年采购额大概120万")
    assert "已记录拜访" in reply.cards[0].title


def test_the_fields_are_filled_in_one_by_one(talk: Talk) -> None:
    talk.say("chen", "字段 客户 新增 关注点 多选 价格/交期/质量")
    talk.say("zhang", "华润置地 设备型号偏好 B")
    card = talk.say("zhang", "华润置地 填资料").cards[0]
    assert card.title == "填资料 · 华润置地"
    assert [(one.title, one.selected) for one in card.form] == [
        ("设备型号偏好", ("1",)),
        ("年采购额", ()),
        ("关注点", ()),
    ]
    key = next(one.key for one in card.form if one.title == "年采购额")
    focus = next(one.key for one in card.form if one.title == "关注点")
    saved = talk.press("zhang", card, "保存", **{card.form[0].key: "2", key: "一百二十万", focus: "2"})
    assert facts(saved.cards[0]) == {"设备型号偏好": "B → C", "年采购额": "120万元", "关注点": "质量"}
    card = talk.say("zhang", "填资料 华润置地").cards[0]
    wrong = talk.press("zhang", card, "保存", **{key: "很多", focus: "0"})
    assert "年采购额要是金额" in wrong.text
    assert facts(wrong.cards[0]) == {"关注点": "质量 → 价格"}
    talk.say("zhang", "撤销")
    assert talk.say("zhang", "华润置地的关注点").text.endswith("：质量")


def test_a_sentence_about_finishing_something_is_no_form(talk: Talk) -> None:
    assert all(not card.form for card in talk.say("zhang", "完善方案发给华润置地").cards)
    assert talk.say("zhang", "完善华润置地").cards[0].title == "填资料 · 华润置地"


def test_a_piece_of_equipment_by_its_number(talk: Talk) -> None:
    talk.say("chen", "字段 设备 新增 保养周期 数字")
    row = assets.add(talk.context("zhang"), customer(talk, "华润置地"), assets.NewAsset("空压机"))
    assert facts(talk.say("zhang", f"{row.number} 保养周期 6").cards[0]) == {"保养周期": "6"}
    assert facts(talk.say("zhang", f"设备 {row.number} 保养周期 6").cards[0]) == {"保养周期": "6"}
    assert "没有E9999" in talk.say("zhang", "E9999 保养周期 6").text
    assert "300" not in shown(talk.say("wu", f"{row.number} 保养周期 300"))
    assert list(row.ext.values()) == [6]


def test_a_field_of_the_follow_up_just_recorded(talk: Talk) -> None:
    talk.say("chen", "字段 跟进 新增 满意度 单选 高/中/低")
    assert "先记一条跟进" in talk.say("zhang", "跟进 满意度 高").text
    talk.say("zhang", "今天拜访了华润置地，聊了二期报价")
    assert facts(talk.say("zhang", "刚才那条 满意度 高").cards[0]) == {"满意度": "高"}


def test_a_hidden_field_is_told_nowhere(talk: Talk) -> None:
    talk.say("zhang", "华润置地 年采购额 120万，设备型号偏好 B")
    key = next(s.key for s in fields.listed(talk.context("chen"), "customer") if s.label == "年采购额")
    talk.say("chen", "字段 客户 新增 年返点 公式 年采购额*5%")
    hide = FieldRight(role=Role.MANAGER, object="customer", field=key, right="hidden", updated_at=talk.now)
    created(talk.context("chen"), hide)
    for typed in (
        "华润置地的年采购额",
        "华润置地的年返点",
        "年采购额大于1万的客户",
        "华润置地 年采购额 9万",
        "华润置地",
    ):
        answer = shown(talk.say("li", typed))
        assert "120万" not in answer, (typed, answer)
        assert "6万" not in answer, typed
    assert talk.say("zhang", "华润置地的年采购额").text.endswith("120万元")
    assert "不能改" in talk.say("li", "华润置地 年采购额 9万").text
    assert "不能用来筛选" in talk.say("li", "年采购额大于1万的客户").text


def test_every_example_of_the_help_stands_there_as_it_is_typed_on_dingtalk(talk: Talk) -> None:
    shown = listed(talk.say("chen", "帮助 字段").text) or listed(talk.say("chen", "字段").text)
    assert shown is not None
    written = listed(HELP)
    assert written is not None
    assert "年采购额×5%" in written.text
    assert "＊" not in written.text + shown.text
    talk.say("chen", "字段 客户 新增 年采购额 金额")
    assert "年返点" in str(talk.say("chen", "字段 客户 新增 年返点 公式 年采购额×5%").cards)
