"""撤销 while a question is open: that is what was shown last, so it is closed and nothing is written."""

from __future__ import annotations

from cards import confirm as cards
from cards.card import Card
from crm import undo
from handlers.reply import Reply
from handlers.turn import PATIENCE, Pending, Turn
from store.tables import Inbox

WAITING = frozenset(
    {
        *("confirm.fix", "visit.customer", "visit.say", "unclear.how", "contact.whose", "field.on"),
        *("field.choice", "object.sure", "customer.add", "customer.create", "merge.sure", "vcard.whose"),
        *("transfer.sure", "transfer.which", "task.which", "task.drop", "quote.customer", "quote.amount"),
        *("task.when", "remind.when", "contact.phone", "away.deputy", "handover.rest"),
    }
)
"""Questions before whose answer nothing is written."""
CARDS = frozenset({"confirm.fix", "visit.customer", "unclear.how"})
"""Those whose card is bound to the sentence that waits."""


def closed(turn: Turn) -> Reply | None:
    """Close the open question; None where there is none, or something was written after it was asked."""
    pending = turn.memory.pending
    if pending is None or pending.name not in WAITING or not _is_mine(turn, pending):
        return None
    if undo.written_since(turn.ctx, pending.expires - PATIENCE):
        return None
    turn.memory.pending = None
    more = undo.last_messages(turn.ctx, 1, turn.memory.record)
    hint = "要撤之前那条，再回复一次“撤销”。" if more else ""
    if pending.name not in CARDS:
        return Reply(text=f"好，刚才问的不办了，什么都没有写。{hint}")
    return Reply(text=f"好，刚才那句没有记录。{hint}", refresh=settled(turn, pending))


def settled(turn: Turn, pending: Pending) -> tuple[Card, ...]:
    """The card of a question that is closed unanswered."""
    if pending.name not in CARDS:
        return ()
    message = int(pending.data["held"])
    row = turn.ctx.session.get(Inbox, message)
    text = str(row.raw.get("text", "")) if row is not None else ""
    return (cards.settled_card(cards.TITLE, text, message, "没有记录"),)


def _is_mine(turn: Turn, pending: Pending) -> bool:
    """Whether the question was asked of the sender: in a group others talk as well."""
    row = turn.ctx.session.get(Inbox, int(pending.data.get("held") or 0))
    if row is None:
        return not turn.incoming.is_group
    return row.sender.lower() == turn.incoming.sender.lower()
