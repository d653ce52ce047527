"""DingTalk's stream judged by the vendor's Python library, dingtalk-stream."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest

from tests.contract.dingtalk_day import Day, connected
from tests.contract.programs import running
from tests.sandbox.dingtalk.stage import CLIENT, SECRET, Stage, stage

pytest.importorskip("dingtalk_stream", reason="dingtalk-stream is not installed")
BOT = Path(__file__).with_name("dingtalk_bot.py")


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    """The organisation, and the bot connected to it."""
    async with stage() as made:
        address = made.ding.api_base
        async with running(sys.executable, str(BOT), CLIENT, SECRET, DINGTALK_OPENAPI_ENDPOINT=address):
            await connected(made)
            yield made


class TestDingTalkStream(Day):
    """The library acknowledges an event with the event itself, which the gateway overlooks."""

    of_events: ClassVar[list[str]] = ["an event is answered by data.status SUCCESS or LATER"]
