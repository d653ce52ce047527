"""Writing a sentence down for the customers it is about, and keeping it in mind."""

from __future__ import annotations

from dataclasses import replace

from cards import visits as cards
from crm import visits
from crm.visits import Recorded
from handlers.reply import Reply
from handlers.said import draft, remarks
from handlers.turn import Turn
from nlu.reading import Found, Reading


def write(turn: Turn, reading: Reading, text: str, customer_ids: tuple[int | None, ...]) -> Reply:
    """Record the sentence for these customers; None records it without one."""
    local = turn.ctx.local
    several = len(customer_ids) > 1
    drafts = [draft(reading, text, i, local) for i in customer_ids]
    if several:  # whose contact, whose amount: the sentence does not say
        drafts = [replace(d, contact="", contact_title="", amount=None) for d in drafts]
    done = [visits.record(turn.ctx, d) for d in drafts]
    notes = [*_unknown_words(reading), *remarks(reading, local)]
    if several:
        notes.insert(0, _several_words(reading, done))
    remember(turn, done[-1])
    if reading.ambiguous - {"customer"}:
        asked = {"activity": done[-1].activity.id, "action": reading.next_action or ""}
        turn.memory.ask("visit.fix", asked, turn.now)
    return Reply(cards=tuple(cards.recorded_card(d, local.date(), "；".join(notes)) for d in done))


def remember(turn: Turn, recorded: Recorded) -> None:
    """Keep in mind what was recorded last, for 撤销, for corrections and for photos."""
    turn.memory.record = turn.ctx.inbox_id
    turn.memory.activity_id = recorded.activity.id
    turn.memory.customer_id = recorded.activity.customer_id or turn.memory.customer_id
    turn.memory.pending = None


def _unknown_words(reading: Reading) -> list[str]:
    """The companies named beside known ones that nobody knows yet."""
    new = [c.name for c in reading.customers if c.found is Found.NEW]
    if not new or len(new) == len(reading.customers):
        return []
    return [f"还没有“{'、'.join(new)}”这家客户，没有给它记；要建就回复：新增客户 {new[0]}"]


def _several_words(reading: Reading, done: list[Recorded]) -> str:
    names = "、".join(d.called for d in done)
    left = [w for w, said in (("联系人", reading.contact), ("金额", reading.amount)) if said]
    tail = f"，{'和'.join(left)}没有写，分不清是哪家的" if left else ""
    return f"这句话给{names}各记了一条{tail}"
