"""Tasks handled by talking: 完成 演示, 推迟1小时, 把演示改到周五下午, 取消明天的提醒."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cards import tasks as cards
from crm import task_lists, tasks
from crm.errors import UserMistake
from crm.moments import Grain, Moment
from crm.task_lists import TaskItem
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import in_words, length, on_day, point, whom, without
from handlers.tasks import ASK_WHEN, cancelled, changed, day_of, finished, moved
from handlers.turn import Pending, Press, Turn
from handlers.undo import ask_delete
from nlu.reading import Intent, Reading
from store.tables import Activity, Inbox

router = Router("task_words")
router.help("完成 演示 / 推迟1小时 / 把演示改到周五下午", "处理任务，也可以点提醒上的按钮")

DONE_WORDS = re.compile(r"^(?:已经?)?(?:完成|做完|搞定|办完|办好)了?[\s:：，,]*")
A_NUMBER = re.compile(r"(?:已经?)?(?:完成|做完|搞定|办完|办好)了?[\s:：，,第]*\d{1,2}[\s个条项件]*")
FILLER = re.compile(
    r"那个|这个|那条|这条|的|把|时间|日期|任务|待办|提醒|取消|删除|改成|改为|改到|改期|改约|换到|换成|挪到|调到|调成|往后推|推迟|延期|到|，|,"
)
LAST_RECORD = re.compile(
    r"(?:上一?条|刚才那?条|刚刚那?条|这条|那条).{0,4}(?:删|取消|撤|作废)|(?:删|取消|撤).{0,3}(?:上一?条|刚才那?条|这条)"
)

SURE = frozenset({"取消", "确认", "确认取消", "取消吧", "取消任务", "确定"})
KEEP = frozenset({"不取消", "算了", "别取消", "不用取消", "先不取消", "留着", "保留"})
DELETE = re.compile(r"删|清除|作废")
NOTHING_ELSE = re.compile(r"[删除掉了清作废吧把这那个家客户请帮我的记录资料所有全部跟进\s]*")


@dataclass(frozen=True, slots=True)
class Meant:
    """The tasks that words may mean; `sure` where they name one and no other."""

    items: list[TaskItem]
    sure: bool


@router.intent(Intent.RESCHEDULE)
def reschedule(turn: Turn, reading: Reading) -> Reply:
    """把演示改到周五下午, 推迟1小时: the task that is named, or the one spoken of last."""
    meant = _meant(turn, reading, turn.incoming.text)
    span, when = length(reading), point(reading, turn.ctx.local)
    if when is None:
        if not meant.sure:
            return _which(turn, "改哪一个", meant, "task.move")
        turn.memory.ask("task.when", {"task": meant.items[0].id, "list": ""}, turn.now)
        return Reply(text=f"“{meant.items[0].title}”{ASK_WHEN}")
    if not meant.sure:
        return _which(turn, "改哪一个", meant, "task.to", f"{when.grain}|{when.value.isoformat()}")
    item = meant.items[0]
    if span is None:
        return moved(turn, item.id, on_day(when, turn.incoming.text, item.due, turn.ctx.local))
    if item.remind > turn.ctx.local:  # not told of yet: the thing itself is put off
        grain = item.grain if span % timedelta(days=1) == timedelta() else Grain.MINUTE
        return moved(turn, item.id, Moment(item.due + span, grain))
    tasks.postpone(turn.ctx, item.id, when)
    return changed(turn, item.id, "")


@router.intent(Intent.CANCEL)
def cancel(turn: Turn, reading: Reading) -> Reply:
    """取消明天的演示; 上一条删掉 takes back the last record, once that is confirmed."""
    if LAST_RECORD.search(turn.incoming.text):
        return ask_delete(turn)
    if _whole_customer(reading, turn.incoming.text):
        raise UserMistake(
            "删除客户和旧记录还没有开通，什么都没有动。撤回刚才的记录回复“撤销”，取消任务说：取消明天的演示"
        )
    meant = _meant(turn, reading, turn.incoming.text, by_day=True)
    if not meant.sure:
        return _which(turn, "取消哪一个", meant, "task.drop")
    turn.memory.ask("task.drop", {"task": meant.items[0].id}, turn.now)
    return Reply(cards=(cards.drop_card(meant.items[0], turn.ctx.local),))


@router.answer("task.drop")
def drop_answered(turn: Turn, pending: Pending) -> Reply | None:
    """确认 or 不取消, typed."""
    said, task_id = held.said(turn), int(pending.data["task"])
    if said in held.YES | SURE:
        turn.memory.pending = None
        return cancelled(turn, task_id)
    if said in held.NO | KEEP:
        return kept(turn, task_id)
    return None


@router.action("task.keep")
def keep(turn: Turn, press: Press) -> Reply:
    """不取消."""
    return kept(turn, int(press.action.object_id))


def kept(turn: Turn, task_id: int) -> Reply:
    """The task stays as it was."""
    turn.memory.pending = None
    item = task_lists.get(turn.ctx, task_id)
    return Reply(text="好，任务还在。", refresh=(cards.task_card(item, turn.ctx.local),))


@router.command("完成", "已完成", "做完了", "完成了", "搞定", "搞定了")
def done_by_word(turn: Turn, reading: Reading) -> Reply:
    """完成: the task that was reminded of last."""
    return done_by_text(turn, reading)


def done_by_text(turn: Turn, reading: Reading) -> Reply:
    """完成 演示. A number counts in a list that was shown: without one it says nothing."""
    if A_NUMBER.fullmatch(turn.incoming.text.strip()):
        raise UserMistake("先看列表再说序号：发“今天”，然后回复 完成 1")
    meant = _meant(turn, reading, turn.incoming.text)
    return (
        finished(turn, meant.items[0].id, "")
        if meant.sure
        else _which(turn, "完成哪一个", meant, "task.done")
    )


@router.answer("task.which")
def which_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a task that was offered."""
    given_up = held.dropped(turn, "好，都没有动。")
    if given_up is not None:
        return given_up
    chosen = held.chosen(turn, pending.data["ids"])
    if chosen is None:
        return None
    turn.memory.pending = None
    return _go_on(turn, str(pending.data["action"]), chosen, str(pending.data["extra"]))


