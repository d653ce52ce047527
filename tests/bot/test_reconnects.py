"""Two hundred reconnects of the whole service with messages under way: each recorded once, answered once.

The connections' time is moved by the test, so that no pause is waited for and no patience runs out by
itself; a slow machine makes this slower, not different.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo import others
from bot.demo.plan import plan
from bot.demo.run import Demo, demo
from bot.wecom.aibot.bot import AiBot
from bot.wecom.aibot.connection import State
from sandbox.dingtalk import DingTalk
from sandbox.wecom.aibot.connection import Connection
from sandbox.wecom.aibot.frames import RESPOND, SEND
from sandbox.wecom.aibot.server import BotServer
from store.tables import Activity, Inbox
from tests.bot.ways import DingTalkApp, Way, Ways
from tests.bot.wecom.aibot.clockwork import VirtualTime
from tests.databases import Databases

pytestmark = pytest.mark.asyncio(loop_scope="module")

RECONNECTS = 200
PEOPLE = ("zhangwei", "wangfang", "liuyang", "sunli", "zhouqiang", "wuting")
CUSTOMERS = {one.owner: one.aliases[0] for one in plan().customers if one.owner in PEOPLE}
START = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ROUND = timedelta(seconds=20)
"""What the wall clock moves on with each reconnect: less than a lease, so that no parcel under way is taken
for lost, and in a few rounds more than any pause before something comes again."""
TRIES = 10
"""How often DingTalk brings again what was not acknowledged, in this test: some are hit again and again."""
STEP, MOMENT = 5.0, 0.001
"""Seconds: what the connections' time moves on with one step, and real ones to let the network work."""
PATIENCE = 300.0
"""Real seconds before a test gives up."""


@dataclass(slots=True)
class Every:
    """Yes, once in so many calls: where nobody says that time is waited for."""

    times: int
    calls: int = 0

    def __call__(self) -> bool:
        self.calls += 1
        return self.calls % self.times == 0


@dataclass(slots=True)
class Company:
    """The demo company on all its connections, in a time of its own."""

    office: Demo
    time: VirtualTime
    said: dict[str, str] = field(default_factory=dict)
    """Who said it, by the words that are in the answer too."""
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def ding(self) -> DingTalk:
        """The other platform."""
        assert self.office.sandbox.dingtalk is not None
        return self.office.sandbox.dingtalk

    def words(self, chance: random.Random, way: str) -> tuple[str, str]:
        """Somebody, and something to say: a visit mostly, else something that nobody understands."""
        number = next(self.numbers)
        mark = f"{way}第{number}号样品"
        self.said[mark] = chance.choice(PEOPLE)
        is_visit = chance.random() < 0.75
        visited = f"今天拜访了{CUSTOMERS[self.said[mark]]}，看了{mark}"
        return self.said[mark], visited if is_visit else f"嗯嗯{mark}"

    async def until(self, condition: Callable[[], bool], waiting: Callable[[], bool]) -> None:
        """Move the connections' time on until it is so, but only while a connection is `waiting` for that:
        what is on the network takes no time."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await (self.time.forward(STEP) if waiting() else asyncio.sleep(MOMENT))

    async def a_round_later(self) -> None:
        """Let what was to be tried again be tried."""
        self.office.clock.jump(self.office.clock.now() + ROUND)
        sent = asyncio.create_task(self.office.service.relay.flush())
        await self.until(sent.done, Every(20))  # an acknowledgement that is lost is waited for


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(databases: Databases) -> AsyncIterator[Company]:
    time = VirtualTime()
    with databases.fresh("sqlite") as url:
        async with demo(url, start=START, timing=time.timing) as office:
            yield Company(office, time)
            ending = asyncio.create_task(_run_on(time))
    ending.cancel()


async def _run_on(time: VirtualTime) -> None:
    """Let the connections' time run, so that nothing is waited for when they are closed."""
    while True:
        await time.forward(STEP)
        await asyncio.sleep(MOMENT)


async def test_smart_bot(company: Company) -> None:
    office, chance = company.office, random.Random(1)
    server, bot_id = office.sandbox.openws, office.settings.wecom_bots[others.BOT].bot_id
    server.faults.again = True
    bot = office.service.bots[others.BOT].bot

    async def cut() -> None:
        way = chance.random()
        if way < 0.45:
            server.drop(bot_id)
        elif way < 0.9:
            await server.hang_up(bot_id)
        else:
            server.freeze(bot_id, pongs=False)

    for number in range(RECONNECTS):
        if number % 2:  # six minutes after a message its answer would be too late: two cuts take less
            await company.until(lambda: bot.under_way == 0, Every(20))
        before = server.live[bot_id]
        for _ in range(chance.randint(1, 3)):
            who, words = company.words(chance, "甲")
            assert (await office.sandbox.bots.says(who, words)).status == "sent"
            await _breathe(chance)
        if chance.random() < 0.2:
            server.faults.lose_ack(chance.choice((RESPOND, SEND)))
        await cut()
        await company.until(partial(_is_another, server, bot_id, before), partial(_is_waiting, bot, before))
        await company.a_round_later()
    server.faults.clear()
    await _answered(company, Ways(office)["wecom-bot"], "甲", lambda: bot.under_way == 0)
    assert server.repeated > 0


