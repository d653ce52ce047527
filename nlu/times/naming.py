"""Reading the words for single days: 今天, 大后天, 刚才, 次日, 下个工作日."""

from __future__ import annotations

from datetime import timedelta

from nlu.patterns import either, lazy
from nlu.times.context import Context
from nlu.times.stretch import DAY, Days, Stretch, fixed, one

_DAY_WORDS = {
    "大大前天": -4,
    "大前天": -3,
    "大前日": -3,
    "前天": -2,
    "前日": -2,
    "前儿": -2,
    "昨天": -1,
    "昨日": -1,
    "昨儿": -1,
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "本日": 0,
    "明天": 1,
    "明日": 1,
    "明儿": 1,
    "后天": 2,
    "后日": 2,
    "大后天": 3,
    "大后日": 3,
    "大大后天": 4,
    "刚才": 0,
    "刚刚": 0,
}
_DAY_WORD = lazy(
    "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
    + r"|(?<![^ ,。;、!?\n我])刚(?=[和跟与给去在从见拜打聊谈到收签约把开通])"
)
_NOT_NAMES = lazy(r"今日(?:头条|资本|说法|水印)|明日(?:之后|方舟)|前天津|后天津|后天山|今天气|明天气")
_FOLLOW = {
    "次日": 1,
    "翌日": 1,
    "第二天": 1,
    "前一天": -1,
    "后一天": 1,
    "当天": 0,
    "当日": 0,
    "同日": 0,
    "同一天": 0,
}
_FOLLOW_WORD = lazy("|".join(_FOLLOW))
_TWO_DAYS = lazy(r"(?P<d>今明|明后|昨今)(?:这)?(?:两|2)?[天日]")
_NEXT_WORKDAY = lazy(r"(?:下|最近)一?个?工作日")
MAY_START = either(_DAY_WORD, _TWO_DAYS, _NEXT_WORKDAY, _FOLLOW_WORD)


def read(ctx: Context, at: int) -> tuple[Days, int] | None:
    """The word for a day that starts exactly at `at`."""
    if not MAY_START.match(ctx.text, at):
        return None
    found = _DAY_WORD.match(ctx.text, at)
    if found is not None and not _NOT_NAMES.match(ctx.text, at):
        return fixed(one(ctx.today + timedelta(days=_DAY_WORDS.get(found[0], 0)))), found.end()
    found = _TWO_DAYS.match(ctx.text, at)
    if found is not None:
        start = ctx.today + timedelta(days={"今明": 0, "明后": 1, "昨今": -1}[found["d"]])
        return fixed(Stretch(start, start + 2 * DAY, "days")), found.end()
    if _NEXT_WORKDAY.match(ctx.text, at):
        day = ctx.calendar.workday_after(ctx.today)
        guessed = frozenset() if ctx.calendar.knows(day) else frozenset({"calendar"})
        return fixed(Stretch(day, day + DAY, "day", guessed)), ctx.text.index("日", at) + 1
    found = _FOLLOW_WORD.match(ctx.text, at)
    if found is not None:
        shift = timedelta(days=_FOLLOW[found[0]])
        return Days("follow", lambda ref: one(ref + shift)), found.end()
    return None
