"""Which fields a role may read: hidden, masked, read or write; and values as they may be seen."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from crm.context import Context
from crm.errors import NotAllowed
from crm.rights.policy import policy_of
from crm.rights.pool import POOL
from crm.rights.scopes import POOL_OBJECT, WRITES_ALL
from crm.rights.words import ROLE_NAMES, named
from store.tables import Role


class FieldAccess(StrEnum):
    """What may be done with a field, least first."""

    HIDDEN = "hidden"
    MASKED = "masked"
    READ = "read"
    WRITE = "write"


ACCESS_NAMES: dict[FieldAccess, str] = {
    FieldAccess.HIDDEN: "隐藏",
    FieldAccess.MASKED: "打码",
    FieldAccess.READ: "可看",
    FieldAccess.WRITE: "可改",
}
FIELD_NAMES: dict[tuple[str, str], str] = {
    ("contact", "phone"): "手机",
    ("contact", "email"): "邮箱",
    ("contact", "wechat"): "微信",
    ("contact", "birthday"): "生日",
    ("contact", "likes"): "喜好",
    ("contact", "note"): "备注",
    ("customer", "level"): "级别",
    ("customer", "source"): "来源",
    ("customer", "industry"): "行业",
    ("customer", "region"): "地区",
    ("customer", "note"): "备注",
    ("activity", "amount"): "金额",
    ("quote", "total"): "金额",
    ("quote", "discount"): "折扣",
    ("quote", "cost"): "成本",
    ("quote", "margin"): "毛利",
    ("asset", "serial"): "序列号",
}
"""The fields that have rights of their own; those of the organisation's own go by their key."""

STARS = "***"  # for a figure, whose ends say too much
_PARTS: dict[tuple[str, str], str] = {
    ("quote", "amount"): "total",
    ("activity", "amount_low"): "amount",
    ("activity", "amount_high"): "amount",
    **{("contact", f"birth{part}"): "birthday" for part in ("day_kind", "_month", "_day", "_leap", "_year")},
}
"""Columns that are a part of what has a right of its own."""
_FIGURES = frozenset(
    {
        ("quote", "total"),
        ("quote", "discount"),
        ("quote", "cost"),
        ("quote", "margin"),
        ("activity", "amount"),
    }
)

_OUTSIDE = dict.fromkeys((Role.FINANCE, Role.MARKETING, Role.AUDITOR), FieldAccess.MASKED)
_NO_COST = dict.fromkeys((Role.SALES, Role.SERVICE, Role.MARKETING), FieldAccess.HIDDEN)
USUAL: dict[tuple[str, str], dict[Role, FieldAccess]] = {
    ("contact", "phone"): _OUTSIDE,
    ("contact", "email"): _OUTSIDE,
    ("contact", "wechat"): _OUTSIDE,
    ("quote", "cost"): _NO_COST,
    ("quote", "margin"): _NO_COST,
}
"""What departs from writing where the organisation says nothing else; one's own customers are not masked."""

_ORDER = list(FieldAccess)
POOL_MASKED = frozenset({"contact.phone", "contact.email", "contact.wechat"})
"""What is masked of a customer in the pool, but for those who may change every customer."""

PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?!\d)")


def usual(role: Role, object_: str, field: str) -> FieldAccess:
    """What a role may do with a field where nothing else is set. Pure."""
    return USUAL.get((object_, field), {}).get(role, FieldAccess.WRITE)


def usual_in_pool(role: Role, field: str) -> FieldAccess:
    """The same for a field, named with its kind of record, of a customer in the pool. Pure."""
    mask = field in POOL_MASKED and role not in WRITES_ALL
    return FieldAccess.MASKED if mask else FieldAccess.WRITE


def access(ctx: Context, object_: str, field: str, owner_id: int | None = None) -> FieldAccess:
    """What the actor may do with a field of a record that `owner_id` looks after.

    A mask of the usual rights is not for one's own records; one that the organisation has set is. Of what is
    in the pool less may be seen, never more.
    """
    field = _PARTS.get((object_, field), field)
    may = _access(ctx, object_, field, owner_id)
    return min(may, _in_pool(ctx, f"{object_}.{field}"), key=_ORDER.index) if owner_id == POOL else may


