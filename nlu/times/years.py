"""Reading a year: 2026年, 26年, 二零二六年, 去年; and telling 10年 the length from the year."""

from __future__ import annotations

import re

from nlu.patterns import lazy
from nlu.times.context import Context
from nlu.times.words import SMALL

YEAR = lazy(
    r"(?P<full>(?:19|20|21)[0-9]{2}) *年度?|(?P<words>[一二][零〇一二三四五六七八九]{3}) *年度?"
    r"|(?P<short>[0-9]{2}|[零〇一二三四五六七八九][零〇一二三四五六七八九]) *年(?!级|代|限|检|轮|化|份(?:额))"
    r"|(?<![目之以日同三五])(?P<rel>大前年|前年|去年|上一?年|今年|本年|明年|下一?年|来年|后年|大后年|全年)度?"
)
_REL_YEAR = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "上一年": -1,
    "今年": 0,
    "全年": 0,
    "本年": 0,
    "明年": 1,
    "下年": 1,
    "下一年": 1,
    "来年": 1,
    "后年": 2,
    "大后年": 3,
}
_LENGTH_BEFORE = lazy(
    r"(?:质保|维保|保修|合作|做了|用了|干了|已经|服务|将近|近|满|超过|不到|了|签|租|有|共|前|头|后"
    r"|过去|未来|最近|每|达|长达|整整)[ ]?$"
)
_LENGTH_AFTER = lazy(
    r" ?(?:的?老|经验|质保|维保|保修|以上|以内|左右|来|多|期|免|分期|租|合同|历史|寿命|工龄|会员"
    r"|后|前|之|以|内|没|间|了|框架)"
)


def century(short: int) -> int:
    """The year meant by two digits: 60–99 are 19xx."""
    return short + (1900 if short >= 60 else 2000)


def number(found: re.Match[str], ctx: Context) -> int:
    """The year that `YEAR` matched."""
    if found["full"]:
        return int(found["full"])
    if found["words"]:
        return int("".join(str(SMALL.get(c, 0)) for c in found["words"]))
    if found["rel"]:
        return ctx.today.year + _REL_YEAR[found["rel"]]
    digits = "".join(c if c.isascii() else str(SMALL.get(c, 0)) for c in found["short"])
    return century(int(digits))


def is_length(found: re.Match[str], ctx: Context) -> bool:
    """Whether 10年 is a length of time rather than the year 2010."""
    if not found["short"] or ctx.text.startswith("第", found.end()):
        return False
    if _LENGTH_AFTER.match(ctx.text, found.end()) or _LENGTH_BEFORE.search(
        ctx.text, max(0, found.start() - 3), found.start()
    ):
        return True
    digits = found["short"]
    if digits.isascii():
        return 36 <= int(digits) < 60 or int(digits) in (10, 20, 30)
    return (
        digits[0] not in "零〇九八七"
        and digits[1] not in "零〇"
        and not re.match(r" ?[0-9一二三四五六七八九十上下第]", ctx.text[found.end() :][:2])
    )
