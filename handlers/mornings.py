"""The buttons of the morning card."""

from __future__ import annotations

from cards.quotes import approval_card
from cards.tasks import list_card
from crm import quotes, task_lists
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Press, Turn
from nlu.reading import Reading

router = Router("mornings")
router.help("待审批", "看等你审批的报价", "manager", "director")

MOST_CARDS = 5


@router.action("morning.today", reads=True)
def today(turn: Turn, press: Press) -> Reply:
    """The day's list, as 今天 gives it."""
    found = task_lists.today(turn.ctx)
    return Reply(cards=(list_card("今天", found, turn.ctx.local, "today", turn.actor.id),))


@router.command("待审批", "待我审批", "等我审批", "我的审批", "审批列表", "待审批的报价", reads=True)
def approvals_by_word(turn: Turn, reading: Reading) -> Reply:
    """待审批."""
    return _approvals(turn)


@router.action("morning.approvals", reads=True)
def approvals(turn: Turn, press: Press) -> Reply:
    """看待审批."""
    return _approvals(turn)


def _approvals(turn: Turn) -> Reply:
    """A card for each quote that waits, the longest waiting first."""
    waiting = quotes.waiting_for(turn.ctx, turn.actor.id, MOST_CARDS)
    if not waiting:
        return Reply("都处理完了，现在没有等您审批的报价")
    return Reply(cards=tuple(approval_card(one) for one in waiting))
