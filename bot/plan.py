"""The first half of a turn, beside the writer: who is it, what is meant, which handler.

Reads only. What a handler that promises to change nothing has to say is worked out here as well, so
that look-ups never wait for the writer and never make it wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cards.actions import Forged, unpack
from cards.card import Action
from config.business import Business
from crm import topics
from crm.context import SYSTEM, Actor, Context
from handlers import topics as topics_said
from handlers.binding import BIND, code_in
from handlers.incoming import Incoming, Kind
from handlers.menu import SAYS
from handlers.reply import Reply
from handlers.router import Route, Router
from handlers.turn import Memory, Pending, Phrase, Press, Turn
from nlu.names.lexicon import Lexicon
from nlu.reading import Found, Intent, NamedCustomer, Reading
from nlu.understand import Context as Background
from nlu.understand import understand
from store.conversations import speaker
from store.tables import Role

CLICK = "click"  # an entry of an app's menu
MOST_TEXT = 10_000  # characters that are read; the whole text is kept all the same


@dataclass(frozen=True, slots=True)
class Step:
    """A handler to run with its argument; the next step runs where it has no answer."""

    route: Route
    argument: Reading | Press | Pending | Phrase | None = None


@dataclass(slots=True)
class Plan:
    """What a turn will do. `reply` is set where the handler only read; `memory` is as of now.

    `answered` is the name of the handler that had an answer, `topic` the customer that the group is about.
    """

    incoming: Incoming
    actor: Actor | None
    memory: Memory = field(default_factory=Memory)
    kept: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    reply: Reply | None = None
    forged: bool = False
    answered: str = ""
    topic: int | None = None

    @property
    def member(self) -> Actor:
        """The member who speaks. Raises `LookupError` for a stranger."""
        if self.actor is None:
            raise LookupError("nobody that we know")
        return self.actor

    @property
    def name(self) -> str:
        """The handler's name, for the inbox and the log."""
        return self.steps[0].route.name if self.steps else ""

    def open_reading(self) -> Reading | None:
        """What a sentence was taken to mean, where nothing was asked before and nothing is answered yet."""
        last = self.steps[-1].argument if self.steps else None
        if any(isinstance(step.argument, Phrase) for step in self.steps):
            return None  # a fixed form: nobody needs to guess
        asked = self.memory.pending is not None or self.incoming.kind is not Kind.TEXT
        return last if isinstance(last, Reading) and not asked and self.reply is None else None


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans. `secret` checks the signatures of buttons."""

    router: Router
    secret: bytes
    business: Business
    lexicon: Callable[[], Lexicon]

    def plan(self, session: Session, incoming: Incoming, now: datetime) -> Plan:
        """Who is it, and what is to be done."""
        if incoming.kind is Kind.VOICE and incoming.text:  # the platform has written down what was said
            incoming = replace(incoming, kind=Kind.TEXT)
        if incoming.event == CLICK and incoming.action.startswith(SAYS):
            incoming = replace(incoming, kind=Kind.TEXT, text=incoming.action.removeprefix(SAYS), action="")
        told = self.router.systems.get(incoming.event) if incoming.kind is Kind.EVENT else None
        if told is not None:
            return Plan(incoming, None, steps=(Step(told),))
        key = (incoming.platform, incoming.app, incoming.conversation)
        who = speaker(session, key, incoming.sender)
        if who is None:
            return Plan(incoming, None)
        actor = Actor(who.id, who.name, Role(who.role), who.department, who.superior_id)
        plan = Plan(incoming, actor, Memory.from_json(who.memory, now), who.memory)
        if incoming.is_group:
            plan.topic = topics.customer_of(session, key)
        plan.steps = self._steps(plan, now)
        self._look(session, plan, now)
        return plan

    def _look(self, session: Session, plan: Plan, now: datetime) -> None:
        """What only looks is answered at once, beside the writer; what is no such form drops out.

        Where the handler refuses or fails, the writer runs it again: there the boundary of a turn is.
        """
        while plan.steps and plan.steps[0].route.reads:
            first, *others = plan.steps
            if others and not isinstance(first.argument, Phrase):
                return
            plan.steps = (first,)
            try:
                reply = self._run(session, plan, now, None)
            except Exception:  # noqa: BLE001 not lost: it is raised again where it is dealt with
                return
            if reply is not None:
                plan.reply = reply
                return
            plan.steps = tuple(others)

    def run(self, session: Session, plan: Plan, now: datetime, inbox_id: int | None) -> Reply:
        """Run the handlers of a plan until one has an answer."""
        return self._run(session, plan, now, inbox_id) or Reply()

    def _run(self, session: Session, plan: Plan, now: datetime, inbox_id: int | None) -> Reply | None:
        actor = SYSTEM if plan.actor is None and plan.steps else plan.member
        ctx = Context(session, actor, now, inbox_id, self.business)

        def understand_(text: str, at: datetime | None = None) -> Reading:
            return self._read(text, plan, at or ctx.local)

        turn = Turn(ctx, plan.incoming, plan.memory, understand_)
        for step in plan.steps:
            reply = step.route.run(turn) if step.argument is None else step.route.run(turn, step.argument)
            if reply is not None:
                plan.answered = step.route.name
                return reply
        return None

    def propose(self, plan: Plan, reading: Reading) -> Plan:
        """The same plan for another reading of the sentence."""
        plan.steps = self._of_reading(reading)
        return plan

    def local(self, now: datetime) -> datetime:
        """An aware time as the clock on the wall shows it: naive."""
        return now.astimezone(ZoneInfo(self.business.zone)).replace(tzinfo=None)

    def _steps(self, plan: Plan, now: datetime) -> tuple[Step, ...]:
        incoming = plan.incoming
        if incoming.kind is Kind.ACTION:
            return self._pressed(plan)
        if incoming.kind is not Kind.TEXT:
            named = self.router.named(incoming.event) if incoming.kind is Kind.EVENT else None
            route = named or self.router.kinds.get(incoming.kind)
            return (Step(route),) if route else ()
        steps: list[Step] = []
        if plan.memory.pending is not None and code_in(incoming.text) is None:
            asked = self.router.answers.get(plan.memory.pending.name)
            if asked is not None:
                steps.append(Step(asked, plan.memory.pending))
        return (*steps, *self._meant(plan, self.local(now)))

    def _meant(self, plan: Plan, local: datetime) -> tuple[Step, ...]:
        word = plan.incoming.text.strip().lstrip("/／").strip()
        if code_in(word) is not None:
            word = BIND
        route = self.router.commands.get(word)
        if route is not None:
            return (Step(route, self._alone(plan.incoming.text, plan, local)),)
        reading = self._read(plan.incoming.text, plan, local)
        formed = tuple(Step(one, said) for one, said in self.router.phrased(plan.incoming.text))
        return (*formed, *self._of_reading(reading))

    def _of_reading(self, reading: Reading) -> tuple[Step, ...]:
        """The handler of an intent, behind those who look at everything that changes something."""
        route = self.router.intents.get(reading.intent) or self.router.intents[Intent.CHITCHAT]
        gates = () if route.reads else self.router.gates
        return (*(Step(gate, reading) for gate in gates), Step(route, reading))

    def _pressed(self, plan: Plan) -> tuple[Step, ...]:
        try:
            action = self._action(plan.incoming)
        except Forged:
            plan.forged = True
            return ()
        route = self.router.actions.get(action.name)
        return (Step(route, Press(action, plan.incoming.fields)),) if route else ()

    def _action(self, incoming: Incoming) -> Action:
        if incoming.event == CLICK:  # an entry of the app's menu: set up by us, typed by nobody
            return Action(incoming.action)
        return unpack(incoming.action, self.secret)

    def _read(self, text: str, plan: Plan, local: datetime) -> Reading:
        """What a text means here: in a group that is about a customer, that one where none is named."""
        reading = self._alone(text, plan, local)
        topic = _last(self.lexicon(), plan.topic)
        if topic is None:
            return reading
        return topics_said.about(reading, topic, text, lambda other: self._alone(other, plan, local))

    def _alone(self, text: str, plan: Plan, local: datetime) -> Reading:
        """What a text means by its own words."""
        lexicon = self.lexicon()
        background = Background(
            sender_key=str(plan.actor.id) if plan.actor else "",
            last_customer=_last(lexicon, plan.memory.customer_id),
            quoted=plan.incoming.quoted,
        )
        return understand(text[:MOST_TEXT], local, lexicon, background)


def _last(lexicon: Lexicon, customer_id: int | None) -> NamedCustomer | None:
    name = lexicon.get(str(customer_id)) if customer_id is not None else None
    return None if name is None else NamedCustomer(name.name, name.key, Found.EXACT, "", 0, 0)
