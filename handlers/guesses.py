"""What a person has to agree with before it is written, and what they said of it. Pure.

Answers are plain JSON values, short enough to ride on a button: times as [ISO, grain, part], amounts as
[low, high] in fen, `customers` as ids, `new` the name of a customer to be created, `choose` where one of
several has to be named first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crm.moments import Grain, Moment, is_over
from nlu.entities import Time
from nlu.reading import Found, Intent, Method, NamedCustomer, Reading, When

Answers = Mapping[str, Any]
TIMES = ("next_time", "activity_time")
HALF = timedelta(hours=12)
LONGEST_ACTION = 30  # characters of a next step that ride on a button


def guesses(reading: Reading) -> frozenset[str]:
    """Fields that were filled in rather than said: a half of the day, a year, all that a model proposed."""
    if reading.proposed:
        return reading.ambiguous
    return frozenset(reading.reasons) - reading.ambiguous


def alternatives(reading: Reading, now: datetime) -> tuple[When, ...]:
    """What else the next step's time may be, the reading's own first; `now` is local."""
    when = reading.next_time
    said = next(
        (e for e in reading.entities if isinstance(e, Time) and when and e.span.text == when.text), None
    )
    if when is None or said is None or "next_time" not in guesses(reading):
        return ()
    others = [t for t in (said.future, said.past) if t is not None]
    if "half_day" in said.guessed:
        others = [when.value + HALF if when.value.hour < 12 else when.value - HALF]
    found = [when.value, *(t for t in others if t.time() == when.value.time() or "half_day" in said.guessed)]
    return tuple(when.but(value=value) for value in dict.fromkeys(found))


def answers_of(reading: Reading) -> dict[str, Any]:
    """A whole reading as answers: what a model proposed."""
    said: dict[str, Any] = {"intent": reading.intent.value}
    for name in TIMES:
        if (when := getattr(reading, name)) is not None:
            said[name] = time_answer(when)
    if reading.amount is not None:
        said["amount"] = list(reading.amount)
    if reading.method is not None:
        said["method"] = reading.method.value
    if reading.contact:
        said["contact"] = reading.contact
    if reading.next_action:
        said["next_action"] = reading.next_action[:LONGEST_ACTION]
    known = [int(c.key) for c in reading.customers if c.key]
    if known:
        said["customers"] = known
    elif new := next((c.name for c in reading.customers if c.found is Found.NEW), ""):
        said["new"] = new
    elif reading.candidates:
        said["choose"] = 1
    return said


def time_answer(when: When | Moment) -> list[str]:
    """A time as an answer."""
    return [when.value.isoformat(), str(when.grain), when.part]


def applied(reading: Reading, answers: Answers, now: datetime) -> Reading:
    """The reading as the person agreed with it. `now` is local: what is over is no next step of a report."""
    values: dict[str, Any] = {}
    for name in TIMES:
        if name in answers:
            iso, grain, part = answers[name]
            values[name] = When(datetime.fromisoformat(iso), grain, part)
    if "amount" in answers:
        values["amount"] = (int(answers["amount"][0]), int(answers["amount"][1]))
    if "method" in answers:
        values["method"] = Method(answers["method"])
    if "contact" in answers and answers["contact"] != reading.contact:
        values |= {"contact": answers["contact"], "contact_title": None}
    if "next_action" in answers:
        values["next_action"] = answers["next_action"]
    if "intent" in answers:
        values["intent"] = Intent(answers["intent"])
    whole = _without_guesses(reading.but(**values), answers)
    return _happened_already(whole, now) if "next_time" in answers else whole


def _without_guesses(reading: Reading, answers: Answers) -> Reading:
    settled = set(answers) | guesses(reading)
    if "customers" in answers or "new" in answers:
        settled.add("customer")
    reasons = {name: why for name, why in reading.reasons.items() if name not in settled}
    return reading.but(ambiguous=reading.ambiguous - settled, reasons=reasons, proposed=False)


def _happened_already(reading: Reading, now: datetime) -> Reading:
    when = reading.next_time
    if when is None or reading.intent is not Intent.LOG_ACTIVITY:
        return reading
    grain = when.grain if when.grain in tuple(Grain) else Grain.DAY
    told = reading.activity_time is not None and reading.activity_time.text
    if told or not is_over(Moment(when.value, grain, when.part), now):
        return reading
    return reading.but(activity_time=when, next_time=None)


def called(name: str, key: str) -> NamedCustomer:
    """A customer that was chosen rather than read."""
    return NamedCustomer(name, key, Found.EXACT if key else Found.NEW, "", 0, 0)
