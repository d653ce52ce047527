"""DingTalk's stream judged by the vendor's node package, dingtalk-stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.dingtalk_day import Day, connected
from tests.contract.programs import node_with, running
from tests.sandbox.dingtalk.stage import CLIENT, SECRET, Stage, stage

BOT = Path(__file__).with_name("dingtalk_bot.cjs")


@pytest.fixture(scope="module")
def node() -> str:
    """The program that runs the bot."""
    return node_with("dingtalk-stream")


@pytest.fixture
async def on(node: str) -> AsyncIterator[Stage]:
    """The organisation, and the bot connected to it."""
    async with stage() as made:
        addresses = (made.ding.api_base, made.ding.oapi_base)
        async with running(node, str(BOT), CLIENT, SECRET, *addresses):
            await connected(made)
            yield made


class TestNodePackage(Day):
    """Everything as the protocol has it."""
