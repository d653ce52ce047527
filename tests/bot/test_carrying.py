"""A letter with a file: the file goes first, a repeat names it again, words stand in where it cannot go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from bot.carrying import PLACE, Carrying, GatheringCarrying, LimitedCarrying, carrying, packed, unpacked
from bot.dingtalk.speech import DingTalkVoice
from bot.errors import Misconfigured, RateLimited, Rejected, Unreachable
from bot.voice import CannotSend, Voice
from bot.wecom.aibot.speech import AiBotVoice
from bot.wecom.speech import WeComVoice
from crm.attached import KeptFile
from scheduler.delivery import Delivered, Outcome, Refused, Retry, Stopped
from store.outbox import Parcel
from store.rates import Rule, Wanted
from tests.bot.office import SECRET

PHOTO = KeptFile(7, "image", "现场.png", "ab/abc", 11)
DATA = b"PNG picture"
NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)


@dataclass(slots=True)
class Line:
    """A sender that notes what goes out and answers in turn."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    ready: bool = True

    async def send(self, parcel: Parcel) -> Outcome:
        """The next answer."""
        self.sent.append(parcel.body)
        return self.outcomes.pop(0) if self.outcomes else Delivered()


@dataclass(slots=True)
class LimitedLine(Line):
    """One with limits, and messages that may go together."""

    together: int = 20

    def under(self, parcel: Parcel) -> Wanted[Parcel]:
        """Limited by what is in the message."""
        return Wanted(parcel, (Rule("api", 5, 1.0),), "api", parcel.body.decode(), 20)


@dataclass(slots=True)
class Shelf:
    """Where files are put; `answers` are media ids and faults."""

    answers: list[str | Exception]
    taken: list[tuple[str, str, bytes, str]] = field(default_factory=list)

    async def put(self, file: KeptFile, kind: str, data: bytes, content_type: str) -> str:
        """The next answer."""
        self.taken.append((file.name, kind, data, content_type))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the photo in it."""
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abc").write_bytes(DATA)
    return tmp_path


def letter(number: int = 1) -> Parcel:
    """A letter with the photo."""
    message = orjson.dumps({"to": "zhang", "media": PLACE})
    body = packed(PHOTO, "image", message, b'{"text":"not taken"}')
    return Parcel(number, "wecom", "main", "lane", "zhang", "send", body, 1, None, "", NOW)


async def test_the_file_goes_first_and_the_message_names_it(folder: Path) -> None:
    line, shelf = Line(), Shelf(["m-1"])
    assert await Carrying(line, shelf.put, folder).send(letter()) == Delivered()
    assert shelf.taken == [("现场.png", "image", DATA, "image/png")]
    assert line.sent == [b'{"to":"zhang","media":"m-1"}']


async def test_a_repeat_is_byte_for_byte_the_same(folder: Path) -> None:
    line, shelf = Line([Retry(1.0, "lost"), Delivered()]), Shelf(["m-1", "m-2", "m-3"])
    sender = Carrying(line, shelf.put, folder)
    await sender.send(letter())
    await sender.send(replace(letter(), attempts=2))
    assert line.sent[0] == line.sent[1]
    assert len(shelf.taken) == 1
    await sender.send(letter(2))
    assert line.sent[2] != line.sent[0], "asked for again, it is another message"


@pytest.mark.parametrize("fault", [Rejected("media/upload", 40004), ValueError("too small")])
async def test_a_file_that_is_not_taken_becomes_words(folder: Path, fault: Exception) -> None:
    line = Line()
    assert await Carrying(line, Shelf([fault]).put, folder).send(letter()) == Delivered()
    assert line.sent == [b'{"text":"not taken"}']


async def test_a_message_that_is_refused_becomes_words(folder: Path) -> None:
    line = Line([Refused("no such media")])
    assert await Carrying(line, Shelf(["m-1"]).put, folder).send(letter()) == Delivered()
    assert line.sent[-1] == b'{"text":"not taken"}'


async def test_a_file_that_has_left_the_folder_becomes_words(tmp_path: Path) -> None:
    line = Line()
    await Carrying(line, Shelf([]).put, tmp_path).send(letter())
    assert line.sent == [b'{"text":"not taken"}']


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (RateLimited("media/upload", retry_after=30), Retry),
        (Unreachable("media/upload"), Retry),
        (TimeoutError(), Retry),
        (Misconfigured("media/upload", 60020, hint="IP"), Stopped),
    ],
)
async def test_what_may_pass_is_tried_again(folder: Path, fault: Exception, kind: type[Outcome]) -> None:
    line = Line()
    assert isinstance(await Carrying(line, Shelf([fault]).put, folder).send(letter()), kind)
    assert line.sent == []


async def test_other_letters_go_as_they_are(folder: Path) -> None:
    line = Line()
    plain = replace(letter(), body=b'{"text":"hello"}')
    await Carrying(line, Shelf([]).put, folder).send(plain)
    assert line.sent == [plain.body]
    assert unpacked(plain.body) is None


def test_it_stays_as_much_of_a_sender_as_it_was(folder: Path) -> None:
    put = Shelf([]).put
    assert type(carrying(Line(), put, folder)) is Carrying
    limited = carrying(LimitedLine(), put, folder)
    assert type(limited) is LimitedCarrying
    wanted = limited.under(letter())
    assert (wanted.what, wanted.rules, wanted.alike, wanted.together) == (
        letter(),
        (Rule("api", 5, 1.0),),
        "",
        1,
    )
    assert not isinstance(limited, GatheringCarrying)


VOICES: tuple[Voice, ...] = (
    WeComVoice(1000002, SECRET),
    AiBotVoice(SECRET),
    DingTalkVoice("robot", SECRET),
)


@pytest.mark.parametrize("voice", VOICES, ids=lambda v: type(v).__name__)
def test_every_voice_can_send_a_photo(voice: Voice) -> None:
    carried = unpacked(voice.file("zhang", PHOTO))
    assert carried is not None
    assert (carried.file, carried.kind) == (PHOTO, "image")
    assert carried.message.count(PLACE.encode()) == 1
    assert "现场.png" in carried.otherwise.decode()
    assert voice.file("zhang", PHOTO) == voice.file("zhang", PHOTO)


@pytest.mark.parametrize(
    ("name", "kind", "size", "sent_as"),
    [
        ("录音.amr", "voice", 1000, "voice"),
        ("录音.speex", "voice", 1000, "file"),
        ("现场.mp4", "video", 1000, "video"),
        ("现场.mov", "video", 1000, "file"),
        ("大图.jpg", "image", 11 * 1024 * 1024, "file"),
        ("方案.pdf", "file", 1000, "file"),
    ],
)
def test_wecom_gets_it_as_what_it_takes(name: str, kind: str, size: int, sent_as: str) -> None:
    carried = unpacked(VOICES[0].file("zhang", KeptFile(1, kind, name, "a/b", size)))
    assert carried is not None
    assert carried.kind == sent_as


@pytest.mark.parametrize("size", [3, 21 * 1024 * 1024])
def test_what_wecom_never_takes_is_said(size: int) -> None:
    with pytest.raises(CannotSend, match="企业微信发不了"):
        VOICES[0].file("zhang", KeptFile(1, "file", "方案.pdf", "a/b", size))


@pytest.mark.parametrize("name", ["录音.amr", "演示.pptx", "现场.mp4"])
def test_what_a_robot_of_dingtalk_cannot_send_is_said(name: str) -> None:
    with pytest.raises(CannotSend, match="在钉钉里发不了"):
        VOICES[2].file("zhang", KeptFile(1, "file", name, "a/b", 1000))
