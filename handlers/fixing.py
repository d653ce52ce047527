"""What a correction changes: 金额56万, 改到周四下午三点, 不是华润置地，是华润燃气."""

from __future__ import annotations

import re
from datetime import datetime

from crm.moments import Grain, Moment, is_over
from crm.visits import ActivityKind, Draft, Recorded
from handlers.said import moment, on_day, point, sum_said, whom
from handlers.turn import Turn
from nlu import VERSION
from nlu.entities import Time
from nlu.reading import Reading

PAST = re.compile(r"拜访时间|是(?:昨天|前天|上午|今天上午)|时间是|不是今天|昨天|前天|上周")
PERSON = re.compile(r"联系人(?:是|改成|为|叫)?[:：\s]*([一-鿿]{2,4})")
KIND_WORDS = (
    ("电话", ActivityKind.CALL),
    ("微信", ActivityKind.WECHAT),
    ("开会", ActivityKind.MEETING),
    ("会议", ActivityKind.MEETING),
    ("拜访", ActivityKind.VISIT),
)
TO_KIND = re.compile(r"(?:改成|改为|(?<!不)是)(电话|微信|开会|会议|拜访)(?=$|[。，,\s]|不是)")


def fix_of(turn: Turn, reading: Reading, recorded: Recorded) -> Draft | None:
    """What the message changes in a record; None where it changes nothing. The rest of the draft is empty."""
    text = turn.incoming.text.strip()
    customer = _other_customer(turn, reading, recorded)
    amount = sum_said(reading)
    when, planned = _times(turn, reading, text, recorded)
    contact = _person(reading, text, recorded)
    action = (reading.next_action or "") if "next_action" not in reading.ambiguous else ""
    kind = _kind(reading, text, recorded)
    if not (customer or amount or when or planned or contact or action or kind):
        return None
    return Draft(
        kind=kind or ActivityKind(recorded.activity.kind),
        raw=text,
        customer_id=customer,
        contact=contact,
        contact_title=(reading.contact_title or "") if contact == reading.contact else "",
        when=when,
        amount=amount,
        next_action=action,
        next_time=planned,
        deadline=reading.deadline,
        parser=VERSION,
    )


def _other_customer(turn: Turn, reading: Reading, recorded: Recorded) -> int | None:
    others = [i for i in whom(turn.ctx, reading).sure if i != recorded.activity.customer_id]
    return others[0] if len(others) == 1 else None


def _times(
    turn: Turn, reading: Reading, text: str, recorded: Recorded
) -> tuple[Moment | None, Moment | None]:
    """(when it took place, when the next step is): a time to come is the next step's."""
    now: datetime = turn.ctx.local
    if "next_time" in reading.ambiguous:
        return None, None
    if reading.next_time is None and reading.activity_time is None and (reading.amount or reading.contact):
        return None, None  # 刚才那条改一下，金额是56万: the time only says which record
    said = point(reading, now)
    if said is None:
        return None, None
    if is_over(said, now) or PAST.search(text):
        return moment(reading.activity_time) or _past(reading) or said, None
    return None, on_day(said, text, recorded.task.due, now) if recorded.task else said


def _past(reading: Reading) -> Moment | None:
    """The earlier of the two times that a bare 周三 or 11月18日 may mean."""
    said = next((e for e in reading.entities if isinstance(e, Time)), None)
    if said is None or said.past is None:
        return None
    return Moment(said.past, said.grain if said.grain in tuple(Grain) else Grain.DAY, said.part)


def _person(reading: Reading, text: str, recorded: Recorded) -> str:
    named = PERSON.search(text)
    said = named[1] if named else (reading.contact or "")
    if "contact" in reading.ambiguous or (recorded.contact and recorded.contact.name == said):
        return ""
    return said


def _kind(reading: Reading, text: str, recorded: Recorded) -> ActivityKind | None:
    found = TO_KIND.search(text)
    if found is None:
        return None
    kind = dict(KIND_WORDS)[found[1]]
    return kind if kind != recorded.activity.kind else None
