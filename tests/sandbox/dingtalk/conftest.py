"""The stage most tests stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.dingtalk.stage import Stage, stage


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    """A running simulator and a logged-in client."""
    async with stage() as made:
        yield made
