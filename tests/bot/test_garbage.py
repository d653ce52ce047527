"""Bad input anywhere gets a clean refusal or a clear answer, and the service goes on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.demo.run import Demo, demo
from handlers.incoming import Incoming, Kind
from sandbox import Message
from sandbox.wecom import xml
from sandbox.wecom.attacks import Attack
from sandbox.wecom.callbacks import Attempt
from store.tables import Activity, Inbox, InboxStatus
from tests.patience import PATIENCE

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MANY = 10 * 1024 * 1024
NUL = "今天拜访了华润\x00置地的王总\x07，聊了二期报价\ud83d"
ODD = {
    "long": "他说还要再想想" * 714 + "好的",
    "long_one_word": "A" * 5000,
    "digits": "1" * 5000,
    "emoji": "😀🎉👨‍👩‍👧‍👦🇨🇳",
    "marks": "？！……。。",
    "invisible": "\u200b\u202e\u2066\u0001",
    "markup": "<xml>&h;]]></xml><script>alert(1)</script>",
    "sql": "'; DROP TABLE customer; --",
    "template": "{{7*7}} ${jndi:ldap://x} %s %(a)s {0.__class__}",
    "slashes": "/" * 300,
    "rare": "𠮷𡃁𪚥龘㐂",
}


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    """The demo on each database."""
    async with demo(company_url, start=START) as running:
        yield running


async def goes_on(office: Demo) -> None:
    """A good message is answered as ever, and nothing is left behind."""
    said = await office.sandbox.says("zhangwei", "帮助")
    await answer_to(office, said)
    where = office.callback.replace("/callback/wecom/main", "/healthz")
    async with aiohttp.ClientSession() as http, http.get(where) as health:
        assert health.status == 200
    with Session(office.service.database.reader) as session:
        query = select(func.count()).select_from(Inbox).where(col(Inbox.status) != InboxStatus.DONE)
        assert session.execute(query).scalar_one() == 0


async def answer_to(office: Demo, said: Message) -> Message:
    """The first thing that the bot says after this."""
    return await office.sandbox.wait_for("zhangwei", lambda m: m.sender == "app", PATIENCE, after=said)


def answers(office: Demo) -> list[Message]:
    """What the bot has said to zhangwei."""
    return [one for one in office.sandbox.chat("zhangwei") if one.sender == "app"]


def activities(office: Demo) -> int:
    """How many records there are."""
    with Session(office.service.database.reader) as session:
        return int(session.execute(select(func.count()).select_from(Activity)).scalar_one())


async def test_every_attack_is_refused_without_a_word(office: Demo) -> None:
    for kind in Attack:
        for _ in range(2):
            attempt = await office.sandbox.attack(kind)
            assert attempt.reply == b"", kind
            if attempt.status is not None:  # the connection may be cut while ten megabytes still flow
                assert 400 <= attempt.status < 500, kind
        await goes_on(office)
    assert {Attack.WRONG_SIGNATURE, Attack.GARBAGE, Attack.OVERSIZED, Attack.ENTITY_BOMB} <= set(Attack)


async def test_a_storm_of_attacks_leaves_room_for_the_others(office: Demo) -> None:
    kinds = [kind for kind in Attack if kind is not Attack.OVERSIZED] * 5
    done: list[Attempt | None] = await asyncio.gather(*(office.sandbox.attack(kind) for kind in kinds))
    assert all(one is not None and one.status is not None and 400 <= one.status < 500 for one in done)
    await goes_on(office)


async def test_strange_requests_are_the_client_s_fault(office: Demo) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/callback/wecom/main", "/callback/wecom/nobody", "/", "/healthz", "/../etc"):
            where = office.callback.replace("/callback/wecom/main", path)
            for method in ("PUT", "DELETE", "PATCH", "POST"):
                async with http.request(method, where, data=os.urandom(2048)) as response:
                    assert 400 <= response.status < 500
                    assert "Traceback" not in await response.text()
    await goes_on(office)


async def test_ten_megabytes_are_not_read(office: Demo) -> None:
    async with aiohttp.ClientSession() as http:
        query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "1"}
        try:
            async with http.post(office.callback, params=query, data=BytesIO(b"A" * MANY)) as response:
                assert response.status == 413
        except aiohttp.ClientError:
            pass  # cut before everything was sent
    await goes_on(office)


async def test_events_that_nobody_knows_are_taken_and_change_nothing(office: Demo) -> None:
    before = activities(office)
    app = office.sandbox.world.app(None)
    corp = office.sandbox.world.corp.id
    now = int(office.clock.now().timestamp())
    head = (
        f"<ToUserName>{corp}</ToUserName><FromUserName>zhangwei</FromUserName><CreateTime>{now}</CreateTime>"
    )
    tail = f"<AgentID>{app.agent_id}</AgentID>"
    for inner in (
        "<MsgType>event</MsgType><Event>brand_new_event</Event><Thing><A>1</A></Thing>",
        "<MsgType>event</MsgType><Event></Event>",
        "<MsgType>hologram</MsgType><MsgId>77</MsgId><Content>你好</Content>",
        "<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>forged</EventKey><TaskId>x</TaskId>",
        "<MsgType>text</MsgType><MsgId>78</MsgId>",
        "<MsgType>image</MsgType><MsgId>79</MsgId>",
        "<MsgType>location</MsgType><MsgId>80</MsgId><Location_X>north</Location_X>",
        "",
    ):
        plain = f"<xml>{head}{inner}{tail}</xml>".encode()
        delivery = await office.sandbox.callbacks.deliver(plain)
        assert delivery.ok, inner
        assert len(delivery.attempts) == 1, inner
    await goes_on(office)
    assert activities(office) == before


async def test_whatever_is_typed_is_answered_and_nothing_is_recorded(office: Demo) -> None:
    before = activities(office)
    for name, words in ODD.items():
        said = await office.sandbox.says("zhangwei", words)
        shown = (await answer_to(office, said)).shows()
        assert "错误编号" not in shown, name
        assert "已记录" not in shown, name
    await goes_on(office)
    assert activities(office) == before


async def test_an_empty_text_gets_an_answer(office: Demo) -> None:
    before = activities(office)
    world = office.sandbox.world
    ridden_back = 0
    for words in ("", " ", "\n\t", "\u3000"):
        head = xml.Head(world.corp.id, "zhangwei", world.app(None).agent_id, int(world.seconds()))
        delivery = await office.sandbox.callbacks.deliver(xml.says(head, words))
        assert delivery.ok
        ridden_back += bool(delivery.reply)
    await office.service.dispatcher.idle()
    await office.service.relay.flush()
    assert ridden_back + len(answers(office)) == 4
    await goes_on(office)
    assert activities(office) == before


async def test_control_characters_reach_no_database(office: Demo) -> None:
    incoming = Incoming("wecom", "main", "zhangwei", "zhangwei", Kind.TEXT, "nul\x001", START, text=NUL)
    await office.service.dispatcher.accept(incoming)
    await office.service.dispatcher.idle()
    with Session(office.service.database.reader) as session:
        row = session.execute(select(Inbox).where(col(Inbox.delivery_id) == "nul1")).scalar_one()
        assert row.status == InboxStatus.DONE
        raw = session.execute(select(col(Activity.raw)).where(col(Activity.inbox_id) == row.id)).scalar_one()
    assert raw == "今天拜访了华润置地的王总，聊了二期报价"
    await goes_on(office)
