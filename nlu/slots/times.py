"""Which of the times in a message is when the thing happened, and which is when the next step is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from nlu.clauses import ahead, may_plan, reports
from nlu.entities import Duration, Recurring, Rule, Time
from nlu.intents.cues import MOVE
from nlu.patterns import lazy
from nlu.reading import Intent, When
from nlu.scene import Scene
from nlu.slots.again import CLOCK_ONLY, series

_KEPT = frozenset({"minute", "day", "part_of_day"})
_PLANNED = frozenset({Intent.REMIND, Intent.RESCHEDULE, Intent.CANCEL})
_ABOUT_RECORD = _PLANNED | {Intent.CORRECT}
_BACKGROUND = lazy(r"生日|出生|成立|到期|有效期|去年|合同期|质保|工期|周期|保修")
_CONDITION = lazy(r"^(?:的(?!时候|话)|起|开始|那[次场个条]|版|款)")
_LONG_AGO = timedelta(days=120)
_RECENT = timedelta(days=45)
_SEASON = timedelta(days=300)  # two readings this far apart differ by the year
_DONE = lazy(r"[^,。;要再会将准打计想约]{0,6}(?:了|过(?!去|来))(?!再|要)")
_MEANT = lazy(r"[^,。;]{0,4}(?:[要再约将得]|准备|打算|计划|安排)")
_WENT = lazy(r"满意|感兴趣|认可|要求|表示|希望|觉得|嫌|反馈|确认|讨论|预算|报价|不在|没人")
_NOW = lazy(r"现在|目前|当前|此刻|眼下|当下|以后|今后|将来|以前|过去")
_POINTED = lazy(r"的?那[条个次笔]")
_WEEKDAY_ALONE = lazy(r"(?:周|星期|礼拜)[一二三四五六日天]")
_AGAIN = lazy(r"(?:我们?|就)?再")
_WORKDAY = lazy(r"工作日|上班|放假|收假|节后|假期")
_REASONS = {
    "calendar": "那一年的放假安排还没公布，暂时算不准，请告诉我具体日期",
    "vague": "“{}”没有说到哪一天，是哪天",
    "year": "“{}”没有说哪一年，这样理解对吗",
    "today": "今天就是{0}，按今天记了，要是下{0}就说一声",
    "week on": "今天就是{0}，按下{0}记了，要是今天就说一声",
    "half_day": "“{}”没有说上午还是下午，这样理解对吗",
}


class Times(Struct):
    """The times taken, and why some are open (field name to reason)."""

    activity: When | None = None
    next: When | None = None
    deadline: bool = False
    recurring: Rule | None = None
    source: Time | Recurring | None = None  # where the next step's time stands
    taken: list[Time | Recurring] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)  # what was guessed, surely enough not to ask


def choose_times(scene: Scene, intent: Intent) -> Times:
    """The activity's and the next step's time."""
    again = scene.of(Recurring)
    if again and intent in (Intent.REMIND, Intent.RESCHEDULE, Intent.LOG_ACTIVITY):
        return _recurring(scene, again[0])
    times = scene.of(Time)
    if intent is Intent.REMIND and len(times) == 1 and (early := _ahead_of(scene, times[0])):
        return early
    if intent is Intent.RESCHEDULE and (put_off := _put_off(scene, times)):
        return put_off
    past: list[Time] = []
    due: list[Time] = []
    times = _of_record(scene, intent, times)
    for at, one in enumerate(times):
        words = _words(scene, times, at)
        if _aside(intent, one, words):
            continue
        is_due = intent in _PLANNED or _is_ahead(scene, one, words, first=not past)
        if not (is_due and _CONDITION.match(words[1]) and intent not in _PLANNED):
            (due if is_due else past).append(one)
    return _assemble(scene, intent, past, due)


def _of_record(scene: Scene, intent: Intent, times: list[Time]) -> list[Time]:
    """The times that belong to the record: not when it was written (刚才那条), not what it is moved from."""
    if intent in _ABOUT_RECORD:
        times = [t for t in times if t.span.text[0] != "刚"]
    return _moved_to(scene, times) if intent is Intent.RESCHEDULE else times


def _aside(intent: Intent, one: Time, words: tuple[str, str]) -> bool:
    """Whether a time says something else: a birthday, 现在, which record is meant (昨天那条)."""
    left, right = words
    if _NOW.fullmatch(one.span.text) or (intent is Intent.CORRECT and _POINTED.match(right)):
        return True
    return _BACKGROUND.search(left) is not None or _BACKGROUND.search(right[:6]) is not None


def _moved_to(scene: Scene, times: list[Time]) -> list[Time]:
    """The times behind 改到; without such a word the last one."""
    move = None
    for match in MOVE.finditer(scene.bare):
        move = match
    if move is None:
        return times[-1:]
    before = [t.value for t in times if t.span.start < move.start()]
    last = scene.context.last_reading
    if not before and last and last.next_time:
        before = [last.next_time.value]
    return [_on_day(t, before[-1:]) for t in times if t.span.start >= move.end() - 1]


def _on_day(one: Time, day: list[datetime]) -> Time:
    """明天9点的改到10点: an hour alone means the day it is moved from."""
    if not day or one.grain != "minute" or not CLOCK_ONLY.match(one.span.text):
        return one
    value = datetime.combine(day[0].date(), one.value.time())
    return replace(one, value=value, until=value + timedelta(minutes=1), past=None, future=None)


def _is_ahead(scene: Scene, one: Time, words: tuple[str, str], *, first: bool) -> bool:
    """Whether a time is one to come: by its day and, where that leaves it open, by the words around it."""
    today = datetime.combine(scene.now.date(), time())
    open_ = one.past is not None and one.future is not None and one.past != one.future
    if one.deadline or one.span.text[0] == "刚":
        return one.deadline
    if not open_ and one.until <= today:
        return False
    if not open_ and one.value >= today + timedelta(days=1):
        return True
    by_year = _by_year(scene, one, words) if open_ else None
    if by_year is not None:
        return by_year
    said = ahead(*words, _earlier(scene, one) if not words[0].strip() else "")
    if said is not None:
        return said
    may = may_plan(words[1])
    if first and one.until <= today + timedelta(days=1):
        if _told_after(scene, one):
            return False
        if may:
            return one.grain == "minute" or len(scene.clauses) == 1
    if first and (reports(scene.bare) or scene.command is not None):
        return False
    return may or open_ or one.value > scene.now or (one.until > scene.now and not first)


def _by_year(scene: Scene, one: Time, words: tuple[str, str]) -> bool | None:
    """Whether a date without a year is one to come; None where its words must decide.

    What was done (3月5日去了) is past however long ago. Otherwise the near one of the two is meant, where
    the other is far.
    """
    if one.past is None or one.future is None or one.future - one.past < _SEASON:
        return None
    if _DONE.match(words[1]):
        return False
    gone, left = scene.now - one.past, one.future - scene.now
    if gone > _LONG_AGO > left:
        return True
    if gone < _RECENT and left > _LONG_AGO and not ahead(*words, "") and not _MEANT.match(words[1]):
        return False
    return None


def _told_after(scene: Scene, one: Time) -> bool:
    """Whether the clauses behind tell how it went, or when the next step is."""
    rest = scene.bare[scene.clause_at(one.span.start).end :]
    later = any(t.span.start > one.span.end for t in scene.of(Time))
    return later or reports(rest) or _WENT.search(rest) is not None


def _earlier(scene: Scene, one: Time) -> str:
    clause = scene.clause_at(one.span.start)
    before = [c for c in scene.clauses if c.end <= clause.start]
    return scene.bare[before[-1].start : before[-1].end] if before else ""


def _words(scene: Scene, times: list[Time], at: int) -> tuple[str, str]:
    """The words of the clause before and after a time; the next clause's where nothing follows in its own."""
    span = times[at].span
    clause = scene.clause_at(span.start)
    before = max(clause.start, times[at - 1].span.end if at else 0)
    limit = times[at + 1].span.start if at + 1 < len(times) else len(scene.text)
    end = min(max(clause.end, span.end), limit)
    right = scene.bare[span.end : end]
    if not right.strip() and end < limit:
        right = scene.bare[end : min(scene.clause_at(min(end + 2, limit)).end, limit)]
    return scene.bare[before : span.start], right.strip()


