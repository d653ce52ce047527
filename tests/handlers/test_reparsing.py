"""Old sentences read again: what a newer grammar would read differently, field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from handlers.reparsing import Change, reread
from nlu import VERSION
from nlu.reading import Found, Method, NamedCustomer, Reading, When
from nlu.understand import understand
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"
Newer = Callable[[Reading], Reading]


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def differences(talk: Talk, newer: Newer = lambda reading: reading) -> list[tuple[Change, ...]]:
    """What a grammar that reads like ours, but for `newer`, would write differently."""
    talk.names.load(talk.session)

    def read(text: str, at: datetime, _sender: str) -> Reading:
        return newer(understand(text, at, talk.names.lexicon))

    return [one.changes for one in reread(talk.session, talk.team.business, read, 100)]


def test_the_same_grammar_reads_the_same(talk: Talk) -> None:
    for text in (SENTENCE, "昨天跟美的的李总打了电话，预算20万", "刚和华润燃气的陈工通了电话，周一前发合同"):
        talk.say("zhang", text)
        talk.pass_time(days=3)
    assert differences(talk) == []


def test_each_field_that_differs_is_named(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.pass_time(days=40)

    def newer(reading: Reading) -> Reading:
        return reading.but(
            method=Method.CALL,
            amount=(56_000_000, 56_000_000),
            contact="李总",
            activity_time=When(datetime.fromisoformat("2026-11-18"), "day"),
            next_time=When(datetime.fromisoformat("2026-11-26T10:00"), "minute"),
        )

    assert differences(talk, newer) == [
        (
            Change("联系人", "王总", "李总"),
            Change("方式", "拜访", "电话"),
            Change("金额", "58万元", "56万元"),
            Change("时间", "今天 下午", "昨天"),
            Change("下一步", "演示 · 11月25日 周三 10:00", "演示 · 11月26日 周四 10:00"),
        )
    ]


def test_another_customer_is_named(talk: Talk) -> None:
    talk.say("zhang", "今天给美的打了电话")
    other = next(n for n in talk.names.lexicon.exactly("华润燃气"))
    named = NamedCustomer(other.name, other.key, Found.EXACT, "", 0, 0)
    assert differences(talk, lambda r: r.but(customers=(named,))) == [
        (Change("客户", "美的集团", "华润燃气集团"),)
    ]


def test_what_is_open_now_was_settled_by_the_person(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    assert differences(talk, lambda r: r.but(amount=None, ambiguous=frozenset({"amount"}))) == []


def test_corrected_records_and_notes_are_left_out(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "金额是56万不是58万")
    talk.say("zhang", "美的回款15万已到账")
    assert differences(talk, lambda r: r.but(amount=(1, 1))) == []


def test_the_version_and_the_time_of_the_sentence_are_given(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)

    def read(text: str, at: datetime, sender: str) -> Reading:
        assert at == datetime.fromisoformat("2026-11-19T10:30")
        assert sender == str(talk.team.members["zhang"].id)
        return understand(text, at, talk.names.lexicon).but(amount=None)

    (one,) = reread(talk.session, talk.team.business, read, 100)
    assert (one.parser, one.text) == (VERSION, SENTENCE)