def _go_on(turn: Turn, action: str, task_id: int, extra: str) -> Reply:
    if action == "task.done":
        return finished(turn, task_id, "")
    if action == "task.drop":
        return cancelled(turn, task_id)
    if action == "task.to":
        grain, _, value = extra.partition("|")
        return moved(turn, task_id, Moment(datetime.fromisoformat(value), grain))
    item = task_lists.get(turn.ctx, task_id)
    turn.memory.ask("task.when", {"task": item.id, "list": ""}, turn.now)
    return Reply(text=f"“{item.title}”{ASK_WHEN}")


def _which(turn: Turn, question: str, meant: Meant, action: str, extra: str = "") -> Reply:
    """Ask which of the tasks is meant: by a button for each, or by its number."""
    some = meant.items[: cards.MOST_OFFERED]
    data = {"ids": [t.id for t in some], "action": action, "extra": extra}
    turn.memory.ask("task.which", data, turn.now)
    return Reply(cards=(cards.which_card(question, some, action, extra, turn.ctx.local.date()),))


def _meant(turn: Turn, reading: Reading, text: str, *, by_day: bool = False) -> Meant:
    """The open tasks that the words may mean. Raises `UserMistake` where there is none."""
    said = day_of(reading)
    who = whom(turn.ctx, in_words(reading).but(contact=None))
    customer = who.sure[0] if who.sure else None
    phrase = _phrase(reading, text)
    day = said.value if said is not None and by_day else None
    if customer is None and not phrase and day is None:
        found = _spoken_of(turn)
    else:
        found = task_lists.matching(turn.ctx, customer_id=customer, words=phrase, day=day)
    if not found:
        raise UserMistake("没有找到要处理的任务。发“今天”或“本周”看看都有哪些，例如：把演示改到周五下午")
    named = not phrase or any(task_lists.is_named(t, phrase) for t in found)
    return Meant(found, sure=len(found) == 1 and named)


def _whole_customer(reading: Reading, text: str) -> bool:
    """删除安居: no task is named, the customer itself is meant."""
    places = [(c.start, c.end) for c in (*reading.customers, *reading.candidates)]
    return bool(places and DELETE.search(text) and NOTHING_ELSE.fullmatch(without(text, places)))


def _phrase(reading: Reading, text: str) -> str:
    """What is left of the words once names and times are taken out: the task's own name."""
    places = [(e.span.start, e.span.end) for e in reading.entities]
    places += [(c.start, c.end) for c in (*reading.customers, *reading.candidates)]
    left = without(text, places)
    return FILLER.sub("", DONE_WORDS.sub("", left)).strip(" 。.!！了")


def _spoken_of(turn: Turn) -> list[TaskItem]:
    """What the last message planned, unless the person was reminded of a task since; that one then."""
    planned, at = _planned(turn)
    last = task_lists.last_reminded(turn.ctx, at)
    return [last] if last is not None else planned


def _planned(turn: Turn) -> tuple[list[TaskItem], datetime | None]:
    """What was planned last, and when (aware UTC), where that is known."""
    session, memory = turn.ctx.session, turn.memory
    made = task_lists.of_message(turn.ctx, memory.record) if memory.record is not None else []
    made = made or (task_lists.moved_by(turn.ctx, memory.record) if memory.record is not None else [])
    if made:
        message = session.get(Inbox, memory.record)
        return made, message.received_at if message is not None else None
    made = task_lists.of_activity(turn.ctx, memory.activity_id) if memory.activity_id else []
    record = session.get(Activity, memory.activity_id) if made else None
    return made, record.created_at if record is not None else None
