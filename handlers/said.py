"""From what was understood of a message to the values that the services take."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crm import contacts
from crm.context import Context
from crm.customers import Proposal, short_names
from crm.moments import Grain, Moment, is_over
from crm.repeats import Repeat, month_days
from crm.rights import can_edit
from crm.visits import ActivityKind, Draft
from nlu import VERSION
from nlu.entities import Duration, Money, Recurring, Time
from nlu.reading import Found, NamedCustomer, Reading, When
from store.tables import Customer

FIELD_WORDS = {
    "amount": "金额",
    "next_time": "下一步的时间",
    "activity_time": "时间",
    "contact": "联系人",
    "next_action": "下一步",
    "discount": "折扣",
}
MOST_OPTIONS = 4
A_DAY = re.compile(
    r"[今明后昨前大]天|[今明][早晚]|昨晚|周[一二三四五六日天末]|星期|礼拜|[月号日年节]|\d/\d|春节|中秋|国庆"
)
A_SPAN = re.compile(r"[后前](?=$|[,，。吧\s])|分钟|小时|待会|一会|马上|现在|刚")
AROUND_A_TIME = re.compile(
    r"(?:那|就|在|到|改到|等|应该|大概|差不多|提醒|叫|通知|告诉|我|一下|一声|之前|以前|前|左右|的时候|时候|再说|即可|都行|可以|"
    r"[吧的了呢啊好嗯,，。.!！:：、\s])*"
)
JUST_NOW = re.compile(r"刚|方才|这会|现在")
ADDRESSED = re.compile(r"[一-鿿]{1,2}(总监?|经理|主任|工|姐|哥|老师|院长|部长|处长|科长|厂长|校长)")


@dataclass(frozen=True, slots=True)
class Whom:
    """Which customers a message means: those that are `sure`, otherwise what to ask about.

    `options` are customers that may be meant (`alike` when the name was probably mistyped), `new` a name
    that nobody knows yet, `said` the words that named them.
    """

    sure: tuple[int, ...] = ()
    options: tuple[Proposal, ...] = ()
    alike: bool = False
    new: str = ""
    said: str = ""


def whom(ctx: Context, reading: Reading) -> Whom:
    """Which customers a message means."""
    sure = tuple(dict.fromkeys(int(c.key) for c in reading.customers if c.key and c.found is not Found.FUZZY))
    if sure and "customer" not in reading.ambiguous:
        return Whom(sure)
    named = [c for c in (*reading.candidates, *reading.customers) if c.key]
    options = proposals(ctx, named)
    if options:
        alike = all(c.found is Found.FUZZY for c in named)
        return Whom(options=options, alike=alike, new=named[0].text if alike else "", said=named[0].text)
    new = next((c.name for c in reading.customers if c.found is Found.NEW), "")
    person = ADDRESSED.fullmatch(new)
    if person is not None:
        return _by_contact(ctx, new, person[1])
    if new or named:
        return Whom(new=new or named[0].text)
    return _by_contact(ctx, reading.contact or "", reading.contact_title or "")


def proposals(ctx: Context, named: list[NamedCustomer]) -> tuple[Proposal, ...]:
    """Those named that the actor may record for: typos by likeness, others the latest followed up first."""
    ids = list(dict.fromkeys(int(c.key) for c in named))
    rows = [ctx.session.get(Customer, i) for i in ids]
    mine = [c for c in rows if c is not None and c.archived_at is None and can_edit(ctx, c)]
    if not all(c.found is Found.FUZZY for c in named):
        mine.sort(key=lambda c: (-(c.last_follow_at.timestamp() if c.last_follow_at else 0), c.id))
    names = short_names(ctx, [c.id for c in mine])
    return tuple(Proposal(c.id, names[c.id], "", mine=True) for c in mine[:MOST_OPTIONS])


def _by_contact(ctx: Context, name: str, title: str) -> Whom:
    """Only a person was named: the customers where somebody is addressed like that."""
    if not name:
        return Whom()
    known = contacts.known_by(ctx, name, title)
    mine = list({c.id: c for _, c in known if can_edit(ctx, c)}.values())
    names = short_names(ctx, [c.id for c in mine])
    options = tuple(Proposal(c.id, names[c.id], "", mine=True) for c in mine[:MOST_OPTIONS])
    return Whom(options=options, said=name)


def moment(when: When | None) -> Moment | None:
    """A time as said, for the services."""
    return None if when is None else Moment(when.value, when.grain, when.part)


def draft(
    reading: Reading,
    raw: str,
    customer_id: int | None,
    now: datetime,
    otherwise: ActivityKind = ActivityKind.FOLLOW,
) -> Draft:
    """What is to be recorded, without the fields that must be asked about. `now` is local.

    `otherwise` is the kind where the words do not say how the contact took place.
    """
    unsure = reading.ambiguous
    planned = moment(reading.next_time) if "next_time" not in unsure else None
    if planned is not None and is_over(planned, now):
        planned = None
    contact, title = person_of(reading)
    return Draft(
        kind=ActivityKind(reading.method.value) if reading.method else otherwise,
        raw=raw,
        customer_id=customer_id,
        contact=contact if "contact" not in unsure else "",
        contact_title=title,
        phone=reading.phone or "",
        when=moment(reading.activity_time) if "activity_time" not in unsure else None,
        amount=reading.amount if "amount" not in unsure else None,
        next_action=_action(reading) if "next_action" not in unsure else "",
        next_time=planned,
        deadline=reading.deadline,
        parser=VERSION,
    )


def _action(reading: Reading) -> str:
    """The next step; 见 alone is whom one sees, 去 alone a visit."""
    action = reading.next_action or ""
    if len(action) != 1:
        return action
    if action in "见找约聊" and reading.contact and "contact" not in reading.ambiguous:
        return f"{action}{reading.contact}"
    return {"见": "见面", "聊": "沟通"}.get(action, "拜访" if action in "去到找约" else action)


def person_of(reading: Reading) -> tuple[str, str]:
    """(name, title) of the person that the message names, taken for a company or not."""
    if reading.contact:
        return reading.contact, reading.contact_title or ""
    for named in reading.customers:
        addressed = ADDRESSED.fullmatch(named.name)
        if named.found is Found.NEW and addressed is not None:
            return named.name, addressed[1]
    return "", ""


def customer_known(reading: Reading) -> Reading:
    """The reading once its customer is known."""
    reasons = {k: v for k, v in reading.reasons.items() if k != "customer"}
    person, title = person_of(reading)
    return reading.but(
        customers=(),
        candidates=(),
        contact=person or None,
        contact_title=title or None,
        ambiguous=reading.ambiguous - {"customer"},
        reasons=reasons,
    )


def questions(reading: Reading) -> list[str]:
    """What must be asked about the fields that were left out, the customer aside."""
    asked = []
    for name in sorted(reading.ambiguous - {"customer"}):
        reason = reading.reasons.get(name) or f"{FIELD_WORDS.get(name, name)}没有说准，是多少"
        asked.append(f"{reason.rstrip('？?。')}？直接补一句就好")
    return asked


def remarks(reading: Reading, now: datetime) -> list[str]:
    """What the person should know about how the message was read."""
    said = questions(reading)
    planned = moment(reading.next_time)
    if planned is not None and "next_time" not in reading.ambiguous and is_over(planned, now):
        said.append("下一步的时间已经过了，没有设提醒")
    if reading.next_action and planned is None and "next_time" not in reading.ambiguous:
        said.append(f"下一步“{reading.next_action}”没有说时间，补一句就设提醒")
    if reading.unread:
        said.append(f"未识别：{'、'.join(reading.unread)}")
    return said


def point(reading: Reading, now: datetime) -> Moment | None:
    """The time that an answer or a change names: a moment, a length of time from now, a series' first."""
    if reading.next_time is not None:
        return moment(reading.next_time)
    for entity in reading.entities:
        if isinstance(entity, Time):
            if JUST_NOW.match(entity.span.text):
                continue
            value = entity.future or entity.value
            return Moment(value, entity.grain if entity.grain in tuple(Grain) else Grain.DAY, entity.part)
        if isinstance(entity, Duration):
            return Moment(now + timedelta(seconds=entity.seconds))
        if isinstance(entity, Recurring):
            return Moment(entity.first, entity.grain)
    return None


