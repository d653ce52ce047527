"""Reading an hour: 9点半, 下午三点一刻, 15:30, 3pm, 七八点, 早八点; and a part of day alone."""

from __future__ import annotations

import re

from msgspec import Struct

from nlu.patterns import either, lazy
from nlu.times.words import FIGURE_CHARS, PARTS, SMALL

_H = "(?:2[0-4]|1[0-9]|0?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MARK = r" ?(?P<m>a\.?m\.?|p\.?m\.?|a|p)(?![a-z0-9])"
_COLON = lazy(
    rf"(?P<h>2[0-4]|[01]?[0-9]):(?P<min>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?(?![0-9:])(?:{_MARK})?时?"
)
_MARKED = lazy(rf"(?P<h>1[0-2]|0?[1-9]){_MARK}")
_MINUTES = (
    r"(?P<half>半)|(?:过)?(?P<quarter>[一二三1-3])刻钟?|(?:过)?(?P<full>[0-5]?[0-9]) ?分钟?(?![之])(?: ?"
    r"(?P<s>[0-5]?[0-9]) ?秒)?"
    r"|(?P<two>[0-5][0-9])(?![0-9.%:]| ?[万亿元块台套个折人家天件wk吨度米])|"
    r"(?P<zero>[零0][一二三四五六七八九1-9])分?"
    r"(?![一二三四五六七八九十0-9])"
    r"|(?:过)?(?P<words>[二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九](?=分))分?(?:钟)?"
    r"(?!之|[万亿元块台套个折人家天件])"
)
_SPOKEN = lazy(
    rf"(?P<h>{_H}) ?(?P<u>点|时)(?P<sharp>整|正|钟)?(?:[多来]钟?|许|左右)?(?:(?<=[点时]) ?"
    rf"(?:{_MINUTES}))?(?:许|[多来]钟?"
    rf"|左右)?(?:{_MARK})?"
)
_PAIR = lazy(
    r"(?P<h>[一二三四五六七八九])(?P<h2>[二三四五六七八九]) ?点(?:多?钟)?(?!半|[零一二三四五六七八九])"
)
_SHARED = lazy(rf"(?P<h>{_H})(?= ?(?:到|至|~|-+) ?(?:{_H}) ?(?:点|时)(?!半?个))")
_AFTER_TIME = lazy(r"[零〇一二三四五六七八九0-9]")
_POINTS = lazy(
    r"(?:个|条)?(?:建议|意见|要求|问题|原因|需求|说明|看法|理由|内容|想法|好处|优势|顾虑|反馈|共识"
    r"|不同|区别|补充|希望|诉求|注意|担心|结论|事项"
    r"|变化|条件|疑问|疑虑|收获|总结|信息|考虑|也不|都不|点点|关键|核心|方面|以上的?折|积分|利)"
)
_COUNTED = lazy(
    r"(?:有|说了?|提了?|提出了?|列了|以下|如下|这|那|分|总结|几|讲了?|强调了?|补充|反馈了?|第|差"
    r"|快|慢|早|少|好|大|小|多|减|加|乘|除|升高|降低|涨|跌"
    r"|负|零|百分之)[ :]?$"
)
_SURE_ONE = lazy(
    r"半|钟|整|正|[零〇一二三四五六七八九十0-9]|之?前|之?后|到|至|左右|多|开|过来|见|[-~]|左右| ?$"
)
_NOT_HOUR = lazy(r"[候期代间常刻段装限效长尚光速差令报空事宜之]|而|半会")
_PART = lazy("|".join(sorted((p for p in PARTS if len(p) > 1), key=len, reverse=True)) + r"(?!好)")
_PART_FIRST = frozenset(part[0] for part in PARTS)
_SHORT_PART = lazy(r"早上?|晚上?|晨|夜里?|中午")
_SHORT_STOP = lazy(r"[早晚](?:[会些日期已就市知宴餐饭于辈报班安茶教退操]|点(?!钟)|好|高峰|自习)")
MAY_START = either(_COLON, _MARKED, _PAIR, _SHARED, _SPOKEN)
PART_MAY_START = either(_PART, _SHORT_PART)


