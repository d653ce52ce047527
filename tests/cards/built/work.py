"""Cards of tasks and of quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards import quotes, tasks
from cards.card import Card
from crm.quotes import FULL
from crm.task_lists import TaskList
from store.tables import QuoteStatus
from tests.cards.built.values import (
    APPROVED,
    DRAFT,
    LATE,
    LOCAL,
    PENDING,
    REJECTED,
    SOON,
    TASK,
    TODAY,
    WEEKLY,
)

DAY = LOCAL.replace(hour=0, minute=0)
TODAYS = TaskList(DAY, DAY + timedelta(days=1), (SOON, WEEKLY), (LATE,))
MANY = TaskList(DAY, DAY + timedelta(days=7), tuple(replace(TASK, id=n) for n in range(20, 36)), more=4)

SAMPLES: dict[str, Card] = {
    "task": tasks.task_card(TASK, LOCAL),
    "task_weekly": tasks.task_card(WEEKLY, LOCAL, "已设提醒"),
    "task_late": tasks.task_card(LATE, LOCAL),
    "reminder": tasks.reminder_card(SOON, LOCAL),
    "drop": tasks.drop_card(SOON, LOCAL),
    "task_done": tasks.settled_card(SOON, LOCAL, "已完成 14:05"),
    "list": tasks.list_card("今天的待办", TODAYS, LOCAL, "today", 1),
    "list_long": tasks.list_card("本周的待办", MANY, LOCAL, "week", 1),
    "list_empty": tasks.list_card("今天的待办", TaskList(DAY, DAY, ()), LOCAL, "today", 1),
    "which": tasks.which_card("完成哪一个", (SOON, TASK, LATE), "task.done", "", TODAY),
    "quote_draft": quotes.draft_card(DRAFT),
    "quote_full_price": quotes.draft_card(
        replace(DRAFT, discount=FULL, total=DRAFT.amount, note="", approver=None)
    ),
    "quote_approval": quotes.approval_card(PENDING),
    "quote_pending": quotes.pending_card(PENDING),
    "quote_approved": quotes.final_card(APPROVED, LOCAL),
    "quote_rejected": quotes.final_card(REJECTED, LOCAL),
    "quote_withdrawn": quotes.final_card(replace(PENDING, status=QuoteStatus.WITHDRAWN), LOCAL),
}
