"""The rules of template cards, and how the client draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.wecom.limits import ADVISORY
from tests.sandbox.world import Json, Stage, button_card, multiple_card, news_card, text_card, vote_card


@pytest.mark.parametrize("make", [button_card, vote_card, multiple_card, text_card, news_card])
async def test_all_five_types_arrive(on: Stage, make: Callable[..., Json]) -> None:
    """Only those with buttons bring a response code."""
    card = make()
    answer = await on.api.card(card)
    assert answer["errcode"] == 0
    assert ("response_code" in answer) == ("interaction" in card["card_type"])
    shown = on.sandbox.chat("Zhang")[0].view()
    assert shown["kind"] == "card"
    drawn = shown["card"]
    assert isinstance(drawn, dict)
    assert drawn["card_type"] == card["card_type"]
    assert drawn["cut"] == []
    assert drawn["state"]["disabled"] is False


def _rows(count: int, **row: object) -> list[dict[str, object]]:
    return [{**row} for _ in range(count)]


def _options(count: int) -> list[dict[str, object]]:
    return [{"id": str(number), "text": "项"} for number in range(count)]


def _box(**change: Any) -> Json:
    return {"question_key": "q", "option_list": _options(2), "mode": 0, **change}


def _select(**change: Any) -> Json:
    return {"question_key": "q", "option_list": _options(2), **change}


def _keys(*keys: str) -> list[dict[str, object]]:
    return [{"text": "按", "key": key} for key in keys]


SUBMIT = {"text": "提交", "key": "s"}
MENU = {"desc": "更多", "action_list": [{"text": "静音", "key": "mute"}]}
WRONG: list[tuple[Json, int]] = [
    ({}, 40058),
    (text_card(card_type="poem"), 40058),
    (text_card(main_title={}), 40058),
    (text_card(main_title={"desc": "只有描述"}), 40058),
    (text_card(card_action={}), 40058),
    (text_card(card_action={"type": 0}), 40058),
    (text_card(card_action={"type": 1}), 40058),
    (text_card(card_action={"type": 2, "url": "https://example.com"}), 40058),
    (text_card(source={"desc_color": 4}), 40058),
    (text_card(horizontal_content_list=_rows(7, keyname="客户", value="华润")), 40058),
    (text_card(horizontal_content_list=[{"value": "没有名字"}]), 40058),
    (text_card(horizontal_content_list=[{"keyname": "链接", "type": 1}]), 40058),
    (text_card(horizontal_content_list=[{"keyname": "附件", "type": 2}]), 40058),
    (text_card(horizontal_content_list=[{"keyname": "成员", "type": 3}]), 40058),
    (text_card(horizontal_content_list=[{"keyname": "啥", "type": 4}]), 40058),
    (text_card(jump_list=_rows(4, title="去")), 40058),
    (text_card(jump_list=[{"type": 1, "title": "去"}]), 40058),
    (text_card(quote_area={"type": 1, "title": "原话"}), 40058),
    (text_card(action_menu=MENU), 42014),
    (text_card(task_id="t", action_menu={"action_list": []}), 40058),
    (text_card(task_id="t", action_menu={"action_list": _keys("a", "b", "c", "d")}), 40058),
    (text_card(task_id="t", action_menu={"action_list": _keys("a", "a")}), 42018),
    (text_card(button_list=_keys("a")), 40058),
    (text_card(emphasis=1), 40058),
    (news_card(card_image={}), 40058),
    (news_card(card_image={"url": "https://example.com/a.png", "aspect_ratio": 1.2}), 40058),
    (news_card(card_image={"url": "https://example.com/a.png", "aspect_ratio": 2.3}), 40058),
    (news_card(vertical_content_list=_rows(5, title="行")), 40058),
    (news_card(image_text_area={"type": 1, "url": "https://example.com"}), 40058),
    (news_card(sub_title_text="没有这个字段"), 40058),
    (button_card(main_title={}), 40058),
    (button_card(button_list=[]), 40058),
    (button_card(button_list=_keys(*"abcdefg")), 40058),
    (button_card(button_list=[{"key": "a"}]), 42020),
    (button_card(button_list=[{"text": "按"}]), 42019),
    (button_card(button_list=[{"text": "按", "type": 1}]), 40058),
    (button_card(button_list=[{"text": "按", "key": "a", "style": 5}]), 40058),
    (button_card(button_list=_keys("a", "a")), 42018),
    (button_card(button_list=_keys("k" * 1025)), 42018),
    (button_card(button_selection=_select(option_list=_options(11))), 40058),
    (button_card(button_selection=_select(option_list=[])), 40058),
    (button_card(button_selection=_select(selected_id="9")), 40058),
    (button_card(jump_list=_rows(1, title="去")), 40058),
    (button_card(""), 42014),
    (button_card("有中文"), 42014),
    (button_card("a b"), 42014),
    (button_card("t" * 129), 42014),
    (vote_card(checkbox=None), 40058),
    (vote_card(checkbox=_box(option_list=_options(21))), 40058),
    (vote_card(checkbox=_box(option_list=[])), 40058),
    (vote_card(checkbox=_box(option_list=[{"id": "1", "text": "一"}, {"id": "1", "text": "二"}])), 40058),
    (vote_card(checkbox=_box(option_list=[{"id": "i" * 129, "text": "长"}])), 40058),
    (vote_card(checkbox=_box(option_list=_rows(1, id="1"))), 40058),
    (vote_card(checkbox=_box(question_key="")), 40058),
    (vote_card(checkbox=_box(mode=2)), 40058),
    (vote_card(checkbox=_box(option_list=[{**one, "is_checked": True} for one in _options(2)])), 40058),
    (vote_card(submit_button=None), 40058),
    (vote_card(submit_button={"text": "提交"}), 42019),
    (vote_card(action_menu=MENU), 40058),
    (multiple_card(select_list=[]), 40058),
    (multiple_card(select_list=[_select(question_key=key) for key in "abcd"]), 40058),
    (multiple_card(select_list=[_select(), _select()]), 40058),
    (multiple_card(select_list=[_select(option_list=_options(11))]), 40058),
    (multiple_card(select_list=[_select(question_key="k" * 1025)]), 40058),
    (multiple_card(replace_text="只有更新时才有"), 40058),
]


@pytest.mark.parametrize(("card", "code"), WRONG)
async def test_broken_rules_are_refused(on: Stage, card: Json, code: int) -> None:
    """With the code of the rule, and nothing arrives."""
    assert (await on.api.card(card))["errcode"] == code
    assert not on.sandbox.chat("Zhang")


async def test_everything_at_its_limit_is_fine(on: Stage) -> None:
    """The largest cards that are allowed."""
    notice = text_card(
        task_id="t@-_9" + "x" * 123,
        horizontal_content_list=_rows(6, keyname="客户", value="华润"),
        jump_list=_rows(3, title="去"),
        action_menu={"desc": "更多", "action_list": _keys("a", "b", "c")},
    )
    assert (await on.api.card(notice))["errcode"] == 0
    buttons = button_card(button_list=_keys(*"abcdef"), button_selection=_select(option_list=_options(10)))
    assert (await on.api.card(buttons))["errcode"] == 0
    assert (await on.api.card(vote_card(checkbox=_box(option_list=_options(20)))))["errcode"] == 0
    lists = [_select(question_key=key, option_list=_options(10)) for key in "abc"]
    assert (await on.api.card(multiple_card(select_list=lists)))["errcode"] == 0


async def test_advisory_lengths_are_cut_and_marked(on: Stage) -> None:
    """No error; every row is cut, and the card says which fields were."""
    rows = [{"keyname": "客户的名称很长", "value": "值"}, {"keyname": "又一个长名称", "value": "值" * 31}]
    card = button_card(main_title={"title": "标" * 40}, horizontal_content_list=rows)
    assert (await on.api.card(card))["errcode"] == 0
    drawn = on.sandbox.chat("Zhang")[0].card or {}
    assert drawn["main_title"] == {"title": "标" * 35 + "…"}
    assert drawn["horizontal_content_list"] == [
        {"keyname": "客户的名…", "value": "值"},
        {"keyname": "又一个长…", "value": "值" * 29 + "…"},
    ]
    names = ["main_title.title", "horizontal_content_list.keyname", "horizontal_content_list.value"]
    assert drawn["cut"] == names
    assert set(names) <= set(ADVISORY)


async def test_a_task_id_is_never_taken_twice(on: Stage) -> None:
    """Not even for somebody else or a year later; another app has its own."""
    assert (await on.api.card(button_card()))["errcode"] == 0
    assert (await on.api.card(button_card(), touser="Li"))["errcode"] == 42014
    on.clock.jump(on.clock.now().replace(year=2027))
    await on.api.login()
    assert (await on.api.card(button_card()))["errcode"] == 42014
    await on.api.login(secret="secret-of-other")
    assert (await on.api.card(button_card(), agentid=1000003))["errcode"] == 0


async def test_a_refused_card_does_not_use_up_its_task_id(on: Stage) -> None:
    """It can be repaired and sent."""
    assert (await on.api.card(button_card(button_list=[])))["errcode"] == 40058
    assert (await on.api.card(button_card()))["errcode"] == 0
