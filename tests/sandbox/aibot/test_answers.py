"""Replies, growing answers, welcomes and pushes: what is taken, what is refused, what the chats show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox import CannotPress
from tests.sandbox.aibot.line import BOT, GROUP, Scene
from tests.sandbox.world import Json, button_card

MARKDOWN: Json = {"msgtype": "markdown", "markdown": {"content": "**好**"}}


async def test_a_growing_answer(on: Scene) -> None:
    """One message whose text is replaced, until it is finished."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "今天")
        frame = await line.hear()
        room = on.sandbox.bots.chat("Zhang")
        assert await line.stream(frame, "") == 0
        assert (on.sandbox.chat(room)[-1].text, on.sandbox.chat(room)[-1].status) == ("", "streaming")
        assert await line.stream(frame, "三件事") == 0
        assert await line.stream(frame, "三件事：一…", finish=True) == 0
        assert on.texts(room) == ["今天", "三件事：一…"]
        assert on.sandbox.chat(room)[-1].status == ""
        assert await line.stream(frame, "四件事") == 846608
        assert await line.stream(frame, "另一个", id_="s-2", finish=True) == 0
        assert on.texts(room)[-1] == "另一个"


async def test_a_stream_ends_six_minutes_after_the_message(on: Scene) -> None:
    """Begun or not; other answers still go. The time is a setting, since reports differ."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "今天")
        frame = await line.hear()
        assert await line.stream(frame, "想一想") == 0
        on.later(360)
        assert await line.stream(frame, "还在想") == 0
        on.later(1)
        assert await line.stream(frame, "想好了", finish=True) == 846608
        assert await line.stream(frame, "想好了", id_="s-2") == 846608
        assert await line.respond(frame, MARKDOWN) == 0
        on.sandbox.openws.replies.stream_life = 600
        assert await line.stream(frame, "想好了", finish=True) == 0


async def test_stream_rules(on: Scene) -> None:
    """Too long, no id, another req_id, feedback."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        await on.sandbox.bots.says("Zhang", "二")
        one, two = await line.hear(), await line.hear()
        assert await line.stream(one, "好" * 6826) == 0
        assert await line.stream(one, "好" * 6827) == 40058
        assert await line.stream(one, "x", id_="") == 40058
        assert await line.stream(two, "抢答") == 846605
        answer = await line.ask("aibot_respond_msg", {"msgtype": "stream", "stream": {}}, "r")
        assert answer["errcode"] == 846605
        stream: Json = {"id": "s-9", "content": "x", "feedback": {"id": "f" * 257}}
        assert await line.respond(one, {"msgtype": "stream", "stream": stream}) == 40058
        stream["feedback"] = {"id": "f" * 256}
        stream["msg_item"] = [{"msgtype": "image", "image": {"base64": "", "md5": ""}}]
        assert await line.respond(one, {"msgtype": "stream", "stream": stream}) == 0


async def test_a_missing_field_is_refused_without_a_req_id(on: Scene) -> None:
    """As the real service does it: the acknowledgement cannot be told to belong to the frame."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        frame = await line.hear()
        for body in (
            {"msgtype": "image", "image": {"url": "https://example.com/a.png"}},
            {"msgtype": "stream"},
            {"msgtype": "markdown", "markdown": {}},
            {},
        ):
            answer = await line.ask("aibot_respond_msg", body, frame["headers"]["req_id"])
            assert answer["errcode"] == 40058
            assert "missing field `body." in answer["errmsg"]
            assert "headers" not in answer


async def test_answers_of_every_kind_under_one_req_id(on: Scene) -> None:
    """Within 24 hours; plain text and combinations are not among them."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        frame = await line.hear()
        assert await line.respond(frame, MARKDOWN) == 0
        card = {"msgtype": "template_card", "template_card": button_card()}
        assert await line.respond(frame, card) == 0
        assert await line.respond(frame, {"msgtype": "text", "text": {"content": "好"}}) == 40008
        both = {"msgtype": "stream_with_template_card", "stream": {"id": "s"}}
        assert await line.respond(frame, both) == 40008
        assert await line.respond(frame, {"msgtype": "file", "file": {"media_id": "none"}}) == 40007
        assert await line.respond(frame, {"msgtype": "markdown", "markdown": {"content": " "}}) == 44004
        long = {"msgtype": "markdown", "markdown": {"content": "x" * 20481}}
        assert await line.respond(frame, long) == 40058
        on.later(24 * 3600)
        assert await line.respond(frame, MARKDOWN) == 0
        on.later(1)
        assert await line.respond(frame, MARKDOWN) == 846605
        assert [one.kind for one in on.sandbox.chat(on.sandbox.bots.chat("Zhang"))] == [
            "text",
            "markdown",
            "card",
            "markdown",
        ]


