"""Files that come in the chat are really kept: on all four ways, once, bounded, or their sender is told."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from structlog.testing import capture_logs

from bot import files as module
from bot.demo.run import Demo
from bot.errors import RateLimited, Rejected, Unreachable
from bot.files import Files
from bot.sink import FileSink, Sink, TooLarge
from bot.voice import Voices
from bot.wecom.speech import WeComVoice
from config.clock import JumpingClock
from store.database import Database
from store.tables import Activity, Attachment, Identity, Member, Outbox
from store.writer import Writer
from tests.bot.office import NOW, SECRET
from tests.bot.ways import NAMES, DingTalkApp, Way, Ways, WeComApp, WeComBot
from tests.patience import PATIENCE

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


async def sends(way: Way, who: str, kind: str, name: str, data: bytes) -> None:
    """Send a picture or a file, in whatever way."""
    sandbox = way.office.sandbox
    if isinstance(way, DingTalkApp):
        me = way.id_of(who)
        if kind == "image":
            await way.ding.people.sends_picture(me, data, None, way.client_id)
        else:
            await way.ding.people.sends_file(me, name, data, way.client_id)
        return
    media = sandbox.wecom.media.put(kind, name, "application/octet-stream", data)
    assert isinstance(way, WeComApp | WeComBot)
    await (sandbox.phones if isinstance(way, WeComApp) else sandbox.bots).sends(who, media)


async def kept(office: Demo, app: str, wanted: int) -> list[Attachment]:
    """The files of an app, once as many as wanted are settled."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await office.service.settle()
            with Session(office.service.database.reader) as session:
                query = select(Attachment).where(
                    col(Attachment.app) == app, col(Attachment.state) != "waiting"
                )
                found = list(session.scalars(query.order_by(col(Attachment.id))))
            if len(found) >= wanted:
                return found


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_a_photo_after_a_visit_is_kept(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    said = await way.told("zhangwei", f"今天拜访了华润置地的王总，聊了二期，{name}", "已记录")
    await sends(way, "zhangwei", "image", "现场.png", PICTURE)
    await way.sees("zhangwei", "照片已附到", said)
    (row,) = await kept(everywhere, _app_of(way), 1)
    assert (row.state, row.last_error, row.reference) == ("kept", "", {})
    folder = everywhere.settings.files_folder()
    assert (folder / row.path).read_bytes() == PICTURE
    assert row.digest == hashlib.sha256(PICTURE).hexdigest()
    assert (row.size, row.kind) == (len(PICTURE), "image")
    assert not [one for one in _files(folder) if one.parent == folder], "nothing half-done is left"


def _app_of(way: Way) -> str:
    settings = way.office.settings
    if isinstance(way, DingTalkApp):
        return next(name for name, app in settings.dingtalk.items() if app.client_id == way.client_id)
    return next(iter(settings.wecom if isinstance(way, WeComApp) else settings.wecom_bots))


@dataclass(slots=True)
class Shelf:
    """A source with what it answers, in order; `life` as a platform has it."""

    answers: list[bytes | BaseException]
    life: timedelta = timedelta(minutes=5)
    asked: list[Mapping[str, str]] = field(default_factory=list)

    async def fetch(self, reference: Mapping[str, str], sink: Sink) -> str:
        """The next answer."""
        self.asked.append(reference)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        await sink.restart()
        for at in range(0, len(answer), 1000):
            await sink.write(answer[at : at + 1000])
        return "现场.jpg"


@dataclass(slots=True)
class Bench:
    """Files over a database with one record and one waiting file."""

    database: Database
    writer: Writer
    clock: JumpingClock
    folder: Path
    shelf: Shelf
    voices: Voices
    told: list[int] = field(default_factory=list)

    def files(self) -> Files:
        """A worker; another one is another replica."""
        where = {("wecom", "main"): self.shelf}
        return Files(self.folder, where, self.writer, self.voices, self.clock, lambda: self.told.append(1))

    def row(self) -> Attachment:
        """The file."""
        with Session(self.database.reader) as session:
            return session.scalars(select(Attachment)).one()

    def words(self) -> str:
        """What was sent."""
        with Session(self.database.reader) as session:
            return "".join(row.body.decode() for row in session.scalars(select(Outbox)))


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Callable[..., Bench]]:
    """Makes the bench, with what the platform answers."""
    made: list[Bench] = []

    def make(*answers: bytes | BaseException) -> Bench:
        _fill(database)
        voices: Voices = {("wecom", "main"): WeComVoice(1000002, SECRET)}
        clock = JumpingClock(NOW)
        one = Bench(
            database, Writer(database.writer), clock, tmp_path / "files", Shelf(list(answers)), voices
        )
        made.append(one)
        return one

    yield make
    for one in made:
        one.writer.close()


