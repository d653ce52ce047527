"""Tags and their rules in words: 高意向 价格敏感, 90天没跟进, 报价超过50万 且 级别A."""

from __future__ import annotations

import re

from crm.context import Context
from crm.tag_rules import FIELDS, Condition, Ground, Rule
from nlu.entities import Money
from nlu.extract import extract

CALLED_SO = re.compile(r"的?标签$")
SEPARATORS = re.compile(r"[\s,，、;；/|]+")
_DAYS = {
    "天": 1,
    "日": 1,
    "周": 7,
    "星期": 7,
    "礼拜": 7,
    "个月": 30,
    "月": 30,
    "季度": 90,
    "个季度": 90,
    "年": 365,
}
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0}
_NUMBER = r"(?P<n>\d{1,4}|[一二两三四五六七八九十]{1,3}|半)"
_UNIT = r"(?P<unit>天|日|周|星期|礼拜|个月|月|个?季度|年)"
_IDLE = re.compile(
    rf"(?:超过|满|有)?{_NUMBER}{_UNIT}(?:以上|多)?(?:都)?(?:没有?|未|无)(?:人)?(?:跟进|联系|拜访|动静|互动)(?:过|了)?(?:的)?"
)
_BUSY = re.compile(
    rf"(?:最近|近|过去)?{_NUMBER}{_UNIT}(?:以?内|里)?(?:跟进|联系|拜访|互动)(?:超过|满|达到|不少于|大于)?(?P<count>\d{{1,3}}|[一二两三四五六七八九十])次(?:以上|及以上)?"
)
_NEW = re.compile(rf"(?:最近|近)?{_NUMBER}{_UNIT}(?:以?内|里)?(?:新建|新增|建档|加入|新客户)(?:的)?")
_WARRANTY = re.compile(rf"(?:设备)?(?:质保|保修)(?:在)?{_NUMBER}{_UNIT}(?:以?内)?(?:到期|过期|结束)")
_QUOTED = re.compile(
    r"(?:有)?报价(?:总额|金额)?(?:超过|大于|高于|多于|在|>|>=|满|达到|不低于)(?P<amount>.{1,20}?)(?:以上|的)?"
)
_UNQUOTED = re.compile(r"(?:还)?(?:没有?|未|从未)报过?价(?:的)?")
_ALONE = re.compile(r"(?:还)?(?:没有?|无)联系人(?:的)?")
_UNPLANNED = re.compile(r"(?:还)?(?:没有?|无)(?:下一步|计划|安排|待办)(?:的)?")
_FIELD = re.compile(r"(?P<field>级别|来源|行业|地区|阶段)(?:是|为|=|[:：]|\s)*(?P<value>\S{1,20}?)(?:级|的)?")
_AND = re.compile(r"\s*(?:且|并且|而且|同时|,|，|、|\+|&)\s*")
EXAMPLES = (
    "90天没跟进、30天内跟进3次、报价超过50万、没有报价、级别A、来源展会、质保30天内到期，几个条件用“且”连起来"
)


def tags_in(words: str) -> list[str]:
    """The tags that the words list: 高意向 价格敏感, 高意向、价格敏感."""
    found = [one.strip("“”\"'#＃") for one in SEPARATORS.split(words)]
    return [CALLED_SO.sub("", one) or one for one in found if one]


def rule_of(ctx: Context, words: str) -> Rule | None:
    """The rule that the words say; None where one of the conditions is not understood."""
    conditions = []
    for part in _AND.split(words.strip()):
        condition = _condition(ctx, part.strip())
        if condition is None:
            return None
        conditions.append(condition)
    return Rule(tuple(conditions), words.strip()) if conditions else None


def _condition(ctx: Context, words: str) -> Condition | None:
    for pattern, ground in ((_IDLE, Ground.IDLE), (_NEW, Ground.NEW), (_WARRANTY, Ground.WARRANTY)):
        found = pattern.fullmatch(words)
        if found is not None:
            return Condition(ground, days=_days(found))
    busy = _BUSY.fullmatch(words)
    if busy is not None:
        return Condition(Ground.BUSY, days=_days(busy), count=_number(busy["count"]))
    for pattern, ground in (
        (_UNQUOTED, Ground.UNQUOTED),
        (_ALONE, Ground.ALONE),
        (_UNPLANNED, Ground.UNPLANNED),
    ):
        if pattern.fullmatch(words):
            return Condition(ground)
    quoted = _QUOTED.fullmatch(words)
    if quoted is not None:
        amount = _amount(ctx, quoted["amount"])
        return Condition(Ground.QUOTED, amount=amount) if amount else None
    return _field(ctx, words)


def _field(ctx: Context, words: str) -> Condition | None:
    found = _FIELD.fullmatch(words)
    graded = re.fullmatch(r"([A-Za-z])级(?:客户)?", words)
    if graded is not None:
        return Condition(Ground.FIELD, field="level", value=graded[1].upper())
    if found is None:
        return None
    field = next(name for name, said in FIELDS.items() if said == found["field"])
    value = found["value"]
    return Condition(Ground.FIELD, field=field, value=value.upper() if field == "level" else value)


def _days(found: re.Match[str]) -> int:
    unit = _DAYS[found["unit"]]
    return max(1, unit // 2) if found["n"] == "半" else _number(found["n"]) * unit


def _number(said: str) -> int:
    if said.isdecimal():
        return int(said)
    if "十" in said:
        tens, _, ones = said.partition("十")
        return 10 * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)
    return _NUMERALS[said[0]]


def _amount(ctx: Context, said: str) -> int:
    """The amount in fen; 0 where the words say none."""
    found = [e for e in extract(f"{said}元" if said.isdecimal() else said, ctx.local) if isinstance(e, Money)]
    return found[0].low if len(found) == 1 else 0
