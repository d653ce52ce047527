"""The pool 公海: customers that nobody looks after, and the roles to which it is open.

They belong to one member who is nobody: `POOL`. To see them and to claim them are grants of their own, for a
role as a whole or for those of it in some departments. Until it is claimed a customer is not changed, but by
the roles that may change every customer, and its people's numbers are masked.
"""

from __future__ import annotations

from crm.context import SYSTEM, Context
from crm.errors import NotAllowed
from crm.rights.lines import belongs
from crm.rights.policy import Policy, policy_of
from crm.rights.scopes import POOL_OBJECT, Scope, Verb
from crm.rights.words import ROLE_NAMES, named
from store.tables import Role

POOL = 1
"""The id of the member that holds the pool; those of people are far larger."""
POOL_NAME = "公海"
IN_POOL = "在公海里，"


def is_open(ctx: Context, policy: Policy, who: tuple[int, Role], verb: Verb) -> bool:
    """Whether a member of a role sees the pool, or (to write is to claim) may claim from it."""
    member_id, role = who
    scope, departments = policy.scope(role, POOL_OBJECT, verb)
    if scope is Scope.GIVEN:
        return belongs(ctx, member_id, departments)
    return scope is Scope.ALL


def opens(ctx: Context, policy: Policy, who: tuple[int, Role], object_: str) -> bool:
    """Whether the pool opens records of a kind to a member; a kind with a scope of its own keeps to that."""
    own = object_ != "customer" and (who[1], object_, Verb.READ) in policy.scopes
    return not own and is_open(ctx, policy, who, Verb.READ)


def may_claim(ctx: Context) -> bool:
    """Whether the actor may claim customers from the pool; not in the place of somebody else."""
    if ctx.actor.id == SYSTEM.id:
        return False
    return is_open(ctx, policy_of(ctx), (ctx.actor.id, ctx.actor.role), Verb.WRITE)


def need_claim(ctx: Context) -> None:
    """Raise `NotAllowed`, which names the roles that may, unless the actor may claim."""
    if may_claim(ctx):
        return
    roles = roles_at_pool(ctx, Verb.WRITE)
    where = f"，{ROLE_NAMES[ctx.actor.role]}只限指定的部门" if ctx.actor.role in roles else ""
    role = ROLE_NAMES[ctx.actor.role]
    raise NotAllowed(f"公海客户由{named(roles)}领取{where}，你是{role}，这次没有领取。")


def roles_at_pool(ctx: Context, verb: Verb) -> tuple[Role, ...]:
    """The roles to which the pool is open, some departments of theirs at least."""
    policy = policy_of(ctx)
    return tuple(r for r in Role if policy.scope(r, POOL_OBJECT, verb)[0] in (Scope.ALL, Scope.GIVEN))
