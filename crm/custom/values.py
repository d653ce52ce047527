"""Values of the fields that the organisation has added: shown on cards, set through the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from crm import rights
from crm.context import Context
from crm.custom import formulas, index, show, specs
from crm.custom.builtin import built_in
from crm.custom.kinds import FieldSpec, Kind
from crm.custom.reading import value_of
from crm.errors import NotAllowed, UserMistake
from crm.journal import changed
from crm.rights import FieldAccess
from store.tables import Activity, Customer, CustomRecord, Table

EMPTY = frozenset({"", "空", "清空", "无", "没有", "删除", "-"})
"""What is typed to take a value away."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a field was and is now, in words; "" for nothing."""

    label: str
    before: str
    after: str


def lines(ctx: Context, object: str, row: Table) -> list[tuple[str, str]]:  # noqa: A002 as the tables call it
    """(label, text) of each added field of a record that has a value, as the actor may see it.

    `object` is customer, contact, activity, asset or the key of a kind of the organisation's own. Formulas
    are worked out, and hidden where one of the fields that they need is.
    """
    found = specs.added(ctx.session, object)
    whole = (*built_in(object), *found)
    owner_id = owner_of(ctx, row)
    told: list[tuple[str, str]] = []
    for spec in found:
        if spec.kind is not Kind.FORMULA:
            text = show.text_of(ctx, spec, show.raw(row, spec))
        elif all(_plain(ctx, object, key, owner_id) for key in formulas.uses(spec.formula)):
            text = show.worked_out(ctx, spec, row, whole)
        else:
            text = ""
        text = rights.shown(ctx, object, spec.key, text, owner_id) if text else ""
        if text:
            told.append((spec.label, text))
    return told


def line(ctx: Context, row: Table, key: str) -> tuple[str, str]:
    """(label, text) of one added field of a record as the actor may see it; "" for none.

    Raises `NotAllowed` for a field, or a formula over one, that the actor may not see.
    """
    object_ = index.object_of(ctx.session, row)
    spec = need_field(ctx, object_, key)
    owner_id = owner_of(ctx, row)
    needed = [key, *formulas.uses(spec.formula)]
    if any(rights.access(ctx, object_, one, owner_id) is FieldAccess.HIDDEN for one in needed):
        role, who = rights.ROLE_NAMES[ctx.actor.role], rights.named(rights.roles_reading(ctx, object_, key))
        raise NotAllowed(f"{spec.label}你的角色（{role}）看不到，{who}能看，需要的话请管理员开通。")
    told = dict(lines(ctx, object_, row))
    return spec.label, told.get(spec.label, "")


def put(ctx: Context, row: Table, given: Mapping[str, str]) -> list[Change]:
    """Set added fields of a record, by key, to what was said; `EMPTY` takes a value away.

    Either all are set or none. Raises `NotAllowed`, `UserMistake` that names the field.
    """
    object_ = index.object_of(ctx.session, row)
    need_edit(ctx, row)
    ctx.session.refresh(row, with_for_update=True)  # another field may be set at this moment
    held: dict[str, Any] = dict(getattr(row, "ext", None) or {})
    done: list[Change] = []
    for key, said in given.items():
        spec = need_field(ctx, object_, key)
        _need_write(ctx, spec, owner_of(ctx, row))
        value = _read(ctx, spec, said)
        before = show.text_of(ctx, spec, held.get(key))
        held = {k: v for k, v in held.items() if k != key} | ({} if value is None else {key: value})
        done.append(Change(spec.label, before, show.text_of(ctx, spec, value)))
    changed(ctx, row, ext=held)
    return done


def checked(ctx: Context, object: str, given: Mapping[str, str]) -> dict[str, Any]:  # noqa: A002 see lines
    """What `ext` of a new record holds for what was said. Raises `UserMistake` for a value or one missing."""
    rights.need_write(ctx)
    held: dict[str, Any] = {}
    for key, said in given.items():
        spec = need_field(ctx, object, key)
        _need_write(ctx, spec, ctx.actor.id)
        value = _read(ctx, spec, said)
        if value is not None:
            held[key] = value
    missing = [s for s in specs.added(ctx.session, object) if s.required and s.key not in held]
    if missing:
        wanted = "、".join(spec.label for spec in missing)
        raise UserMistake(f"还差必填的{wanted}，例如：{missing[0].label} {missing[0].example}")
    return held


def need_field(ctx: Context, object: str, key: str) -> FieldSpec:  # noqa: A002 see lines
    """The added field with this key. Raises `UserMistake` where it is gone."""
    spec = specs.by_key(specs.added(ctx.session, object), key)
    if spec is None:
        raise UserMistake("这个字段已经删除了，发“字段 客户”看现在有哪些。")
    return spec


def need_edit(ctx: Context, row: Table) -> None:
    """Raise `NotAllowed` unless the actor may change the record."""
    if isinstance(row, Customer):
        rights.need_edit(ctx, row)
        return
    customer_id: int | None = getattr(row, "customer_id", None)
    if isinstance(row, Activity | CustomRecord):
        owner = row.author_id if isinstance(row, Activity) else row.owner_id
        if rights.may_act_for(ctx, owner):
            return
        if customer_id is None or isinstance(row, Activity):
            who = rights.name_of(ctx, owner)
            rights.need_write(ctx, f"{who}、{who}的上级")
            raise NotAllowed(
                f"这条由{who}负责，只有{who}和上级、{rights.writers(ctx)}可以修改，这次没有写入。"
            )
    customer = ctx.session.get(Customer, customer_id) if customer_id is not None else None
    if customer is not None:
        rights.need_edit(ctx, customer)


def owner_of(ctx: Context, row: Table) -> int | None:
    """Who looks after a record: its own owner, its author, or the owner of its customer."""
    for name in ("owner_id", "author_id"):
        own: int | None = getattr(row, name, None)
        if own is not None:
            return own
    customer_id = getattr(row, "customer_id", None)
    query = select(col(Customer.owner_id)).where(col(Customer.id) == customer_id)
    return ctx.session.execute(query).scalar() if customer_id is not None else None


def _read(ctx: Context, spec: FieldSpec, said: str) -> Any:  # noqa: ANN401 as `ext` holds it, see Kind
    if said.strip() not in EMPTY or (said.strip() and said.strip() in spec.options):
        return value_of(ctx, spec, said)
    if spec.required:
        raise UserMistake(f"{spec.label}是必填的，不能清空，例如：{spec.label} {spec.example}")
    return None


def _need_write(ctx: Context, spec: FieldSpec, owner_id: int | None) -> None:
    if rights.access(ctx, spec.object, spec.key, owner_id) is not FieldAccess.WRITE:
        role = rights.ROLE_NAMES[ctx.actor.role]
        who = rights.named(rights.roles_writing(ctx, spec.object, spec.key))
        raise NotAllowed(f"{spec.label}你的角色（{role}）不能改，{who}能改，需要的话请管理员开通。")


def _plain(ctx: Context, object: str, key: str, owner_id: int | None) -> bool:  # noqa: A002 see lines
    return rights.access(ctx, object, key, owner_id) in (FieldAccess.READ, FieldAccess.WRITE)
