"""A whole conversation with all features and no platform: every message is an inbox row, as in earnest."""

from __future__ import annotations

import json
from copy import copy, deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlmodel import Session

from bot.names import Names
from cards.card import Card
from crm.context import Context
from crm.errors import Refusal
from handlers.codec import to_json
from handlers.features import registry
from handlers.incoming import Attachment, Incoming, Kind, Place
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Memory, Press, Turn
from nlu.model import mask, reading_of
from nlu.reading import Found, Intent, NamedCustomer, Reading
from nlu.understand import Context as Background
from nlu.understand import understand
from store import inbox
from store.events import written
from store.tables import CardRow
from tests.crm.team import NOW, Team, make_team


class Writings:
    """Whether a session has written anything: what was read from it stands until then."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._count = 0
        self._asked: tuple[int, int] | None = None
        self._within: SessionTransaction | None = None
        event.listen(session, "after_flush", self._more)
        event.listen(session, "do_orm_execute", self._executed)
        event.listen(session, "after_soft_rollback", self._undone)

    def since(self) -> bool:
        """Whether there were any since this was asked last."""
        self._session.flush()
        count = (self._count, written(self._session))  # services write events past the session
        is_more = count != self._asked
        self._asked = count
        self._within = self._session.get_nested_transaction() or self._session.get_transaction()
        return is_more

    def _more(self, *_: object) -> None:
        self._count += 1

    def _executed(self, state: ORMExecuteState) -> None:
        if not state.is_select:
            self._more()

    def _undone(self, _: object, undone: SessionTransaction) -> None:
        """What was written before it was asked may be gone; what came after was counted anyway."""
        around = self._within
        while around is not None and around is not undone:
            around = around.parent
        if around is not None:
            self._more()


@dataclass(slots=True)
class Talk:
    """What members type and press. `now` is aware and stands still until it is moved."""

    team: Team
    now: datetime = NOW
    router: Router = field(default_factory=registry)
    names: Names = field(default_factory=Names)
    memories: dict[str, Memory] = field(default_factory=dict)
    count: int = 0
    last_inbox: int = 0
    writings: Writings = field(init=False)
    is_read: bool = field(init=False, default=False)  # the names, as they stand

    def __post_init__(self) -> None:
        self.writings = Writings(self.session)

    @property
    def session(self) -> Session:
        """The session of the whole conversation."""
        return self.team.session

    def moved(self, session: Session) -> Self:
        """The same conversation in another session of the same data."""
        if not self.is_read:
            self.names.load(session)
            self.is_read = True
        team, memories = self.team.moved(session), deepcopy(self.memories)
        there = replace(self, team=team, names=copy(self.names), memories=memories)
        there.writings.since()
        return there

    def say(self, who: str, text: str, quoted: str = "", group: str = "") -> Reply:
        """A text message, in a group where one is named; a refusal is its text."""
        turn = self._turn(who, Kind.TEXT, group, text=text, quoted=quoted)
        return self._guard(turn, lambda: self._answer(turn, text))

    def propose(self, who: str, text: str, **answer: str) -> Reply | None:
        """What is said when a model reads the message like this; None where its answer is refused."""
        turn = self._turn(who, Kind.TEXT, text=text)
        masked = mask(text, self.names.lexicon)
        seen = {
            key: next((p for p, original in masked.names if original == value), value)
            for key, value in answer.items()
        }
        content = json.dumps({"intent": "log_activity", **seen}, ensure_ascii=False)
        reading = reading_of(content, masked, turn.ctx.local, self.names.lexicon)
        if reading is None:
            return None
        for gate in self.router.gates:
            stopped = gate.run(turn, reading)
            if stopped is not None:
                return stopped
        return None

    def send(
        self,
        who: str,
        kind: Kind,
        *,
        place: Place | None = None,
        media_id: str = "",
        file: Attachment | None = None,
        text: str = "",
    ) -> Reply:
        """Something that is not a text; `text` is what a contact file says."""
        files = (file,) if file is not None else (Attachment(media_id, kind),) if media_id else ()
        turn = self._turn(who, kind, place=place, attachments=files, text=text)
        return self._guard(turn, lambda: self.router.kinds[kind].run(turn))

    def press(self, who: str, card: Card, button: str, **fields: str) -> Reply:
        """A pressed button of a card, with what was chosen in its form."""
        given = (*card.buttons, card.submit) if card.submit else card.buttons
        action = next(b.action for b in given if b is not None and b.text == button)
        assert action is not None
        turn = self._turn(who, Kind.ACTION, action="pressed")
        chosen = Press(action, {k: (v,) for k, v in fields.items()})
        return self._guard(turn, lambda: self.router.actions[action.name].run(turn, chosen))

    def keep(self, who: str, card: Card) -> None:
        """What dispatch keeps of a card that was sent."""
        row, record = card.about or ("", "")
        self.session.add(
            CardRow(
                platform="wecom",
                app="main",
                task_id=f"t{self.count}",
                receiver=who,
                member_id=self.team.members[who].id,
                object=row,
                object_id=record,
                title=card.title,
                created_at=self.now,
                updated_at=self.now,
            )
        )
        self.session.flush()

    def pass_time(self, **span: float) -> None:
        """Let time go by: hours=1."""
        self.now += timedelta(**span)

    def context(self, who: str) -> Context:
        """What services are called with, outside any message."""
        return self.team.as_(who, self.now)

    def _answer(self, turn: Turn, text: str) -> Reply | None:
        pending = turn.memory.pending
        if pending is not None and pending.name in self.router.answers:
            reply = self.router.answers[pending.name].run(turn, pending)
            if reply is not None:
                return reply
        command = self.router.commands.get(text.strip().removeprefix("/"))
        if command is None:
            for one, said in self.router.phrased(text):
                reply = one.run(turn, said)
                if reply is not None:
                    return reply
        reading = turn.understand(text)
        route = command or self.router.intents.get(reading.intent)
        handler = route or self.router.intents[Intent.CHITCHAT]
        gates = [] if handler.reads or text.strip() in self.router.commands else self.router.gates
        for gate in gates:
            stopped = gate.run(turn, reading)
            if stopped is not None:
                return stopped
        return handler.run(turn, reading)

    def _guard(self, turn: Turn, run: object) -> Reply:
        assert callable(run)
        try:
            with self.session.begin_nested():
                reply = run()
        except Refusal as refusal:
            return Reply(refusal.message)
        assert reply is None or isinstance(reply, Reply)
        return reply or Reply()

    def _turn(self, who: str, kind: Kind, group: str = "", **parts: object) -> Turn:
        self.count += 1
        conversation = group or who
        incoming = Incoming(
            platform="wecom",
            app="main",
            conversation=conversation,
            sender=who,
            kind=kind,
            delivery_id=str(self.count),
            sent_at=self.now,
            is_group=bool(group),
            **parts,  # type: ignore[arg-type]  # passed on by the three methods above
        )
        row = {
            "platform": "wecom",
            "app": "main",
            "delivery_id": str(self.count),
            "conversation": conversation,
            "sender": who,
            "kind": kind.value,
            "raw": to_json(incoming),
        }
        self.last_inbox, _ = inbox.receive(self.session, row, self.now)
        ctx = self.team.as_(who, self.now, self.last_inbox)
        if self.writings.since():
            self.names.load(self.session)
        memory = self.memories.setdefault(conversation, Memory())
        last = self.names.lexicon.get(str(memory.customer_id))
        spoken = NamedCustomer(last.name, last.key, Found.EXACT, "", 0, 0) if last else None
        background = Background(str(ctx.actor.id), spoken, quoted=incoming.quoted)

        def read(text: str, at: datetime | None = None) -> Reading:
            return understand(text, at or ctx.local, self.names.lexicon, background)

        return Turn(ctx, incoming, memory, read)


def make_talk(session: Session) -> Talk:
    """The team with a few customers: three of 张伟, one of 吴婷."""
    team = make_team(session)
    team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    team.customer("zhang", "华润燃气集团", "华润燃气")
    team.customer("zhang", "美的集团", "美的")
    team.customer("wu", "恒瑞医药", "恒瑞")
    return Talk(team)


def facts(card: Card) -> dict[str, str]:
    """The rows of a card."""
    return {fact.name: fact.value for fact in card.facts}
