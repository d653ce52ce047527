"""The smart bot together with the simulated platform over the wire, with the real dispatch and relay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlalchemy import select
from sqlmodel import Session, col

from bot.dispatch import Dispatcher
from bot.names import Names
from bot.plan import Planner
from bot.turns import Turns
from bot.wecom.aibot.bot import AiBot
from bot.wecom.aibot.connection import Credentials, State
from bot.wecom.aibot.holding import holding, late_letters, lease_calls
from bot.wecom.aibot.media import fetch
from bot.wecom.aibot.speech import AiBotVoice
from bot.wecom.aibot.upload import Upload
from cards.card import Action, Button, Card
from config.business import Business
from handlers.incoming import Attachment, Incoming, Kind
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Press, Turn
from nlu.reading import Intent, Reading
from sandbox import Corp, Department, Group, Message, Sandbox, SmartBot, StandingClock, User
from scheduler.delivery import Sender
from scheduler.relay import Relay
from store.database import Database
from store.tables import Identity, Member
from store.writer import Writer
from tests.bot.sinks import MemorySink
from tests.bot.wecom.platform import NOW

BOT, SECRET, KEY = "aib-1", "bot-secret", b"0123456789abcdef"
CORP = Corp(
    "wx1",
    "远望科技",
    (Department(1, "远望科技"),),
    (User("zhaochen", "赵晨", (1,)), User("lijing", "李静", (1,))),
    (),
    bots=(SmartBot(BOT, SECRET, "跟进助手"),),
    groups=(Group("wrChat", "销售群", ("zhaochen", "lijing"), (BOT,)),),
)
router = Router("test")


def asked(done: str = "") -> Card:
    yes = Button("同意", Action("yes", "7"), say="回复 同意")
    return Card("报价审批", body="华润 3 项", buttons=(yes,), about=("quote", "7"), done=done)


@router.intent(*Intent)
def anything(turn: Turn, reading: Reading) -> Reply:
    """报价 asks the other one; anything else is echoed, with the files that came."""
    said = turn.incoming
    taken.append(said)
    if said.text == "报价":
        others = turn.ctx.session.execute(select(col(Member.id)).where(col(Member.id) != turn.actor.id))
        return Reply("已提交", cards=(asked(),), notices=tuple(Notice(one, asked()) for (one,) in others))
    return Reply(f"{turn.actor.name}：{said.text}{said.quoted and f'（{said.quoted}）'}")


@router.kind(Kind.ENTER)
def welcome(turn: Turn) -> Reply:
    """Good morning."""
    return Reply(f"{turn.actor.name}，早上好")


@router.kind(Kind.FILE, Kind.IMAGE)
def filed(turn: Turn) -> Reply:
    """A file is noted."""
    taken.append(turn.incoming)
    return Reply("收到")


@router.action("yes")
def yes(turn: Turn, press: Press) -> Reply:
    """The quote is approved."""
    return Reply(refresh=(asked(f"已由{turn.actor.name}同意"),))


taken: list[Incoming] = []


@dataclass
class World:
    """The platform on one side, the service on the other."""

    sandbox: Sandbox
    bot: AiBot
    relay: Relay
    session: ClientSession

    async def shown(self, userid: str, words: str) -> Message:
        """What a member sees of the bot, once it holds these words."""
        return await self.sandbox.world.wait_for(
            self.sandbox.bots.chat(userid), lambda one: words in f"{one.text}{one.card}" and one.author == BOT
        )


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    taken.clear()
    clock = StandingClock(NOW)
    sandbox = Sandbox(CORP, clock)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(TestServer(sandbox.app()))
        session = await stack.enter_async_context(ClientSession())
        writer = Writer(database.writer)
        stack.callback(writer.close)
        await writer.run(people)
        voices = {("wecom", "bot"): AiBotVoice(KEY)}
        senders: dict[tuple[str, str], Sender] = {}
        relay = Relay(writer, senders, clock, "test")
        names = Names()
        planner = Planner(router, KEY, Business(), lambda: names.lexicon)
        dispatcher = Dispatcher(database, writer, Turns(planner, voices), names, clock, relay.wake)
        stack.push_async_callback(dispatcher.close)
        url = str(platform.make_url("/openws")).replace("http", "ws", 1)
        late = late_letters(writer, voices, clock.now, relay.wake)
        bot = AiBot("bot", session, Credentials(BOT, SECRET, url), dispatcher.accept, late, clock.now)
        senders["wecom", "bot"] = bot.post
        relay.start()
        stack.push_async_callback(relay.stop)
        await stack.enter_async_context(holding(bot, lease_calls(writer, "aibot:bot", "test", clock.now)))
        await sandbox.openws.connected(BOT)
        await bot.connection.ready(60)
        yield World(sandbox, bot, relay, session)


def people(session: Session) -> None:
    for userid, name in (("zhaochen", "赵晨"), ("lijing", "李静")):
        row = Member(name=name, created_at=NOW, updated_at=NOW)
        session.add(row)
        session.flush()
        session.add(
            Identity(platform="wecom", app="bot", external_id=userid, member_id=row.id, created_at=NOW)
        )


async def test_a_colleague_is_answered(world: World) -> None:
    said = await world.sandbox.bots.says("zhaochen", "今天去了华润")
    assert said.status == "sent"
    shown = await world.shown("zhaochen", "赵晨：今天去了华润")
    assert (shown.kind, shown.status) == ("markdown", "")
    await world.sandbox.bots.says("zhaochen", "对的", quote=shown)
    await world.shown("zhaochen", "赵晨：对的（赵晨：今天去了华润）")


async def test_a_group_is_answered_in_the_group(world: World) -> None:
    """But not with what only its asker may see: that is said to him alone, once he can be reached."""
    bots = world.sandbox.bots
    room = bots.group("wrChat", "lijing")
    await bots.at_bot("wrChat", "zhaochen", "本周跟进")
    await world.sandbox.world.wait_for(room, lambda one: "请先私聊我一句" in one.text)
    alone = bots.chat("zhaochen")
    await bots.says("zhaochen", "你好")
    await world.sandbox.world.wait_for(alone, lambda one: one.text == "赵晨：你好")
    await bots.at_bot("wrChat", "zhaochen", "本周跟进")
    await world.sandbox.world.wait_for(room, lambda one: "已私信你" in one.text)
    await world.sandbox.world.wait_for(alone, lambda one: one.text == "赵晨：本周跟进")


async def test_opening_the_chat_is_welcomed(world: World) -> None:
    assert await world.sandbox.bots.enters("zhaochen")
    await world.shown("zhaochen", "赵晨，早上好")


async def test_a_card_is_pressed_changed_and_the_other_copy_gets_a_notice(world: World) -> None:
    await world.sandbox.bots.says("lijing", "在")
    await world.sandbox.bots.says("zhaochen", "报价")
    card = await world.shown("lijing", "报价审批")
    await world.sandbox.bots.tap("lijing", card, "同意")
    changed = await world.shown("lijing", "已由李静同意")
    assert changed.id == card.id
    notice = await world.shown("zhaochen", "报价审批：已由李静同意")
    assert notice.kind == "markdown"


async def test_a_second_press_of_the_other_copy_is_answered(world: World) -> None:
    await world.sandbox.bots.says("lijing", "在")
    await world.sandbox.bots.says("zhaochen", "报价")
    card = await world.shown("lijing", "报价审批")
    await world.sandbox.bots.tap("lijing", card, "同意")
    await world.shown("lijing", "已由李静同意")
    own = await world.shown("zhaochen", "华润 3 项")
    await world.sandbox.bots.tap("zhaochen", own, "同意")
    changed = await world.shown("zhaochen", "replace_text")
    assert changed.id == own.id


async def test_a_file_comes_in_and_one_goes_out(world: World) -> None:
    media = world.sandbox.wecom.media.put("file", "报价.pdf", "application/pdf", b"%PDF-1.7 hello")
    await world.sandbox.bots.sends("zhaochen", media)
    await world.shown("zhaochen", "收到")
    held: Attachment = taken[-1].attachments[0]
    sink = MemorySink()
    assert await fetch(world.session, held.url, held.aes_key, sink) == "报价.pdf"
    assert bytes(sink.data) == b"%PDF-1.7 hello"
    assert await world.bot.uploads.upload(Upload(Kind.FILE, "合同.pdf", b"%PDF-1.7 " + bytes(600_000)))


async def test_an_answer_that_is_refused_comes_through_the_outbox_once(world: World) -> None:
    world.sandbox.openws.faults.inject("aibot_respond_msg", 846605)
    await world.sandbox.bots.says("zhaochen", "慢一点")
    shown = await world.shown("zhaochen", "赵晨：慢一点")
    assert shown.kind == "markdown"


async def test_a_lost_line_is_found_again(world: World) -> None:
    world.sandbox.openws.drop(BOT)
    await world.sandbox.openws.connected(BOT)
    await world.bot.connection.ready(60)
    await world.sandbox.bots.says("zhaochen", "还在吗")
    await world.shown("zhaochen", "赵晨：还在吗")
    assert world.bot.connection.state is State.READY
