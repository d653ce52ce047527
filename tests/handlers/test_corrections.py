"""Every correction is kept with the sentence, what was read, and what is right."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from crm import corrections
from nlu import VERSION
from store.tables import Correction
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def kept(talk: Talk) -> list[Correction]:
    """Corrections that stand, the first first."""
    return list(corrections.standing(talk.session))


def test_a_sentence_that_was_read_right_leaves_nothing(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    assert kept(talk) == []


def test_a_correction_in_words_is_kept(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.pass_time(days=1)
    talk.say("zhang", "金额是56万不是58万")
    (row,) = kept(talk)
    assert (row.text, row.words, row.parser) == (SENTENCE, "金额是56万不是58万", VERSION)
    assert (row.read["amount"], row.corrected["amount"]) == (580_000, 560_000)
    assert row.corrected["next_time"] == {"value": "2026-11-25T10:00:00", "grain": "minute"}
    assert talk.context("zhang").wall(row.said_at).isoformat() == "2026-11-19T10:30:00"
    assert row.member_id == talk.team.members["zhang"].id


def test_a_correction_by_button_is_kept(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    talk.say("zhang", "改到周五下午三点")
    (row,) = kept(talk)
    assert row.corrected["next_time"] == {"value": "2026-11-20T15:00:00", "grain": "minute"}


def test_corrections_of_one_sentence_add_up(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "金额是56万不是58万")
    talk.say("zhang", "是电话不是拜访")
    talk.say("zhang", "联系人是李总")
    last = kept(talk)[-1]
    assert last.read["method"] == "visit"
    assert last.corrected["amount"] == 560_000
    assert last.corrected["method"] == "call"
    assert last.corrected["contact"] == "李总"


def test_the_customer_that_was_chosen_is_kept(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天华润的王总说二期先放一放").cards
    talk.press("zhang", question, "华润燃气")
    (row,) = kept(talk)
    assert row.read["ambiguous"] == ["customer"]
    assert row.corrected["customer"] == "华润燃气集团"
    assert "ambiguous" not in row.corrected


def test_a_customer_that_was_created_is_a_new_one(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天跟华仁置地王总通话，预算58万").cards
    reply = talk.press("zhang", question, "不是")
    talk.press("zhang", reply.refresh[0], "新建并记录")
    (row,) = kept(talk)
    assert (row.corrected["customer"], row.corrected["new_customer"]) == ("华仁置地", True)


def test_a_correction_that_was_taken_back_is_none(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "金额是56万不是58万")
    talk.say("zhang", "撤销")
    assert kept(talk) == []


def test_they_are_given_from_a_day_on(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "金额是56万不是58万")
    assert list(corrections.standing(talk.session, talk.now)) == kept(talk)
    assert list(corrections.standing(talk.session, talk.now + timedelta(days=1))) == []
