"""明天上午10点提醒我给王总打电话: a task of one's own, told at its time."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from cards import tasks as cards
from cards.card import Action, Button
from crm import contacts, task_lists, tasks
from crm.errors import NotAllowed, UserMistake
from crm.moments import Grain, Moment
from crm.repeats import Repeat, following
from crm.rights import may_act_for
from crm.tasks import REMIND, NewTask
from handlers import held
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.said import is_only_time, moment, point, questions, repeat, whom, without
from handlers.turn import Pending, Turn
from nlu.entities import Duration, Recurring, Time
from nlu.reading import Intent, Reading
from store.tables import Member

router = Router("reminders")
router.help("明天上午10点提醒我给王总打电话", "设提醒，到点发卡片；也可以说“每周一早上9点提醒我发周报”")

CALL = re.compile(
    r"(?:请|麻烦|帮我|给我)?(?:设个?|定个?|加个?|新建)?(?:提醒|叫|通知|喊)(?:一下|下)?(?:我|咱|自己)?(?:一下|一声)?|^/?(?:任务|待办)"
)
ENDS = "，,。.!！；;：: 、"
FRONT = f"{ENDS}到时候的在于"
WHOM = re.compile(r"(?:提醒|叫|通知|让|安排)(?:一下)?([一-鿿]{2,4})")
OTHER_BUSINESS = (Intent.LOG_ACTIVITY, Intent.REMIND, Intent.QUOTE, Intent.UPDATE_CONTACT)
NO_TIME = "什么时候提醒？例如：明天上午10点，或：30分钟后"


@router.intent(Intent.REMIND)
def remind(turn: Turn, reading: Reading) -> Reply:
    """Set a reminder, or ask for what is missing."""
    when = _when(turn, reading)
    text = turn.incoming.text
    if not title_of(text, reading):
        raise UserMistake("提醒你做什么、什么时候？例如：明天上午10点提醒我给王总打电话")
    if when is None:
        turn.memory.ask("remind.when", {"text": text}, turn.now)
        return Reply(text=reading.reasons.get("next_time") or NO_TIME)
    return _create(turn, reading, when, text)


@router.answer("remind.when")
def when_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The time of a reminder that was asked for without one."""
    given_up = held.dropped(turn, "好，没有设提醒。")
    if given_up is not None:
        return given_up
    answer = turn.understand(turn.incoming.text)
    when = point(answer, turn.ctx.local)
    if when is None or answer.intent in OTHER_BUSINESS or not is_only_time(turn.incoming.text, answer):
        return None
    text = str(pending.data["text"])
    reading = turn.understand(text)
    turn.memory.pending = None
    return _create(turn, reading.but(recurring=answer.recurring), when, text)


def _when(turn: Turn, reading: Reading) -> Moment | None:
    if "next_time" in reading.ambiguous:
        return None
    return moment(reading.next_time) or point(reading, turn.ctx.local)


def _create(turn: Turn, reading: Reading, when: Moment, text: str) -> Reply:
    customer_id, contact_id = _about(turn, reading)
    assignee = _assignee(turn, reading, text)
    rule = repeat(reading)
    title = title_of(text, reading)
    if assignee is not None:
        title = title.removeprefix(assignee.name)
    task = tasks.create(
        turn.ctx,
        NewTask(
            title,
            _begins(turn, when, rule),
            kind=REMIND,
            customer_id=customer_id,
            contact_id=contact_id,
            assignee_id=assignee.id if assignee else None,
            deadline=reading.deadline,
            repeat=rule,
        ),
    )
    turn.memory.record = turn.ctx.inbox_id
    item = task_lists.get(turn.ctx, task.id)
    card = cards.task_card(item, turn.ctx.local, f"已设提醒 · {item.title}")
    undo = Button("撤销", Action("undo", str(turn.ctx.inbox_id or 0)), say="回复 撤销")
    notes = questions(reading.but(ambiguous=reading.ambiguous - {"next_time"}))
    mine = replace(card, form=(), buttons=(card.buttons[0], card.buttons[2], undo), note="；".join(notes))
    if assignee is None or assignee.id == turn.actor.id:
        return Reply(cards=(mine,))
    theirs = cards.task_card(item, turn.ctx.local, f"{turn.actor.name}请你：{item.title}")
    return Reply(text=f"已安排给{assignee.name}，到时提醒对方。", notices=(Notice(assignee.id, theirs),))


def _begins(turn: Turn, when: Moment, rule: str) -> Moment:
    """A series without an hour whose hour has passed today begins the next time; all else as it was said."""
    now = turn.ctx.local
    is_today = when.grain == Grain.DAY and when.value.date() == now.date()
    if not rule or not is_today or now.time() < turn.ctx.business.day_hour:
        return when
    return replace(when, value=following(Repeat.parse(rule), when.value))


def _about(turn: Turn, reading: Reading) -> tuple[int | None, int | None]:
    """(customer, contact) of a reminder, where the words leave no doubt."""
    who = whom(turn.ctx, reading.but(contact=None))
    if len(who.sure) == 1:
        known = contacts.of_customer(turn.ctx, who.sure[0])
        person = contacts.matching(known, reading.contact or "", reading.contact_title or "")
        return who.sure[0], person.id if person else None
    if who.sure or who.options or not reading.contact:
        return None, None
    people = contacts.known_by(turn.ctx, reading.contact, reading.contact_title or "")
    if len(people) == 1:
        return people[0][1].id, people[0][0].id
    return None, None


def _assignee(turn: Turn, reading: Reading, text: str) -> Member | None:
    """The colleague to be reminded. Raises `NotAllowed` unless it is the actor's own people."""
    said = WHOM.search(text)
    names = [reading.colleague] if reading.colleague else [said[1][:n] for n in (2, 3, 4)] if said else []
    query = select(Member).where(col(Member.name).in_(names), col(Member.active).is_(True)).limit(2)
    found = list(turn.ctx.session.scalars(query)) if names else []
    if not found and not reading.colleague:
        return None
    if len(found) != 1:
        raise UserMistake(f"没有找到同事“{reading.colleague}”，写全名试试。")
    if not may_act_for(turn.ctx, found[0].id):
        raise NotAllowed(f"只能给自己和下属设提醒，{found[0].name}的请对方自己设。")
    return found[0]


def title_of(text: str, reading: Reading) -> str:
    """What to be reminded of, in the person's own words: the sentence without the time and 提醒我."""
    spans = [
        (e.span.start, e.span.end) for e in reading.entities if isinstance(e, Time | Duration | Recurring)
    ]
    left = CALL.sub("", without(text, spans)).lstrip(FRONT).rstrip(ENDS)
    if 2 <= len(left) <= 40:
        return left
    return reading.next_action or left[:40]
