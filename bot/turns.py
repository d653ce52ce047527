"""The second half of a turn, in the writer's transaction: inbox row, handler, letters, memory, answer.

The handler runs under a savepoint of its own. When it fails, the inbox row stays with the whole message
and the error, the person gets an apology with an error id, and `genjin inbox replay` finishes it later.
"""

from __future__ import annotations

import secrets
import traceback
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from bot import asked, groups, masking
from bot.answer import Answer
from bot.letters import Address, Post, addresses, cards_about, pressed_card
from bot.names import NAMED
from bot.plan import Plan, Planner
from bot.voice import Voice, Voices
from bot.words import apology, expired, stranger
from cards.card import Card
from crm.errors import NotAllowed, Refusal
from handlers import binding, forms, offered, rights
from handlers.codec import to_json
from handlers.incoming import Incoming, Kind
from handlers.reply import Reply
from handlers.turn import Memory
from store import conversations, inbox
from store.database import is_transient
from store.events import touched
from store.outbox import CODE_LIFE
from store.tables import CardRow, InboxStatus

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Done:
    """A turn that is written: the answer to ride back, how much waits to be sent, whether names changed."""

    answer: Answer
    inbox_id: int
    letters: int = 0
    renamed: bool = False


@dataclass(slots=True)
class Turns:
    """Writes turns. In the apps of `bound` a stranger's id says nothing to anybody: he is told a code."""

    planner: Planner
    voices: Voices
    bound: frozenset[tuple[str, str]] = frozenset()

    def keep(self, session: OrmSession, incoming: Incoming, now: datetime) -> Answer:
        """Make the delivery durable, no more; the answer, where it was handled meanwhile."""
        inbox_id, new = inbox.receive(session, _columns(incoming), now)
        if new:
            return Answer()
        return Answer.from_json(inbox.lock(session, inbox_id).answer)

    def write(self, session: Session, plan: Plan, now: datetime) -> Done:
        """Everything a delivery does, or its stored answer where it was handled before."""
        inbox_id, new = inbox.receive(session, _columns(plan.incoming), now)
        state = inbox.State(InboxStatus.RECEIVED, None, 0) if new else inbox.lock(session, inbox_id)
        if state.status != InboxStatus.RECEIVED:
            return Done(Answer.from_json(state.answer), inbox_id)
        delivery = _Delivery(self, session, plan, now, inbox_id, state.attempts, in_time=new)
        return delivery.handle()


