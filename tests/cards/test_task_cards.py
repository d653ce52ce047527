"""Task cards: lists that fit on a phone, reminders that can be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards import tasks as cards
from cards.card import Card
from cards.render.wecom import render
from crm.task_lists import TaskItem, TaskList
from tests.local import local

NOW = local("2026-11-20T10:30")
DAY = local("2026-11-20T00:00")
ITEM = TaskItem(
    id=7,
    title="演示",
    due=local("2026-11-20T15:00"),
    grain="minute",
    remind=local("2026-11-20T14:50"),
    status="open",
    version=3,
    customer="华润置地",
    contact="王总",
)


def listed(*items: TaskItem, overdue: tuple[TaskItem, ...] = (), days: int = 1) -> TaskList:
    """A list from today on."""
    return TaskList(DAY, DAY + timedelta(days=days), items, overdue)


def rows(card: Card) -> list[tuple[str, str]]:
    """The rows of a card."""
    return [(f.name, f.value) for f in card.facts]


def test_a_reminder_says_what_when_and_for_whom() -> None:
    card = cards.reminder_card(ITEM, NOW)
    assert card.title == "提醒：15:00 演示 · 华润置地"
    assert [b.text for b in card.buttons] == ["完成", "推迟", "改期"]
    assert card.form[0].options[0].text == "30分钟后"
    assert all(b.action and b.action.version == 3 for b in card.buttons)
    assert render(card, task_id="t", sign=lambda a: a.name).left_out == ()


def test_this_afternoon_is_offered_in_the_morning_only() -> None:
    assert "afternoon" in [o.id for o in cards.later_options(NOW)]
    assert "afternoon" not in [o.id for o in cards.later_options(local("2026-11-20T14:00"))]


def test_a_short_list_has_a_row_for_each() -> None:
    late = replace(ITEM, id=8, title="打电话", due=local("2026-11-18T09:00"), customer="", contact="")
    whole = replace(ITEM, id=9, title="发资料", grain="day", due=DAY)
    card = cards.list_card("今天的待办", listed(ITEM, whole, overdue=(late,)), NOW, "today", 1)
    assert card.title == "今天的待办 · 3件"
    assert rows(card) == [
        ("逾期", "前天 打电话"),
        ("15:00", "演示 · 华润置地（王总）"),
        ("全天", "发资料 · 华润置地（王总）"),
    ]


def test_a_week_names_its_days() -> None:
    friday = replace(ITEM, id=9, due=local("2026-11-22T10:00"))
    card = cards.list_card("本周的待办", listed(ITEM, friday, days=3), NOW, "week", 1)
    assert rows(card) == [
        ("今天", "15:00 演示 · 华润置地（王总）"),
        ("后天", "10:00 演示 · 华润置地（王总）"),
    ]


def test_a_long_list_becomes_lines_and_says_what_is_left() -> None:
    many = [replace(ITEM, id=n, title=f"第{n}件") for n in range(20)]
    card = cards.list_card("今天的待办", listed(*many), NOW, "today", 1)
    assert card.body.splitlines()[-1] == "还有8件"
    assert len(card.form[0].options) == 10


def test_a_settled_task_has_nothing_to_press() -> None:
    card = cards.task_card(replace(ITEM, status="done"), NOW)
    assert (card.done, card.buttons, card.form) == ("已完成", (), ())


@pytest.mark.parametrize("scope", ["today", "tomorrow", "week", "2026-12-01"])
def test_an_empty_list_is_kind(scope: str) -> None:
    card = cards.list_card("今天的待办", listed(), NOW, scope, 1)
    assert card.body
    assert not card.buttons


items = st.builds(
    TaskItem,
    id=st.integers(1, 10**15),
    title=st.text(min_size=1, max_size=60),
    due=st.datetimes(DAY, DAY + timedelta(days=6)),
    grain=st.sampled_from(["minute", "day"]),
    remind=st.just(NOW),
    status=st.just("open"),
    version=st.integers(1, 9),
    overdue=st.booleans(),
    deadline=st.booleans(),
    customer=st.text(max_size=40),
    contact=st.text(max_size=10),
)


@settings(max_examples=40)
@given(st.lists(items, max_size=15), st.lists(items, max_size=4), st.integers(1, 7))
def test_any_list_can_be_shown(due: list[TaskItem], late: list[TaskItem], days: int) -> None:
    card = cards.list_card("待办", listed(*due, overdue=tuple(late), days=days), NOW, "week", 1)
    render(card, task_id="t", sign=lambda a: a.name)
    assert all(len(f.name) <= 5 for f in card.facts)
