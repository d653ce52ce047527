"""The morning card: the day's tasks, what is overdue, what waits, whose birthday it is."""

from __future__ import annotations

from datetime import date

from cards.card import Action, Button, Card, Fact, Tone
from cards.quotes import total_words
from crm.mornings import DayBirthday, DayTask, Morning, Quiet, Team

WEEKDAYS = "一二三四五六日"
ROWS = 6  # of a WeCom card
NEAR = ("今天", "明天", "后天")


def morning_card(morning: Morning) -> Card:
    """The card of a member's day; with nothing to do it says who has been left alone longest."""
    ahead = (*_approvals(morning), *_birthdays(morning.birthdays), *_overdue(morning))
    rows = [*_tasks(morning, ROWS - len(ahead)), *ahead]
    if morning.is_empty:
        rows = [_quiet(one) for one in morning.quiet]
    today = morning.today
    return Card(
        title=f"早上好，{morning.called}",
        subtitle=f"{today.month}月{today.day}日 周{WEEKDAYS[today.weekday()]}",
        tone=Tone.PRIMARY,
        body="\n".join(_summary(morning)),
        facts=tuple(rows),
        buttons=_buttons(morning),
    )


def _buttons(morning: Morning) -> tuple[Button, ...]:
    tasks = Button("看今天的待办", Action("morning.today"), Tone.PRIMARY, say="回复 今天")
    approvals = Button("看待审批", Action("morning.approvals"), say="回复 待审批")
    return (tasks, approvals) if morning.approvals else (tasks,)


def _summary(morning: Morning) -> list[str]:
    counts = (
        (morning.task_count, f"今天 {morning.task_count} 件事"),
        (morning.overdue_count, f"逾期 {morning.overdue_count} 件"),
        (len(morning.approvals), f"待您审批 {len(morning.approvals)} 份"),
        (len(morning.birthdays), f"近日生日 {len(morning.birthdays)} 位"),
    )
    said = "，".join(words for count, words in counts if count)
    if morning.is_empty:
        said = (
            "今天没有安排。最久没联系的客户在下面，挑一个问候一下"
            if morning.quiet
            else "今天没有待办，有事直接说"
        )
    lines = [said]
    if morning.team is not None:
        team = morning.team
        late = f"，逾期 {team.overdue} 件" if team.overdue else ""
        lines.append(f"团队 {team.people} 人：今天 {team.today} 件{late}{_lately(team, morning.today)}")
    return lines


def _lately(team: Team, today: date) -> str:
    """，昨天跟进 3 次; after a weekend ，11月20日以来跟进 3 次. Nothing where there was nothing."""
    if not team.activities:
        return ""
    one_day = (today - team.since).days == 1
    when = "昨天" if one_day else f"{team.since.month}月{team.since.day}日以来"
    return f"，{when}跟进 {team.activities} 次"


def _tasks(morning: Morning, room: int) -> list[Fact]:
    """The day's tasks in `room` rows; the last says how many more there are."""
    if morning.task_count <= room:
        return [_task(task) for task in morning.tasks]
    shown = morning.tasks[: max(room - 1, 0)]
    left = morning.task_count - len(shown)
    return [*(_task(task) for task in shown), Fact("还有", f"{left} 件，回复 今天 看全部")]


def _task(task: DayTask) -> Fact:
    name = f"{task.due:%H:%M}" if task.grain == "minute" else "今天"
    return Fact(name, _what(task))


def _what(task: DayTask) -> str:
    return f"{task.customer}：{task.title}" if task.customer else task.title


def _overdue(morning: Morning) -> list[Fact]:
    if not morning.overdue:
        return []
    first = morning.overdue[0]
    since = f"{first.due.month}月{first.due.day}日"
    rest = f"等 {morning.overdue_count} 件" if morning.overdue_count > 1 else ""
    return [Fact("逾期", f"{since} {_what(first)}{rest}")]


def _approvals(morning: Morning) -> list[Fact]:
    if not morning.approvals:
        return []
    first = morning.approvals[0]
    rest = f"等 {len(morning.approvals)} 份" if len(morning.approvals) > 1 else ""
    return [Fact("待审批", f"{first.number} {first.customer} {total_words(first)}{rest}")]


def _birthdays(birthdays: tuple[DayBirthday, ...]) -> list[Fact]:
    """The nearest two, each in its own row."""
    rows = [Fact("生日", _birthday(one)) for one in birthdays[:2]]
    if len(birthdays) > len(rows):
        rows[-1] = Fact("生日", f"{_birthday(birthdays[1])}，另有 {len(birthdays) - len(rows)} 位")
    return rows


def _birthday(one: DayBirthday) -> str:
    when = NEAR[one.days] if one.days < len(NEAR) else f"{one.day.month}月{one.day.day}日"
    return f"{when} {one.who}（{one.customer}{'，农历' if one.lunar else ''}）"


def _quiet(one: Quiet) -> Fact:
    return Fact("久未联系", f"{one.customer}，{'还没联系过' if one.days is None else f'{one.days} 天前'}")
