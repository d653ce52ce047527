"""Callback, client and sender together with the simulated platform, over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.answer import Answer
from bot.errors import Misconfigured, RateLimited, Rejected, Unreachable
from bot.wecom.callback import CallbackApp, callback_routes
from bot.wecom.client import WeComClient
from bot.wecom.crypto import CallbackCrypto
from bot.wecom.sender import Parcel, WeComSender
from handlers.incoming import Incoming, Kind
from sandbox import App, Corp, Department, Sandbox, StandingClock, User
from sandbox.wecom.attacks import Attack, launch
from tests.bot.platform import SECRET
from tests.bot.sinks import MemorySink
from tests.bot.wecom.platform import AES_KEY, CORP_ID, NOW, TOKEN

AGENT = 1000002
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "报价 Q-17"},
    "button_list": [{"text": "同意", "style": 1, "key": "yes"}, {"text": "驳回", "style": 2, "key": "no"}],
}


@dataclass
class World:
    """The platform on one side, our edge on the other."""

    sandbox: Sandbox
    clock: StandingClock
    client: WeComClient
    sender: WeComSender
    taken: list[Incoming] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)

    async def accept(self, incoming: Incoming) -> Answer:
        self.taken.append(incoming)
        return self.answer


def company(callback_url: str) -> Corp:
    users = (
        User("ZhaoChen", "赵晨", (2,), "销售", direct_leader=("LiJing",)),
        User("LiJing", "李静", (2,), "经理", is_leader_in=(2,)),
    )
    departments = (Department(1, "远望科技"), Department(2, "销售一部", 1, ("LiJing",)))
    return Corp(
        CORP_ID, "远望科技", departments, users, (App(AGENT, "跟进", SECRET, callback_url, TOKEN, AES_KEY),)
    )


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made: list[World] = []

    async def accept(incoming: Incoming) -> Answer:
        return await made[0].accept(incoming)

    clock = StandingClock(NOW)
    crypto = CallbackCrypto(TOKEN, AES_KEY, CORP_ID)
    edge = web.Application()
    edge.add_routes(callback_routes({"crm": CallbackApp(CORP_ID, crypto)}, accept, clock.now))
    async with TestServer(edge) as ours:
        sandbox = Sandbox(company(str(ours.make_url("/callback/wecom/crm"))), clock)
        async with TestServer(sandbox.app()) as theirs, ClientSession() as session:
            base = str(theirs.make_url("/qyapi"))
            client = WeComClient(session, base, CORP_ID, SECRET, AGENT, clock.now, sleep=no_sleep)
            made.append(World(sandbox, clock, client, WeComSender(client, clock.now)))
            yield made[0]


def parcel(content: str, receiver: str = "ZhaoChen") -> Parcel:
    body = {"touser": receiver, "msgtype": "text", "agentid": AGENT, "text": {"content": content}}
    return Parcel("send", receiver, orjson.dumps(body))


def card_parcel(task_id: str) -> Parcel:
    card = {**CARD, "task_id": task_id}
    body = {"touser": "LiJing", "msgtype": "template_card", "agentid": AGENT, "template_card": card}
    return Parcel("send", "LiJing", orjson.dumps(body))


async def test_the_console_accepts_our_url(world: World) -> None:
    assert await world.sandbox.callbacks.verify_url()


async def test_a_sentence_comes_in_and_its_answer_is_shown(world: World) -> None:
    world.answer = Answer(text="已记录]]>好")
    await world.sandbox.phones.says("ZhaoChen", "今天拜访了华润置地")
    assert world.taken[0].text == "今天拜访了华润置地"
    messages = world.sandbox.world.chat("ZhaoChen").messages
    assert [shown.text for shown in messages] == ["今天拜访了华润置地", "已记录]]>好"]


async def test_quoting_on_the_phone_is_understood(world: World) -> None:
    await world.sender.send(parcel("已记录 #1024"))
    (shown,) = world.sandbox.world.chat("ZhaoChen").messages
    await world.sandbox.phones.says("ZhaoChen", "撤销", quote=shown.id)
    assert (world.taken[0].quoted, world.taken[0].text) == ("已记录 #1024", "撤销")


async def test_a_card_is_pressed_changed_at_once_and_updated_later(world: World) -> None:
    sent = await world.sender.send(card_parcel("t-1"))
    world.answer = Answer(card_update={"template_card": {**CARD, "replace_text": "已同意"}})
    await world.sandbox.phones.press("LiJing", "t-1", "yes")
    (pressed,) = world.taken
    assert (pressed.kind, pressed.action, pressed.card_id) == (Kind.ACTION, "yes", "t-1")
    (shown,) = world.sandbox.world.chat("LiJing").messages
    assert shown.state is not None
    assert shown.state.replace_text == "已同意"
    body = orjson.dumps({"userids": ["LiJing"], "agentid": AGENT, "button": {"replace_name": "已撤回"}})
    update = Parcel("update", "LiJing", body, response_code=sent.response_code)
    await world.sender.send(update)
    with pytest.raises(Rejected) as used:
        await world.sender.send(update)
    assert used.value.code == 60140


async def test_entering_places_and_files(world: World) -> None:
    await world.sandbox.phones.enters("ZhaoChen")
    await world.sandbox.phones.sends_location("ZhaoChen", 31.23, 121.47, "人民广场")
    assert [incoming.kind for incoming in world.taken] == [Kind.ENTER, Kind.LOCATION]
    place = world.taken[1].place
    assert place is not None
    assert (place.latitude, place.label) == (31.23, "人民广场")


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize("attack", list(Attack))
async def test_no_attack_gets_in(world: World, attack: Attack) -> None:
    attempt = await launch(world.sandbox.callbacks, attack)
    assert attempt.status in {403, 413, None}
    assert world.taken == []
    await world.sandbox.phones.says("ZhaoChen", "还在吗")
    assert len(world.taken) == 1


async def test_tokens_that_run_out_under_64_in_flight(world: World) -> None:
    await world.client.callback_ips()
    world.sandbox.wecom.tokens.expire()
    await asyncio.gather(*(world.client.callback_ips() for _ in range(64)))
    world.sandbox.wecom.tokens.revoke()
    await asyncio.gather(*(world.client.callback_ips() for _ in range(64)))
    assert world.sandbox.wecom.flow.calls["gettoken", 0] == 3


async def test_a_lost_answer_is_asked_again_and_reported_when_it_stays_lost(world: World) -> None:
    world.sandbox.wecom.faults.reset_after_commit("message/send")
    assert await world.sender.send(parcel("一"))
    world.sandbox.wecom.faults.down = True
    with pytest.raises(Unreachable):
        await world.sender.send(parcel("二"))


async def test_the_platform_drops_nothing_of_ours(world: World) -> None:
    waits = 0
    for number in range(60):
        while True:
            try:
                await world.sender.send(parcel(f"第 {number} 条"))
                break
            except RateLimited as limited:
                waits += 1
                world.clock.jump(world.clock.now() + timedelta(seconds=limited.retry_after))
    messages = world.sandbox.world.chat("ZhaoChen").messages
    assert len(messages) == 60
    assert not any(message.dropped for message in messages)
    assert waits


async def test_an_untrusted_address_says_what_to_change(world: World) -> None:
    world.sandbox.wecom.faults.untrusted = True
    with pytest.raises(Misconfigured, match="企业可信IP") as fault:
        await world.client.callback_ips()
    assert fault.value.code == 60020


async def test_files_go_up_and_come_down(world: World) -> None:
    table = "客户,金额\n".encode() * 200_000
    media_id = await world.client.upload_media("file", "quote.csv", table, "text/csv")
    sink = MemorySink()
    assert await world.client.get_media(media_id, sink) == "quote.csv"
    assert bytes(sink.data) == table


async def test_the_directory_is_read(world: World) -> None:
    zhao = await world.client.get_user("zhaochen")
    assert (zhao.name, zhao.departments, zhao.direct_leaders, zhao.active) == (
        "赵晨",
        (2,),
        ("LiJing",),
        True,
    )
    assert {member.userid for member in await world.client.list_users(2)} == {"ZhaoChen", "LiJing"}
    assert [(one.id, one.parent_id, one.leaders) for one in await world.client.list_departments()] == [
        (1, 0, ()),
        (2, 1, ("LiJing",)),
    ]


async def test_a_message_is_taken_back(world: World) -> None:
    sent = await world.sender.send(parcel("写错了"))
    await world.client.recall(sent.msgid)
    (shown,) = world.sandbox.world.chat("ZhaoChen").messages
    assert "写错了" not in shown.text
