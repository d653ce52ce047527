"""Lists of the day and the week; tasks finished, put off and moved by button or by word."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cards import tasks as cards
from cards import words
from cards.card import Card
from crm import task_lists, tasks
from crm.context import Context
from crm.errors import UserMistake
from crm.moments import Moment, day_bounds
from crm.task_lists import TaskItem, TaskList
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import is_only_time, on_day, point
from handlers.turn import Pending, Press, Turn
from nlu.entities import Time
from nlu.reading import Reading

router = Router("tasks")
router.help("今天 / 明天 / 本周", "看待办，列表里就能完成、推迟、改期")

HEADINGS = {"today": "今天的待办", "tomorrow": "明天的安排", "week": "本周的待办"}
ASK_WHEN = "改到什么时候？例如：明天上午10点"


@router.command("今天", "今日", "今日待办", "今天待办", "今天的待办", "待办", "我的待办", "日程", reads=True)
def today(turn: Turn, reading: Reading) -> Reply:
    """今天: what is due today and what is overdue."""
    return Reply(cards=(_list(turn.ctx, "today"),))


@router.command("明天", "明日", "明天待办", "明天的安排", reads=True)
def tomorrow(turn: Turn, reading: Reading) -> Reply:
    """明天."""
    return Reply(cards=(_list(turn.ctx, "tomorrow"),))


@router.command("本周", "这周", "本周待办", "这周待办", "本周安排", reads=True)
def week(turn: Turn, reading: Reading) -> Reply:
    """本周: from today until Sunday."""
    return Reply(cards=(_list(turn.ctx, "week"),))


def day_of(reading: Reading) -> Time | None:
    """The day or week that a question about the schedule names."""
    return next((e for e in reading.entities if isinstance(e, Time)), None)


def list_of_day(turn: Turn, said: Time) -> Card:
    """The tasks of a stretch of time, for a question such as 后天有什么安排."""
    ctx = turn.ctx
    start, _ = day_bounds(said.value)
    end = max(day_bounds(said.until - timedelta(seconds=1))[1], start + timedelta(days=1))
    for scope in ("today", "tomorrow"):
        if (start, end) == day_bounds(ctx.local + timedelta(days=scope == "tomorrow")):
            return _list(ctx, scope)
    found = task_lists.days(ctx, start, end, overdue=False)
    heading = f"{words.day(start.date(), ctx.local.date())}的安排"
    if end - start > timedelta(days=1):
        heading = f"{said.span.text}的安排"
    return cards.list_card(heading, found, ctx.local, start.date().isoformat(), ctx.actor.id)


def _list(ctx: Context, scope: str) -> Card:
    found: TaskList = {"today": task_lists.today, "tomorrow": task_lists.tomorrow, "week": task_lists.week}[
        scope
    ](ctx)
    return cards.list_card(HEADINGS[scope], found, ctx.local, scope, ctx.actor.id)


@router.action("task.done")
def done(turn: Turn, press: Press) -> Reply:
    """完成 on a task, a reminder or a list."""
    return finished(turn, _chosen(press), _from_list(press))


@router.action("task.later")
def later(turn: Turn, press: Press) -> Reply:
    """推迟, by what the drop-down says; an hour without one."""
    task_id = _chosen(press)
    option = next(iter(press.fields.get(cards.LATER_KEY, ())), "1h")
    tasks.postpone(turn.ctx, task_id, later_moment(option, turn.ctx.local))
    return changed(turn, task_id, _from_list(press))


@router.action("task.move")
def move(turn: Turn, press: Press) -> Reply:
    """改期: ask for the time in the chat."""
    item = task_lists.get(turn.ctx, _chosen(press))
    tasks.need_open(turn.ctx, item.id)
    turn.memory.ask("task.when", {"task": item.id, "list": _from_list(press)}, turn.now)
    return Reply(text=f"“{item.title}”{ASK_WHEN}")


@router.action("task.to")
def move_to(turn: Turn, press: Press) -> Reply:
    """One of several tasks was chosen, for the time that was said."""
    grain, _, value = press.action.extra.partition("|")
    return moved(turn, int(press.action.object_id), Moment(datetime.fromisoformat(value), grain))


@router.action("task.drop")
def drop(turn: Turn, press: Press) -> Reply:
    """One of several tasks was chosen to be cancelled."""
    return cancelled(turn, int(press.action.object_id))


@router.answer("task.when")
def when_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The new time; None where the message names none."""
    given_up = held.dropped(turn, "好，时间没有动。")
    if given_up is not None:
        return given_up
    reading = turn.understand(turn.incoming.text)
    when = point(reading, turn.ctx.local)
    if when is None or not is_only_time(turn.incoming.text, reading):
        return None
    item = task_lists.get(turn.ctx, int(pending.data["task"]))
    when = on_day(when, turn.incoming.text, item.due, turn.ctx.local)
    return moved(turn, item.id, when, pending.data.get("list", ""))