def _fill(database: Database) -> None:
    with Session(database.writer) as session:
        member = Member(name="张伟", created_at=NOW, updated_at=NOW)
        session.add(member)
        session.flush()
        session.add(
            Identity(
                platform="wecom", app="main", external_id="zhangwei", member_id=member.id, created_at=NOW
            )
        )
        activity = Activity(kind="visit", author_id=member.id, raw="拜访", happened_at=NOW, created_at=NOW)
        session.add(activity)
        session.flush()
        session.add(
            Attachment(
                activity_id=activity.id,
                platform="wecom",
                app="main",
                kind="image",
                reference={"media_id": "m1"},
                due_at=NOW,
                created_at=NOW,
            )
        )
        session.commit()


Make = Callable[..., Bench]


async def test_a_file_is_named_by_its_content_and_forgets_its_reference(bench: Make) -> None:
    one = bench(PICTURE)
    await one.files().run()
    row = one.row()
    assert (row.state, row.name, row.reference, row.attempts) == ("kept", "现场.jpg", {}, 1)
    assert (one.folder / row.path).read_bytes() == PICTURE
    assert row.path.endswith(hashlib.sha256(PICTURE).hexdigest())
    assert (one.folder / row.path).stat().st_mode & 0o077 == 0


async def test_a_platform_that_is_busy_is_asked_again_later(bench: Make) -> None:
    one = bench(Unreachable("media/get"), RateLimited("media/get", retry_after=60), PICTURE)
    files = one.files()
    await files.run()
    await files.run()
    assert len(one.shelf.asked) == 1, "not before its time"
    one.clock.jump(one.clock.now() + timedelta(seconds=10))
    await files.run()
    one.clock.jump(one.clock.now() + timedelta(seconds=30))
    await files.run()
    assert len(one.shelf.asked) == 2, "the platform said how long"
    one.clock.jump(one.clock.now() + timedelta(seconds=60))
    await files.run()
    assert one.row().state == "kept"
    assert not one.told


async def test_before_the_platform_forgets_it_the_sender_is_told_once(bench: Make) -> None:
    one = bench(*[Unreachable("media/get")] * 30)
    files = one.files()
    for _ in range(12):
        await files.run()
        one.clock.jump(one.clock.now() + timedelta(minutes=1))
    row = one.row()
    assert (row.state, row.last_error, row.reference) == ("failed", "Unreachable", {})
    assert one.words().count("照片没取到，请再发一次") == 1
    assert one.told


@pytest.mark.parametrize("answer", [Rejected("media/get", 40007), bytes(30_000)])
async def test_what_will_not_come_is_told_at_once(
    bench: Make, answer: bytes | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 20_000)
    one = bench(answer)
    await one.files().run()
    assert one.row().state == "failed"
    assert ("没取到" in one.words()) == isinstance(answer, Exception)
    assert ("超过20MB" in one.words()) == isinstance(answer, bytes)
    assert _files(one.folder) == []


async def test_what_was_taken_back_is_not_fetched(bench: Make) -> None:
    one = bench(PICTURE)
    with Session(one.database.writer) as session:
        session.scalars(select(Attachment)).one().archived_at = NOW
        session.commit()
    await one.files().run()
    assert one.shelf.asked == []
    row = one.row()
    assert (row.state, row.reference) == ("gone", {})


async def test_no_log_line_says_where_a_file_is(bench: Make) -> None:
    one = bench(Unreachable("media/get"), Rejected("media/get", 40007))
    with capture_logs() as lines:
        await one.files().run()
        one.clock.jump(one.clock.now() + timedelta(seconds=10))
        await one.files().run()
    assert {line["event"] for line in lines} >= {"files.later", "files.lost"}
    assert "m1" not in str(lines)


async def test_two_workers_fetch_a_file_once(bench: Make) -> None:
    one = bench(PICTURE)
    await asyncio.gather(one.files().run(), one.files().run())
    assert len(one.shelf.asked) == 1
    assert one.row().state == "kept"


async def test_a_worker_that_died_is_followed_by_another(bench: Make) -> None:
    one = bench(asyncio.CancelledError(), PICTURE)
    with pytest.raises(asyncio.CancelledError):
        await one.files().run()
    await one.files().run()
    assert one.row().state == "waiting", "its lease is not over"
    one.clock.jump(one.clock.now() + timedelta(minutes=4))
    await one.files().run()
    assert one.row().state == "kept"


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


async def test_the_same_bytes_are_there_once(tmp_path: Path) -> None:
    paths = []
    for _ in range(2):
        sink = FileSink(tmp_path, 100_000)
        await sink.restart()
        await sink.write(b"half of something else")
        await sink.restart()
        await sink.write(PICTURE)
        paths.append((await sink.keep()).path)
    assert paths[0] == paths[1]
    assert len(_files(tmp_path)) == 1


async def test_nothing_is_left_of_a_file_that_is_too_large(tmp_path: Path) -> None:
    sink = FileSink(tmp_path, 1000)
    await sink.restart()
    with pytest.raises(TooLarge):
        await sink.write(bytes(1001))
    await sink.discard()
    assert _files(tmp_path) == []
