"""@李娜 帮忙看下方案: colleagues named in a record are told of it, once, if they may see the customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards import mentions as cards
from cards.card import Card
from crm import mentions, visits
from crm.visits import Recorded
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn
from nlu.reading import Intent
from store.tables import Activity

router = Router("mentions")
router.help("今天拜访了华润置地，@李娜 帮忙看下方案", "@谁就通知谁，也可以说 抄送李娜", "sales")


@dataclass(frozen=True, slots=True)
class Said:
    """What telling colleagues adds to a reply."""

    notices: tuple[Notice, ...] = ()
    cards: tuple[Card, ...] = ()
    notes: tuple[str, ...] = ()


def tell(turn: Turn, recorded: Sequence[Recorded], text: str) -> Said:
    """Tell those whom a text names of these records of one message."""
    if not mentions.calls(text):
        return Said()
    told = mentions.tell(turn.ctx, recorded, mentions.named(turn.ctx, text))
    shown, today = recorded[0], turn.ctx.local.date()
    notes = []
    if told.told:
        notes.append(f"已通知{'、'.join(one.name for one in told.told)}")
    if told.shared:
        notes.append(f"有几位同事叫{'、'.join(told.shared)}，没有通知")
    return Said(
        tuple(Notice(one.id, cards.mentioned_card(shown, turn.actor.name, text, today)) for one in told.told),
        (cards.closed_card(shown, told.closed),) if told.closed else (),
        tuple(notes),
    )


@router.phrase(r"(?:[@＠]|艾特|抄送)\s*(?P<words>\S.*)")
def alone(turn: Turn, phrase: Phrase) -> Reply | None:
    """@李娜 帮忙看下方案, after a record: it is about that one. A whole report with a name in it goes on."""
    held = turn.ctx.session.get(Activity, turn.memory.activity_id) if turn.memory.activity_id else None
    activity = visits.standing(turn.ctx, held)
    people = mentions.named(turn.ctx, phrase.text)
    if activity is None or not (people.members or people.shared):
        return None
    reading = turn.understand(turn.incoming.text)
    if reading.intent is Intent.LOG_ACTIVITY or any(
        c.text for c in (*reading.customers, *reading.candidates)
    ):
        return None
    recorded = visits.show(turn.ctx, activity)
    said = tell(turn, [recorded], phrase.text)
    if not said.notices and not said.cards and not said.notes:
        names = "、".join(one.name for one in people.members)
        return Reply(text=f"{names}之前已经收到{recorded.called or '刚才'}这条了，没有再通知。")
    words = "；".join(said.notes)
    return Reply(text=f"{words}。" if words else "", cards=said.cards, notices=said.notices)