def _in_pool(ctx: Context, field: str) -> FieldAccess:
    """What the actor may do with a field, named with its kind of record, of a customer nobody looks after."""
    said = policy_of(ctx).fields.get((ctx.actor.role, POOL_OBJECT, field))
    return FieldAccess(said) if said else usual_in_pool(ctx.actor.role, field)


def _access(ctx: Context, object_: str, field: str, owner_id: int | None) -> FieldAccess:
    said = policy_of(ctx).fields.get((ctx.actor.role, object_, field))
    if said:
        return FieldAccess(said)
    found = usual(ctx.actor.role, object_, field)
    mine = owner_id is not None and owner_id == ctx.actor.id
    return FieldAccess.WRITE if mine and found is FieldAccess.MASKED else found


def shown(ctx: Context, object_: str, field: str, value: str, owner_id: int | None = None) -> str:
    """The value as the actor may see it: plain, masked, or "" where it is hidden."""
    if not value:
        return ""
    may = access(ctx, object_, field, owner_id)
    if may is FieldAccess.HIDDEN:
        return ""
    if may is not FieldAccess.MASKED:
        return value
    whole = (object_, _PARTS.get((object_, field), field))
    if whole == ("contact", "birthday"):
        return ""  # no part of a day is worth showing
    return STARS if whole in _FIGURES else masked(value)


def shown_amount(
    ctx: Context, object_: str, field: str, fen: int | None, owner_id: int | None = None
) -> int | None:
    """An amount in fen as the actor may see it; None where it is masked or hidden."""
    may = access(ctx, object_, field, owner_id)
    return None if may in (FieldAccess.HIDDEN, FieldAccess.MASKED) else fen


def shown_words(ctx: Context, text: str, owner_id: int | None = None) -> str:
    """What somebody wrote, with the phone numbers in it as the actor may see them."""
    if PHONE.search(text) is None or access(ctx, "contact", "phone", owner_id) in (
        FieldAccess.READ,
        FieldAccess.WRITE,
    ):
        return text
    return without_phones(text)


def without_phones(text: str) -> str:
    """A text in which phone numbers are masked. Pure."""
    return PHONE.sub(lambda found: f"{found[1]}****{found[4]}", text)


def masked(value: str) -> str:
    """A value of which only the ends are left: 138****8000, z***@huaxing.com. Pure."""
    name, at, domain = value.partition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    if len(value) >= 7:
        return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else f"{value[:2]}****{value[-2:]}"
    return f"{value[:1]}***" if value else ""


def need_field(
    ctx: Context, object_: str, field: str, owner_id: int | None = None, *, empty: bool = False
) -> None:
    """Raise `NotAllowed` unless the actor may change the field: naming it and the roles that may.

    What is `empty` may be filled in by those who would see it masked.
    """
    may = access(ctx, object_, field, owner_id)
    if may is FieldAccess.WRITE or (empty and may is FieldAccess.MASKED):
        return
    who = named(roles_writing(ctx, object_, field))
    name = FIELD_NAMES.get((object_, field), field)
    raise NotAllowed(f"{name}由{who}修改，你是{ROLE_NAMES[ctx.actor.role]}，这次没有改。")


def roles_writing(ctx: Context, object_: str, field: str) -> tuple[Role, ...]:
    """The roles that may change a field, in the order of `Role`."""
    return _roles(ctx, object_, field, {FieldAccess.WRITE})


def roles_reading(ctx: Context, object_: str, field: str) -> tuple[Role, ...]:
    """The roles that see a field in plain, in the order of `Role`."""
    return _roles(ctx, object_, field, {FieldAccess.READ, FieldAccess.WRITE})


def _roles(ctx: Context, object_: str, field: str, wanted: Collection[FieldAccess]) -> tuple[Role, ...]:
    said = policy_of(ctx).fields
    field = _PARTS.get((object_, field), field)
    return tuple(
        role
        for role in Role
        if FieldAccess(said.get((role, object_, field)) or usual(role, object_, field)) in wanted
    )