async def test_dingtalk_stream(company: Company) -> None:
    office, chance, ding = company.office, random.Random(2), company.ding
    way = Ways(office)["dingtalk-stream"]
    assert isinstance(way, DingTalkApp)
    ding.pushes.stream_timeout, ding.pushes.robot_again = 0.3, (60.0,) * TRIES
    ding.push_faults.unconnected = True
    ding.gateway.ping_interval = 0.05  # real seconds: whoever is pinged takes silence for death soon
    speaking: set[asyncio.Task[object]] = set()

    async def cut() -> None:
        for connection in ding.gateway.of(way.client_id):
            kind = chance.random()
            if kind < 0.4:
                connection.drop()
            elif kind < 0.9:
                speaking.add(asyncio.create_task(connection.disconnect(grace=0.05)))
            else:
                connection.zombie = True

    for _ in range(RECONNECTS):
        opened = ding.gateway.opened
        for _ in range(chance.randint(1, 3)):
            who, words = company.words(chance, "乙")
            speaking.add(asyncio.create_task(way.says(who, words)))
            await _breathe(chance)
        ding.push_faults.copies = chance.choice((1, 1, 1, 2))
        ding.push_faults.lost_acks += chance.choice((0, 0, 0, 1))
        await cut()
        await company.until(partial(_alive, ding, way.client_id, opened), Every(3))
        await company.a_round_later()
    await asyncio.gather(*speaking)
    ding.push_faults.clear()
    await _answered(company, way, "乙", lambda: ding.pushes.waiting == 0)


def _is_another(server: BotServer, bot_id: str, before: object) -> bool:
    """Whether a new connection has subscribed."""
    return server.live.get(bot_id, before) is not before


def _is_waiting(bot: AiBot, before: Connection) -> bool:
    """Whether the bot pauses, or has not noticed yet that the line is dead."""
    return bot.connection.state is State.WAITING or (before.mute and bot.connection.state is State.READY)


def _alive(ding: DingTalk, client_id: str, opened: int) -> bool:
    """Whether a new connection stands."""
    live = [one for one in ding.gateway.of(client_id) if not one.zombie]
    return ding.gateway.opened > opened and bool(live)


async def _breathe(chance: random.Random) -> None:
    """Let a turn get as far as it happens to."""
    for _ in range(chance.randrange(60)):
        await asyncio.sleep(0)


async def _answered(company: Company, way: Way, mark: str, quiet: Callable[[], bool]) -> None:
    """Wait for the last answer, and find one record and one answer for everything that was said."""
    office, said = company.office, {one: who for one, who in company.said.items() if one.startswith(mark)}
    async with asyncio.timeout(PATIENCE):
        while not quiet() or len(_answers(way, said)) < len(said):
            await asyncio.sleep(MOMENT)
            await company.time.forward(STEP)
            await company.a_round_later()
            await company.ding.tick()
    await office.service.dispatcher.idle()
    await company.a_round_later()
    assert _answers(way, said) == Counter(dict.fromkeys(said, 1))
    with Session(office.service.database.reader) as session:
        kept = [str(raw.get("text", "")) for raw in session.execute(select(col(Inbox.raw))).scalars()]
        assert _named(kept, said) == Counter(dict.fromkeys(said, 1))
        visits = list(
            session.execute(select(col(Activity.raw)).where(col(Activity.raw).contains(mark))).scalars()
        )
    assert visits
    assert max(_named(visits, said).values()) == 1


def _answers(way: Way, said: dict[str, str]) -> Counter[str]:
    """How often each was answered, in the chat of who said it."""
    found: Counter[str] = Counter()
    for who in PEOPLE:
        shown = [way.reads(who, one) for one in way.all(who) if one.sender in ("app", "robot")]
        found += _named(shown, {one: name for one, name in said.items() if name == who})
    return found


def _named(texts: Iterable[str], said: dict[str, str]) -> Counter[str]:
    """How many of the texts name each."""
    return Counter(one for text in texts for one in said if one in text)
