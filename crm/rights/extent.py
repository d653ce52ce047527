"""How far somebody reaches: whose records, and which single ones beyond that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Select, bindparam, literal, select, union_all
from sqlmodel import col

from crm.context import SYSTEM, Context
from crm.rights.lines import members_in
from crm.rights.memo import once_a_turn
from crm.rights.policy import Policy, policy_of
from crm.rights.pool import POOL, opens
from crm.rights.scopes import Scope, Verb
from store.tables import (
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Collaborator,
    Quote,
    Role,
    Task,
    TaskStatus,
)

READ_GRANTS = ("read", "write")
_CUSTOMER, _RECORD = 0, 1
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class Reach:
    """The records of `members`, all of `customers`, and single `records`; `everything` is just that."""

    everything: bool = False
    members: frozenset[int] = frozenset()
    customers: frozenset[int] = frozenset()
    records: frozenset[int] = frozenset()

    def covers(self, customer_id: int, owner_id: int) -> bool:
        """Whether a customer of this owner is within."""
        return self.everything or owner_id in self.members or customer_id in self.customers


@once_a_turn
def reach(ctx: Context, object_: str, verb: Verb = Verb.READ) -> Reach:
    """How far the actor sees or changes records of a kind; whoever stands in has the other's reach too.

    What may be changed is never more than what may be seen, single records that were granted aside.
    """
    if ctx.actor.id == SYSTEM.id:
        return Reach(everything=True)
    policy = policy_of(ctx)
    acting = policy.acting(ctx.actor.id, ctx.actor.role, ctx.now)
    members: set[int] = set()
    for member_id, role in acting:
        found = _members(ctx, policy, (member_id, role), object_, verb)
        if found is None:
            return Reach(everything=True)
        members |= found
        if verb is Verb.READ and opens(ctx, policy, (member_id, role), object_):
            members.add(POOL)
    able = [one for one, role in acting if policy.scope(role, object_, verb)[0] is not Scope.NONE]
    customers, records = _granted(ctx, able, object_, verb)
    return Reach(False, frozenset(members), customers, records)


def narrowed(ctx: Context, object_: str) -> bool:
    """Whether records of a kind have a scope of their own for the actor and do not follow their customer."""
    policy = policy_of(ctx)
    acting = policy.acting(ctx.actor.id, ctx.actor.role, ctx.now)
    return any((role, object_, Verb.READ) in policy.scopes for _, role in acting)


@once_a_turn
def people(ctx: Context, verb: Verb = Verb.READ) -> frozenset[int] | None:
    """The members whose customers the actor sees or changes; None for everybody's."""
    if ctx.actor.id == SYSTEM.id:
        return None
    policy = policy_of(ctx)
    members: set[int] = set()
    for one in policy.acting(ctx.actor.id, ctx.actor.role, ctx.now):
        found = _members(ctx, policy, one, "customer", verb)
        if found is None:
            return None
        members |= found
    return frozenset(members)


def _members(
    ctx: Context, policy: Policy, who: tuple[int, Role], object_: str, verb: Verb
) -> frozenset[int] | None:
    """Whose records one member reaches by his role; None for everybody's."""
    member_id, role = who
    wanted = {policy.scope(role, object_, one) for one in (Verb.READ, verb)}
    narrow = [members_in(ctx, member_id, scope, given) for scope, given in wanted if scope is not Scope.ALL]
    return frozenset.intersection(*narrow) if narrow else None


def _granted(
    ctx: Context, ids: Collection[int], object_: str, verb: Verb
) -> tuple[frozenset[int], frozenset[int]]:
    """The customers and the records of the kind that are open to these members beyond their scope."""
    customers: set[int] = set()
    records: set[int] = set()
    given = {"ids": list(ids), "now": ctx.now}
    for kind, granted in ctx.session.execute(_grants(object_, verb), given):
        (customers if kind == _CUSTOMER else records).add(granted)
    return frozenset(customers), frozenset(records)


@lru_cache
def _grants(object_: str, verb: Verb) -> CompoundSelect[Any, Any]:
    """The question for what is open beyond the scope, made once for each kind of records."""
    queries = [_shared("customer", _CUSTOMER, verb)]
    if object_ != "customer":
        queries.append(_shared(object_, _RECORD, verb))
    if verb is Verb.READ:
        queries += [_assigned(), _asked_about("customer", _CUSTOMER), _offered()]
        if object_ != "customer":
            queries.append(_asked_about(object_, _RECORD))
    return union_all(*queries)


def _shared(object_: str, kind: int, verb: Verb) -> Select[Any, Any]:
    """What somebody works on as a collaborator, until it is over."""
    rights = READ_GRANTS if verb is Verb.READ else ("write",)
    return select(literal(kind), col(Collaborator.object_id)).where(
        col(Collaborator.member_id).in_(_IDS),
        col(Collaborator.object) == object_,
        col(Collaborator.right).in_(rights),
        col(Collaborator.ended_at).is_(None),
        col(Collaborator.expires_at).is_(None) | (col(Collaborator.expires_at) > bindparam("now")),
    )


def _assigned() -> Select[Any, Any]:
    """The customers of open tasks that somebody else has given; a task of one's own opens nothing."""
    return select(literal(_CUSTOMER), col(Task.customer_id)).where(
        col(Task.assignee_id).in_(_IDS),
        col(Task.status) == TaskStatus.OPEN,
        col(Task.customer_id).is_not(None),
        col(Task.creator_id).not_in(_IDS),
    )


def _waiting() -> Select[Any]:
    """The approvals that wait for somebody's word."""
    return select(col(ApprovalTask.approval_id)).where(
        col(ApprovalTask.assignee_id).in_(_IDS), col(ApprovalTask.status) == ApprovalStatus.PENDING
    )


def _asked_about(object_: str, kind: int) -> Select[Any, Any]:
    """The records about which somebody is to decide, as long as that is open."""
    return select(literal(kind), col(Approval.object_id)).where(
        col(Approval.id).in_(_waiting()),
        col(Approval.status) == ApprovalStatus.PENDING,
        col(Approval.object) == object_,
    )


def _offered() -> Select[Any, Any]:
    """The customers of the quotes about which somebody is to decide."""
    return (
        select(literal(_CUSTOMER), col(Quote.customer_id))
        .join(Approval, col(Approval.object_id) == col(Quote.id))
        .where(
            col(Approval.id).in_(_waiting()),
            col(Approval.status) == ApprovalStatus.PENDING,
            col(Approval.object) == "quote",
        )
    )
