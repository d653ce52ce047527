"""Kept files, sent again to who asks: 发我 照片, 把华润置地的照片发我, 发我2, 发给我 on a record's card."""

from __future__ import annotations

import re

from cards.attachments import size_words
from crm import attached, visits
from crm.attached import Wanted
from crm.attachments import KINDS
from crm.errors import UserMistake
from handlers import quoted
from handlers.finding import surely
from handlers.reply import Reply
from handlers.router import Router
from handlers.spoken import THIS_ONE
from handlers.turn import Phrase, Press, Turn
from nlu.reading import Reading
from store.tables import Activity

router = Router("attached")
router.help("发我 照片 / 把华润置地的附件发我", "把存下的照片、文件、语音再发给你")

KIND_WORDS = {"照片": "image", "图片": "image", "语音": "voice", "视频": "video", "文件": "file"}
JUST_NOW = re.compile(r"(?:刚才|刚刚|上次|最近|最新|那|这|的|条|次|张|个|记录|跟进|拜访)*")
_WHAT = r"(?P<what>照片|图片|文件|语音|录音|视频|附件)"
_SEND = r"(?:再)?(?:发|传|转)(?:给|送)?我"
NONE = "没有找到{}。看一家客户存了哪些：附件 华润置地"


@router.phrase(
    rf"(?:请|麻烦)?{_SEND}\s*[:：]?\s*(?P<who>.{{0,30}}?)\s*的?\s*(?:所有|全部)?的?{_WHAT}",
    rf"(?:请|麻烦)?(?:把|将)?\s*(?P<who>.{{0,30}}?)\s*的?\s*(?:所有|全部)?的?{_WHAT}(?:都|全部)?{_SEND}"
    r"(?:看看|看一下|一下|一份)?",
    reads=True,
)
def of_kind(turn: Turn, phrase: Phrase) -> Reply | None:
    """发我 照片: of the record or the customer last spoken of; 发我 华润置地的照片: of that one."""
    who, what = phrase.given["who"], phrase.given["what"].replace("录音", "语音")
    kinds = [KIND_WORDS[what]] if what in KIND_WORDS else []
    if JUST_NOW.fullmatch(who) or THIS_ONE.fullmatch(who):
        return _given(_recent(turn, kinds), what)
    customer = surely(turn, who)
    if customer is None:
        return None
    turn.memory.customer_id = customer
    return _given(attached.latest(turn.ctx, customer, kinds), what)


@router.phrase(
    rf"{_SEND}\s*[:：]?\s*(?P<name>\S.{{0,60}}\.[A-Za-z0-9]{{1,5}})",
    rf"(?:把|将)\s*(?P<name>\S.{{0,60}}\.[A-Za-z0-9]{{1,5}})\s*{_SEND}",
    reads=True,
)
def of_name(turn: Turn, phrase: Phrase) -> Reply | None:
    """发我 方案.pdf: of the customer last spoken of."""
    if turn.memory.customer_id is None:
        return None
    name = phrase.given["name"]
    return _given(attached.latest(turn.ctx, turn.memory.customer_id, named=name), f"“{name}”")


@router.phrase(rf"{_SEND}\s*第?(?P<number>\d{{1,2}})(?:个|张|份|号)?", reads=True)
def of_list(turn: Turn, phrase: Phrase) -> Reply | None:
    """发我2: of the list that was shown last."""
    asked = turn.memory.pending
    ids: list[str] = (
        asked.data.get("ids", []) if asked is not None and asked.name == "attachments.more" else []
    )
    place = int(phrase.given["number"])
    if not 1 <= place <= len(ids):
        raise UserMistake("先看列表再选，例如：附件 华润置地，然后回复 发我1")
    return _sent(Wanted((attached.one(turn.ctx, int(ids[place - 1])),)))


@router.command("发给我", "发我", reads=True)
def alone(turn: Turn, reading: Reading) -> Reply:
    """发给我: the files of the quoted card's record, or of the one last spoken of."""
    return _given(_recent(turn, []), "附件")


@router.action("attachment.send", reads=True)
def chosen(turn: Turn, press: Press) -> Reply:
    """发我1 on a list of files."""
    return _sent(Wanted((attached.one(turn.ctx, int(press.action.object_id)),)))


@router.action("attachments.send", reads=True)
def of_card(turn: Turn, press: Press) -> Reply:
    """发给我 on the card of a record."""
    record = visits.newest(turn.ctx, int(press.action.object_id))
    return _given(attached.of_activity(turn.ctx, record.id), "附件")


def _recent(turn: Turn, kinds: list[str]) -> Wanted | None:
    """Of the quoted card's record, of the one last recorded, or else of the customer last spoken of."""
    about = quoted.record(turn) if turn.incoming.quoted.strip() else None
    if about is not None and about[0] == "activity":
        return attached.of_activity(turn.ctx, visits.newest(turn.ctx, about[1]).id, kinds)
    held = turn.memory.activity_id
    record = turn.ctx.session.get(Activity, held) if held is not None else None
    standing = visits.standing(turn.ctx, record)
    customer = turn.memory.customer_id
    if standing is not None and standing.attachments and standing.customer_id in (None, customer):
        found = attached.of_activity(turn.ctx, standing.id, kinds)
        if found is not None:
            return found
    return attached.latest(turn.ctx, customer, kinds) if customer is not None else None


def _given(found: Wanted | None, what: str) -> Reply:
    if found is None:
        raise UserMistake(NONE.format(what))
    return _sent(found)


def _sent(found: Wanted) -> Reply:
    first = found.files[0]
    told = f"{first.name}（{size_words(first.size)}）" if len(found.files) == 1 else f"{len(found.files)}个"
    kinds = {KINDS.get(one.kind, "附件") for one in found.files}
    called = kinds.pop() if len(kinds) == 1 else "附件"
    more = f"，另有{found.more}个，回复 附件 看全部" if found.more else ""
    return Reply(text=f"{called}发给你：{told}{more}", files=found.files)
