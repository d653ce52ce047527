"""Members who are told the same are told in one call, and each is settled by himself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from bot.dingtalk.client import SINGLE, DingTalkClient
from bot.dingtalk.post import DingTalkPost
from bot.dingtalk.speech import DingTalkVoice
from config.clock import JumpingClock
from scheduler.relay import Relay
from store import outbox
from store.database import Database
from store.outbox import Letter
from store.tables import OutboxState
from store.writer import Writer
from tests.bot.dingtalk.gateway import NOW
from tests.bot.platform import Hands, OpenApi, refused

VOICE = DingTalkVoice("dingrobot", b"a secret of the test, long enough")
APP = ("dingtalk", "main")


@pytest.fixture
def relay(database: Database, client: DingTalkClient, hands: Hands) -> Iterator[Relay]:
    writer = Writer(database.writer)
    post = DingTalkPost(client, hands.clock, "ding-app")
    yield Relay(writer, {APP: post}, JumpingClock(NOW), "w")
    writer.close()


def fill(
    database: Database, members: int, words: str = "明天上午十点开会", card_id: int | None = None
) -> None:
    with Session(database.writer) as session:
        for number in range(members):
            user = f"User{number}"
            body = VOICE.text(user, words)
            lane = f"dingtalk:main:{user.lower()}"
            outbox.put(session, Letter(f"{words}{user}", *APP, lane, user, body), NOW)
        session.commit()


def states(database: Database) -> dict[str, int]:
    with Session(database.reader) as session:
        return outbox.counts(session)


async def test_twenty_are_told_in_one_call(
    database: Database, relay: Relay, api: OpenApi, spent: list[str]
) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    fill(database, 20)
    await relay.flush()
    assert spent == [SINGLE]
    assert sorted(api.bodies[0]["userIds"]) == sorted(f"User{n}" for n in range(20))
    assert states(database) == {OutboxState.SENT: 20}


async def test_forty_five_need_three_calls(
    database: Database, relay: Relay, api: OpenApi, spent: list[str]
) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    fill(database, 45)
    await relay.flush()
    assert len(spent) == 3
    told = [user for body in api.bodies for user in body["userIds"]]
    assert len(told) == len(set(told)) == 45


async def test_other_words_go_in_a_call_of_their_own(
    database: Database, relay: Relay, api: OpenApi, spent: list[str]
) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    fill(database, 2)
    fill(database, 1, "给您的")
    await relay.flush()
    assert len(spent) == 2


async def test_each_is_settled_by_what_is_said_of_him(database: Database, relay: Relay, api: OpenApi) -> None:
    api.answers[SINGLE] = {
        "processQueryKey": "k1",
        "invalidStaffIdList": ["User1"],
        "flowControlledStaffIdList": ["User2"],
    }
    fill(database, 4)
    await relay.flush()
    assert states(database) == {OutboxState.SENT: 2, OutboxState.PARKED: 1, OutboxState.PENDING: 1}
    with Session(database.reader) as session:
        assert [row.receiver for row in outbox.listed(session, OutboxState.PENDING)] == ["User2"]


async def test_one_whom_the_platform_refuses_does_not_take_the_others_along(
    database: Database, relay: Relay, api: OpenApi
) -> None:
    api.script[SINGLE].append(refused("staffId.notExisted"))
    api.script[SINGLE].append(refused("staffId.notExisted"))
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    fill(database, 3)
    await relay.flush()
    assert states(database) == {OutboxState.SENT: 2, OutboxState.PARKED: 1}
