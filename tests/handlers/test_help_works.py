"""Everything that the help offers can be typed as it stands there, and is understood."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from handlers.binding import code_in
from handlers.features import ROUTERS, registry
from handlers.help_topics import TOPICS, by_topic
from handlers.reply import Reply
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

NOT_TYPED = "记完拜访再发照片或位置"
LOST = ("没有看懂", "还查不了", "还没有开通")


@standing
def talk(session: Session) -> Talk:
    """A conversation in which there is something to take back, to finish and to decide."""
    talk = make_talk(session)
    talk.say("zhang", "下周三上午十点去华润置地演示")
    return talk


def offered() -> list[tuple[str, bool]]:
    """Each example, alternatives by themselves, and whether it is one for those who decide."""
    return [
        (one, "manager" in line.roles and "sales" not in line.roles)
        for line in registry().helps
        if line.example != NOT_TYPED
        for one in line.example.split(" / ")
    ]


def shown(reply: Reply) -> str:
    """What the person sees."""
    return " ".join([reply.text, *(f"{card.title} {card.body} {card.note}" for card in reply.cards)])


def test_every_line_of_the_help_works_as_it_stands(talk: Talk) -> None:
    examples = offered()
    assert len(examples) > 15
    for example, for_managers in examples:
        if code_in(example):  # told from a sentence before it is read
            continue
        who = "li" if for_managers else "zhang"
        answer = shown(talk.say(who, example))
        assert answer.strip(), example
        assert [word for word in LOST if word in answer] == [], (example, answer)


@pytest.mark.parametrize("who", ["chen", "li", "zhang", "zheng"])
def test_every_word_command_is_answered_for_every_role(talk: Talk, who: str) -> None:
    for word in sorted(registry().commands):
        answer = shown(talk.say(who, word))
        assert answer.strip(), word
        assert [lost for lost in LOST if lost in answer] == [], (word, answer)


def test_the_help_of_a_role_offers_only_what_that_role_may(talk: Talk) -> None:
    for who, role in (("chen", "director"), ("li", "manager"), ("zhang", "sales"), ("zheng", "finance")):
        short = talk.say(who, "帮助").text
        topics = {name: talk.say(who, f"帮助 {name}").text for name in TOPICS}
        for name, lines in by_topic(ROUTERS).items():
            for line in lines:
                mine = not line.roles or role in line.roles
                assert (line.example in topics[name]) == mine, (who, line.example)
                assert mine or line.example not in short
