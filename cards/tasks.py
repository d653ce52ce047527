"""Cards of tasks: one of them, the reminder, and the lists of a day or a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from cards import words
from cards.card import Action, Button, Card, Fact, Field, Option, Tone
from crm.repeats import Repeat
from crm.task_lists import TaskItem, TaskList
from store.tables import TaskStatus

MOST_CHOICES = 10
MOST_LINES = 12
MOST_ROWS = 6
MOST_OFFERED = 5
LATER_KEY = "to"
TASK_KEY = "task"
LATER = (
    Option("30m", "30分钟后"),
    Option("1h", "1小时后"),
    Option("afternoon", "今天下午2点"),
    Option("tomorrow", "明天上午9点"),
    Option("monday", "下周一上午9点"),
)


def later_options(local: datetime) -> tuple[Option, ...]:
    """What a task can be put off to; 今天下午 only while it lies ahead."""
    return tuple(o for o in LATER if o.id != "afternoon" or local.hour < 14)


def about(task: TaskItem) -> tuple[str, str]:
    """What binds a card to its task."""
    return ("task", str(task.id))


def task_card(task: TaskItem, local: datetime, title: str = "") -> Card:
    """An open task with 完成, 推迟 and 改期; a settled one without."""
    heading = title or f"任务 · {headline(task)}"
    if task.status != TaskStatus.OPEN:
        what = "已完成" if task.status == TaskStatus.DONE else "已取消"
        return Card(heading, facts=_facts(task, local.date()), done=what, about=about(task))
    return Card(
        title=heading,
        tone=Tone.DANGER if task.overdue else Tone.PRIMARY,
        facts=_facts(task, local.date()),
        form=(Field(LATER_KEY, "推迟到", later_options(local), selected=("1h",)),),
        buttons=(
            Button("完成", _bound("task.done", task), Tone.PRIMARY, say="回复 完成"),
            Button("推迟", _bound("task.later", task), say="回复 推迟1小时"),
            Button("改期", _bound("task.move", task), say="回复 改期"),
        ),
        about=about(task),
    )


def reminder_card(task: TaskItem, local: datetime) -> Card:
    """The reminder: 10:00 演示 · 华润置地."""
    return task_card(task, local, f"提醒：{headline(task, local.date())}")


def settled_card(task: TaskItem, local: datetime, done: str) -> Card:
    """A task that was settled: 已完成 14:05."""
    return Card(f"任务 · {headline(task)}", facts=_facts(task, local.date()), done=done, about=about(task))


def list_card(heading: str, tasks: TaskList, local: datetime, scope: str, member_id: int) -> Card:
    """A list, a drop-down to choose one of it, and what can be done with that. `scope` is what was asked."""
    shown = (*tasks.overdue, *tasks.items)
    if not shown:
        return Card(heading, body=empty_words(scope), about=_list_about(scope, member_id, local.date()))
    today = local.date()
    options = tuple(Option(str(t.id), words.one_line(headline(t), 16)) for t in shown[:MOST_CHOICES])
    few = len(shown) <= MOST_ROWS
    return Card(
        title=f"{heading} · {len(shown) + tasks.more}件",
        facts=tuple(_row(t, tasks, today) for t in shown) if few else (),
        body="" if few else "\n".join(_lines(tasks, today)),
        form=(Field(TASK_KEY, "选择任务", options, selected=(options[0].id,)),),
        buttons=(
            Button("完成", Action("task.done", extra=scope), Tone.PRIMARY),
            Button("推迟1小时", Action("task.later", extra=scope)),
            Button("改期", Action("task.move", extra=scope)),
        ),
        about=_list_about(scope, member_id, today),
    )


def which_card(question: str, tasks: Sequence[TaskItem], action: str, extra: str, today: date) -> Card:
    """Which of several tasks is meant; `action` goes on with the one chosen."""
    buttons = tuple(
        Button(
            words.one_line(headline(t), 10),
            Action(action, str(t.id), t.version, extra),
            say=f"回复 {n}",
        )
        for n, t in enumerate(tasks[:MOST_OFFERED], start=1)
    )
    lines = [f"{n}. {line(t, today)}" for n, t in enumerate(tasks[:MOST_OFFERED], start=1)]
    return Card(question, body="\n".join(lines), buttons=buttons)


def drop_card(task: TaskItem, local: datetime) -> Card:
    """Whether a task is really to be cancelled."""
    return Card(
        "取消这个任务吗",
        tone=Tone.DANGER,
        facts=(Fact("任务", headline(task)), *_facts(task, local.date())),
        buttons=(
            Button("取消任务", _bound("task.drop", task), Tone.DANGER, say="回复 确认"),
            Button("不取消", _bound("task.keep", task), say="回复 不取消"),
        ),
        about=about(task),
    )


def headline(task: TaskItem, today: date | None = None) -> str:
    """演示 · 华润置地, with the time in front when `today` is given."""
    parts = [task.title]
    if task.customer and task.customer not in task.title:
        parts.append(task.customer)
    text = " · ".join(parts)
    if today is None or task.grain == "day":
        return text
    at = words.clock(task.due) if task.due.date() == today else words.moment(task.due, today)
    return f"{at} {text}"


def line(task: TaskItem, today: date) -> str:
    """One task in a list: 10:00 演示 · 华润置地（王总）."""
    who = f"（{task.contact}）" if task.contact and task.contact not in task.title else ""
    return f"{headline(task, today)}{who}"


def empty_words(scope: str) -> str:
    """What is said when there is nothing to do."""
    return {
        "today": "今天没有待办，可以想想该联系谁了。说一句“明天上午10点提醒我给王总打电话”就会记下。",
        "tomorrow": "明天还没有安排。",
        "week": "这周没有待办了。",
    }.get(scope, "这一天还没有安排。")


def repeat_words(repeat: str) -> str:
    """每周一, empty for a single task."""
    return Repeat.parse(repeat).words() if repeat else ""


def _list_about(scope: str, member_id: int, day: date) -> tuple[str, str]:
    return ("tasks", f"{member_id}:{scope}:{day.isoformat()}")


def _row(task: TaskItem, tasks: TaskList, today: date) -> Fact:
    """A task of a short list: its hour or its day, and what it is."""
    day = task.due.date()
    several = tasks.end - tasks.start > timedelta(days=1)
    if task in tasks.overdue:
        return Fact("逾期", f"{words.day(day, today)} {line(_timeless(task), today)}")
    if several:
        return Fact(
            words.NEAR.get((day - today).days) or f"周{words.WEEKDAYS[day.weekday()]}", line(task, day)
        )
    name = "全天" if task.grain == "day" else words.clock(task.due)
    return Fact(name, line(_timeless(task), today))


def _lines(tasks: TaskList, today: date) -> list[str]:
    lines: list[str] = []
    if tasks.overdue:
        lines.append(f"逾期{len(tasks.overdue)}件")
        lines += [f"· {words.day(t.due.date(), today)} {line(_timeless(t), today)}" for t in tasks.overdue]
    day: date | None = None
    several = tasks.end - tasks.start > timedelta(days=1)
    for task in tasks.items:
        if (several or tasks.overdue) and task.due.date() != day:
            day = task.due.date()
            lines.append(words.day(day, today))
        lines.append(f"· {line(task, day or tasks.start.date())}")
    left = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"还有{left + tasks.more}件"] if left > 0 else lines


def _timeless(task: TaskItem) -> TaskItem:
    """The task without its hour, which no longer matters when it is overdue."""
    return replace(task, grain="day")


def _facts(task: TaskItem, today: date) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    if task.customer:
        facts.append(Fact("客户", task.customer))
    if task.contact:
        facts.append(Fact("联系人", task.contact))
    late = "（已逾期）" if task.overdue else ""
    facts.append(Fact("时间", words.due(task.due, task.grain, today, deadline=task.deadline) + late))
    if task.status == TaskStatus.OPEN and task.remind != task.due:
        facts.append(Fact("提醒", words.moment(task.remind, today)))
    if task.repeat:
        facts.append(Fact("重复", repeat_words(task.repeat)))
    return tuple(facts)


def _bound(name: str, task: TaskItem) -> Action:
    return Action(name, str(task.id), task.version)
