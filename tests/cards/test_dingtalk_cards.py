"""How the parts of a card come out on DingTalk, with the template and without."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import orjson
import pytest

from cards.actions import pack, unpack
from cards.card import Action, Button, Card, Fact, Field, FieldKind, Option, Tone
from cards.render.dingtalk import VARIABLES, render
from cards.render.dingtalk_markdown import can_be_said, render_markdown
from cards.render.dingtalk_template import template
from cards.render.markdown import literal, tap, words_to_say

SECRET = b"a secret of the test, long enough"
LINK = "https://crm.example.com/quotes/7"
OK = Button("同意", Action("quote.approve", "7", 2), Tone.SUCCESS, say="回复 同意 Q7")
NO = Button("驳回", Action("quote.reject", "7", 2), Tone.DANGER, say="回复 驳回 Q7 理由")
OPEN = Button("明细", url=LINK)
STAGES = Field("stage", "阶段", (Option("1", "初访"), Option("2", "报价")), selected=("2",))
SLOTS = Field("slot", "时间", (Option("a", "周四"), Option("b", "周五")), FieldKind.CHECK_MANY, ("a", "b"))
SAVE = Button("保存", Action("deal.save", "88", 4), Tone.PRIMARY, say="回复 阶段 报价")


def values(card: Card) -> dict[str, str]:
    return render(card, sign=lambda action: pack(action, SECRET)).values


def parsed(card: Card, name: str) -> Any:
    return json.loads(values(card)[name])


def test_a_button_carries_its_signed_action() -> None:
    first, second, third = parsed(Card("报价", buttons=(OK, NO, OPEN)), "buttons")
    assert unpack(first["action"], SECRET) == OK.action
    assert [one["color"] for one in (first, second, third)] == ["blue", "red", "gray"]
    assert (third["action"], third["url"]) == ("", LINK)


def test_a_submitted_form_carries_its_action_in_a_hidden_field() -> None:
    hidden, stage, slot = parsed(Card("商机", form=(STAGES, SLOTS), submit=SAVE), "form")["fields"]
    assert hidden["hidden"] is True
    assert unpack(hidden["defaultValue"], SECRET) == SAVE.action
    assert stage["type"] == "SELECT"
    assert stage["defaultValue"] == {"index": 1, "value": "2"}
    assert slot["type"] == "MULTI_SELECT"
    assert slot["defaultValue"] == {"index": [0, 1], "value": ["a", "b"]}


def test_a_form_without_submit_asks_what_to_do() -> None:
    card = Card("提醒", form=(STAGES,), buttons=(OK, NO, OPEN))
    action = parsed(card, "form")["fields"][-1]
    assert [option["text"] for option in action["options"]] == ["同意", "驳回"]
    assert [unpack(option["value"], SECRET).name for option in action["options"]] == [
        "quote.approve",
        "quote.reject",
    ]
    assert [button["text"] for button in parsed(card, "buttons")] == ["明细"]
    assert values(card)["form_btn_text"] == "确定"


def test_a_settled_card_has_nothing_left_to_press() -> None:
    settled = values(Card("报价", form=(STAGES,), buttons=(OK, OPEN), done="李经理 10:42 已同意"))
    assert settled["done"] == "李经理 10:42 已同意"
    assert settled["has_form"] == ""
    assert [button["text"] for button in json.loads(settled["buttons"])] == ["明细"]


def test_an_update_leaves_nothing_of_the_card_before() -> None:
    before, after = values(Card("商机", form=(STAGES,), submit=SAVE)), values(Card("商机", done="已保存"))
    assert {*before, *after} == set(VARIABLES)
    assert after["form"] == '{"fields":[]}'


def test_the_link_of_a_card_is_one_more_button() -> None:
    buttons = parsed(Card("客户", link=LINK), "buttons")
    assert buttons == [{"text": "查看详情", "color": "gray", "action": "", "url": LINK}]
    assert len(parsed(Card("客户", link=LINK, buttons=(OPEN,)), "buttons")) == 1


def test_words_become_a_tap_that_says_them() -> None:
    text = render_markdown(Card("报价", buttons=(OK,)), taps=True).text
    label, _, address = text.split("\n")[-1].partition("(")
    assert label == "[同意]"
    assert unquote(address.rstrip(")")) == "dtmd://dingtalkclient/sendMessage?content=同意 Q7"


def test_what_needs_more_words_is_a_hint_and_no_tap() -> None:
    assert words_to_say(NO.say) == ""
    assert words_to_say("直接说，例如：金额56万") == ""
    assert render_markdown(Card("报价", buttons=(NO,)), taps=True).text.endswith("回复 驳回 Q7 理由")


def test_a_group_gets_hints_instead_of_taps() -> None:
    assert render_markdown(Card("报价", buttons=(OK,)), taps=False).text.endswith("回复 同意 Q7")


def test_links_become_buttons_of_the_message() -> None:
    rendered = render_markdown(Card("客户", buttons=(OPEN,), link="https://crm.example.com/c/7"), taps=True)
    assert rendered.links == (("明细", LINK), ("查看详情", "https://crm.example.com/c/7"))


def test_options_are_numbered_and_tapped() -> None:
    card = Card("哪一位", form=(STAGES,), submit=replace(SAVE, say="回复序号选择"))
    lines = render_markdown(card, taps=True).text.split("\n")
    assert lines[2].startswith("[1）初访](dtmd://")
    assert lines[2].rstrip().endswith("content=1)")


@pytest.mark.parametrize(
    ("card", "sayable"),
    [
        (Card("拜访", buttons=(OK, NO, OPEN)), True),
        (Card("拜访"), True),
        (Card("报价", buttons=(OK, NO), followed=True), False),
        (Card("拜访", buttons=(Button("撤销", Action("undo")),)), False),
        (Card("商机", form=(STAGES,), submit=SAVE), False),
    ],
)
def test_which_cards_need_no_callback(card: Card, sayable: bool) -> None:
    assert can_be_said(card) is sayable


def test_words_of_customers_are_no_links() -> None:
    evil = "[点我](https://evil.example) ![](x) **急** <font> \n# 大\n> 引"
    card = Card("客户", body=evil, facts=(Fact("[a](b)", evil),))
    for text in (render_markdown(card, taps=True).text, values(card)["body"], values(card)["facts"]):
        assert "](" not in text
        assert "\n#" not in text.removeprefix("###")
    assert literal("138****5678") == "138＊＊＊＊5678"


def test_a_label_cannot_leave_its_tap() -> None:
    made = tap("](https://evil.example)[", "a)b [c](d)")
    assert made.count("](") == 1
    assert made.count(")") == 2
    assert made.endswith("content=a%29b%20%5Bc%5D%28d%29)")


def test_the_template_binds_every_variable() -> None:
    outer = orjson.loads(template())
    assert (outer["type"], outer["mode"]) == ("im", "card")
    editor = orjson.loads(outer["editorData"])
    assert [one["name"] for one in editor["variableList"]] == list(VARIABLES)
    tree = orjson.dumps(editor["schema"]["componentsTree"]).decode()
    bound = {name for name in VARIABLES if f'"{name}"' in tree or f"${{{name}}}" in tree}
    assert bound == set(VARIABLES)
    used = {part["componentName"] for part in editor["schema"]["componentsMap"]}
    assert {"Form", "Loop", "SingleButton", "MarkdownBlock"} <= used
