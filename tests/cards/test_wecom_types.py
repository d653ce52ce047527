"""Which card becomes which of the five template cards, and what happens to what does not fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from cards import limits
from cards.actions import Unpackable, pack, unpack
from cards.card import Action, Button, Card, Fact, Field, FieldKind, Option, Tone
from cards.render import wecom
from cards.render.wecom import Rendered

SECRET = b"a secret of the test, long enough"
LINK = "https://crm.example.com/customers/7"
PICTURE = "https://crm.example.com/birthday.png"
OK = Button("同意", Action("quote.approve", "7", 2), Tone.SUCCESS)
OPEN = Button("详情", url=LINK)
SAVE = Button("保存", Action("deal.save", "7"))


def sign(action: Action) -> str:
    return pack(action, SECRET)


def render(card: Card, **limit: int) -> Rendered:
    return wecom.render(card, task_id="quote-7_2", sign=sign, **limit)


def payload(card: Card) -> dict[str, Any]:
    return dict(render(card).payload)


def choice(key: str = "stage", kind: FieldKind = FieldKind.SELECT, count: int = 3) -> Field:
    return Field(key, "阶段", tuple(Option(f"o{n}", f"第 {n} 步") for n in range(count)), kind)


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        (Card("报价", buttons=(OK,)), "button_interaction"),
        (Card("报价", buttons=(OK, OPEN), link=LINK), "button_interaction"),
        (Card("报价", buttons=(OK,), form=(choice(),)), "button_interaction"),
        (Card("客户", link=LINK), "text_notice"),
        (Card("客户", buttons=(OPEN,)), "text_notice"),
        (Card("客户", buttons=(OPEN,) * 4), "button_interaction"),
        (Card("生日", link=LINK, image=PICTURE), "news_notice"),
        (Card("生日", image=PICTURE, buttons=(OPEN,)), "news_notice"),
        (Card("生日", link=LINK, image=PICTURE, buttons=(OK,)), "button_interaction"),
        (Card("商机", form=(choice(),), submit=SAVE), "multiple_interaction"),
        (Card("商机", form=(choice("a"), choice("b"), choice("c")), submit=SAVE), "multiple_interaction"),
        (Card("商机", form=(choice(),), submit=SAVE, facts=(Fact("客户", "万科"),)), "button_interaction"),
        (Card("时间", form=(choice(kind=FieldKind.CHECK_MANY),), submit=SAVE), "vote_interaction"),
        (Card("时间", form=(choice(kind=FieldKind.CHECK_ONE),), submit=SAVE), "vote_interaction"),
    ],
)
def test_each_card_takes_the_type_that_holds_it(card: Card, kind: str) -> None:
    assert payload(card)["card_type"] == kind


@pytest.mark.parametrize(
    "card", [Card("已撤销"), Card("生日", image=PICTURE), Card("报价", done="已同意", buttons=(OK,))]
)
def test_a_card_with_nothing_to_press_becomes_a_text(card: Card) -> None:
    rendered = render(card)
    assert rendered.msgtype == "text"
    assert rendered.payload == {"content": rendered.plain}
    assert str(rendered.plain).startswith(card.title)


def test_a_button_carries_its_signed_action() -> None:
    (button,) = payload(Card("报价", buttons=(OK,)))["button_list"]
    assert unpack(button["key"], SECRET) == OK.action
    assert (button["text"], button["style"]) == ("同意", 3)


def test_an_action_too_long_for_a_key_is_refused_when_rendered() -> None:
    with pytest.raises(Unpackable):
        render(Card("报价", buttons=(Button("好", Action("a", extra="长" * 400)),)))


def test_the_submit_button_comes_first_when_a_form_stands_above_buttons() -> None:
    card = payload(Card("商机", form=(choice(),), submit=SAVE, buttons=(OK,)))
    assert [button["text"] for button in card["button_list"]] == ["保存", "同意"]
    assert card["button_selection"]["question_key"] == "stage"


def test_a_seventh_fact_moves_into_the_body() -> None:
    card = Card("客户", link=LINK, facts=tuple(Fact(f"项{n}", f"值{n}") for n in range(8)))
    rendered = render(card)
    assert len(rendered.payload["horizontal_content_list"]) == 6  # type: ignore[arg-type]  # vendor JSON
    assert rendered.payload["sub_title_text"] == "项6：值6\n项7：值7"
    assert rendered.left_out == ()


def test_a_value_that_is_cut_stands_in_full_in_the_body() -> None:
    address = "北京市朝阳区建国路81号华贸中心1号写字楼22层2203室前台"
    card = payload(Card("客户", link=LINK, facts=(Fact("地址", address),)))
    (row,) = card["horizontal_content_list"]
    assert row["value"] == address[:29] + "…"
    assert card["sub_title_text"] == f"地址：{address}"


def test_a_value_that_is_cut_and_has_no_room_in_the_body_is_named() -> None:
    rendered = render(Card("客户", link=LINK, facts=(Fact("地址", "长" * 200),)))
    assert rendered.left_out == ("“地址”未完整显示",)
    assert "sub_title_text" not in rendered.payload


def test_what_is_left_out_is_named_and_counted_on_the_card() -> None:
    card = Card(
        "报价",
        body="请看",
        image=PICTURE,
        form=(choice(count=12),),
        buttons=tuple(Button(f"按钮{n}", Action("a", str(n))) for n in range(9)),
    )
    rendered = render(card)
    assert set(rendered.left_out) == {"图片未显示", "另有 3 个按钮未显示", "另有 2 个“阶段”选项未显示"}
    assert rendered.payload["sub_title_text"] == "请看\n还有 6 项未显示"


def test_a_vote_says_in_its_subtitle_what_it_has_no_place_for() -> None:
    card = Card(
        "时间", "周三截止", form=(choice(kind=FieldKind.CHECK_MANY),), submit=SAVE, buttons=(OK,), link=LINK
    )
    rendered = render(card)
    assert rendered.payload["main_title"] == {"title": "时间", "desc": "阶段；周三截止；还有 2 项未显示"}
    assert rendered.left_out == ("另有 1 个按钮未显示", "链接未显示")


def test_a_fourth_drop_down_is_left_for_the_conversation() -> None:
    rendered = render(Card("商机", form=tuple(choice(key) for key in "abcd"), submit=SAVE))
    assert len(rendered.payload["select_list"]) == 3  # type: ignore[arg-type]  # vendor JSON
    assert rendered.left_out == ("另有 1 个表单项未显示",)


def test_a_long_body_is_cut_where_a_reader_sees_it() -> None:
    rendered = render(Card("客户", body="说明" * 100, link=LINK))
    assert str(rendered.payload["sub_title_text"]).endswith("…")
    assert len(str(rendered.payload["sub_title_text"])) == 160
    assert rendered.left_out == ("正文未完整显示",)


def test_the_smart_bot_has_a_shorter_body() -> None:
    card = Card("客户", body="说明" * 100, link=LINK)
    assert len(str(render(card, body_limit=limits.BODY_AIBOT).payload["sub_title_text"])) == 112


def test_two_buttons_with_one_action_are_one() -> None:
    rendered = render(Card("报价", buttons=(OK, replace(OK, text="好"))))
    assert rendered.left_out == ("另有 1 个按钮未显示",)


def test_text_of_users_is_literal_on_a_card() -> None:
    said = "<a href='https://e.example'>$userName=z$</a> ]]> 五折"
    assert payload(Card(said[:30], body=said, link=LINK))["sub_title_text"] == said


def test_a_link_typed_by_a_user_is_not_followed_in_a_text() -> None:
    plain = str(render(Card("备注", body="<a href='https://e.example'>点我</a>")).plain)
    assert plain == "备注\n＜a href='https://e.example'>点我＜/a>"


@pytest.mark.parametrize("task_id", ["", "报价", "a b", "x" * 129])
def test_a_malformed_task_id_is_refused(task_id: str) -> None:
    with pytest.raises(ValueError, match="task_id"):
        wecom.render(Card("报价", link=LINK), task_id=task_id, sign=sign)


def test_an_update_locks_the_choices_and_says_how_it_ended() -> None:
    card = Card("报价", buttons=(OK,), form=(choice(),), done="李经理已同意")
    template = wecom.render_update(card, sign=sign)
    assert template["replace_text"] == "李经理已同意"
    assert template["button_selection"]["disable"] is True  # type: ignore[index]  # vendor JSON
    assert "task_id" not in template


def test_an_update_of_an_open_matter_keeps_its_buttons() -> None:
    template = wecom.render_update(Card("任务", "改到周五", buttons=(OK,)), sign=sign)
    assert "replace_text" not in template
    assert template["button_list"] == payload(Card("任务", buttons=(OK,)))["button_list"]


def test_an_update_without_buttons_still_shows_the_end() -> None:
    template = wecom.render_update(Card("报价", done="已撤销"), sign=sign)
    assert template["card_type"] == "button_interaction"
    assert template["replace_text"] == "已撤销"


def test_a_message_is_unescaped_utf8_in_a_fixed_order() -> None:
    body = wecom.message("zhangsan|lisi", 1000002, render(Card("已撤销")))
    assert body.decode() == (
        '{"touser":"zhangsan|lisi","msgtype":"text","agentid":1000002,"text":{"content":"已撤销"},'
        '"enable_id_trans":0,"enable_duplicate_check":1,"duplicate_check_interval":14400}'
    )


def test_an_update_takes_its_response_code_when_it_is_known() -> None:
    template = wecom.render_update(Card("报价", done="已撤销"), sign=sign)
    assert "response_code" not in wecom.update(["u1"], 7, template)
    body = wecom.update(["u1", "u2"], 7, template, response_code="rc")
    assert (body["userids"], body["agentid"], body["response_code"]) == (["u1", "u2"], 7, "rc")
    assert orjson.loads(orjson.dumps(body))["template_card"] == orjson.loads(orjson.dumps(template))
