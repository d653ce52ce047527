"""The fields that the organisation adds: added, renamed, given options, removed and brought back.

Every change needs the right to configure, is journalled (撤销 takes it back) and kept as a version.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm.context import Context
from crm.custom import formulas, specs
from crm.custom.builtin import OBJECT_NAMES, OBJECT_WORDS, built_in
from crm.custom.kinds import CHOOSING, KIND_NAMES, FieldSpec, Kind
from crm.custom.names import key_for
from crm.errors import Conflict, UserMistake
from crm.journal import changed, created
from crm.rights import Right, need
from store.names import fold
from store.tables import CustomField, CustomObject, CustomValue

__all__ = ["FieldSpec", "Kind", "NewField", "add", "columns", "listed", "object_key", "object_name", "remove"]

MOST_OPTIONS = 50
RESERVED = frozenset({"客户", "联系人", "公司", "字段", "对象", "新增", "历史"})
LONGEST_OPTION = 20
LABEL = re.compile(r"[A-Za-z一-鿿][A-Za-z0-9一-鿿_()/·%-]{1,15}")
EXAMPLE = "字段 客户 新增 设备型号偏好 单选 A/B/C"


@dataclass(frozen=True, slots=True)
class NewField:
    """A field to be added."""

    label: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    formula: str = ""
    required: bool = False


def columns(ctx: Context, object: str) -> tuple[FieldSpec, ...]:  # noqa: A002 as the tables call it
    """All fields of a kind of record, built in and added: what forms, import and the API go by.

    `crm.custom.reading.value_of(ctx, spec, text)` checks a value of an added one.
    """
    return specs.every(ctx.session, object)


def listed(ctx: Context, object: str) -> tuple[FieldSpec, ...]:  # noqa: A002 see columns
    """The fields that were added to a kind of record."""
    return specs.added(ctx.session, object)


def object_key(ctx: Context, word: str) -> str:
    """The kind of record that a word means. Raises `UserMistake` with those there are."""
    if word in OBJECT_WORDS:
        return OBJECT_WORDS[word]
    query = select(CustomObject).where(col(CustomObject.archived_at).is_(None)).order_by(col(CustomObject.id))
    own: list[CustomObject] = list(ctx.session.execute(query.limit(50)).scalars())
    for one in own:
        if fold(word) in (one.name_norm, one.key):
            return one.key
    names = "、".join([*OBJECT_NAMES.values(), *(one.name for one in own)])
    raise UserMistake(f"没有“{word[:16]}”这种记录，可以加字段的有：{names}。例如：{EXAMPLE}")


def object_name(ctx: Context, key: str) -> str:
    """How a kind of record is called."""
    if key in OBJECT_NAMES:
        return OBJECT_NAMES[key]
    query = select(col(CustomObject.name)).where(col(CustomObject.key) == key)
    return ctx.session.execute(query).scalar() or key


def find(ctx: Context, object: str, label: str) -> CustomField:  # noqa: A002 see columns
    """An added field by its label. Raises `UserMistake` with those there are."""
    row = _by_label(ctx, object, label)
    if row is not None:
        return row
    there = "、".join(spec.label for spec in listed(ctx, object)) or "还没有"
    called = object_name(ctx, object)
    if any(fold(spec.label) == fold(label) for spec in built_in(object)):
        raise UserMistake(f"“{label[:16]}”是{called}自带的字段，不能改。自己加的有：{there}")
    raise UserMistake(f"{called}没有“{label[:16]}”这个字段，自己加的有：{there}。例如：{EXAMPLE}")


def add(ctx: Context, object: str, new: NewField) -> CustomField:  # noqa: A002 see columns
    """Add a field, or bring back the one of this name and kind that was removed, with its values.

    Raises `NotAllowed`, `UserMistake`, `Conflict` where the record has a field of this name.
    """
    need(ctx, Right.CONFIGURE)
    label = _label(ctx, object, new.label)
    there = listed(ctx, object)
    if len(there) >= specs.MOST_FIELDS:
        raise UserMistake(f"{object_name(ctx, object)}最多{specs.MOST_FIELDS}个字段，先删掉不用的。")
    options = _options(label, new.kind, new.options)
    formula = formulas.define(new.formula, columns(ctx, object)) if new.kind is Kind.FORMULA else ""
    old = _archived(ctx, object, label, new.kind)
    if old is not None:
        merged = [*old.options, *(one for one in options if one not in old.options)]
        return changed(ctx, old, archived_at=None, options=merged, formula=formula or old.formula)
    row = CustomField(
        object=object,
        key=key_for(label, _keys(ctx, object)),
        label=label,
        label_norm=fold(label),
        kind=new.kind.value,
        options=options,
        formula=formula,
        required=new.required,
        position=len(there) + 1,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            return created(ctx, row)
    except IntegrityError as error:  # somebody added it at the same moment
        raise Conflict(f"字段“{label}”刚刚已经有人加了，没有重复新增。") from error


def rename(ctx: Context, row: CustomField, label: str) -> CustomField:
    """Call a field something else; values and formulas stay."""
    need(ctx, Right.CONFIGURE)
    if fold(label) != row.label_norm:
        label = _label(ctx, row.object, label)
    return changed(ctx, row, label=label, label_norm=fold(label))


def add_options(ctx: Context, row: CustomField, options: Sequence[str]) -> CustomField:
    """Let a choice have more options."""
    need(ctx, Right.CONFIGURE)
    _need_choosing(row)
    known = {fold(one) for one in row.options}
    fresh = [one for one in _clean(options) if fold(one) not in known]
    if not fresh:
        raise UserMistake(f"{row.label}已经有这些选项：{'、'.join(row.options)}")
    return changed(ctx, row, options=_options(row.label, Kind(row.kind), (*row.options, *fresh)))


def drop_options(ctx: Context, row: CustomField, options: Sequence[str]) -> CustomField:
    """Take options away; records that have one of them keep it until they are changed."""
    need(ctx, Right.CONFIGURE)
    _need_choosing(row)
    gone = {fold(one) for one in _clean(options)}
    left = [one for one in row.options if fold(one) not in gone]
    if len(left) == len(row.options):
        raise UserMistake(f"{row.label}没有这个选项，现有：{'、'.join(row.options)}")
    if not left:
        raise UserMistake(f"{row.label}至少要留一个选项，现有：{'、'.join(row.options)}")
    return changed(ctx, row, options=left)


def set_options(ctx: Context, row: CustomField, options: Sequence[str]) -> CustomField:
    """Give a choice these options; records that have another keep it until they are changed."""
    need(ctx, Right.CONFIGURE)
    _need_choosing(row)
    return changed(ctx, row, options=_options(row.label, Kind(row.kind), options))


def set_formula(ctx: Context, row: CustomField, formula: str) -> CustomField:
    """Work a field out in another way."""
    need(ctx, Right.CONFIGURE)
    if row.kind != Kind.FORMULA:
        raise UserMistake(f"{row.label}是{KIND_NAMES[Kind(row.kind)]}，不是公式。")
    return changed(ctx, row, formula=formulas.define(formula, columns(ctx, row.object)))


def set_required(ctx: Context, row: CustomField, *, required: bool) -> CustomField:
    """Say whether a field may be emptied."""
    need(ctx, Right.CONFIGURE)
    return changed(ctx, row, required=required)


def remove(ctx: Context, row: CustomField) -> CustomField:
    """Archive a field: its values stay and come back with it. Raises `Conflict` where a formula needs it."""
    need(ctx, Right.CONFIGURE)
    need(ctx, Right.DELETE)
    users = [s.label for s in listed(ctx, row.object) if row.key in formulas.uses(s.formula)]
    if users:
        raise Conflict(f"公式字段“{'、'.join(users)}”用到了“{row.label}”，先改公式或删掉它。")
    return changed(ctx, row, archived_at=ctx.now)


def restore(ctx: Context, object: str, label: str) -> CustomField:  # noqa: A002 see columns
    """Bring a removed field back with its values, the one removed last where several had the name."""
    need(ctx, Right.CONFIGURE)
    query = (
        select(CustomField)
        .where(
            col(CustomField.object) == object,
            col(CustomField.label_norm) == fold(label),
            col(CustomField.archived_at).is_not(None),
        )
        .order_by(col(CustomField.archived_at).desc())
        .limit(1)
    )
    row: CustomField | None = ctx.session.execute(query).scalar()
    if row is None:
        raise UserMistake(f"{object_name(ctx, object)}没有删除过叫“{label[:16]}”的字段。")
    _label(ctx, object, row.label)
    return changed(ctx, row, archived_at=None)


def get(ctx: Context, field_id: int, version: int) -> CustomField:
    """A field as it was when it was asked about. Raises `Conflict` where it has changed since."""
    row = ctx.session.get(CustomField, field_id)
    if row is None or row.archived_at is not None:
        raise Conflict("这个字段已经删除了。")
    if row.version != version:
        raise Conflict(f"字段“{row.label}”刚刚改过，请再看一眼再删。")
    return row


def filled(ctx: Context, row: CustomField) -> int:
    """How many records have a value in this field."""
    query = select(func.count(func.distinct(col(CustomValue.object_id)))).where(
        col(CustomValue.field_id) == row.id
    )
    return int(ctx.session.execute(query).scalar_one())


def _label(ctx: Context, object: str, label: str) -> str:  # noqa: A002 see columns
    """A label as it is kept. Raises `UserMistake` for one that is none, `Conflict` for one that is taken."""
    label = unicodedata.normalize("NFKC", label).strip()
    if not LABEL.fullmatch(label) or label in RESERVED:
        raise UserMistake(f"字段名用2到16个字，以汉字或字母开头，中间不空格，例如：{EXAMPLE}")
    called = object_name(ctx, object)
    if any(fold(spec.label) == fold(label) for spec in built_in(object)):
        raise Conflict(f"{called}本来就有“{label}”，直接填就行。")
    same = _by_label(ctx, object, label)
    if same is not None:
        kind = KIND_NAMES[Kind(same.kind)]
        raise Conflict(f"{called}已经有字段“{same.label}”（{kind}），没有重复新增。")
    return label


def _by_label(ctx: Context, object: str, label: str) -> CustomField | None:  # noqa: A002 see columns
    query = select(CustomField).where(
        col(CustomField.object) == object,
        col(CustomField.label_norm) == fold(label),
        col(CustomField.archived_at).is_(None),
    )
    return ctx.session.execute(query).scalar()


def _archived(ctx: Context, object: str, label: str, kind: Kind) -> CustomField | None:  # noqa: A002 see columns
    query = (
        select(CustomField)
        .where(
            col(CustomField.object) == object,
            col(CustomField.label_norm) == fold(label),
            col(CustomField.kind) == kind.value,
            col(CustomField.archived_at).is_not(None),
        )
        .order_by(col(CustomField.archived_at).desc())
        .limit(1)
    )
    return ctx.session.execute(query).scalar()


def _keys(ctx: Context, object: str) -> frozenset[str]:  # noqa: A002 see columns
    query = select(col(CustomField.key)).where(col(CustomField.object) == object)
    return frozenset(ctx.session.execute(query).scalars()) | {spec.key for spec in built_in(object)}


def _need_choosing(row: CustomField) -> None:
    if Kind(row.kind) not in CHOOSING:
        raise UserMistake(f"{row.label}是{KIND_NAMES[Kind(row.kind)]}，没有选项。")


def _clean(options: Sequence[str]) -> list[str]:
    """Options without blanks around them, each once."""
    said = [unicodedata.normalize("NFKC", one).strip() for one in options]
    return list({fold(one): one for one in said if fold(one)}.values())


def _options(label: str, kind: Kind, options: Sequence[str]) -> list[str]:
    if kind not in CHOOSING:
        return []
    clean = _clean(options)
    if not clean:
        example = f"字段 客户 新增 {label} {KIND_NAMES[kind]} A/B/C"
        raise UserMistake(f"{label}要有选项，用斜杠隔开，例如：{example}")
    if len(clean) > MOST_OPTIONS or any(len(one) > LONGEST_OPTION for one in clean):
        raise UserMistake(f"{label}最多{MOST_OPTIONS}个选项，每个最多{LONGEST_OPTION}个字。")
    return clean
