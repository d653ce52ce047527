"""Which message a quoted one stands for: the one that made the record which it shows, or that it says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from crm import visits
from handlers.turn import Turn
from store.tables import Activity, CardRow, Inbox, Outbox, Quote, Task

MOST_CARDS = 30
MOST_MESSAGES = 100
CUT = "…"
LEAST = 4  # characters that a cut quote must have to be looked for


def source(turn: Turn) -> int | None:
    """The message behind the quoted words: one's own, a card, or an answer of the bot; None when unknown."""
    quoted = turn.incoming.quoted.strip()
    return _recorded(turn, quoted) or _shown(turn, quoted) or _exchanged(turn, quoted)


def record(turn: Turn) -> tuple[str, int] | None:
    """The record (table, id) that the quoted card is about; None when unknown."""
    card = _card(turn, turn.incoming.quoted.strip())
    if card is None or not card.object_id.isdecimal():
        return None
    return card.object, int(card.object_id)


def last_shown(turn: Turn) -> tuple[str, int] | None:
    """The record (table, id) that the sender's newest card is about; None where it is about none."""
    newest = select(CardRow).where(col(CardRow.member_id) == turn.actor.id).order_by(col(CardRow.id).desc())
    card = turn.ctx.session.scalars(newest.limit(1)).first()
    if card is None or not card.object_id.isdecimal():
        return None
    return card.object, int(card.object_id)


def _recorded(turn: Turn, quoted: str) -> int | None:
    """The sentence that was recorded."""
    own = (
        select(col(Activity.inbox_id))
        .where(col(Activity.author_id) == turn.actor.id, col(Activity.raw) == quoted)
        .order_by(col(Activity.happened_at).desc(), col(Activity.id).desc())
        .limit(1)
    )
    return turn.ctx.session.scalars(own).first()


def _shown(turn: Turn, quoted: str) -> int | None:
    """A card, by its title: the message that made what it shows."""
    card = _card(turn, quoted)
    return None if card is None else _made_by(turn, card)


def _card(turn: Turn, quoted: str) -> CardRow | None:
    """The last card with the title that was quoted."""
    line = " ".join(quoted.split())
    shown = (
        select(CardRow)
        .where(col(CardRow.member_id) == turn.actor.id)
        .order_by(col(CardRow.id).desc())
        .limit(MOST_CARDS)
    )
    for card in turn.ctx.session.scalars(shown):
        if card.title and card.title in line:
            return card
    return None


def _made_by(turn: Turn, card: CardRow) -> int | None:
    """The message behind the record of a card: for one that was corrected, the correction."""
    record = int(card.object_id) if card.object_id.isdecimal() else 0
    if card.object == "activity":
        return visits.newest(turn.ctx, record).inbox_id
    row: Task | Quote | None = None
    if card.object == "task":
        row = turn.ctx.session.get(Task, record)
    elif card.object == "quote":
        row = turn.ctx.session.get(Quote, record)
    return card.inbox_id if row is None else row.inbox_id


def _exchanged(turn: Turn, quoted: str) -> int | None:
    """A message of this conversation, or what the bot answered to it."""
    incoming = turn.incoming
    query = (
        select(col(Inbox.id), col(Inbox.raw), col(Inbox.answer))
        .where(
            col(Inbox.platform) == incoming.platform,
            col(Inbox.app) == incoming.app,
            col(Inbox.conversation) == incoming.conversation,
            col(Inbox.id) != (turn.ctx.inbox_id or 0),
        )
        .order_by(col(Inbox.received_at).desc(), col(Inbox.id).desc())
        .limit(MOST_MESSAGES)
    )
    rows = turn.ctx.session.execute(query).all()
    for inbox_id, raw, answer in rows:
        if _says(quoted, (raw.get("text"), (answer or {}).get("text"))):
            return int(inbox_id)
    return _answered(turn, quoted, [int(row[0]) for row in rows])


def _answered(turn: Turn, quoted: str, messages: list[int]) -> int | None:
    """The message that was answered by these words, where they were sent by themselves."""
    wanted = quoted.partition("\n")[0].removesuffix(CUT).strip().encode()
    if len(wanted) < LEAST or not messages:
        return None
    query = (
        select(col(Outbox.inbox_id), col(Outbox.body))
        .where(col(Outbox.inbox_id).in_(messages))
        .order_by(col(Outbox.id).desc())
        .limit(MOST_MESSAGES)
    )
    for inbox_id, body in turn.ctx.session.execute(query):
        if wanted in body:
            return int(inbox_id)
    return None


def _says(quoted: str, texts: Iterable[str | None]) -> bool:
    """Whether one of the texts is what was quoted; clients cut long quotes."""
    line = " ".join(quoted.split())
    for text in texts:
        whole = " ".join((text or "").split())
        if whole and whole == line:
            return True
        if line.endswith(CUT) and len(line) > LEAST and whole.startswith(line.removesuffix(CUT)):
            return True
    return False
