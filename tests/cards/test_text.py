"""Cards as plain text."""

from __future__ import annotations

from cards.card import Action, Button, Card, Fact, Field, Option
from cards.render.text import fit_text, render_text, wecom_text_payload

UNDO = Button("撤销", Action("visit.undo", "7", 1), say="回复 撤销")


def test_facts_are_lines_and_buttons_are_what_to_type() -> None:
    card = Card("已记录拜访 #7", facts=(Fact("客户", "万科"), Fact("金额", "58 万元")), buttons=(UNDO,))
    assert render_text(card) == "已记录拜访 #7\n客户：万科\n金额：58 万元\n回复 撤销"


def test_a_hint_that_does_not_name_its_button_gets_the_name() -> None:
    card = Card("提醒", buttons=(Button("改期", Action("task.move"), say="回复 周五下午3点"),))
    assert render_text(card) == "提醒\n改期：回复 周五下午3点"


def test_a_button_without_words_to_type_is_counted() -> None:
    fitted = fit_text(Card("提醒", buttons=(UNDO, Button("完成", Action("task.done")))))
    assert fitted.text == "提醒\n回复 撤销\n还有 1 项未显示"
    assert fitted.left_out == ("另有 1 个按钮未显示",)


def test_one_choice_is_numbered_and_several_are_lines() -> None:
    names = tuple(Option(str(n), name) for n, name in enumerate(["万科", "华润"]))
    one = Card("哪一位", form=(Field("c", "客户", names),))
    two = Card("哪一位", form=(Field("c", "客户", names), Field("d", "阶段", names)))
    assert render_text(one) == "哪一位\n客户：\n1. 万科\n2. 华润"
    assert render_text(two) == "哪一位\n客户：万科 / 华润\n阶段：万科 / 华润"


def test_a_settled_card_says_the_end_and_offers_nothing() -> None:
    card = Card(
        "报价 Q7", done="李经理已同意", buttons=(UNDO, Button("明细", url="https://crm.example.com/q/7"))
    )
    assert render_text(card) == "报价 Q7\n李经理已同意\n明细：https://crm.example.com/q/7"


def test_what_matters_stays_when_there_is_too_much() -> None:
    card = Card(
        "报价 Q7", body="很长的说明。" * 200, facts=(Fact("金额", "58 万元"),), buttons=(UNDO,), note="备注"
    )
    fitted = fit_text(card)
    assert len(fitted.text.encode()) <= 2048
    assert fitted.text.startswith("报价 Q7\n很长的说明。")
    assert "回复 撤销" in fitted.text
    assert "金额：58 万元" in fitted.text
    assert fitted.text.endswith("还有 1 项未显示")
    assert fitted.left_out == ("备注未显示", "正文未完整显示")


def test_a_reply_too_long_is_cut_at_a_whole_character() -> None:
    content = str(wecom_text_payload("跟进" * 600)["content"])
    assert content == "跟进" * 340 + "跟…"
    assert len(content.encode()) == 2046
