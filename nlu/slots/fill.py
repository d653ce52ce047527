"""The fields of a reading: which of them an intent has, what is open about them, and what was left unread."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from nlu.entities import Duration, Entity, Money, Number, Percent, Phone, Recurring, Time
from nlu.names.lexicon import Lexicon
from nlu.patterns import lazy
from nlu.reading import Intent, Reading
from nlu.scene import Scene
from nlu.slots.action import next_action, planned_stretch
from nlu.slots.amounts import choose_amount, choose_discount
from nlu.slots.birthday import choose_birthday
from nlu.slots.contact import choose_contact
from nlu.slots.customer import choose_customers
from nlu.slots.method import choose_method
from nlu.slots.stage import moved_to, named_stage, outcome
from nlu.slots.times import Times, choose_times, reference_day
from nlu.slots.words import (
    SERIAL,
    TAG_GONE,
    doer,
    phone_of,
    points_of,
    receiver,
    tags_of,
    ticket_kind,
    verdict_of,
)

_I = Intent
_NOTHING = frozenset({_I.CHITCHAT, _I.HELP, _I.UNDO})
_TIMED = frozenset(
    {
        _I.LOG_ACTIVITY,
        _I.UPDATE_STAGE,
        _I.REMIND,
        _I.RESCHEDULE,
        _I.CANCEL,
        _I.ORDER,
        _I.CONTRACT,
        _I.PAYMENT,
        _I.TICKET,
        _I.CORRECT,
        _I.ADD_CUSTOMER,
    }
)
_PRICED = frozenset(
    {
        _I.LOG_ACTIVITY,
        _I.UPDATE_STAGE,
        _I.QUOTE,
        _I.PAYMENT,
        _I.ORDER,
        _I.CONTRACT,
        _I.REMIND,
        _I.CORRECT,
        _I.ADD_CUSTOMER,
    }
)
_DISCOUNTED = _PRICED - {_I.PAYMENT, _I.REMIND, _I.ADD_CUSTOMER}
_PHONED = frozenset(
    {
        _I.LOG_ACTIVITY,
        _I.ADD_CUSTOMER,
        _I.UPDATE_CONTACT,
        _I.POINTS,
        _I.TICKET,
        _I.REMIND,
        _I.CORRECT,
        _I.ORDER,
        _I.UPDATE_CUSTOMER,
        _I.TAG,
        _I.QUERY,
    }
)
_NO_STEP = frozenset({_I.PAYMENT, _I.CORRECT})
_SUBMIT = lazy(r"提交|报审|送审|走审批|发起审批")
_APPOINTED = lazy(r"上门|约|来修|过去|安排|前|预约|来人|派人")
_HAPPENED = lazy(r"了|过|刚|聊|谈")
_AGREED = lazy(r"约好?了|定了")
_DIGIT = lazy(r"\d")
_OF_TIME = (Time, Duration, Recurring)
_TOLD = (Money, Phone, Percent)


class _Draft(Struct):
    """The reading while it is filled, and the entities that fields took."""

    reading: Reading
    taken: list[Entity] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)


def fill(scene: Scene, intent: Intent, lexicon: Lexicon) -> Reading:
    """The reading of a message whose intent is known."""
    draft = _Draft(Reading(intent, entities=scene.entities))
    if intent not in _NOTHING:
        _people_and_customers(scene, draft, lexicon)
        if intent is _I.UPDATE_CONTACT:
            _birthday(scene, draft)
        if intent in _TIMED:
            _times(scene, draft)
        _figures(scene, draft)
        _words(scene, draft)
    return replace(
        draft.reading,
        ambiguous=frozenset(draft.reasons),
        reasons=draft.hints | draft.reasons,
        unread=_unread(scene, draft),
    )


def _people_and_customers(scene: Scene, draft: _Draft, lexicon: Lexicon) -> None:
    intent = draft.reading.intent
    colleague = None
    if intent is _I.TRANSFER:
        colleague = receiver(scene)
    elif intent is _I.REMIND:
        colleague = doer(scene)
    person = choose_contact(scene, intent, colleague)
    found = choose_customers(scene, intent, lexicon)
    if found.reason:
        draft.reasons["customer"] = found.reason
    draft.reading = replace(
        draft.reading,
        customers=found.customers,
        candidates=found.candidates,
        new_customer=found.is_new,
        colleague=colleague,
        contact=person.name if person else None,
        contact_title=(person.title or None) if person else None,
    )


def _birthday(scene: Scene, draft: _Draft) -> None:
    born = choose_birthday(scene, draft.reading.contact)
    draft.reading = replace(draft.reading, birthday=born.birthday)
    if born.place:
        draft.places.append(born.place)
    if born.question:
        draft.reasons["birthday"] = born.question


def _times(scene: Scene, draft: _Draft) -> None:
    intent = draft.reading.intent
    times = choose_times(scene, intent)
    draft.taken.extend(times.taken)
    planned = planned_stretch(scene, times)
    method = choose_method(scene, intent, planned)
    activity = times.activity
    if (
        activity is None
        and intent is _I.LOG_ACTIVITY
        and "activity_time" not in times.reasons
        and (method or _reports(scene, planned))
    ):
        activity = reference_day(scene.now)
    step = intent not in _NO_STEP or not times.activity
    if intent is _I.PAYMENT or (intent is _I.TICKET and not _APPOINTED.search(scene.bare)):
        step = False
    draft.reading = replace(
        draft.reading,
        method=method,
        activity_time=activity,
        next_time=times.next if step else None,
        deadline=times.deadline and step,
        recurring=times.recurring,
        next_action=_action(scene, times, intent) if step else None,
    )
    if intent in (_I.REMIND, _I.RESCHEDULE) and times.next is None and not times.reasons:
        draft.reasons["next_time"] = "什么时候提醒" if intent is _I.REMIND else "改到什么时候"
    for name, reason in times.reasons.items():
        if step or name != "next_time":
            draft.reasons[name] = reason
    if step:
        draft.hints.update(times.hints)


def _reports(scene: Scene, planned: tuple[int, int] | None) -> bool:
    text = scene.bare if planned is None else scene.bare[: planned[0]] + scene.bare[planned[1] :]
    return _HAPPENED.search(text) is not None and not _AGREED.search(text)


def _action(scene: Scene, times: Times, intent: Intent) -> str | None:
    return None if intent in (_I.CANCEL, _I.CORRECT) else next_action(scene, times, intent)


def _figures(scene: Scene, draft: _Draft) -> None:
    intent = draft.reading.intent
    if intent in _PRICED:
        amount = choose_amount(scene, intent)
        draft.taken.extend(amount.taken)
        draft.reading = replace(draft.reading, amount=amount.value)
        if amount.reason:
            draft.reasons["amount"] = amount.reason
    discount = choose_discount(scene) if intent in _DISCOUNTED else None
    phone = phone_of(scene) if intent in _PHONED else None
    points = points_of(scene) if intent is _I.POINTS else None
    draft.taken.extend(entity for entity in (discount, phone, points) if entity)
    draft.reading = replace(
        draft.reading,
        discount=discount.value if discount else None,
        phone=phone.value if phone else None,
        points=abs(int(points.value)) if points else None,
    )
    if intent is _I.POINTS and points is None:
        draft.reasons["points"] = "是多少积分"


def _words(scene: Scene, draft: _Draft) -> None:
    intent, reading = draft.reading.intent, draft.reading
    if intent is _I.APPROVE:
        verdict, comment, number = verdict_of(scene)
        reading = replace(reading, verdict=verdict, comment=comment, number=number)
    elif intent is _I.UPDATE_STAGE:
        reading = replace(reading, stage=_stage(scene))
        if reading.stage is None:
            draft.reasons["stage"] = "推进到哪个阶段"
    elif intent in (_I.LOG_ACTIVITY, _I.CONTRACT):
        reading = replace(reading, stage=moved_to(scene) or outcome(scene))
    elif intent is _I.TAG:
        gone = TAG_GONE.search(scene.bare)
        reading = replace(reading, tags=tags_of(scene), comment=gone[0] if gone else None)
    elif intent is _I.TICKET:
        reading = replace(reading, ticket_kind=ticket_kind(scene))
        if reading.ticket_kind is None:
            draft.reasons["ticket_kind"] = "是报修、投诉、咨询还是建议"
    elif intent is _I.QUOTE:
        reading = replace(reading, submit=_SUBMIT.search(scene.text) is not None)
    if intent in (_I.CONTRACT, _I.QUOTE, _I.ORDER, _I.PAYMENT) and (number_ := SERIAL.search(scene.text)):
        reading = replace(reading, number=number_[0].upper())
    draft.reading = reading


def _stage(scene: Scene) -> str | None:
    command = scene.command
    if command is not None and command.intent is _I.UPDATE_STAGE:
        return named_stage(scene.bare[command.rest :]) or outcome(scene)
    return moved_to(scene) or outcome(scene)


def _unread(scene: Scene, draft: _Draft) -> tuple[str, ...]:
    """Figures that no field took: sums, and numbers written in digits."""
    used = bytearray(len(scene.text) + 1)
    places = [(e.span.start, e.span.end) for e in draft.taken]
    places += [(e.span.start, e.span.end) for e in scene.entities if isinstance(e, _OF_TIME)]
    for start, end in (*places, *draft.places):
        used[start:end] = b"\x01" * (end - start)
    left: list[str] = []
    for entity in scene.entities:
        span = entity.span
        if any(used[span.start : span.end]):
            continue
        if isinstance(entity, _TOLD) or (isinstance(entity, Number) and _DIGIT.search(span.text)):
            left.append(span.text)
            used[span.start : span.end] = b"\x01" * (span.end - span.start)
    said = (draft.reading.number or "") + (draft.reading.comment or "")
    return tuple(text for text in left if text not in said and text.upper() not in said)
