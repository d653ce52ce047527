"""Stream, callbacks, voice and sender together with the simulated platform, over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.answer import Answer
from bot.dingtalk.client import CARD, GROUP, SINGLE, UPDATE, DingTalkClient
from bot.dingtalk.codes import QuotaSpent
from bot.dingtalk.crypto import EventCrypto
from bot.dingtalk.gateway import StreamApp
from bot.dingtalk.http import HttpApp, callback_routes
from bot.dingtalk.post import DingTalkPost
from bot.dingtalk.speech import DingTalkVoice
from bot.dingtalk.stream import StreamClient
from bot.dingtalk.transport import Hosts, Transport
from cards.actions import pack, unpack
from cards.card import Action, Button, Card, Field, Option
from cards.render.dingtalk_template import template
from handlers.incoming import Incoming, Kind
from sandbox.clock import StandingClock
from sandbox.company import Corp, Department, User
from sandbox.dingtalk import DingApp, DingTalk, Mode, Organisation, Staff, import_template
from sandbox.dingtalk import Group as Chat
from sandbox.dingtalk.connection import Connection
from sandbox.dingtalk.state import Bubble
from sandbox.state import World as Record
from scheduler.delivery import Delivered, Outcome, Refused, Stopped
from store.outbox import Parcel
from tests.bot.dingtalk.gateway import until
from tests.bot.sinks import MemorySink

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ID, SECRET = "dingclient", "client-secret"
TOKEN, AES_KEY, CARD_SECRET = "a-token", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "card-secret"
ROOM = "cidSales=="
TEMPLATE = "generic.schema"
KEY = b"a secret of the test, long enough"
APPROVE = Button("同意", Action("quote.approve", "7", 2), say="回复 同意 Q7")
FORM = Card(
    "补全商机",
    form=(Field("stage", "阶段", (Option("1", "初访"), Option("2", "报价"))),),
    submit=Button("保存", Action("deal.save", "88", 4)),
)


@dataclass
class World:
    """The platform on one side, our edge on the other; `answers` says what the house does."""

    session: ClientSession
    ding: DingTalk
    clock: StandingClock
    voice: DingTalkVoice
    taken: list[Incoming] = field(default_factory=list)
    answers: Callable[[Incoming], Awaitable[Answer]] | None = None
    number: int = 0
    client: DingTalkClient = field(init=False)
    post: DingTalkPost = field(init=False)

    def connect(self) -> None:
        """A client for where the platform is now."""
        hosts = Hosts(self.ding.api_base, self.ding.oapi_base)
        transport = Transport(self.session, hosts, ID, SECRET, self.clock.now, sleep=_no_sleep)
        self.client = DingTalkClient(transport, ID, self.ding.oapi_base)
        self.post = DingTalkPost(self.client, self.clock.now)

    async def accept(self, incoming: Incoming) -> Answer:
        if incoming.delivery_id not in {one.delivery_id for one in self.taken}:
            self.taken.append(incoming)
        return await self.answers(incoming) if self.answers else Answer()

    async def say(self, incoming: Incoming, text: str) -> Outcome:
        return await self.send(incoming.sender, self.voice.answering(incoming).text(incoming.sender, text))

    async def show(self, receiver: str, card: Card, incoming: Incoming | None = None) -> Outcome:
        self.number += 1
        voice = self.voice.answering(incoming) if incoming else self.voice
        return await self.send(receiver, voice.card(receiver, card, f"g{self.number}").body, self.number)

    async def change(self, receiver: str, card: Card, number: int) -> Outcome:
        return await self.send(receiver, self.voice.update(receiver, self.voice.shape(card)), number)

    async def send(self, receiver: str, body: bytes, number: int | None = None) -> Outcome:
        parcel = Parcel(1, "dingtalk", "main", "lane", receiver.lower(), "send", body, 1, number, "", NOW)
        return await self.post.send(parcel)

    def calls(self, *paths: str) -> int:
        return sum(self.ding.calls(path, ID) for path in paths)


def organisation(app: DingApp) -> Organisation:
    staff = (
        Staff("ZhaoChen", "unionZhao", "赵晨", (2,), "销售", manager="LiJing"),
        Staff("LiJing", "unionLi", "李静", (2,), "经理", admin=True),
        Staff("guest", "unionGuest", "客人", (2,), external=True),
    )
    departments = (Department(1, "远望科技"), Department(2, "销售一部", 1, ("LiJing",)))
    chats = (Chat(ROOM, "销售一群", ("ZhaoChen", "LiJing", "guest"), (ID,)),)
    imported = import_template(TEMPLATE, template())
    return Organisation("dingcorp", "远望科技", departments, staff, (app,), chats, (imported,))


async def _no_sleep(_: float) -> None:
    await asyncio.sleep(0)


def _world(session: ClientSession, app: DingApp, voice: DingTalkVoice) -> World:
    clock = StandingClock(NOW)
    corp = Corp("ww1", "远望科技", (Department(1, "远望科技"),), (User("u", "u", (1,)),), ())
    ding = DingTalk(Record(corp, clock), organisation(app))
    ding.gateway.ping_interval = None
    return World(session, ding, clock, voice)


def _served(world: World, address: str) -> None:
    """The port is known now."""
    world.ding.moved_to(address)
    world.connect()


@pytest.fixture
async def stream(session: ClientSession) -> AsyncIterator[World]:
    """Connected over Stream."""
    voice = DingTalkVoice(ID, KEY, TEMPLATE)
    world = _world(session, DingApp(ID, SECRET, "跟进"), voice)
    async with TestServer(world.ding.app()) as theirs:
        _served(world, str(theirs.make_url("")).rstrip("/"))
        app = StreamApp("main", ID, SECRET)
        connected = StreamClient(session, world.ding.api_base, app, world.accept, world.clock.now, sleep=_nap)
        connected.start()
        await world.ding.gateway.connected(ID)
        yield world
        await connected.stop()
        assert world.ding.gateway.complaints == []


async def _nap(seconds: float) -> None:
    """Back-off passes at once, the watchdog never."""
    await asyncio.sleep(0 if seconds <= 60 else 3600)


@pytest.fixture
async def http(session: ClientSession) -> AsyncIterator[World]:
    """Called back over HTTP."""
    made: list[World] = []

    async def accept(incoming: Incoming) -> Answer:
        return await made[0].accept(incoming)

    edge = web.Application()
    apps = {"main": HttpApp(SECRET, EventCrypto(TOKEN, AES_KEY, ID), CARD_SECRET)}
    edge.add_routes(callback_routes(apps, accept, lambda: made[0].clock.now()))
    async with TestServer(edge) as ours:
        base = str(ours.make_url("/callback/dingtalk/main"))
        app = DingApp(ID, SECRET, "跟进", 1, Mode.HTTP, f"{base}/robot", f"{base}/event", TOKEN, AES_KEY)
        voice = DingTalkVoice(ID, KEY, TEMPLATE, route_key="genjin", in_response=True)
        world = _world(session, app, voice)
        made.append(world)
        async with TestServer(world.ding.app()) as theirs:
            _served(world, str(theirs.make_url("")).rstrip("/"))
            await world.client.register_card_callback("genjin", f"{base}/card", CARD_SECRET)
            yield world
            assert world.ding.gateway.complaints == []


@pytest.fixture(params=["stream", "http"])
def world(request: pytest.FixtureRequest) -> World:
    """Both ways of connecting."""
    made: World = request.getfixturevalue(request.param)
    return made


def pressed_action(incoming: Incoming) -> Action:
    return unpack(incoming.action, KEY)


async def last(world: World, who: str, kind: str, group: str | None = None) -> Bubble:
    return await world.ding.wait_for(who, lambda bubble: bubble.kind == kind, group=group)


async def test_a_message_is_answered_without_an_api_call(world: World) -> None:
    said = await world.ding.says("ZhaoChen", "今天拜访了华润置地的王总")
    assert said.delivery == "pushed"
    (taken,) = world.taken
    assert (taken.kind, taken.text, taken.sender) == (Kind.TEXT, "今天拜访了华润置地的王总", "ZhaoChen")
    assert await world.say(taken, "已记录") == Delivered()
    assert [bubble.text for bubble in world.ding.chat("ZhaoChen")][-1] == "已记录"
    assert world.calls(SINGLE, GROUP, CARD, UPDATE) == 0


async def test_a_card_that_can_be_said_is_tapped_and_comes_back_as_words(world: World) -> None:
    await world.ding.says("ZhaoChen", "报价 华润 58万")
    assert await world.show("ZhaoChen", Card("报价 Q7", buttons=(APPROVE,)), world.taken[0]) == Delivered()
    shown = await last(world, "ZhaoChen", "markdown")
    await world.ding.taps("ZhaoChen", shown, "同意")
    assert world.taken[-1].text == "同意 Q7"
    assert world.calls(SINGLE, CARD) == 0


async def test_a_card_is_pressed_changed_and_refuses_a_second_press(world: World) -> None:
    decided = Card("报价 Q7", done="李静 09:30 已同意")

    async def decide(_: Incoming) -> Answer:
        return Answer(card_update=world.voice.ride_back(world.voice.shape(decided)))

    for who in ("LiJing", "ZhaoChen"):
        assert isinstance(await world.show(who, Card("报价 Q7 待审批", buttons=(APPROVE,))), Delivered)
    card = await last(world, "LiJing", "card")
    other = await last(world, "ZhaoChen", "card")
    world.answers = decide
    click = await world.ding.taps("LiJing", card, "同意")
    assert getattr(click, "status", "") == "answered"
    pressed = world.taken[-1]
    assert (pressed.kind, pressed.sender, pressed.card_id) == (Kind.ACTION, "LiJing", "g1")
    assert pressed_action(pressed) == APPROVE.action
    assert "李静 09:30 已同意" in card.shows("LiJing")
    assert world.ding.people.buttons("LiJing", card) == []
    assert "已同意" not in other.shows("ZhaoChen")
    assert await world.change("ZhaoChen", decided, 2) == Delivered()
    assert "李静 09:30 已同意" in other.shows("ZhaoChen")
    assert (world.calls(CARD), world.calls(UPDATE)) == (2, 1)


async def test_a_form_comes_back_with_its_action_and_choices(world: World) -> None:
    await world.show("ZhaoChen", FORM)
    card = await last(world, "ZhaoChen", "card")
    click = await world.ding.submits("ZhaoChen", card, {"stage": "2"})
    assert click.status == "answered"
    taken = world.taken[-1]
    assert pressed_action(taken) == Action("deal.save", "88", 4)
    assert taken.fields == {"stage": ("2",)}


async def test_a_form_without_submit_sends_the_chosen_button(world: World) -> None:
    later = Button("推迟", Action("task.later", "3"))
    await world.show("ZhaoChen", Card("提醒", form=FORM.form, buttons=(APPROVE, later)))
    card = await last(world, "ZhaoChen", "card")
    packed = pack(Action("task.later", "3"), KEY)
    await world.ding.submits("ZhaoChen", card, {"stage": "1", "genjin_action": packed})
    assert (pressed_action(world.taken[-1]).name, world.taken[-1].fields) == ("task.later", {"stage": ("1",)})


async def test_a_group_is_answered_in_the_group(world: World) -> None:
    await world.ding.says("ZhaoChen", "华润置地", ROOM)
    (taken,) = world.taken
    assert (taken.is_group, taken.conversation, taken.text) == (True, ROOM, "华润置地")
    assert await world.say(taken, "负责人 赵晨") == Delivered()
    assert world.ding.chat("LiJing", ROOM)[-1].text == "@ZhaoChen 负责人 赵晨"
    assert isinstance(await world.show("ZhaoChen", FORM, taken), Delivered)
    card = await last(world, "ZhaoChen", "card", ROOM)
    assert not card.shown_to("LiJing")


async def test_after_its_end_the_webhook_is_replaced_by_the_api(world: World) -> None:
    await world.ding.says("ZhaoChen", "提醒我")
    world.clock.jump(NOW + timedelta(hours=3))
    forgotten = replace(world.taken[0], reply_until=None)
    for one in (world.taken[0], forgotten):
        assert isinstance(await world.say(one, "到点了"), Delivered)
    assert world.calls(SINGLE) == 2
    assert world.ding.chat("ZhaoChen")[-1].text == "到点了"


async def test_an_outsider_is_told_apart(world: World) -> None:
    await world.ding.says("guest", "你好", ROOM)
    assert world.taken[0].sender.startswith("outside:")
    assert await world.say(world.taken[0], "请先加入组织") == Delivered()


async def test_an_event_arrives_and_is_acknowledged(world: World) -> None:
    (push,) = await world.ding.leaves_org("ZhaoChen")
    assert push.ok
    taken = world.taken[0]
    assert (taken.event, taken.sender) == ("user_leave_org", "ZhaoChen")


async def test_files_are_fetched(world: World) -> None:
    await world.ding.people.sends_file("ZhaoChen", "客户.xlsx", b"PK\x03\x04")
    await world.ding.people.sends_voice("ZhaoChen", b"#!AMR", "拜访了万科")
    sheet, voice = world.taken
    assert (sheet.kind, sheet.attachments[0].name) == (Kind.FILE, "客户.xlsx")
    assert (voice.kind, voice.text) == (Kind.VOICE, "拜访了万科")
    sink = MemorySink()
    await world.client.download(sheet.attachments[0].media_id, sink)
    assert bytes(sink.data) == b"PK\x03\x04"


async def test_faults_of_the_platform(world: World) -> None:
    voice = world.voice
    world.ding.faults.undeliverable["ZhaoChen"] = "not in range"
    assert isinstance(await world.show("ZhaoChen", FORM), Refused)
    assert isinstance(await world.send("nobody", voice.text("nobody", "好")), Refused)
    world.ding.faults.inject(SINGLE, "Forbidden.AccessDenied.ApiCountLimitForOrg", 1, status=403)
    outcome = await world.send("LiJing", voice.text("LiJing", "好"))
    assert isinstance(outcome, Stopped)
    assert "本月" in outcome.hint
    assert QuotaSpent.__name__ in outcome.reason
    world.ding.faults.reset_after_commit(CARD)
    assert await world.show("LiJing", FORM) == Delivered()
    assert len([one for one in world.ding.chat("LiJing") if one.kind == "card"]) == 1


async def test_members_are_read(world: World) -> None:
    read = await world.client.get_user("ZhaoChen")
    assert (read.name, read.manager, read.departments) == ("赵晨", "LiJing", (2,))
    (team,) = await world.client.list_departments(1)
    assert (team.name, (await world.client.get_department(2)).managers) == ("销售一部", ("LiJing",))
    assert set(await world.client.list_userids(2)) >= {"ZhaoChen", "LiJing"}


async def test_the_address_of_events_passes_the_consoles_check(http: World) -> None:
    assert await http.ding.check_event_url()
    assert http.taken == []


async def test_a_text_rides_back_over_http(http: World) -> None:
    async def answer(incoming: Incoming) -> Answer:
        return Answer(http.voice.ride_back_text(incoming, "已记录"))

    http.answers = answer
    await http.ding.says("ZhaoChen", "今天拜访了华润置地")
    assert http.ding.chat("ZhaoChen")[-1].text == "已记录"


def replaced(world: World, old: Connection) -> bool:
    return world.ding.gateway.of(ID) not in ([], [old])


async def test_hand_over_loses_nothing(stream: World) -> None:
    gateway = stream.ding.gateway
    for number in range(20):
        (connection,) = gateway.of(ID)
        ending = asyncio.create_task(connection.disconnect(grace=0.05))
        await until(partial(replaced, stream, connection))
        said = await stream.ding.says("ZhaoChen", f"第 {number} 次")
        assert said.delivery == "pushed"
        await ending
    assert [one.text for one in stream.taken] == [f"第 {number} 次" for number in range(20)]


async def test_lost_acknowledgements_and_copies_are_told_by_their_id(stream: World) -> None:
    stream.ding.push_faults.copies = 3
    await stream.ding.says("ZhaoChen", "一次")
    stream.ding.push_faults.clear()
    stream.ding.push_faults.lost_acks = 1
    await stream.ding.says("ZhaoChen", "又一次")
    stream.clock.jump(NOW + timedelta(seconds=61))
    assert await stream.ding.tick() == 1
    assert [one.text for one in stream.taken] == ["一次", "又一次"]
