"""How administrators write fields: 设备型号偏好 单选 A/B/C, 年返点 公式 年采购额×5%. Pure."""

from __future__ import annotations

import re

from crm.custom.fields import NewField
from crm.custom.kinds import KIND_NAMES, KIND_WORDS, Kind
from crm.errors import UserMistake

EXAMPLE = "字段 客户 新增 设备型号偏好 单选 A/B/C"
HELP = """管理员这样改字段，马上生效：
· 字段 客户 新增 设备型号偏好 单选 A/B/C
· 字段 联系人 新增 车牌
· 字段 客户 新增 年采购额 金额
· 字段 客户 新增 年返点 公式 年采购额×5%
· 字段 客户 设备型号偏好 加选项 D
· 字段 客户 改名 车牌 车牌号
· 字段 客户 删除 车牌 / 字段 客户 恢复 车牌
· 字段 客户 / 字段 历史
类型：文本、数字、金额、日期、单选、多选、人员、客户、公式
大家这样填：华润置地 设备型号偏好 B，年采购额 120万"""

_KIND = re.compile(
    rf"[（(\s]*(?P<kind>{'|'.join(sorted(KIND_WORDS, key=len, reverse=True))})[)）]?[\s:：=]*(?P<more>.*)",
    re.DOTALL,
)
_REQUIRED = re.compile(r"[\s,，（(]*(?:必填|必须填|不能为空)[)）]?$")
_OPTIONS = re.compile(r"[/／|]+")
_LOOSE = re.compile(r"[、,，;；\s]+")


def new_field(said: str) -> NewField:
    """A field as it is written: label, kind, options or formula. Raises `UserMistake` with an example."""
    said = said.strip()
    needed = _REQUIRED.search(said) is not None
    label, _, rest = _REQUIRED.sub("", said).partition(" ")
    label, kind_in_label = _bracketed(label)
    rest = f"{kind_in_label} {rest}".strip()
    if not label:
        raise UserMistake(f"字段叫什么？例如：{EXAMPLE}")
    if not rest:
        return NewField(label, required=needed)
    found = _KIND.fullmatch(rest)
    if found is None and "/" in rest:
        return NewField(label, Kind.CHOICE, options_of(rest), required=needed)
    if found is None:
        can = "、".join(KIND_NAMES.values())
        raise UserMistake(f"“{rest[:12]}”不是字段类型，可以写：{can}。例如：{EXAMPLE}")
    kind, more = KIND_WORDS[found["kind"]], found["more"].strip()
    if kind is Kind.FORMULA:
        return NewField(label, kind, formula=more.removeprefix("=").strip())
    if kind in (Kind.CHOICE, Kind.CHOICES):
        return NewField(label, kind, options_of(more), required=needed)
    if more:
        example = f"字段 客户 新增 {label} {KIND_NAMES[kind]}"
        raise UserMistake(f"{KIND_NAMES[kind]}后面的“{more[:12]}”不需要，例如：{example}")
    return NewField(label, kind, required=needed)


def options_of(said: str) -> tuple[str, ...]:
    """A/B/C, or A、B、C, as options."""
    parts = _OPTIONS.split(said) if _OPTIONS.search(said) else _LOOSE.split(said)
    return tuple(part.strip() for part in parts if part.strip())


def _bracketed(label: str) -> tuple[str, str]:
    """年采购额（金额） as its label and kind."""
    found = re.fullmatch(r"(.+?)[（(](.+)[)）]", label)
    if found is not None and found[2] in KIND_WORDS:
        return found[1], found[2]
    return label, ""
