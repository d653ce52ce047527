"""What the organisation sets of the rights: by role, written down, undoable, in force at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm.context import Context
from crm.errors import Conflict, UserMistake
from crm.journal import changed, created
from crm.rights.fields import ACCESS_NAMES, FIELD_NAMES, FieldAccess, usual, usual_in_pool
from crm.rights.policy import policy_of
from crm.rights.scopes import OBJECT_NAMES, POOL_OBJECT, SCOPE_NAMES, Scope, Verb
from crm.rights.scopes import usual as usual_scope
from crm.rights.verbs import RIGHT_NAMES, USUAL, Right, need
from crm.rights.words import ROLE_NAMES
from store.tables import ActionRight, CustomField, Department, FieldRight, Role, RoleScope, Table

R = TypeVar("R", bound=Table)
VERB_NAMES: dict[Verb, str] = {Verb.READ: "查看", Verb.WRITE: "修改"}
OF_POOL = frozenset({Scope.NONE, Scope.GIVEN, Scope.ALL, None})


@dataclass(frozen=True, slots=True)
class Setting:
    """What was set, in words: for whom, what, how it was and how it is."""

    role: Role
    what: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether it was so before."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class RoleRights:
    """The rights of a role in words: (what, how far), and the acts that it may and may not do."""

    role: Role
    scopes: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    may: tuple[str, ...]
    may_not: tuple[str, ...]


def set_scope(
    ctx: Context, role: Role, object_: str, verb: Verb, scope: Scope | None, departments: Sequence[int] = ()
) -> Setting:
    """Let a role see or change a kind of record this far; None for as usual. Raises `NotAllowed`."""
    need(ctx, Right.CONFIGURE)
    if scope is Scope.GIVEN and not departments:
        raise UserMistake("指定部门要写部门名称，例如：权限 客服 客户 指定 华东区")
    _need_sense(ctx, role, object_, verb, scope)
    before = _scope_words(ctx, role, object_, verb)
    where = {"role": role.value, "object": object_, "verb": verb.value}
    _put(ctx, RoleScope, where, {"scope": scope.value if scope else "", "departments": list(departments)})
    return Setting(role, _act(object_, verb), before, _scope_words(ctx, role, object_, verb))


def set_field(ctx: Context, role: Role, object_: str, field: str, access: FieldAccess | None) -> Setting:
    """Hide, mask or open a field for a role; None for as usual. Raises `NotAllowed`."""
    need(ctx, Right.CONFIGURE)
    before = _field_words(ctx, role, object_, field)
    where = {"role": role.value, "object": object_, "field": field}
    _put(ctx, FieldRight, where, {"right": access.value if access else ""})
    return Setting(role, field_name(ctx, object_, field), before, _field_words(ctx, role, object_, field))


def set_action(ctx: Context, role: Role, right: Right, *, allowed: bool | None) -> Setting:
    """Let a role do something or not; None for as usual. Raises `NotAllowed`, `UserMistake`."""
    need(ctx, Right.CONFIGURE)
    if role is Role.ADMIN and right is Right.CONFIGURE and allowed is False:
        raise UserMistake("管理员的设置权限不能关掉，否则没有人能再改权限。")
    before = _action_words(ctx, role, right)
    _put(ctx, ActionRight, {"role": role.value, "action": right.value}, {"allowed": allowed})
    return Setting(role, RIGHT_NAMES[right], before, _action_words(ctx, role, right))


def rights_of(ctx: Context, role: Role) -> RoleRights:
    """All rights of a role, in words."""
    said = policy_of(ctx)
    always = ("customer", POOL_OBJECT)
    objects = [o for o in OBJECT_NAMES if o in always or any((role, o, v) in said.scopes for v in Verb)]
    scopes = [(_act(one, verb), _scope_words(ctx, role, one, verb)) for one in objects for verb in Verb]
    own = [(object_, field) for of, object_, field in said.fields if of == role]
    names = dict.fromkeys([*FIELD_NAMES, *own])
    fields = [(field_name(ctx, *one), _field_words(ctx, role, *one)) for one in names]
    plain = ACCESS_NAMES[FieldAccess.WRITE]
    allowed = {r: said.actions.get((role, r), role in USUAL[r]) for r in Right}
    return RoleRights(
        role,
        tuple(scopes),
        tuple((name, how) for name, how in fields if how != plain),
        tuple(RIGHT_NAMES[r] for r in Right if allowed[r]),
        tuple(RIGHT_NAMES[r] for r in Right if not allowed[r]),
    )


def field_name(ctx: Context, object_: str, field: str) -> str:
    """联系人手机, 客户设备型号偏好, 公海客户的联系人手机."""
    if object_ == POOL_OBJECT:
        return f"公海里的{field_name(ctx, *field.split('.', 1))}"
    name = FIELD_NAMES.get((object_, field))
    if name is None:
        query = select(col(CustomField.label)).where(
            col(CustomField.object) == object_, col(CustomField.key) == field
        )
        name = ctx.session.execute(query.limit(1)).scalar() or field
    return f"{OBJECT_NAMES.get(object_, object_)}{name}"


def field_called(ctx: Context, object_: str, name: str) -> str | None:
    """The key of the field of a kind of record that goes by this name; None where there is none."""
    wanted = {"电话": "手机", "手机号": "手机", "电话号码": "手机", "等级": "级别", "总价": "金额"}.get(
        name, name
    )
    if object_ == POOL_OBJECT:
        whole = {said: f"{of}.{field}" for (of, field), said in reversed(FIELD_NAMES.items())}
        whole |= {f"{OBJECT_NAMES[of]}{said}": f"{of}.{field}" for (of, field), said in FIELD_NAMES.items()}
        return whole.get(wanted)
    for (of, field), said in FIELD_NAMES.items():
        if of == object_ and said == wanted:
            return field
    query = select(col(CustomField.key)).where(
        col(CustomField.object) == object_,
        col(CustomField.label) == name,
        col(CustomField.archived_at).is_(None),
    )
    return ctx.session.execute(query.order_by(col(CustomField.id)).limit(1)).scalar()


def departments_called(ctx: Context, names: Sequence[str]) -> list[int]:
    """The departments of these names. Raises `UserMistake` where there is none of a name."""
    query = select(col(Department.name), col(Department.id)).where(
        col(Department.name).in_(list(names)), col(Department.archived_at).is_(None)
    )
    found: dict[str, list[int]] = {}
    for name, one in ctx.session.execute(query.order_by(col(Department.id))):
        found.setdefault(name, []).append(one)
    missing = [name for name in names if name not in found]
    if missing:
        raise UserMistake(
            f"没有找到部门“{missing[0]}”，名称要和通讯录里一样，例如：权限 客服 客户 指定 华东区"
        )
    return [one for name in names for one in found[name]]


def _put(ctx: Context, model: type[R], where: dict[str, Any], values: dict[str, Any]) -> None:
    table: Any = model
    query = select(model).where(*(col(getattr(table, name)) == value for name, value in where.items()))
    row = ctx.session.execute(query.with_for_update()).scalar_one_or_none()
    if row is not None:
        changed(ctx, row, **values)
        return
    try:
        with ctx.session.begin_nested():
            created(ctx, model(**where, **values, updated_at=ctx.now))
    except IntegrityError as error:  # somebody set it at the same moment
        raise Conflict("这项权限刚刚被别人改了，看一下再改：权限") from error


def _act(object_: str, verb: Verb) -> str:
    """查看客户, 领取公海."""
    act = "领取" if object_ == POOL_OBJECT and verb is Verb.WRITE else VERB_NAMES[verb]
    return f"{act}{OBJECT_NAMES.get(object_, object_)}"


def _need_sense(ctx: Context, role: Role, object_: str, verb: Verb, scope: Scope | None) -> None:
    """Raise `UserMistake` for what cannot be set: the pool is open or not, a customer always to its owner."""
    name, pool = ROLE_NAMES[role], object_ == POOL_OBJECT
    if pool and scope not in OF_POOL:
        raise UserMistake(f"公海只分开放和不开放，例如：权限 {name} 公海 全部（或 不开放、指定 华东区）")
    if not pool and scope is Scope.NONE:
        raise UserMistake(f"{OBJECT_NAMES.get(object_, object_)}最小到本人，例如：权限 {name} 客户 本人")
    whole = policy_of(ctx).scope(role, "customer", Verb.READ)[0] is Scope.ALL
    if pool and verb is Verb.READ and whole and scope in (Scope.NONE, Scope.GIVEN):
        raise UserMistake(f"{name}能看全部客户，公海也在里面。要限制公海，先改：权限 {name} 客户 本人及下属")


def _scope_words(ctx: Context, role: Role, object_: str, verb: Verb) -> str:
    said = policy_of(ctx).scopes.get((role, object_, verb))
    if said is None and object_ not in ("customer", POOL_OBJECT):
        return "跟客户一样"
    scope, departments = said or (usual_scope(role, verb), ())
    if object_ == POOL_OBJECT:
        whole = verb is Verb.READ and policy_of(ctx).scope(role, "customer", verb)[0] is Scope.ALL
        scope, departments = (Scope.ALL, ()) if whole else policy_of(ctx).scope(role, object_, verb)
    if scope is not Scope.GIVEN:
        return SCOPE_NAMES[scope]
    query = select(col(Department.name)).where(col(Department.id).in_(departments))
    names = ctx.session.execute(query.order_by(col(Department.id)).limit(20)).scalars()
    return f"{SCOPE_NAMES[scope]}：{'、'.join(names)}"


def _field_words(ctx: Context, role: Role, object_: str, field: str) -> str:
    said = policy_of(ctx).fields.get((role, object_, field))
    if not said and object_ == POOL_OBJECT:
        return ACCESS_NAMES[usual_in_pool(role, field)]
    return ACCESS_NAMES[FieldAccess(said) if said else usual(role, object_, field)]


def _action_words(ctx: Context, role: Role, right: Right) -> str:
    allowed = policy_of(ctx).actions.get((role, right), role in USUAL[right])
    return "允许" if allowed else "不允许"
