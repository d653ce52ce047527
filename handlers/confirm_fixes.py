"""What typed words put right in something that waits for a yes: 下午, 明年, 金额56万, 客户是华润燃气."""

from __future__ import annotations

import re
from typing import Any

from handlers import held
from handlers.fixing import PERSON
from handlers.guesses import time_answer
from handlers.said import in_words, on_day, point, sum_said, whom, without
from handlers.turn import Turn
from nlu.reading import Intent, Reading, When
from nlu.text import fold

HALVES = {"上午": (0, 12), "早上": (0, 12), "早": (0, 12), "下午": (12, 24), "晚上": (12, 24), "晚": (12, 24)}
HALF_WORD = re.compile(r"(?:是|应该是|改成)?(上午|早上|早|下午|晚上|晚)(?:的|吧)?")
YEAR_WORD = re.compile(r"(?:是|应该是|改成)?(今年|明年|去年|(?:20)?\d\d年)(?:的|吧)?")
AROUND_A_FIX = re.compile(
    r"(?:不是|不对|应该|就是|是|改[成为到]?|换[成到]?|客户|公司|金额|预算|报价|总价|价格|价钱|数量|日期|时间|点|联系人|对接人|"
    r"下一步|拜访|见面|电话|会议|推迟|提前|延[期后]|说错|记错|搞错|写错|错了?|上[一]?条|刚才|那条|这条|[的吧了啊呢呀哦嗯那就在到约才对、，,。.!！:：\s])*"
)
LISTS = frozenset({"今天", "明天", "本周", "这周", "今日", "明日"})
FIXING = frozenset({Intent.CORRECT, Intent.RESCHEDULE, Intent.CHITCHAT, Intent.LOG_ACTIVITY})
"""What words may mean and still put something right."""

YEARS = {"今年": 0, "明年": 1, "去年": -1}


def fixes_of(turn: Turn, shown: Reading, *, by_name: bool) -> dict[str, Any]:
    """What typed words put right in what is shown; with `by_name` a customer's bare name does."""
    if turn.incoming.text.strip() in LISTS:
        return {}
    half = HALF_WORD.fullmatch(held.said(turn))
    year = YEAR_WORD.fullmatch(held.said(turn))
    when = shown.next_time or shown.activity_time
    if when is not None and half is not None:
        return {_timed(shown): time_answer(_in_half(when, *HALVES[half[1]]))}
    if when is not None and year is not None:
        return {_timed(shown): time_answer(_in_year(when, year[1], turn.ctx.local.year))}
    said = in_words(turn.understand(turn.incoming.text))
    fixed: dict[str, Any] = {}
    if said.intent not in FIXING and not (by_name and said.intent is Intent.QUERY):
        return fixed
    if not _only_fixes(turn.incoming.text, said):
        return fixed
    if (amount := sum_said(said)) is not None:
        fixed["amount"] = list(amount)
    elif (moment := point(said, turn.ctx.local)) is not None:
        day = when.value if when is not None else turn.ctx.local
        fixed[_timed(shown)] = time_answer(on_day(moment, turn.incoming.text, day, turn.ctx.local))
    named = PERSON.search(turn.incoming.text)
    if named or said.contact:
        fixed["contact"] = named[1] if named else said.contact
    who = whom(turn.ctx, said.but(contact=None))
    if len(who.sure) == 1:
        fixed["customers"] = [who.sure[0]]
    return fixed


def _only_fixes(text: str, said: Reading) -> bool:
    """Whether the words name times, amounts and names and tell no story: then they are another message."""
    places = [(one.span.start, one.span.end) for one in said.entities]
    places += [(one.start, one.end) for one in (*said.customers, *said.candidates)]
    left = without(fold(text), places)
    named = PERSON.search(text)
    for person in (said.contact or "", said.contact_title or "", named[1] if named else ""):
        left = left.replace(person, "", 1)
    return AROUND_A_FIX.fullmatch(left) is not None


def _timed(reading: Reading) -> str:
    """Which of the two times a correction is about: the next step's where there is one."""
    return "next_time" if reading.next_time is not None or reading.activity_time is None else "activity_time"


def _in_half(when: When, low: int, high: int) -> When:
    hour = when.value.hour % 12 + low
    return when.but(value=when.value.replace(hour=min(hour, high - 1)), grain="minute", part="")


def _in_year(when: When, word: str, this_year: int) -> When:
    year = this_year + YEARS[word] if word in YEARS else int(f"20{word.rstrip('年')[-2:]}")
    day = 28 if (when.value.month, when.value.day) == (2, 29) else when.value.day
    return when.but(value=when.value.replace(year=year, day=day))
