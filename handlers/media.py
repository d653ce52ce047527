"""Photos, files, voice and places: kept with the record they follow."""

from __future__ import annotations

from datetime import timedelta

from cards.attachments import attachments_card
from cards.visits import recorded_card
from crm import attachments, visits
from crm.visits import Recorded
from handlers.finding import surely
from handlers.incoming import Kind
from handlers.recording import given
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from handlers.vcards import of_file
from nlu.reading import Reading
from store.tables import Activity

router = Router("media")
router.help("记完拜访再发照片或位置", "照片、文件、位置会附到刚才那条记录上")
router.help("附件 华润置地", "看一家客户的照片和文件")

MORE = frozenset({"更早的附件", "更早的", "更早", "下一页", "更多", "还有吗"})
_FILES = r"(?:附件|照片|图片|文件)"
FRESH = timedelta(hours=12)
NAMES = {Kind.IMAGE: "照片", Kind.VOICE: "语音", Kind.VIDEO: "视频", Kind.FILE: "文件", Kind.LINK: "链接"}


@router.kind(Kind.IMAGE, Kind.VIDEO, Kind.FILE, Kind.VOICE)
def file(turn: Turn) -> Reply:
    """A photo, file, video or voice message."""
    name = NAMES[turn.incoming.kind]
    contacts = of_file(turn)
    if contacts is not None:
        return contacts
    activity = _recent(turn)
    if activity is None:
        hint = "语音还听不了，用输入法的语音转文字说给我就行。" if turn.incoming.kind is Kind.VOICE else ""
        return Reply(text=f"收到{name}。{hint or f'先说一句拜访了谁，再发{name}，就会附到那条记录上。'}")
    recorded: Recorded | None = None
    for one in turn.incoming.attachments:
        recorded = visits.attach_file(turn.ctx, activity.id, given(turn.incoming, one))
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


@router.phrase(
    rf"(?:看看?|查看?|列出)?\s*{_FILES}\s*[:：]?\s*(?P<who>\S.*)",
    rf"(?:看看?|查看?|列出)?\s*(?P<who>\S{{2,30}}?)\s*的?\s*(?:所有|全部)?(?:的)?{_FILES}(?:列表|清单)?",
    reads=True,
)
def listed(turn: Turn, phrase: Phrase) -> Reply | None:
    """附件 华星."""
    customer = surely(turn, phrase.given["who"])
    return None if customer is None else _list(turn, customer, 0)


@router.command("附件", "所有附件", reads=True)
def of_last(turn: Turn, reading: Reading) -> Reply:
    """附件: of the customer spoken of last."""
    if turn.memory.customer_id is None:
        return Reply(text="看哪家客户的附件？例如：附件 华润置地")
    return _list(turn, turn.memory.customer_id, 0)


@router.action("attachments.more", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更早的."""
    return _list(turn, int(press.action.object_id), int(press.action.extra or 0))


@router.answer("attachments.more")
def more_typed(turn: Turn, pending: Pending) -> Reply | None:
    """更早的, typed where there is no button."""
    skip = pending.data["skip"]
    if skip is None or turn.incoming.text.strip(" 。.?？") not in MORE:
        return None
    return _list(turn, int(pending.data["customer"]), int(skip))


def _list(turn: Turn, customer: int, skip: int) -> Reply:
    page = attachments.of_customer(turn.ctx, customer, skip)
    turn.memory.customer_id = customer
    listed_ = {"customer": customer, "skip": page.more, "ids": [str(one.id) for one in page.files]}
    turn.memory.ask("attachments.more", listed_, turn.now)
    return Reply(cards=(attachments_card(page, turn.ctx.local.date(), skip),))


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
