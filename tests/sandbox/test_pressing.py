"""Pressing: what the app hears of it, what cannot be pressed, and passive updates of the own copy."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from aiohttp import web

from sandbox import CannotPress
from sandbox.state import Message
from tests.sandbox.world import (
    Received,
    Stage,
    answers,
    button_card,
    multiple_card,
    passive,
    text_card,
    vote_card,
)


async def test_pressing_a_button(on: Stage) -> None:
    """All elements of page 90240; no choices, no SelectedItems; the code can be used."""
    await on.api.card(button_card("quote-7"))
    await on.sandbox.press("Zhang", "quote-7", "yes")
    (heard,) = on.bot.received
    assert heard.text("Event") == "template_card_event"
    assert (heard.text("EventKey"), heard.text("TaskId")) == ("yes", "quote-7")
    assert heard.text("CardType") == "button_interaction"
    assert "SelectedItems" not in heard.plain
    code = heard.text("ResponseCode")
    assert (await on.api.update(code, button={"replace_name": "已同意"}))["errcode"] == 0


async def test_every_press_brings_a_fresh_code(on: Stage) -> None:
    """So a card can be changed once for the sending and once for each press."""
    sent = await on.api.card(button_card())
    await on.sandbox.press("Zhang", "task-1", "yes")
    await on.sandbox.press("Zhang", "task-1", "yes", again=True)
    codes = [str(sent["response_code"]), *(one.text("ResponseCode") for one in on.bot.received)]
    assert len(set(codes)) == 3
    for code in codes:
        assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 0


async def test_choices_are_sent_along(on: Stage) -> None:
    """Preset ones too: the first of a list, what is checked."""
    await on.api.card(multiple_card())
    await on.api.card(vote_card())
    await on.api.card(button_card(button_selection=multiple_card()["select_list"][0]))
    await on.sandbox.press("Zhang", "multi-1", "ok", {"hour": ["2"]})
    await on.sandbox.press("Zhang", "vote-1", "submit", {"q": ["a", "b"]})
    await on.sandbox.press("Zhang", "task-1", "yes")
    found = [[*_chosen(one)] for one in on.bot.received]
    assert found == [[("day", ["1"]), ("hour", ["2"])], [("q", ["a", "b"])], [("day", ["1"])]]


def _chosen(received: Received) -> list[tuple[str, list[str]]]:
    items = ET.fromstring(received.plain).findall("SelectedItems/SelectedItem")
    return [
        (
            one.findtext("QuestionKey") or "",
            [option.text or "" for option in one.findall("OptionIds/OptionId")],
        )
        for one in items
    ]


async def test_what_cannot_be_pressed(on: Stage) -> None:
    """Unknown buttons, options, cards; twice; greyed."""
    await on.api.card(vote_card())
    none: list[str] = []
    tries = [
        ("no", {"q": ["a"]}),
        ("submit", {"q": ["z"]}),
        ("submit", {"x": ["a"]}),
        ("submit", {"q": none}),
    ]
    for key, selected in tries:
        with pytest.raises(CannotPress):
            await on.sandbox.press("Zhang", "vote-1", key, selected)
    with pytest.raises(CannotPress):
        await on.sandbox.press("Li", "vote-1", "submit")
    assert not on.bot.received
    await on.sandbox.press("Zhang", "vote-1", "submit", {"q": ["a"]})
    with pytest.raises(CannotPress):
        await on.sandbox.press("Zhang", "vote-1", "submit", {"q": ["a"]})
    assert len(on.bot.received) == 1


async def test_a_press_that_did_not_get_through_can_be_repeated(on: Stage) -> None:
    """The button comes back to life."""

    async def refuse(_received: Received) -> web.StreamResponse:
        return web.Response(status=403)

    await on.api.card(button_card())
    on.bot.answer = refuse
    await on.sandbox.press("Zhang", "task-1", "yes")
    on.bot.answer = on.bot.empty
    message = await on.sandbox.press("Zhang", "task-1", "yes")
    assert message.state is not None
    assert message.state.pressed == "yes"


async def test_a_passive_update_changes_the_own_copy_alone(on: Stage) -> None:
    """The colleague's card stays as it is."""
    await on.api.card(button_card(), touser="Zhang|Li")
    answers(on, passive("update_button", "<Button><ReplaceName>已同意</ReplaceName></Button>"))
    mine = await on.sandbox.press("Zhang", "task-1", "yes")
    theirs = on.sandbox.chat("Li")[0]
    assert _greyed(mine) == (True, "已同意")
    assert _greyed(theirs) == (False, None)


