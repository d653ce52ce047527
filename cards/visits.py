"""Cards of records: what was written down, and what must be asked before it can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards import words
from cards.card import Action, Button, Card, Fact, Option, Tone
from crm.task_lists import TaskItem
from crm.visits import Recorded
from store.tables import Activity, TaskStatus

MOST_BUTTONS = 4


def about(recorded: Recorded) -> tuple[str, str]:
    """What binds a card to a record: the first row of its corrections."""
    return ("activity", str(recorded.root_id))


def recorded_card(recorded: Recorded, today: date, note: str = "") -> Card:
    """已记录拜访 · 华润置地: what was understood, with 修改 and 撤销."""
    row = recorded.activity
    verb = "已更正" if row.corrects_id else "已记录"
    return Card(
        title=f"{verb}{words.KINDS.get(row.kind, '跟进')} · {_where(recorded)}",
        tone=Tone.SUCCESS,
        facts=_facts(recorded, today),
        quote=row.raw,
        buttons=(
            Button("修改", Action("visit.fix", str(row.id), row.version), say="直接说，例如：金额56万"),
            Button("撤销", Action("undo", str(row.inbox_id or 0)), say="回复 撤销"),
            *_files(recorded),
        ),
        note=note,
        about=about(recorded),
    )


def _files(recorded: Recorded) -> tuple[Button, ...]:
    """发给我, where photos or files belong to the record."""
    if not recorded.activity.attachments:
        return ()
    wanted = Action("attachments.send", str(recorded.activity.id))
    return (Button("附件发给我", wanted, say="回复 发我 附件"),)


def settled_card(recorded: Recorded, today: date, done: str) -> Card:
    """The same after it was taken back: nothing to press any more."""
    row = recorded.activity
    return Card(
        title=f"{words.KINDS.get(row.kind, '跟进')} · {_where(recorded)}",
        facts=_facts(recorded, today),
        quote=row.raw,
        done=done,
        about=about(recorded),
    )


def choice_card(question: str, options: Sequence[Option], said: str, held: int, text: str) -> Card:
    """Which customer is meant. `held` is the message that waits, `text` its words, `said` a new name."""
    buttons = tuple(
        Button(
            option.text, Action("visit.pick", option.id, extra=str(held)), Tone.PRIMARY, say=f"回复 {place}"
        )
        for place, option in enumerate(options[:MOST_BUTTONS], start=1)
    )
    more = (Button("都不是", Action("visit.not", said, extra=str(held)), say="回复 都不是"),)
    return _asking(question, text, (*buttons, *more), held)


def likeness_card(name: str, customer_id: str, said: str, held: int, text: str) -> Card:
    """是华润置地吗: for a name that was probably mistyped."""
    buttons = (
        Button("是", Action("visit.pick", customer_id, extra=str(held)), Tone.PRIMARY, say="回复 是"),
        Button("不是", Action("visit.not", said, extra=str(held)), say="回复 不是"),
    )
    return _asking(f"是“{name}”吗", text, buttons, held)


def unknown_card(name: str, held: int, text: str) -> Card:
    """A company that nobody knows yet: create it and record, or keep the words alone."""
    buttons = (
        Button("新建并记录", Action("visit.new", name, extra=str(held)), Tone.PRIMARY, say="回复 新建"),
        Button("只记笔记", Action("visit.note", extra=str(held)), say="回复 只记笔记"),
    )
    return _asking(f"还没有“{name}”这家客户，新建并记录吗", text, buttons, held)


def nobody_card(held: int, text: str) -> Card:
    """No customer was named: its name is asked for."""
    buttons = (Button("只记笔记", Action("visit.note", extra=str(held)), say="回复 只记笔记"),)
    return _asking("这次是哪家客户", text, buttons, held, "直接回复客户名称，就接着记录")


def answered_card(question: str, text: str, held: int, done: str) -> Card:
    """A question that has its answer."""
    return Card(title=question, quote=text, done=done, about=("question", str(held)))


def _asking(
    question: str, text: str, buttons: tuple[Button, ...], held: int, body: str = "选好就记录，还没有写入"
) -> Card:
    return Card(
        title=question,
        body=body,
        quote=text,
        buttons=buttons,
        about=("question", str(held)),
        tone=Tone.PRIMARY,
    )


def _where(recorded: Recorded) -> str:
    return recorded.called or "未关联客户"


def _facts(recorded: Recorded, today: date) -> tuple[Fact, ...]:
    row, task = recorded.activity, recorded.task
    facts: list[Fact] = []
    if recorded.contact:
        facts.append(Fact("联系人", recorded.contact.name))
    facts.append(Fact("时间", words.when(recorded.happened, row.happened_grain, row.happened_part, today)))
    if row.amount_low is not None:
        facts.append(Fact("金额", amount_words(row)))
    if task and task.status != TaskStatus.CANCELLED:
        facts.append(Fact("下一步", next_step_words(task, today)))
    if task and task.status == TaskStatus.OPEN:
        facts.append(Fact("提醒", words.moment(task.remind, today)))
    if row.place:
        facts.append(Fact("地点", row.place))
    if row.attachments:
        facts.append(Fact("附件", f"{len(row.attachments)}个"))
    return tuple(facts)


def amount_words(row: Activity) -> str:
    """约58万元 where the sentence said about."""
    low = row.amount_low or 0
    return words.said_amount(row.raw, low, row.amount_high if row.amount_high is not None else low)


def next_step_words(task: TaskItem, today: date) -> str:
    """演示 · 11月25日 周三 10:00."""
    return f"{task.title} · {words.due(task.due, task.grain, today, deadline=task.deadline)}"
