"""All features, in the order in which help tells of them."""

from __future__ import annotations

from handlers import (
    binding,
    birthdays,
    confirm,
    customers,
    directory,
    media,
    menu,
    mornings,
    notes,
    profiles,
    quota,
    quotes,
    reminders,
    task_words,
    tasks,
    unclear,
    undo,
    visits,
    whose,
)
from handlers.help import help_router
from handlers.router import Router, merge

ROUTERS: tuple[Router, ...] = (
    visits.router,
    whose.router,
    confirm.router,
    unclear.router,
    notes.router,
    customers.router,
    profiles.router,
    tasks.router,
    task_words.router,
    reminders.router,
    quotes.router,
    undo.router,
    media.router,
    birthdays.router,
    mornings.router,
    directory.router,
    binding.router,
    quota.router,
    menu.router,
)


def registry() -> Router:
    """One index of everything that is handled. Raises `ValueError` where two features handle the same."""
    return merge((*ROUTERS, help_router(ROUTERS)))
