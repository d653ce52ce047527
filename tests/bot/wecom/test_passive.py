"""Passive replies as XML."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer
from bot.wecom import limits
from bot.wecom.passive import cut, render
from bot.wecom.xml import parse

CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "t-1",
    "source": {"desc": "跟进", "desc_color": 2},
    "main_title": {"title": "报价 Q-17", "desc": "华润置地"},
    "horizontal_content_list": [
        {"keyname": "金额", "value": "58万"},
        {"type": 3, "keyname": "负责人", "value": "赵晨", "userid": "ZhaoChen"},
    ],
    "button_list": [
        {"text": "同意", "style": 1, "key": "yes"},
        {"text": "驳回", "style": 2, "key": "no"},
    ],
    "button_selection": {"question_key": "q", "disable": False, "option_list": [{"id": "1", "text": "甲"}]},
    "checkbox": {
        "question_key": "c",
        "mode": 1,
        "option_list": [{"id": "1", "text": "甲", "is_checked": True}],
    },
    "card_action": {"type": 1, "url": "https://a.cn/?a=1&b=2"},
    "jump_list": [],
    "quote_area": None,
    "replace_text": "已同意",
}


def xml(answer: Answer) -> str:
    rendered = render(answer, "ZhaoChen", "ww1", 1700000000)
    assert rendered is not None
    return rendered


def test_nothing_to_say_is_nothing() -> None:
    assert render(Answer(), "a", "b", 1) is None
    for nothing in ("", " \n ", "\x00"):
        assert render(Answer(text=nothing), "a", "b", 1) is None


def test_a_text_goes_to_the_sender() -> None:
    root = parse(xml(Answer(text="已记录")).encode())
    assert {name: root.get(name) for name in root.children} == {
        "ToUserName": "ZhaoChen",
        "FromUserName": "ww1",
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": "已记录",
    }


@given(st.text(), st.text(max_size=30))
def test_no_text_can_add_an_element(text: str, receiver: str) -> None:
    attack = f"{text}]]></Content><MsgType><![CDATA[news]]></MsgType>"
    rendered = render(Answer(text=attack), receiver, "ww1", 1)
    assert rendered is not None
    root = parse(rendered.encode())
    assert [found.text for found in root.each("MsgType")] == ["text"]
    assert len(root.each("Content")) == 1
    assert sorted(root.children) == ["Content", "CreateTime", "FromUserName", "MsgType", "ToUserName"]


@given(st.recursive(st.text() | st.booleans() | st.integers() | st.none(), lambda x: st.lists(x, max_size=3)))
def test_no_value_of_a_card_can_add_an_element(value: object) -> None:
    attacked = {
        "card_type": "text_notice",
        "main_title": {"title": value, "desc": "]]></Desc></MainTitle><X/>"},
    }
    root = parse(xml(Answer(card_update={"template_card": attacked})).encode())
    assert [found.text for found in root.each("MsgType")] == ["update_template_card"]
    (card,) = root.each("TemplateCard")
    assert set(card.children) == {"CardType", "MainTitle"}
    assert set(card.each("MainTitle")[0].children) <= {"Title", "Desc"}


@pytest.mark.parametrize("name", ["a><b", "Title", "a b", "", "标题", "a__b", "1"])
def test_a_field_that_no_card_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="field"):
        xml(Answer(card_update={"template_card": {name: "x"}}))


@pytest.mark.parametrize("update", [{}, {"button": "x"}, {"template_card": []}])
def test_an_update_without_a_card_is_refused(update: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="card update"):
        xml(Answer(card_update=update))


def test_a_button_is_replaced() -> None:
    root = parse(xml(Answer(card_update={"button": {"replace_name": "已同意"}})).encode())
    assert root.get("MsgType") == "update_button"
    assert root.each("Button")[0].get("ReplaceName") == "已同意"


def test_a_card_update_goes_before_a_text() -> None:
    both = Answer(text="好的", card_update={"button": {"replace_name": "已同意"}})
    assert "Content" not in parse(xml(both).encode()).children


def test_a_card_has_the_names_of_the_page() -> None:
    (card,) = parse(xml(Answer(card_update={"template_card": CARD})).encode()).each("TemplateCard")
    assert card.get("CardType") == "button_interaction"
    assert card.get("ReplaceText") == "已同意"
    assert "TaskId" not in card.children
    assert "QuoteArea" not in card.children
    rows = card.each("HorizontalContentList")
    assert [row.get("KeyName") for row in rows] == ["金额", "负责人"]
    assert rows[1].get("UserId") == "ZhaoChen"
    assert [button.get("Key") for button in card.each("ButtonList")] == ["yes", "no"]
    assert card.each("ButtonSelection")[0].get("Disable") == "false"
    assert card.each("CheckBox", "OptionList")[0].get("IsChecked") == "true"
    assert card.each("CardAction")[0].get("Url") == "https://a.cn/?a=1&b=2"


@given(st.text(max_size=3000))
def test_a_text_is_cut_within_the_bytes_at_a_character(text: str) -> None:
    shown = cut(text)
    assert len(shown.encode()) <= limits.PASSIVE_TEXT_BYTES


def test_a_long_text_is_cut_as_late_as_possible() -> None:
    assert cut("长" * 5000) == "长" * 682
    assert cut("a" * 2048) == "a" * 2048
