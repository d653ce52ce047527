"""The scene most tests play on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.aibot.line import Scene, scene


@pytest.fixture
async def on() -> AsyncIterator[Scene]:
    """A running sandbox with bots and groups."""
    async with scene() as made:
        yield made
