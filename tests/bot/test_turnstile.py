"""So many at once, in the order in which they came."""

from __future__ import annotations

import asyncio

import pytest

from bot.turnstile import Turnstile


class Visitors:
    """Takes places, and leaves when told."""

    def __init__(self, most: int) -> None:
        self.turnstile = Turnstile(most)
        self.came: list[int] = []
        self.leaves = [asyncio.Event() for _ in range(10)]
        self.out = asyncio.Event()

    async def visit(self, who: int) -> None:
        async with self.turnstile:
            self.came.append(who)
            await self.leaves[who].wait()

    async def visit_and_wait_outside(self, who: int) -> None:
        async with self.turnstile:
            self.came.append(who)
            with self.turnstile.outside():
                await self.out.wait()
            await self.leaves[who].wait()


async def settle() -> None:
    """Let everybody go as far as he can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_no_more_than_so_many_and_in_their_order() -> None:
    visitors = Visitors(2)
    tasks = [asyncio.create_task(visitors.visit(who)) for who in range(5)]
    await settle()
    assert visitors.came == [0, 1]
    visitors.leaves[1].set()
    await settle()
    assert visitors.came == [0, 1, 2]
    for leave in visitors.leaves:
        leave.set()
    await asyncio.gather(*tasks)
    assert visitors.came == [0, 1, 2, 3, 4]


async def test_who_waits_for_somebody_else_holds_up_nobody() -> None:
    visitors = Visitors(1)
    first = asyncio.create_task(visitors.visit_and_wait_outside(0))
    others = [asyncio.create_task(visitors.visit(who)) for who in (1, 2)]
    await settle()
    assert visitors.came == [0, 1]
    visitors.out.set()  # back inside at once, beside the one who is there
    visitors.leaves[1].set()
    await settle()
    assert visitors.came == [0, 1]
    visitors.leaves[0].set()
    await settle()
    assert visitors.came == [0, 1, 2]
    visitors.leaves[2].set()
    await asyncio.gather(first, *others)


async def test_who_gives_up_takes_no_place() -> None:
    visitors = Visitors(1)
    tasks = [asyncio.create_task(visitors.visit(who)) for who in range(3)]
    await settle()
    tasks[1].cancel()
    visitors.leaves[0].set()
    await settle()
    assert visitors.came == [0, 2]
    visitors.leaves[2].set()
    await asyncio.wait(tasks)


async def test_who_gives_up_with_the_place_in_hand_gives_it_back() -> None:
    visitors = Visitors(1)
    tasks = [asyncio.create_task(visitors.visit(who)) for who in range(3)]
    await settle()
    visitors.leaves[0].set()
    await asyncio.sleep(0)  # the first leaves: the second has the place and does not know yet
    tasks[1].cancel()
    await settle()
    assert visitors.came == [0, 2]
    visitors.leaves[2].set()
    await asyncio.wait(tasks)


async def test_a_place_is_given_back_when_something_fails() -> None:
    turnstile = Turnstile(1)
    with pytest.raises(ValueError, match="in here"):
        async with turnstile:
            raise ValueError("in here")
    async with asyncio.timeout(10):
        async with turnstile:
            pass
