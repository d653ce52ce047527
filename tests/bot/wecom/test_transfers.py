"""Giving external contacts to another member: what is sent, and how answers are read."""

from __future__ import annotations

import orjson
import pytest

from bot.errors import Rejected
from bot.wecom.client import WeComClient
from tests.bot.platform import QyApi

LEFT = "externalcontact/resigned/transfer_customer"
LEFT_RESULT = "externalcontact/resigned/transfer_result"
HERE = "externalcontact/transfer_customer"


async def test_each_contact_has_its_code(wecom: WeComClient, api: QyApi) -> None:
    rows = [{"external_userid": "wm1", "errcode": 0}, {"external_userid": "wm2", "errcode": 40096}, {"x": 1}]
    api.answers[LEFT] = {"errcode": 0, "customer": rows}
    assert await wecom.transfer_externals("Zhang", "Li", ["wm1", "wm2"], resigned=True) == {
        "wm1": 0,
        "wm2": 40096,
    }
    assert orjson.loads(api.bodies[-1]) == {
        "handover_userid": "Zhang",
        "takeover_userid": "Li",
        "external_userid": ["wm1", "wm2"],
    }


async def test_who_has_not_left_goes_the_other_way(wecom: WeComClient, api: QyApi) -> None:
    api.answers[LEFT] = {"errcode": 40097}
    api.answers[HERE] = {"errcode": 0, "customer": None}
    with pytest.raises(Rejected):
        await wecom.transfer_externals("Zhang", "Li", ["wm1"], resigned=True)
    assert await wecom.transfer_externals("Zhang", "Li", ["wm1"], resigned=False) == {}


async def test_results_are_read_to_the_last_page(wecom: WeComClient, api: QyApi) -> None:
    for number, cursor in ((1, "more"), (2, "more2"), (3, "more2")):  # the last leads nowhere
        row = {"external_userid": f"wm{number}", "status": number, "takeover_time": 0}
        api.script[LEFT_RESULT].append({"errcode": 0, "customer": [row], "next_cursor": cursor})
    found = await wecom.transfer_results("Zhang", "Li", resigned=True)
    assert found == {"wm1": 1, "wm2": 2, "wm3": 3}
    assert not api.script[LEFT_RESULT]