def finished(turn: Turn, task_id: int, scope: str) -> Reply:
    """Finish a task and settle its cards."""
    tasks.finish(turn.ctx, task_id)
    return changed(turn, task_id, scope, f"已完成 {words.clock(turn.ctx.local)}")


def cancelled(turn: Turn, task_id: int) -> Reply:
    """Cancel a task and settle its cards."""
    tasks.cancel(turn.ctx, task_id)
    return changed(turn, task_id, "", f"已取消 {words.clock(turn.ctx.local)}")


def moved(turn: Turn, task_id: int, when: Moment, scope: str = "") -> Reply:
    """Move a task to another time."""
    tasks.reschedule(turn.ctx, task_id, when)
    turn.memory.pending = None
    return changed(turn, task_id, scope)


def later_moment(option: str, now: datetime) -> Moment:
    """What an option of 推迟到 stands for, local."""
    tomorrow_nine = datetime.combine(now.date() + timedelta(days=1), time(9))
    monday = datetime.combine(now.date() + timedelta(days=7 - now.weekday()), time(9))
    choices = {
        "30m": now + timedelta(minutes=30),
        "1h": now + timedelta(hours=1),
        "afternoon": datetime.combine(now.date(), time(14)),
        "tomorrow": tomorrow_nine,
        "monday": monday,
    }
    value = choices.get(option, choices["1h"]).replace(second=0, microsecond=0)
    if value <= now:  # the afternoon has begun since the card was made
        value = tomorrow_nine
    return Moment(value)


def changed(turn: Turn, task_id: int, scope: str, settled: str = "") -> Reply:
    """Show a changed task on all its cards and the list it was chosen from, and say so where that helps."""
    turn.memory.record = turn.ctx.inbox_id
    item = task_lists.get(turn.ctx, task_id)
    local = turn.ctx.local
    card = cards.settled_card(item, local, settled) if settled else cards.task_card(item, local)
    refresh = (card, *((_list(turn.ctx, scope),) if scope in HEADINGS else ()))
    if turn.incoming.action and not scope and settled:
        return Reply(refresh=refresh)
    return Reply(text=_changed_words(item, local, settled), refresh=refresh)


def _changed_words(item: TaskItem, local: datetime, settled: str) -> str:
    if settled:
        return f"{settled[:3]}：{cards.headline(item)}。"
    at = words.due(item.due, item.grain, local.date(), deadline=item.deadline)
    if item.remind == item.due:
        tail = "到时提醒你"
    elif item.remind.date() == item.due.date():
        tail = f"{words.clock(item.remind)} 提醒你"
    else:
        tail = f"{words.moment(item.remind, local.date())} 提醒你"
    return f"{cards.headline(item)}：{at}，{tail}。"


def _chosen(press: Press) -> int:
    """The task of a pressed button: the button's own, or the one chosen in the list."""
    chosen = press.action.object_id or next(iter(press.fields.get(cards.TASK_KEY, ())), "")
    if not chosen.isdecimal():
        raise UserMistake("先在列表里选一个任务，再点按钮。")
    return int(chosen)


def _from_list(press: Press) -> str:
    return "" if press.action.object_id else press.action.extra