async def test_old_callbacks_are_forgotten(on: Scene) -> None:
    """The list does not grow for ever."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        frame = await line.hear()
        on.later(25 * 3600)
        await on.sandbox.bots.says("Zhang", "二")
        assert await line.respond(frame, MARKDOWN) == 846605
        assert await line.respond(await line.hear(), MARKDOWN) == 0


async def test_an_answer_goes_by_its_own_kind_of_callback(on: Scene) -> None:
    """A welcome to an entering only, a reply to a message only."""
    async with on.line() as line:
        await on.sandbox.bots.enters("Zhang")
        entered = (await line.event())["headers"]["req_id"]
        await on.sandbox.bots.says("Zhang", "一")
        said = (await line.hear())["headers"]["req_id"]
        hello: Json = {"msgtype": "text", "text": {"content": "你好"}}
        assert await line.code("aibot_respond_msg", MARKDOWN, entered) == 846605
        assert await line.code("aibot_respond_welcome_msg", hello, said) == 846605
        assert await line.code("aibot_respond_welcome_msg", hello, "made-up") == 846605
        assert await line.code("aibot_respond_welcome_msg", MARKDOWN, entered) == 40008
        assert await line.code("aibot_respond_welcome_msg", hello, entered) == 0
        assert on.texts(on.sandbox.bots.chat("Zhang")) == ["一", "你好"]


async def test_a_welcome_after_five_seconds(on: Scene) -> None:
    """Is too late; a card is welcome too."""
    async with on.line() as line:
        await on.sandbox.bots.enters("Zhang")
        req_id = (await line.event())["headers"]["req_id"]
        on.later(5)
        body: Json = {"msgtype": "template_card", "template_card": button_card()}
        assert await line.code("aibot_respond_welcome_msg", body, req_id) == 0
        on.later(1)
        body["template_card"]["task_id"] = "another"
        assert await line.code("aibot_respond_welcome_msg", body, req_id) == 846605


async def test_another_bot_cannot_answer(on: Scene) -> None:
    """A req_id belongs to one bot."""
    async with on.line() as line, on.line("aib-other", "secret-of-other-bot") as other:
        await on.sandbox.bots.says("Zhang", "一")
        frame = await line.hear()
        assert await other.respond(frame, MARKDOWN) == 846605


async def test_pushing_needs_somebody_who_has_spoken(on: Scene) -> None:
    """Opening the chat is not enough; each conversation by itself."""
    async with on.line() as line:
        await on.sandbox.bots.enters("Zhang")
        assert await line.push("Zhang") == 846607
        await on.sandbox.bots.says("Zhang", "一")
        assert await line.push("Zhang", "早") == 0
        assert await line.push("zhang", "早", chat_type=1) == 0
        assert await line.push("Li") == 846607
        assert await line.push(GROUP) == 846607
        await on.sandbox.bots.at_bot(GROUP, "Li", "在吗")
        assert await line.push(GROUP, "大家早") == 0
        assert await line.push(GROUP, "大家早", chat_type=2) == 0
        on.sandbox.openws.replies.activated.clear()
        assert await line.push("Zhang") == 846607
    assert on.texts(on.sandbox.bots.chat("Zhang"))[-1] == "早"
    assert on.texts(on.sandbox.bots.group(GROUP, "Zhang"))[-1] == "大家早"
    assert on.sandbox.chat(on.sandbox.bots.group(GROUP, "Zhang"))[-1].author == BOT


async def test_pushing_to_nowhere(on: Scene) -> None:
    """No chatid, an unknown one, the wrong kind, a group without the bot."""
    async with on.line() as line:
        assert await line.push("") == 86201
        assert await line.push("Stranger") == 93006
        assert await line.push("wr-without") == 93008
        assert await line.push("Zhang", chat_type=2) == 93006
        assert await line.push(GROUP, chat_type=1) == 93006
        assert await line.push(GROUP, chat_type=3) == 40058
        await on.sandbox.bots.at_bot(GROUP, "Li", "在吗")
        world = on.sandbox.world
        world.change_corp(
            replace(world.corp, groups=tuple(replace(one, bots=()) for one in world.corp.groups))
        )
        assert await line.push(GROUP) == 93008


async def test_plain_text_cannot_be_pushed(on: Scene) -> None:
    """40008, as for anything unknown."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        for kind in ("text", "news", "stream"):
            body = {"chatid": "Zhang", "msgtype": kind, kind: {"content": "x"}}
            assert await line.code("aibot_send_msg", body) == 40008