def _assemble(scene: Scene, intent: Intent, past: list[Time], due: list[Time]) -> Times:
    got = Times()
    past = [t for t in past if t.grain not in ("month", "quarter", "year")]
    if past and intent not in _PLANNED:
        first = next((t for t in past if t.grain in _KEPT), None)
        if first:
            got.activity = _when(first, scene.now, past_=True)
            got.taken.append(first)
        else:
            got.reasons["activity_time"] = _REASONS["vague"].format(past[0].span.text)
    step = _step(due)
    if step:
        _take_step(scene, got, step)
    elif due and due[0].grain not in ("quarter", "year"):
        got.reasons["next_time"] = _REASONS["vague"].format(due[0].span.text)
        got.source = due[0]
    return got


def _step(due: list[Time]) -> Time | None:
    """The next step's time: the first that names a day, or a deadline."""
    for one in due:
        if one.grain in _KEPT or one.deadline:
            return one
    return None


def _take_step(scene: Scene, got: Times, one: Time) -> None:
    got.source = one
    got.taken.append(one)
    got.deadline = one.deadline
    for kind in ("calendar", "vague"):
        if kind in one.guessed:
            got.reasons["next_time"] = _REASONS[kind].format(one.span.text)
    for kind in ("half_day", "year"):
        if kind in one.guessed:
            got.hints["next_time"] = _REASONS[kind].format(one.span.text)
    got.next = _when(one, scene.now, past_=False)
    if _is_today_by_name(scene, got.next, one):
        later = _AGAIN.match(scene.bare, one.span.end) is not None
        if later:
            got.next = got.next.but(value=got.next.value + timedelta(weeks=1))
        got.hints["next_time"] = _REASONS["week on" if later else "today"].format(one.span.text)
    if _WORKDAY.search(one.span.text) and not scene.calendar.knows(got.next.value.date()):
        got.reasons["next_time"] = _REASONS["calendar"]


