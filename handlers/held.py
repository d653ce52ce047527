"""A sentence that waits for an answer (which customer?) before it can be recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from crm.errors import UserMistake
from handlers.reply import Reply
from handlers.turn import Press, Turn
from nlu.reading import Reading
from store.tables import Inbox

YES = frozenset({"是", "是的", "对", "对的", "嗯", "好", "好的", "没错", "就是", "ok", "yes", "y"})
NO = frozenset({"不是", "否", "不对", "不", "都不是", "no", "n"})
CREATE = frozenset({"新建", "新建并记录", "新增", "建", "仍然新建"})
NOTE = frozenset({"只记笔记", "只留笔记", "笔记", "记笔记", "备注"})
_COUNTED = "一二三四五六七八九"
_NUMBERED = re.compile(rf"(?:我?选|要|是)?\s*第?\s*(\d{{1,3}}|[{_COUNTED}])\s*[个家条位项号]?")
DROP = frozenset({"不建了", "算了", "取消", "不用了", "不记了"})


def dropped(turn: Turn, words: str) -> Reply | None:
    """The end of a question that its asker no longer wants answered; None where it is still wanted."""
    if said(turn) not in DROP:
        return None
    turn.memory.pending = None
    return Reply(text=words)


def held_id(press: Press) -> int:
    """The message that a pressed button goes on with."""
    return int(press.action.extra or 0)


def text_of(turn: Turn, held: int) -> str:
    """The words of a message that waits. They are taken from the inbox, where every message stays.

    Raises `UserMistake` when it is not the sender's, or of another day: 今天 would mean something else.
    """
    row = turn.ctx.session.get(Inbox, held)
    text = str(row.raw.get("text", "")) if row is not None else ""
    mine = row is not None and row.sender.lower() == turn.incoming.sender.lower()
    if row is None or not text or not mine:
        raise UserMistake("这个问题已经过期了，请把那句话再发一遍。")
    if turn.ctx.wall(row.received_at).date() != turn.ctx.local.date():
        raise UserMistake("这句话是前几天发的，时间会算错，请再发一遍。")
    return text


def keep_text(turn: Turn, text: str) -> None:
    """Let the words of a file that waits stand with its message, where `text_of` finds them."""
    row = turn.ctx.session.get(Inbox, turn.ctx.inbox_id) if turn.ctx.inbox_id is not None else None
    if row is not None and row.raw.get("text") != text:
        row.raw = {**row.raw, "text": text}


def sent(turn: Turn, held: int) -> datetime:
    """When a message that waits was sent, local."""
    row = turn.ctx.session.get(Inbox, held)
    return turn.ctx.local if row is None else turn.ctx.wall(row.received_at)


def read(turn: Turn, held: int, text: str) -> Reading:
    """What a message that waits meant when it was sent: 半小时后 counts from then."""
    return turn.understand(text, sent(turn, held))


def chosen(turn: Turn, ids: Sequence[int]) -> int | None:
    """The one of a list that is named by its number: 2, 第二个, 选2; None where it is not."""
    found = _NUMBERED.fullmatch(said(turn))
    if found is None:
        return None
    place = int(found[1]) if found[1].isdecimal() else _COUNTED.index(found[1]) + 1
    return ids[place - 1] if 1 <= place <= len(ids) else None


def said(turn: Turn) -> str:
    """What the sender typed, without blanks, in lower case: for comparing with the words above."""
    return turn.incoming.text.strip().strip("。.!！").lower()