class Clock(Struct, frozen=True):
    """An hour as said. `sure` where the half of the day is said or follows (15点, pm); `until` for 七八点."""

    hour: int
    minute: int = 0
    second: int = 0
    sure: bool = False
    mark: str = ""
    span: int = 1  # minutes that it covers


def _number(word: str) -> int:
    return SMALL[word]


def _minute(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if found["quarter"]:
        return 15 * SMALL[found["quarter"]]
    if found["zero"]:
        return SMALL[found["zero"][1:]]
    word = found["full"] or found["two"] or found["words"]
    return SMALL[word] if word else 0


def _marked(hour: int, mark: str | None) -> tuple[int, str]:
    if not mark:
        return hour, ""
    half = "pm" if mark[0] == "p" else "am"
    if half == "pm" and hour < 12:
        hour += 12
    return (0 if half == "am" and hour == 12 else hour), half


def _spoken(text: str, at: int, *, led: bool) -> tuple[Clock, int] | None:
    found = _SPOKEN.match(text, at)
    if found is None:
        return None
    end = found.end()
    hour = _number(found["h"])
    has_minutes = any(found[k] for k in ("half", "quarter", "full", "two", "zero", "words"))
    if not led and not _plausible(text, found, has_minutes=has_minutes):
        return None
    if has_minutes and found["zero"] and not led and hour == 0:
        return None
    hour, mark = _marked(hour, found["m"])
    second = int(found["s"]) if found["s"] else 0
    written = found["h"].startswith("0") and len(found["h"]) == 2
    sure = bool(mark) or hour >= 13 or hour == 0 or written or found["u"] == "时"
    return Clock(hour, _minute(found), second, sure, mark), end


def _plausible(text: str, found: re.Match[str], *, has_minutes: bool) -> bool:
    """Whether a bare X点 or X时 is an hour: not 两点建议, 有三点, 八点八, 一点都不, 十时代."""
    end = found.end()
    if found["u"] == "时":
        return not _NOT_HOUR.match(text, end) and (found["h"] != "一" or has_minutes)
    if has_minutes:
        return True
    if _AFTER_TIME.match(text, end) and not found["sharp"]:
        return False
    if found["sharp"]:
        return True
    if _POINTS.match(text, end) or _COUNTED.search(text, max(0, found.start() - 4), found.start()):
        return False
    return found["h"] != "一" or bool(_SURE_ONE.match(text, end))


def read(text: str, at: int, *, led: bool = False) -> tuple[Clock, int] | None:
    """The hour that starts at `at` and where it ends; `led` where a day or a part of day stands before it."""
    if text[at : at + 1] not in FIGURE_CHARS or not MAY_START.match(text, at):
        return None
    found = _COLON.match(text, at)
    if found is not None:
        hour, mark = _marked(int(found["h"]), found["m"])
        second = int(found["s"] or 0)
        sure = bool(mark) or hour >= 7 or hour == 0 or found["h"].startswith("0")
        return Clock(hour, int(found["min"]), second, sure, mark), found.end()
    found = _MARKED.match(text, at)
    if found is not None:
        hour, mark = _marked(int(found["h"]), found["m"])
        return Clock(hour, 0, 0, sure=True, mark=mark), found.end()
    pair = _PAIR.match(text, at)
    if (
        pair is not None
        and SMALL[pair["h2"]] == SMALL[pair["h"]] + 1
        and (led or text[pair.end() :][:1] not in "建意要问")
    ):
        return Clock(SMALL[pair["h"]], span=120), pair.end()
    shared = _SHARED.match(text, at)
    if shared is not None:
        return Clock(_number(shared["h"]), sure=_number(shared["h"]) >= 13), shared.end()
    return _spoken(text, at, led=led)


def read_part(text: str, at: int, *, led: bool = False) -> tuple[str, int] | None:
    """The part of day at `at`; after a day also 早 and 晚 alone."""
    if text[at : at + 1] not in _PART_FIRST:
        return None
    found = _PART.match(text, at)
    if found is None:
        found = _SHORT_PART.match(text, at)
        if found is None or _SHORT_STOP.match(text, at):
            return None
        if not led and len(found[0]) == 1 and read(text, found.end(), led=True) is None:
            return None
    elif text[found.end() : found.end() + 1] == "好":
        return None
    return PARTS[found[0]], found.end()