@dataclass(slots=True)
class _Delivery:
    """One delivery being written. `in_time` while the platform still waits for the response.

    `aside` where the answer is not for the group in which it was asked for.
    """

    turns: Turns
    session: Session
    plan: Plan
    now: datetime
    inbox_id: int
    attempts: int
    in_time: bool
    aside: bool = False

    def handle(self) -> Done:
        incoming = self.plan.incoming
        if self.plan.actor is None and not self.plan.steps:
            return self._close(Reply(text=self._greeting()) if incoming.kind is not Kind.EVENT else Reply())
        try:
            with self.session.begin_nested():
                reply = self._asked_in_chat(self.plan.reply or self._reply())
                self.aside = groups.is_aside(self.session, self.plan, reply)
                self._remember()
                return self._close(reply)
        except Refusal as refusal:
            return self._close(self._refused(refusal))
        except Exception as error:  # the boundary of the turn: whatever fails in it, the message is kept
            if is_transient(error):
                raise
            return self._failed(error)

    def _greeting(self) -> str:
        """To somebody nobody knows: how he becomes known in this way of connecting."""
        incoming = self.plan.incoming
        if (incoming.platform, incoming.app) in self.turns.bound:
            return binding.greet(self.session, incoming, self.now)
        return stranger(incoming)

    def _words(self, text: str) -> Reply:
        """For the sender; nobody is there when the platform itself tells something."""
        return Reply(text=text) if self.plan.actor is not None else Reply()

    def _refused(self, refusal: Refusal) -> Reply:
        """The no in words; in one's own chat with a way to be let in to what is somebody else's."""
        incoming = self.plan.incoming
        if self.plan.actor is None or (incoming.is_group and isinstance(refusal, NotAllowed)):
            return self._words(refusal.message)
        reply = rights.refused(refusal)
        self.aside = groups.is_aside(self.session, self.plan, reply)
        return reply

    def _reply(self) -> Reply:
        if self.plan.forged or (not self.plan.steps and self.plan.incoming.kind is Kind.ACTION):
            return Reply(text=expired())
        reply = self.turns.planner.run(self.session, self.plan, self.now, self.inbox_id)
        if self.plan.actor is not None:
            return reply
        return Reply(notices=reply.notices, refresh=reply.refresh)  # nobody has spoken

    def _asked_in_chat(self, reply: Reply) -> Reply:
        """Forms that cannot be shown here are asked question by question, unless something else is asked."""
        forms_ = [one for one in reply.cards if one.form]
        if not forms_:
            return reply
        incoming, memory = self.plan.incoming, self.plan.memory
        voice = self.turns.voices.get((incoming.platform, incoming.app))
        before = Memory.from_json(self.plan.kept, self.now).pending
        if voice is None or self.plan.actor is None or memory.pending not in (None, before):
            return reply
        card, member = forms_[0], self.plan.actor.id
        if voice.answering(incoming).takes_form(card):
            offered.listen(memory, card, self.now, member=member)
            return reply
        if card.submit:
            first = forms.begin(memory, card, self.inbox_id, self.now, member=member)
        else:
            first = offered.offer(memory, card, self.now, member=member)
        return replace(reply, cards=tuple(first if one is card else one for one in reply.cards))

    def _failed(self, error: Exception) -> Done:
        error_id = secrets.token_hex(4)
        trace = "".join(traceback.format_exception(error))
        log.error(
            "turn.failed",
            error_id=error_id,
            handler=self.plan.name,
            kind=type(error).__name__,
            exc_info=error,
        )
        post, self.aside = self._post(), False
        answer = self._say(post, self._words(apology(error_id)))
        inbox.fail(
            self.session,
            self.inbox_id,
            error_id=error_id,
            error=trace,
            answer=answer.to_json(),
            handler=self.plan.name,
        )
        return Done(answer, self.inbox_id, post.count)

    def _close(self, reply: Reply) -> Done:
        post = self._post()
        answer = self._say(post, reply)
        actor = self.plan.actor
        inbox.finish(
            self.session,
            self.inbox_id,
            answer=answer.to_json(),
            handler=self.plan.name,
            member_id=actor.id if actor else None,
            now=self.now,
        )
        return Done(answer, self.inbox_id, post.count, renamed=self._renamed())

    def _renamed(self) -> bool:
        """Whether a name that messages are searched for has changed."""
        return not touched(self.session).isdisjoint(NAMED)

    def _post(self) -> Post:
        """What writes the letters; in the delivery's own app it answers the delivery."""
        key = f"turn:{self.inbox_id}:{self.attempts}"
        return Post(self.session, self._voices(), key, self.now, self.inbox_id)

    def _voices(self) -> Voices:
        voices, incoming = self.turns.voices, self.plan.incoming
        voice = voices.get((incoming.platform, incoming.app))
        answering = voice.answering(incoming) if voice is not None else None
        if answering is None or answering is voice:
            return voices
        return {**voices, (incoming.platform, incoming.app): answering}

    def _say(self, post: Post, reply: Reply) -> Answer:
        """Queue what goes out; what rides back in the response is the answer."""
        incoming = self.plan.incoming
        voice = post.voice(incoming.platform, incoming.app)
        sender = Address(
            incoming.platform,
            incoming.app,
            incoming.sender,
            self.plan.actor.id if self.plan.actor else 0,
        )
        shown = self._refresh(post, reply)
        card_update = voice.ride_back(shown) if voice and shown is not None else None
        text = None
        alone = self._alone(voice, sender) if voice is not None and self.aside else None
        words = groups.told_aside(self.plan.member.name, alone) if self.aside else reply.text
        if voice is not None and self.in_time and card_update is None:
            text = voice.ride_back_text(incoming, words)
        if voice is not None and words and text is None:
            post.say(sender, words)
        if alone is not None:
            self._say_aside(post, alone, reply)
        elif voice is not None and not self.aside:
            for card in reply.cards:
                post.show(sender, card)
            for file in reply.files:
                post.give(sender, file)
        self._notify(post, reply)
        return Answer(text, card_update)

    def _alone(self, voice: Voice, sender: Address) -> Address | None:
        """Where the one who asked in a group is told alone; None where he can be reached nowhere."""
        if voice.opens_chats() or groups.has_written(self.session, sender):
            return sender
        others = {app: one for app, one in self.turns.voices.items() if one.opens_chats()}
        return addresses(self.session, {sender.member_id}, others).get(sender.member_id)

    def _say_aside(self, post: Post, sender: Address, reply: Reply) -> None:
        """Words and cards to the sender alone, in his own chat with the bot."""
        alone = Post(self.session, self.turns.voices, f"{post.key}:alone", self.now, self.inbox_id)
        if reply.text:
            alone.say(sender, reply.text)
        for card in reply.cards:
            alone.show(sender, card)
        for file in reply.files:
            alone.give(sender, file)
        post.count += alone.count

    def _notify(self, post: Post, reply: Reply) -> None:
        if not reply.notices:
            return
        prefer = (self.plan.incoming.platform, self.plan.incoming.app)
        where = addresses(self.session, {n.member_id for n in reply.notices}, self.turns.voices, prefer)
        for notice in reply.notices:
            to = where.get(notice.member_id)
            if to is None:
                log.warning("notice.nowhere", member=notice.member_id)
            elif notice.card is not None:
                card = masking.card_for(self.session, to.member_id, notice.card, self.now)
                post.show(to, asked.ask(self.session, post.voices[to.platform, to.app], to, card, self.now))
            else:
                post.say(to, masking.words_for(self.session, to.member_id, notice.text, self.now))

    def _refresh(self, post: Post, reply: Reply) -> dict[str, object] | None:
        """Replace the cards about changed records; what the pressed card now shows, if that can ride back."""
        incoming = self.plan.incoming
        pressed = self._pressed()
        rides = None
        for card in reply.refresh:
            for row in cards_about(self.session, card.about or ("", "")):
                shown = self._renew(post, row, card)
                if pressed is None or row.id != pressed.id or not shown:
                    self._send_change(post, row, shown)
                elif self._can_ride(post, incoming):
                    rides = shown
                    pressed = None
                else:
                    self._send_change(post, row, shown)
                    pressed = None
        if pressed is not None and pressed.shown and self._can_ride(post, incoming):
            return dict(
                pressed.shown
            )  # pressed and not changed: show it again, so that it can be pressed again
        return rides

    def _renew(self, post: Post, row: CardRow, card: Card) -> dict[str, object]:
        voice = post.voice(row.platform, row.app)
        if voice is None:
            return {}
        if self.plan.actor is None or row.member_id != self.plan.actor.id:
            card = masking.card_for(self.session, row.member_id, card, self.now)
        row.shown = dict(voice.shape(card))
        row.settled = bool(card.done)
        row.title = card.title
        row.updated_at = self.now
        self.session.add(row)
        return row.shown

    def _send_change(self, post: Post, row: CardRow, shown: dict[str, object]) -> None:
        if shown:
            post.change(row, shown)

    def _can_ride(self, post: Post, incoming: Incoming) -> bool:
        voice = post.voice(incoming.platform, incoming.app)
        return self.in_time and voice is not None and voice.updates_card(incoming)

    def _pressed(self) -> CardRow | None:
        """The pressed card; the response code of the click is kept for its next update."""
        incoming = self.plan.incoming
        if incoming.kind is not Kind.ACTION or not incoming.card_id:
            return None
        row = pressed_card(self.session, incoming.platform, incoming.app, incoming.card_id)
        if row is not None and incoming.response_code:
            row.response_code = incoming.response_code
            row.code_expires_at = self.now + CODE_LIFE
            self.session.add(row)
            self.session.flush()
        return row

    def _remember(self) -> None:
        """Keep what the bot has in mind, where that has changed; a question asked aside is answered there."""
        kept = self.plan.memory.to_json()
        if kept == dict(self.plan.kept):
            return
        incoming = self.plan.incoming
        if self.aside and kept.get("pending", None) != self.plan.kept.get("pending"):
            key = (incoming.platform, incoming.app, incoming.sender)
            member = self.plan.member.id
            if "pending" in kept:
                conversations.keep(self.session, key, kept, self.now, member_id=member, is_group=False)
            kept.pop("pending", None)
        conversations.keep(
            self.session,
            (incoming.platform, incoming.app, incoming.conversation),
            kept,
            self.now,
            member_id=self.plan.member.id,
            is_group=incoming.is_group,
        )


def _columns(incoming: Incoming) -> dict[str, object]:
    return {
        "platform": incoming.platform,
        "app": incoming.app,
        "delivery_id": incoming.delivery_id,
        "conversation": incoming.conversation,
        "sender": incoming.sender,
        "kind": incoming.kind.value,
        "raw": to_json(incoming),
    }