def _is_today_by_name(scene: Scene, due: When, one: Time) -> bool:
    """Whether 周五 was said on a Friday, without an hour: one rarely calls today by its name."""
    named = _WEEKDAY_ALONE.fullmatch(one.span.text) is not None
    return named and due.grain == "day" and not one.deadline and due.value.date() == scene.now.date()


def _when(one: Time, now: datetime, *, past_: bool) -> When:
    value = (one.past if past_ else one.future) or one.value
    if past_ and one.value.date() == now.date():
        value = one.value
    if past_ and "half_day" in one.guessed:
        readings = [t for t in (one.value, one.future, one.past) if t is not None and t <= now]
        value = next((t for t in readings if 8 <= t.hour <= 20), one.value)
    if one.deadline and one.grain != "minute":
        day = (one.until - timedelta(seconds=1)).date()
        return When(datetime.combine(day, time()), "day", text=one.span.text)
    grain = one.grain if one.grain in _KEPT and (one.part or one.grain != "part_of_day") else "day"
    return When(value, grain, one.part if grain == "part_of_day" else "", one.span.text)


def _recurring(scene: Scene, one: Recurring) -> Times:
    again = series(scene, one)
    due = When(again.first, again.grain if again.grain in _KEPT else "day", text=one.span.text)
    taken = list(again.taken)
    return Times(next=due, deadline=again.deadline, recurring=again.rule, taken=taken, source=one)


def _ahead_of(scene: Scene, one: Time) -> Times | None:
    """周五上午十点见客户，提前一小时提醒我: so much before the time that is said."""
    for length in scene.of(Duration):
        if (
            scene.text[: length.span.start].rstrip().endswith("提前")
            and scene.text.find("提醒", length.span.end) >= 0
        ):
            said = _when(one, scene.now, past_=False)
            whole_days = length.seconds % 86400 == 0
            value = said.value - timedelta(seconds=length.seconds)
            due = When(
                value, said.grain if whole_days else "minute", said.part if whole_days else "", one.span.text
            )
            return Times(next=due, source=one, taken=[one])
    return None


def _put_off(scene: Scene, times: list[Time]) -> Times | None:
    """推迟 1 小时: so much later than the time said, than the last record's, or than now."""
    lengths = scene.of(Duration)
    if not lengths or any(t.span.start > lengths[0].span.start for t in times):
        return None
    last = scene.context.last_reading
    length = timedelta(seconds=lengths[0].seconds)
    start = _when(times[0], scene.now, past_=False) if times else last.next_time if last else None
    if start is None:
        if length >= timedelta(days=1):
            return None
        start = When(scene.now.replace(second=0, microsecond=0), "minute")
    grain, part = (start.grain, start.part) if length >= timedelta(days=1) else ("minute", "")
    due = When(start.value + length, grain, part, lengths[0].span.text)
    return Times(next=due, taken=[*times], source=times[0] if times else None)


def reference_day(now: datetime) -> When:
    """The day of the message, where a report says no time."""
    return When(datetime.combine(now.date(), time()), "day")