def _greyed(message: Message) -> tuple[bool, str | None]:
    assert message.state is not None
    return message.state.disabled, message.state.replace_text


async def test_a_passive_card_takes_the_place(on: Stage) -> None:
    """Repeated elements are lists, names differ from the JSON's."""
    card = (
        "<TemplateCard><CardType>multiple_interaction</CardType><Source><Desc>跟进</Desc><DescColor>2</DescColor>"
        "</Source><MainTitle><Title>已改期</Title></MainTitle>"
        "<SelectList><QuestionKey>day</QuestionKey><Disable>true</Disable><SelectedId>2</SelectedId>"
        "<OptionList><Id>1</Id><Text>一</Text></OptionList><OptionList><Id>2</Id><Text>二</Text></OptionList>"
        "</SelectList><SubmitButton><Text>确定</Text><Key>ok</Key></SubmitButton>"
        "<ReplaceText>已提交</ReplaceText></TemplateCard>"
    )
    await on.api.card(multiple_card())
    answers(on, passive("update_template_card", card))
    message = await on.sandbox.press("Zhang", "multi-1", "ok", {"day": ["2"]})
    assert _greyed(message) == (True, "已提交")
    drawn = message.card or {}
    assert drawn["main_title"] == {"title": "已改期"}
    assert "'disable': True" in str(drawn["select_list"])
    assert message.state is not None
    assert message.state.selected == {"day": ["2"]}


async def test_a_passive_card_that_breaks_the_rules_changes_nothing(on: Stage) -> None:
    """And the exchange says what was wrong."""
    await on.api.card(button_card())
    answers(
        on,
        passive(
            "update_template_card", "<TemplateCard><CardType>button_interaction</CardType></TemplateCard>"
        ),
    )
    message = await on.sandbox.press("Zhang", "task-1", "yes")
    assert _greyed(message) == (False, None)
    assert "main_title.title" in str(on.sandbox.world.exchanges[-1].response["problem"])


async def test_a_press_is_not_answered_with_words(on: Stage) -> None:
    """Only with an update of the card."""
    await on.api.card(button_card())
    answers(on, passive("text", "<Content>好</Content>"))
    await on.sandbox.press("Zhang", "task-1", "yes")
    assert len(on.sandbox.chat("Zhang")) == 1


async def test_the_menu_in_the_corner(on: Stage) -> None:
    """Its own event, and its code can update a notice."""
    menu = {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}
    await on.api.card(text_card(task_id="n-1", action_menu=menu))
    await on.sandbox.phones.menu("Zhang", "n-1", "mute")
    (heard,) = on.bot.received
    assert (heard.text("Event"), heard.text("EventKey")) == ("template_card_menu_event", "mute")
    code = heard.text("ResponseCode")
    assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 40058
    assert (await on.api.update(code, template_card=text_card()))["errcode"] == 0


async def test_pressing_by_what_is_written(on: Stage) -> None:
    """A button or an entry of the menu; what is not there is refused with what is."""
    menu = {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}
    await on.api.card(button_card(action_menu=menu))
    (card,) = on.sandbox.chat("Zhang")
    await on.sandbox.tap("Zhang", card, "不再提醒")
    await on.sandbox.tap("Zhang", card, "驳回")
    assert [one.text("EventKey") for one in on.bot.received] == ["mute", "no"]
    with pytest.raises(CannotPress, match="同意、驳回、不再提醒"):
        await on.sandbox.tap("Zhang", card, "通过")
    assert "报价审批" in card.shows()