def in_words(reading: Reading) -> Reading:
    """The same without the customer that was spoken of before and is not named in the text."""
    return reading.but(customers=tuple(one for one in reading.customers if one.text))


def is_only_time(text: str, answer: Reading) -> bool:
    """Whether an answer is a time and says nothing else: 后天的事都取消 is another message."""
    said = [e.span for e in answer.entities if isinstance(e, Time | Duration | Recurring)]
    return AROUND_A_TIME.fullmatch(without(text, [(one.start, one.end) for one in said])) is not None


def on_day(said: Moment, text: str, shown: datetime, now: datetime) -> Moment:
    """下午3点 alone is on the day that is `shown`, unless that is over then; 后天下午3点 says its own."""
    if said.grain == Grain.DAY or A_DAY.search(text) or A_SPAN.search(text):
        return said
    same = datetime.combine(shown.date(), said.value.time())
    return said if same < now else replace(said, value=same)


def length(reading: Reading) -> timedelta | None:
    """A length of time that the message names."""
    found = next((e for e in reading.entities if isinstance(e, Duration)), None)
    return None if found is None else timedelta(seconds=found.seconds)


def without(text: str, places: list[tuple[int, int]]) -> str:
    """A text without these places and without blanks."""
    kept = list(text)
    for start, end in places:
        kept[start:end] = " " * (min(end, len(text)) - start)
    return "".join("".join(kept).split())


def sum_said(reading: Reading) -> tuple[int, int] | None:
    """The amount that a correction names, fen."""
    if reading.amount is not None and "amount" not in reading.ambiguous:
        return reading.amount
    found = [e for e in reading.entities if isinstance(e, Money)]
    return (found[-1].low, found[-1].high) if len(found) == 1 and not found[0].vague else None


def repeat(reading: Reading) -> str:
    """The rule of a reminder that comes again, as it is stored; empty for a single one."""
    rule = reading.recurring
    if rule is None:
        return ""
    return Repeat(rule.freq, rule.interval, rule.byday, month_days(rule.bymonthday)).text()
