"""Kept files are sent again: by words, by number, by the button on the record's card; rights hold."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import attachments
from handlers.incoming import Attachment as Attached
from handlers.incoming import Kind
from handlers.reply import Reply
from store.tables import Attachment
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

VISIT = "今天拜访了华润置地的王总，聊了二期报价，预算58万"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def send(talk: Talk, kind: Kind, name: str = "") -> Reply:
    """A file that is fetched at once."""
    reply = talk.send("zhang", kind, file=Attached(f"m{talk.count}", kind, name))
    row = talk.session.scalars(select(Attachment).order_by(col(Attachment.id).desc()).limit(1)).one()
    attachments.keep(talk.session, row.id, f"ab/{row.id}", f"{row.id}", 2_400_000, "")
    return reply


@pytest.fixture
def visited(talk: Talk) -> Talk:
    """A visit with a photo and a document."""
    talk.say("zhang", VISIT)
    send(talk, Kind.IMAGE)
    send(talk, Kind.FILE, "方案.pdf")
    return talk


def names(reply: Reply) -> list[str]:
    """The names of the files that are sent."""
    return [one.name for one in reply.files]


@pytest.mark.parametrize(
    "text",
    [
        "发我 照片",
        "发我照片",
        "照片发我",
        "把照片发给我看看",
        "发我刚才的照片",
        "把华润置地的照片发我",
        "发给我华润置地的图片",
    ],
)
def test_the_photo_comes_back(visited: Talk, text: str) -> None:
    reply = visited.say("zhang", text)
    assert names(reply) == ["照片.jpg"]
    assert reply.text == "照片发给你：照片.jpg（2.3MB）"


@pytest.mark.parametrize("text", ["发我 附件", "发给我", "附件都发我", "把华润置地的所有附件发我"])
def test_all_of_a_record_come_back(visited: Talk, text: str) -> None:
    reply = visited.say("zhang", text)
    assert names(reply) == ["照片.jpg", "方案.pdf"]
    assert reply.text == "附件发给你：2个"


@pytest.mark.parametrize("text", ["发我 方案.pdf", "发我 文件", "把方案.pdf发我"])
def test_a_document_comes_by_its_name(visited: Talk, text: str) -> None:
    assert names(visited.say("zhang", text)) == ["方案.pdf"]


def test_one_of_the_list_comes_by_its_number_and_its_button(visited: Talk) -> None:
    (card,) = visited.say("zhang", "附件 华润置地").cards
    assert [fact.name for fact in card.facts] == ["1 今天", "2 今天"]
    assert [b.text for b in card.buttons] == ["发我1", "发我2", "看客户"]
    assert names(visited.press("zhang", card, "发我2")) == ["照片.jpg"]
    assert names(visited.say("zhang", "发我1")) == ["方案.pdf"]
    assert "先看列表再选" in visited.say("zhang", "发我9").text


def test_the_button_of_the_record_sends_its_files(visited: Talk) -> None:
    (card,) = send(visited, Kind.VIDEO, "现场.mp4").refresh
    assert facts(card)["附件"] == "3个"
    reply = visited.press("zhang", card, "附件发给我")
    assert names(reply) == ["照片.jpg", "方案.pdf", "现场.mp4"]


def test_after_a_correction_the_button_still_works(visited: Talk) -> None:
    (card,) = send(visited, Kind.VIDEO, "现场.mp4").refresh
    visited.say("zhang", "金额是56万不是58万")
    assert len(visited.press("zhang", card, "附件发给我").files) == 3


def test_the_quoted_record_is_meant(visited: Talk) -> None:
    (card,) = send(visited, Kind.VIDEO, "现场.mp4").refresh
    visited.keep("zhang", card)
    visited.say("zhang", "今天给美的的李总打了电话，聊了样机")
    assert visited.say("zhang", "发我").files == ()
    reply = visited.say("zhang", "发我 照片", quoted=card.title)
    assert names(reply) == ["照片.jpg"]


def test_the_superior_gets_them_and_others_do_not(visited: Talk) -> None:
    (card,) = visited.say("zhang", "附件 华润置地").cards
    assert names(visited.press("li", card, "发我1")) == ["方案.pdf"]
    assert names(visited.say("li", "把华润置地的照片发我")) == ["照片.jpg"]
    for reply in (visited.press("wu", card, "发我1"), visited.say("wu", "把华润置地的照片发我")):
        assert reply.files == ()
        assert "张伟" in reply.text


def test_what_was_taken_back_is_not_sent(visited: Talk) -> None:
    (card,) = visited.say("zhang", "附件 华润置地").cards
    visited.say("zhang", "撤销")
    assert "已经不在了" in visited.press("zhang", card, "发我1").text


@pytest.mark.parametrize(("state", "words"), [("waiting", "还在取"), ("failed", "没有存下来")])
def test_what_is_not_here_is_said(talk: Talk, state: str, words: str) -> None:
    talk.say("zhang", VISIT)
    talk.send("zhang", Kind.IMAGE, media_id="m1")
    talk.session.scalars(select(Attachment)).one().state = state
    talk.session.flush()
    reply = talk.say("zhang", "发我 照片")
    assert words in reply.text
    assert reply.files == ()


def test_without_any_it_says_how_to_look(talk: Talk) -> None:
    assert "没有找到照片" in talk.say("zhang", "发我 照片").text


@pytest.mark.parametrize(
    "text", ["明天提醒我把照片发给客户", "王总把合同文件发我了，今天电话聊了二期", "发我"]
)
def test_other_sentences_are_left_alone(visited: Talk, text: str) -> None:
    reply = visited.say("zhang", text)
    assert text == "发我" or reply.files == ()
