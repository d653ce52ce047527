"""message/update_template_card: once per code, within 72 h, for those who have the card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.state import Message
from sandbox.wecom import limits
from tests.sandbox.world import Stage, button_card, text_card, vote_card


def _only(on: Stage, userid: str = "Zhang") -> Message:
    (message,) = on.sandbox.chat(userid)
    return message


async def _sent(on: Stage, **more: Any) -> str:
    answer = await on.api.card(button_card(), **more)
    return str(answer["response_code"])


async def test_greying_the_button(on: Stage) -> None:
    """The button form writes on the buttons."""
    code = await _sent(on)
    assert (await on.api.update(code, button={"replace_name": "已同意"}))["errcode"] == 0
    state = _only(on).state
    assert state is not None
    assert (state.disabled, state.replace_text) == (True, "已同意")


async def test_replacing_the_card(on: Stage) -> None:
    """Any card type may take the place; replace_text greys, its absence leaves it alive."""
    code = await _sent(on)
    card = text_card(main_title={"title": "已通过"})
    assert (await on.api.update(code, template_card=card))["errcode"] == 0
    message = _only(on)
    assert (message.card or {})["main_title"] == {"title": "已通过"}
    assert message.state is not None
    assert not message.state.disabled


async def test_a_code_works_once(on: Stage) -> None:
    """60140 for the second use and for one that never was."""
    code = await _sent(on)
    assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 0
    assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 60140
    assert (await on.api.update("unknown", button={"replace_name": "好"}))["errcode"] == 60140


async def test_a_refused_update_does_not_use_up_the_code(on: Stage) -> None:
    """It can be repaired."""
    code = await _sent(on)
    assert (await on.api.update(code, template_card=button_card(button_list=[])))["errcode"] == 40058
    assert (await on.api.update(code, button={"replace_name": ""}))["errcode"] == 42020
    assert (await on.api.update(code, button={"replace_name": " "}))["errcode"] == 42020
    assert (await on.api.update(code))["errcode"] == 40058
    assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 0


async def test_a_code_lives_72_hours(on: Stage) -> None:
    """One second less is fine."""
    first, second = await _sent(on), str((await on.api.card(vote_card()))["response_code"])
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.RESPONSE_CODE_LIFE - 1))
    await on.api.login()
    assert (await on.api.update(first, button={"replace_name": "好"}))["errcode"] == 0
    on.clock.jump(on.clock.now() + timedelta(seconds=1))
    assert (await on.api.update(second, button={"replace_name": "好"}))["errcode"] == 60140


async def test_a_code_of_another_app(on: Stage) -> None:
    """42015."""
    code = await _sent(on)
    await on.api.login(secret="secret-of-other")
    answer = await on.api.update(code, agentid=1000003, button={"replace_name": "好"})
    assert answer["errcode"] == 42015


async def test_only_those_named_see_the_change(on: Stage) -> None:
    """Others keep their copy; whoever never had it is listed, as a list."""
    code = await _sent(on, touser="Zhang|Li")
    answer = await on.api.update(code, userids=["zhang", "Wang"], button={"replace_name": "好"})
    assert answer == {"errcode": 0, "errmsg": "ok", "invaliduser": ["wang"]}
    changed, kept = _only(on).state, _only(on, "Li").state
    assert changed is not None
    assert kept is not None
    assert (changed.disabled, kept.disabled) == (True, False)


@pytest.mark.parametrize("whom", [{"atall": 1, "userids": []}, {"userids": [], "partyids": [2]}])
async def test_everybody_who_has_it(on: Stage, whom: dict[str, Any]) -> None:
    """By atall or by department."""
    code = await _sent(on, touser="Zhang|Li")
    assert (await on.api.update(code, **whom, button={"replace_name": "好"}))["errcode"] == 0
    for userid in ("Zhang", "Li"):
        state = _only(on, userid).state
        assert state is not None
        assert state.disabled


async def test_nobody_named_and_too_many_named(on: Stage) -> None:
    """82001, 40032, 82002 and 82003."""
    code = await _sent(on)
    assert (await on.api.update(code, userids=[], button={"replace_name": "好"}))["errcode"] == 82001
    many = [f"u{number}" for number in range(limits.UPDATE_USERIDS + 1)]
    assert (await on.api.update(code, userids=many, button={"replace_name": "好"}))["errcode"] == 40032
    for name, most, refused in (
        ("partyids", limits.UPDATE_PARTYIDS, 82002),
        ("tagids", limits.UPDATE_TAGIDS, 82003),
    ):
        for count, expected in ((most + 1, refused), (most, 0)):
            ids = {name: list(range(1, count + 1))}
            sent = await on.api.card(button_card(f"{name}-{count}"))
            again = str(sent["response_code"])
            answer = await on.api.update(again, userids=["Zhang"], **ids, button={"replace_name": "好"})
            assert answer["errcode"] == expected


async def test_whom_the_card_was_dropped_for_has_no_copy(on: Stage) -> None:
    """Beyond 30 a minute the card never arrived, so it cannot be updated."""
    for number in range(limits.MEMBER_PER_MINUTE):
        await on.api.say(str(number))
    code = await _sent(on)
    answer = await on.api.update(code, button={"replace_name": "好"})
    assert answer["invaliduser"] == ["zhang"]
