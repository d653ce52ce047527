"""What a sentence says of a customer as a whole: 级别 A 来源 展会 行业 制造 地区 苏州."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crm import particulars
from crm.context import Context
from crm.particulars import Particulars

LABELS: Mapping[str, str] = {
    "客户级别": "level",
    "级别": "level",
    "等级": "level",
    "评级": "level",
    "客户来源": "source",
    "来源": "source",
    "渠道": "source",
    "所属行业": "industry",
    "行业": "industry",
    "所在地区": "region",
    "地区": "region",
    "区域": "region",
    "城市": "region",
    "客户阶段": "lifecycle",
    "阶段": "lifecycle",
    "生命周期": "lifecycle",
    "上级公司": "parent_id",
    "母公司": "parent_id",
    "总公司": "parent_id",
    "所属集团": "parent_id",
    "介绍人": "referrer_id",
    "推荐人": "referrer_id",
    "转介绍人": "referrer_id",
    "税号": "tax_no",
    "会员号": "member_no",
    "备注": "note",
}
LABEL = "|".join(sorted(LABELS, key=len, reverse=True))
SHORT_LABEL = "客户级别|级别|等级|评级|客户来源|来源|所属行业|行业|所在地区|地区|区域|城市"
NAMES_SOMEBODY = frozenset({"parent_id", "referrer_id"})
OF_NEW = ("level", "source", "industry", "region", "tax_no")
_LABELLED = re.compile(rf"(?:(?<=^)|(?<=[\s,，、;；。]))(?P<label>{LABEL})(?:改成|改为|是|为|[:： ])*")
_SAID_SOURCE = re.compile(r"(?:是|从|通过|在)?([一-鿿A-Za-z]{2,12}?)(?:那边|上)?(?:来|认识|加|得知|获客)的")
_NO_VALUE = re.compile(
    r"[了的过吗呢吧么着是在有很太不没第最前大还已要说跟和被把]|经理|总|主管|负责|部门?$|龙头|老大|领先|变化|调整|地位|"
    r"下滑|复苏|政策|竞争|标准|协会|报告|平均|[0-9?？]"
)
_OUTSIDE = " ,，、;；。:：\t\n"


def pairs(text: str) -> dict[str, str] | None:
    """Field to value for a text that is wholly made of labels with values; None for any other text."""
    marks = list(_LABELLED.finditer(text))
    if not marks or text[: marks[0].start()].strip(_OUTSIDE):
        return None
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        value = text[mark.end() : end].strip(_OUTSIDE)
        if not value:
            return None
        found[LABELS[mark["label"]]] = value
    return found


def are_values(ctx: Context, said: Mapping[str, str]) -> bool:
    """Whether each value that follows its label without a mark is one: 来源展会, and not 行业第一."""
    checks = {
        "level": lambda value: value.upper().removesuffix("级").removesuffix("类") in ctx.business.levels,
        "source": lambda value: bool(particulars.known_source(ctx, value)),
    }
    return all(
        checks.get(name, lambda value: _NO_VALUE.search(value) is None)(value) for name, value in said.items()
    )


def said_of_new(ctx: Context, text: str) -> Particulars:
    """What the sentence that adds a customer says besides: 展会来的, 级别 A, 行业制造, 地区苏州.

    Nothing is refused here: what the organisation has no word for is left out.
    """
    found: dict[str, str] = {}
    for mark in _LABELLED.finditer(text):
        value = re.split(r"[\s,，、;；。]", text[mark.end() :], maxsplit=1)[0]
        field = LABELS[mark["label"]]
        if value and field in OF_NEW:
            found.setdefault(field, value)
    source = _SAID_SOURCE.search(text)
    if source is not None and "source" not in found:
        found["source"] = source[1]
    found["source"] = particulars.known_source(ctx, found.get("source", ""))
    if found.get("level", "").upper().removesuffix("级") not in ctx.business.levels:
        found.pop("level", None)
    said = {name: found.get(name, "")[: particulars.LONGEST] for name in OF_NEW}
    return Particulars(
        level=said["level"],
        source=said["source"],
        industry=said["industry"],
        region=said["region"],
        tax_no=said["tax_no"],
    )
