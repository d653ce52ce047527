"""What a field can hold, and the description of one field that everything else learns from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, and how it is kept in the record's `ext`.

    TEXT a text; NUMBER a number of at most four decimals; MONEY whole fen; DATE "2026-12-01"; CHOICE one of
    the options; CHOICES a list of them; MEMBER and REFERENCE the id of a member or a customer; FORMULA
    nothing: it is worked out whenever it is shown.
    """

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    MEMBER = "member"
    REFERENCE = "reference"
    FORMULA = "formula"


KIND_NAMES: dict[Kind, str] = {
    Kind.TEXT: "文本",
    Kind.NUMBER: "数字",
    Kind.MONEY: "金额",
    Kind.DATE: "日期",
    Kind.CHOICE: "单选",
    Kind.CHOICES: "多选",
    Kind.MEMBER: "人员",
    Kind.REFERENCE: "客户",
    Kind.FORMULA: "公式",
}
"""How kinds are called."""

KIND_WORDS: dict[str, Kind] = {
    **{name: kind for kind, name in KIND_NAMES.items()},
    "文字": Kind.TEXT,
    "数值": Kind.NUMBER,
    "数量": Kind.NUMBER,
    "钱": Kind.MONEY,
    "时间": Kind.DATE,
    "选项": Kind.CHOICE,
    "选择": Kind.CHOICE,
    "下拉": Kind.CHOICE,
    "复选": Kind.CHOICES,
    "成员": Kind.MEMBER,
    "同事": Kind.MEMBER,
    "关联客户": Kind.REFERENCE,
    "关联": Kind.REFERENCE,
    "计算": Kind.FORMULA,
    **{kind.value: kind for kind in Kind},
}
"""What people write for a kind."""

CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
EXAMPLES: dict[Kind, str] = {
    Kind.TEXT: "沪A12345",
    Kind.NUMBER: "12.5",
    Kind.MONEY: "120万",
    Kind.DATE: "2026-12-01",
    Kind.MEMBER: "李娜",
    Kind.REFERENCE: "华润置地",
}
"""A value of each kind that can be typed; choices have their own options."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of one kind of record: what parser, card, form, import and API know of it.

    `key` names it: a column of the table where `built_in`, otherwise the key in `ext`. `id` is the id of its
    row, 0 where built in; `read_only` is set by the system alone. `formula` has keys in braces for fields.
    """

    object: str
    key: str
    label: str
    kind: Kind
    options: tuple[str, ...] = ()
    formula: str = ""
    required: bool = False
    built_in: bool = False
    read_only: bool = False
    id: int = 0
    version: int = 0

    @property
    def example(self) -> str:
        """A value that can be typed."""
        if self.kind is Kind.CHOICES:
            return "、".join(self.options[:2])
        if self.kind is Kind.CHOICE:
            return self.options[0] if self.options else ""
        return EXAMPLES.get(self.kind, "")
