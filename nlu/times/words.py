"""Small numbers and the names of days and parts of day, shared by the time grammars."""

from __future__ import annotations

from nlu.numerals import DIGITS

_ONES = "一二三四五六七八九"


def _small_numbers() -> dict[str, int]:
    table = {c: n for c, n in DIGITS.items() if n}
    table |= {str(n): n for n in range(100)} | {f"{n:02d}": n for n in range(100)}
    table |= {"零": 0, "〇": 0, "十": 10, "廿": 20, "卅": 30, "两": 2}
    for tens, word in enumerate(("", *_ONES)):
        for ones, tail in enumerate(("", *_ONES)):
            table[f"{word}十{tail}"] = (tens or 1) * 10 + ones
    for ones, tail in enumerate(_ONES, 1):
        table |= {f"廿{tail}": 20 + ones, f"卅{tail}": 30 + ones, f"零{tail}": ones, f"〇{tail}": ones}
    return table


SMALL = _small_numbers()
N = (
    "(?:[0-9]{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
    "|廿[一二三四五六七八九]?|卅一?)"
)
FIGURE_CHARS = frozenset("0123456789零〇一二两三四五六七八九十廿卅百千万亿")
WEEK = "(?:周|星期|礼拜)"
WEEKDAYS = (
    {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "末": 5} | {str(i + 1): i for i in range(7)}
)
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

# The hour that a part of day starts with when a reminder needs one, and when the part is over.
PART_HOURS = {
    "凌晨": (3, 6),
    "早上": (9, 12),
    "上午": (9, 12),
    "中午": (12, 14),
    "下午": (14, 18),
    "晚上": (19, 24),
    "白天": (9, 18),
}
WORK_STARTS, WORK_ENDS = 9, 18  # the hours of 上班 and 下班 where a time is needed
PARTS = {
    "凌晨": "凌晨",
    "清晨": "早上",
    "大清早": "早上",
    "清早": "早上",
    "一大早": "早上",
    "一早": "早上",
    "早晨": "早上",
    "早上": "早上",
    "早间": "早上",
    "今晨": "早上",
    "上午": "上午",
    "午前": "上午",
    "中午": "中午",
    "正午": "中午",
    "午间": "中午",
    "晌午": "中午",
    "下午": "下午",
    "午后": "下午",
    "傍晚": "晚上",
    "黄昏": "晚上",
    "晚上": "晚上",
    "晚间": "晚上",
    "夜里": "晚上",
    "夜间": "晚上",
    "夜晚": "晚上",
    "深夜": "晚上",
    "半夜": "凌晨",
    "午夜": "晚上",
    "白天": "白天",
    "早": "早上",
    "晨": "早上",
    "晚": "晚上",
    "夜": "晚上",
}
