"""Photos, files, voice and places: kept with the record they follow."""

from __future__ import annotations

from datetime import timedelta

from cards.visits import recorded_card
from crm import visits
from crm.visits import Recorded
from handlers.incoming import Kind
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Turn
from store.tables import Activity

router = Router("media")
router.help("记完拜访再发照片或位置", "照片、文件、位置会附到刚才那条记录上")

FRESH = timedelta(hours=12)
NAMES = {Kind.IMAGE: "照片", Kind.VOICE: "语音", Kind.VIDEO: "视频", Kind.FILE: "文件", Kind.LINK: "链接"}


@router.kind(Kind.IMAGE, Kind.VIDEO, Kind.FILE, Kind.VOICE)
def file(turn: Turn) -> Reply:
    """A photo, file, video or voice message."""
    name = NAMES[turn.incoming.kind]
    activity = _recent(turn)
    if activity is None:
        hint = "语音还听不了，用输入法的语音转文字说给我就行。" if turn.incoming.kind is Kind.VOICE else ""
        return Reply(text=f"收到{name}。{hint or f'先说一句拜访了谁，再发{name}，就会附到那条记录上。'}")
    recorded: Recorded | None = None
    for one in turn.incoming.attachments:
        recorded = visits.attach_file(turn.ctx, activity.id, one.kind.value, one.media_id, one.name)
    if recorded is None:
        return Reply(text=f"这个{name}没有收到内容，请再发一次。")
    return _attached(
        turn, recorded, f"{name}已附到{recorded.called or '刚才'}这条记录，共{_count(recorded)}个附件。"
    )


@router.kind(Kind.LOCATION)
def place(turn: Turn) -> Reply:
    """A position: where the visit took place."""
    where = turn.incoming.place
    activity = _recent(turn)
    if where is None or activity is None:
        return Reply(text="收到位置。先说一句拜访了谁，再发位置，就会记成签到地点。")
    label = where.label or f"{where.latitude:.5f},{where.longitude:.5f}"
    recorded = visits.attach_place(turn.ctx, activity.id, label)
    return _attached(turn, recorded, f"地点已记到{recorded.called or '刚才'}这条：{label}。")


@router.kind(Kind.LINK)
def link(turn: Turn) -> Reply:
    """A shared link cannot be kept yet; its words can."""
    return Reply(text="链接还不能直接收，把要记的话发给我就行，例如：华润置地发来了招标公告")


def _recent(turn: Turn) -> Activity | None:
    """The record that a photo sent now belongs to: the last of this conversation, when it is fresh."""
    if turn.memory.activity_id is None:
        return None
    held = turn.ctx.session.get(Activity, turn.memory.activity_id)
    activity = visits.standing(turn.ctx, held)
    return activity if activity is not None and turn.now - activity.created_at <= FRESH else None


def _attached(turn: Turn, recorded: Recorded, words: str) -> Reply:
    turn.memory.record = turn.ctx.inbox_id
    return Reply(text=words, refresh=(recorded_card(recorded, turn.ctx.local.date()),))


def _count(recorded: Recorded) -> int:
    return len(recorded.activity.attachments)
