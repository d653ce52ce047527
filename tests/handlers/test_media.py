"""Photos, files and places stay with the record that was just made, also through corrections and 撤销."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from handlers import visits
from handlers.incoming import Attachment as Attached
from handlers.incoming import Kind, Place
from handlers.reply import Reply
from store.tables import Activity, Attachment, EventLog
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

VISIT = "今天拜访了华润置地的王总，聊了二期报价，预算58万"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def files(talk: Talk) -> list[Attachment]:
    """All files, oldest first."""
    return list(talk.session.scalars(select(Attachment).order_by(col(Attachment.id))))


def recorded(talk: Talk) -> Activity:
    """The one record that stands."""
    return talk.session.scalars(select(Activity).where(col(Activity.voided_at).is_(None))).one()


def test_a_photo_waits_to_be_fetched(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    reply = talk.send("zhang", Kind.IMAGE, media_id="m1")
    assert "照片已附到华润置地" in reply.text
    assert facts(reply.refresh[0])["附件"] == "1个"
    (row,) = files(talk)
    assert (row.state, row.reference, row.platform, row.app) == (
        "waiting",
        {"media_id": "m1"},
        "wecom",
        "main",
    )
    assert row.activity_id == recorded(talk).id


def test_the_same_photo_is_kept_once_and_two_are_two(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    for media_id in ("m1", "m1", "m2"):
        talk.send("zhang", Kind.IMAGE, media_id=media_id)
    assert [row.reference["media_id"] for row in files(talk)] == ["m1", "m2"]
    assert len(recorded(talk).attachments) == 2


def test_beyond_nine_it_is_said(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    for number in range(9):
        talk.send("zhang", Kind.IMAGE, media_id=f"m{number}")
    assert "最多9个" in talk.send("zhang", Kind.IMAGE, media_id="m9").text
    assert len(files(talk)) == 9


def test_a_correction_takes_its_files_along(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    first = recorded(talk)
    talk.send("zhang", Kind.IMAGE, media_id="m1")
    talk.say("zhang", "金额是56万不是58万")
    second = recorded(talk)
    assert second.corrects_id == first.id
    assert first.voided_at is not None
    assert (first.amount_low, second.amount_low) == (58_000_000, 56_000_000)
    assert [row.activity_id for row in files(talk)] == [second.id]
    assert len(second.attachments) == 1
    talk.say("zhang", "撤销")
    assert [row.activity_id for row in files(talk)] == [first.id]
    assert recorded(talk).id == first.id


def test_a_photo_is_taken_back_by_itself(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    talk.send("zhang", Kind.IMAGE, media_id="m1")
    assert "照片" in talk.say("zhang", "撤销").text
    (row,) = files(talk)
    assert row.archived_at is not None
    assert recorded(talk).attachments == []


def test_a_place_is_where_one_signed_in(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    reply = talk.send("zhang", Kind.LOCATION, place=Place(31.2, 121.5, "世纪大道100号"))
    assert facts(reply.refresh[0])["地点"] == "世纪大道100号"
    talk.send("zhang", Kind.LOCATION, place=Place(31.23456, 121.5))
    assert recorded(talk).place == "31.23456,121.50000"
    talk.pass_time(hours=13)
    assert "先说一句" in talk.send("zhang", Kind.LOCATION, place=Place(1, 1, "别处")).text


def pictured(talk: Talk, text: str, number: int = 1) -> Reply:
    """A message of words and pictures, as the smart bot and DingTalk have them."""
    pictures = tuple(Attached("", Kind.IMAGE, url=f"u{n}", aes_key="k") for n in range(number))
    turn = talk._turn("zhang", Kind.TEXT, text=text, attachments=pictures)
    return visits.record(turn, turn.understand(text))


def test_a_photo_in_the_same_message_is_kept_with_its_record(talk: Talk) -> None:
    reply = pictured(talk, VISIT)
    assert facts(reply.cards[0])["附件"] == "1个"
    (row,) = files(talk)
    assert row.reference == {"url": "u0", "aes_key": "k"}


def test_too_many_photos_do_not_cost_the_record(talk: Talk) -> None:
    reply = pictured(talk, VISIT, 12)
    assert facts(reply.cards[0])["附件"] == "9个"
    assert "只存了前9个" in reply.cards[0].note


def test_a_photo_waits_with_its_sentence_for_an_answer(talk: Talk) -> None:
    (asked,) = pictured(talk, "今天拜访了华润，聊了报价").cards
    assert files(talk) == []
    reply = talk.press("zhang", asked, asked.buttons[0].text)
    assert facts(reply.cards[0])["附件"] == "1个"
    assert [row.reference["url"] for row in files(talk)] == ["u0"]


def test_no_key_is_written_to_the_history(talk: Talk) -> None:
    talk.say("zhang", VISIT)
    talk.send("zhang", Kind.IMAGE, media_id="a-secret-reference")
    logged = talk.session.scalars(select(EventLog)).all()
    assert not [one for one in logged if "a-secret-reference" in str(one.after)]
