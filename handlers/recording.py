"""Writing a sentence down for the customers it is about, and keeping it in mind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cards import visits as cards
from crm import visits
from crm.attachments import MOST_OF_ONE, Given
from crm.visits import Recorded
from handlers import held, mentions
from handlers.codec import from_json
from handlers.incoming import Attachment, Incoming
from handlers.reply import Reply
from handlers.said import FIELD_WORDS, draft, in_words, remarks
from handlers.shares import shares
from handlers.turn import Turn
from nlu.reading import Found, Reading
from store.tables import Inbox


def write(
    turn: Turn, reading: Reading, text: str, customer_ids: tuple[int | None, ...], message: int = 0
) -> Reply:
    """Record the sentence for these customers; None records it without one.

    `message` is the one that the sentence came in, where that is not this one.
    """
    local = turn.ctx.local
    said_of, open_ = _said_of(turn, reading, text, customer_ids, message)
    drafts = [draft(said_of.get(one, reading), text, one, local) for one in customer_ids]
    done = [visits.record(turn.ctx, d) for d in drafts]
    notes = [*_unknown_words(reading), *remarks(reading, local)]
    if said_of and len(done) > 1:
        notes.insert(0, _several_words(done, open_))
    came = _came_in(turn, message)
    for one in came.attachments[:MOST_OF_ONE]:  # a photo in the same message
        done[-1] = visits.attach_file(turn.ctx, done[-1].activity.id, given(came, one))
    if len(came.attachments) > MOST_OF_ONE:
        notes.append(f"一条记录最多{MOST_OF_ONE}个附件，只存了前{MOST_OF_ONE}个")
    remember(turn, done[-1])
    said = mentions.tell(turn, done, text)
    notes += said.notes
    if reading.ambiguous - {"customer"}:
        asked = {"activity": done[-1].activity.id, "action": reading.next_action or ""}
        turn.memory.ask("visit.fix", asked, turn.now)
    shown = tuple(cards.recorded_card(d, local.date(), "；".join(notes)) for d in done)
    return Reply(cards=(*shown, *said.cards), notices=said.notices)


def _said_of(
    turn: Turn, reading: Reading, text: str, customer_ids: tuple[int | None, ...], message: int
) -> tuple[Mapping[int | None, Reading], set[str]]:
    """What is said of each of several customers, and of none of them; nothing where it is about one.

    Those that are named and get no record, for they are somebody else's, have their share too.
    """
    sure = (one for one in in_words(reading).customers if one.key and one.found is not Found.FUZZY)
    ids = (*(one for one in customer_ids if one is not None), *(int(one.key) for one in sure))
    known = tuple(dict.fromkeys(ids))
    if len(known) < 2:
        return {}, set()
    return shares(reading, text, known, partial(held.read, turn, message or turn.ctx.inbox_id or 0))


def _came_in(turn: Turn, message: int) -> Incoming:
    """The message with the sentence: one that waited for an answer is in the inbox."""
    row = turn.ctx.session.get(Inbox, message) if message not in (0, turn.ctx.inbox_id) else None
    return from_json(row.raw) if row is not None else turn.incoming


def given(incoming: Incoming, one: Attachment) -> Given:
    """A file as the platform holds it, for the services."""
    told = {"media_id": one.media_id, "url": one.url, "aes_key": one.aes_key}
    reference = {name: value for name, value in told.items() if value}
    return Given(one.kind.value, incoming.platform, incoming.app, one.name, reference)


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


def _several_words(done: list[Recorded], open_: set[str]) -> str:
    names = "、".join(d.called for d in done)
    left = [FIELD_WORDS[name] for name in ("contact", "amount") if name in open_]
    tail = f"，{'和'.join(left)}没有写，分不清是哪家的" if left else ""
    return f"这句话给{names}各记了一条{tail}"