async def test_replies_and_pushes_count_together(on: Scene) -> None:
    """30 a minute for each conversation, refreshes of a stream among them; what is refused is not counted."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        await on.sandbox.bots.says("Li", "一")
        frame = await line.hear()
        for number in range(15):
            assert await line.stream(frame, str(number)) == 0
            assert await line.push("Zhang") == 0
        assert await line.push("Zhang") == 45009
        assert await line.stream(frame, "x") == 45009
        assert await line.push("Li") == 0
        on.later(60)
        assert await line.push("Zhang") == 0


async def test_a_thousand_an_hour(on: Scene) -> None:
    """Spread so that the minute is no matter."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "一")
        for number in range(1000):
            if number % 30 == 0:
                on.later(61)
            assert await line.push("Zhang") == 0
        on.later(61)
        assert await line.push("Zhang") == 45009


@pytest.mark.parametrize("times", [1, 3])
async def test_group_answers_are_seen_by_all(on: Scene, times: int) -> None:
    """Each in the own view."""
    async with on.line() as line:
        await on.sandbox.bots.at_bot(GROUP, "Zhang", "今天")
        frame = await line.hear()
        for number in range(times):
            assert await line.stream(frame, f"第{number}版", finish=number == times - 1) == 0
    for userid in ("Zhang", "Li"):
        assert on.texts(on.sandbox.bots.group(GROUP, userid))[1:] == [f"第{times - 1}版"]
    assert on.sandbox.world.chat(on.sandbox.bots.group(GROUP, "Li")).unread == 1


async def test_an_opinion_of_an_answer(on: Scene) -> None:
    """Comes under the id that the answer gave; other answers cannot be rated."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "今天")
        frame = await line.hear()
        stream: Json = {"id": "s", "content": "三件事", "finish": True, "feedback": {"id": "turn-7"}}
        assert await line.respond(frame, {"msgtype": "stream", "stream": stream}) == 0
        assert await line.respond(frame, MARKDOWN) == 0
        rated, plain = on.sandbox.chat(on.sandbox.bots.chat("Zhang"))[-2:]
        assert await on.sandbox.bots.rates("Zhang", rated, good=False, words="少了一件")
        opinion = await line.event()
        assert opinion["body"]["event"] == {
            "eventtype": "feedback_event",
            "feedback_event": {"id": "turn-7", "type": 2, "content": "少了一件"},
        }
        assert await line.respond(opinion, MARKDOWN) == 846605
        with pytest.raises(CannotPress, match="评价"):
            await on.sandbox.bots.rates("Zhang", plain, good=True)
