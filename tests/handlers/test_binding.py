"""What is said about binding, and where."""

from __future__ import annotations

import re

import pytest
from sqlmodel import Session

from handlers import binding
from handlers.incoming import Incoming, Kind
from handlers.reply import Reply
from handlers.turn import Memory, Turn
from nlu.names.lexicon import Lexicon
from nlu.reading import Reading
from nlu.understand import understand
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    return make_team(session)


def heard(text: str, *, group: bool = False) -> Incoming:
    chat = "wrChat" if group else "wohR_KCg"
    return Incoming("wecom", "bot", chat, "wohR_KCg", Kind.TEXT, "d", NOW, text, is_group=group)


def read(text: str, team: Team) -> Reading:
    return understand(text, team.as_("zhang").local, Lexicon.of(()))


def say(team: Team, text: str, memory: Memory | None = None) -> Reply:
    incoming = Incoming("wecom", "main", "zhang", "zhang", Kind.TEXT, "d", NOW, text)
    turn = Turn(team.as_("zhang"), incoming, memory or Memory(), lambda text, at=None: read(text, team))
    return binding.bind(turn, read(text, team))


def code_of(words: str) -> str:
    found = re.search(r"绑定 (\d{6})", words)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "text", ["绑定 384920", "绑定384920", "／绑定　３８４９２０", "绑定码：384920。", " 绑定账号 384920 "]
)
def test_the_ways_to_type_a_code(text: str) -> None:
    assert binding.code_in(text) == "384920"


@pytest.mark.parametrize(
    "text", ["绑定", "绑定 12345", "绑定 1234567", "384920", "把华润和绑定 384920 记一下"]
)
def test_what_is_no_code(text: str) -> None:
    assert binding.code_in(text) is None


def test_somebody_unknown_is_told_a_code_that_binds(team: Team) -> None:
    words = binding.greet(team.session, heard("你好"), NOW)
    assert "绑定好了" in say(team, f"绑定 {code_of(words)}").text
    assert "不对" in say(team, f"绑定 {code_of(words)}").text


def test_in_a_group_no_code_is_told(team: Team) -> None:
    assert not re.search(r"\d", binding.greet(team.session, heard("你好", group=True), NOW))


def test_without_a_code_it_is_asked_for_and_the_next_message_gives_it(team: Team) -> None:
    code = code_of(binding.greet(team.session, heard("你好"), NOW))
    memory = Memory()
    assert "6 位" in say(team, "绑定", memory).text
    pending = memory.pending
    assert pending is not None
    incoming = Incoming("wecom", "main", "zhang", "zhang", Kind.TEXT, "d2", NOW, "今天去了华润")
    turn = Turn(team.as_("zhang"), incoming, memory, lambda text, at=None: read(text, team))
    assert binding.code(turn, pending) is None
    answer = Turn(
        turn.ctx, Incoming("wecom", "main", "z", "z", Kind.TEXT, "d3", NOW, code), memory, turn.understand
    )
    reply = binding.code(answer, pending)
    assert reply is not None
    assert "绑定好了" in reply.text
    assert memory.pending is None
