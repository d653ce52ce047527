"""The button of the morning card."""

from __future__ import annotations

from cards.tasks import list_card
from crm import task_lists
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Press, Turn

router = Router("mornings")


@router.action("morning.today", reads=True)
def today(turn: Turn, press: Press) -> Reply:
    """The day's list, as 今天 gives it."""
    found = task_lists.today(turn.ctx)
    return Reply(cards=(list_card("今天", found, turn.ctx.local, "today", turn.actor.id),))
