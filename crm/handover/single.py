"""Single customers given to a colleague, with what is open about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import col

from crm import customers, ownership
from crm.colleagues import names_of
from crm.context import Context
from crm.errors import Conflict, UserMistake
from crm.handover import acquaintances
from crm.handover.carrying import hand_quotes
from crm.handover.inventory import OPEN_QUOTES
from crm.handover.moving import reassign
from crm.handover.plans import need_receiver
from crm.rights import Right, may_act_for, need, need_many, need_see
from store.tables import Customer, CustomRecord, Member, Quote, Task, TaskStatus

MOST = 20
EXAMPLE = "例如：把华星转给李娜"


@dataclass(frozen=True, slots=True)
class Given:
    """What goes to whom, or has gone. `former` are the owners before, by id; `blind` those of them who will
    not see the customers any more. `outside` are the follows of external contacts that go over in WeCom,
    `asked` counts those that WeCom is asked for."""

    to_id: int
    to: str
    customers: tuple[tuple[int, str, int], ...]
    former: tuple[tuple[int, str], ...]
    tasks: tuple[int, ...] = ()
    quotes: tuple[int, ...] = ()
    records: tuple[int, ...] = ()
    blind: tuple[str, ...] = ()
    outside: tuple[int, ...] = ()
    asked: int = 0


def preview(ctx: Context, ids: Sequence[int], to: Member) -> Given:
    """What would go to `to`. Raises `NotAllowed`, and `UserMistake` for what cannot be."""
    if not 1 <= len(ids) <= MOST:
        raise UserMistake(f"一次最多转 {MOST} 家，更多的说：交接 张伟")
    rows = [_row(ctx, one) for one in ids]
    moving = [one for one in rows if one.owner_id != to.id]
    if not moving:
        raise UserMistake(f"{rows[0].name}已经由{to.name}负责，不用转。")
    need_receiver(to, 0)
    need_many(ctx, len(moving))
    former = dict.fromkeys(one.owner_id for one in moving)
    givers = names_of(ctx, former)
    names = customers.short_names(ctx, [one.id for one in moving])
    seeing = _above(ctx, to.id)
    return Given(
        to_id=to.id,
        to=to.name,
        customers=tuple((one.id, names[one.id], one.version) for one in moving),
        former=tuple((one, givers[one]) for one in former),
        tasks=_open_tasks(ctx, moving),
        quotes=_of(ctx, Quote, moving, col(Quote.status).in_(OPEN_QUOTES)),
        records=_of(ctx, CustomRecord, moving, col(CustomRecord.archived_at).is_(None)),
        blind=tuple(givers[one] for one in former if one not in seeing),
        outside=acquaintances.of_customers(ctx, moving),
    )


def give(ctx: Context, wanted: Sequence[tuple[int, int]], to: Member) -> Given:
    """Give customers (id, version as shown) to `to`. Raises `Conflict` where one has changed since."""
    given = preview(ctx, [one for one, _ in wanted], to)
    shown = dict(wanted)
    for one, name, version in given.customers:
        if shown[one] != version:
            raise Conflict(f"{name}后来改过，没有转。再说一遍：把{name}转给{to.name}")
    reassign(ctx, Task, "assignee_id", dict.fromkeys(given.tasks, to.id))
    reassign(ctx, CustomRecord, "owner_id", dict.fromkeys(given.records, to.id))
    hand_quotes(ctx, dict.fromkeys(given.quotes, to.id))
    ownership.give(ctx, {one: to.id for one, _, _ in given.customers})  # last: taken back, it comes first
    asked = acquaintances.give(ctx, given.outside, to) if given.outside else 0
    return replace(given, asked=asked)


def _row(ctx: Context, customer_id: int) -> Customer:
    """A customer that the actor may give away: his own or of his people, or any he sees with the right to
    assign."""
    row = ctx.session.get(Customer, customer_id)
    if row is None or row.archived_at is not None:
        raise UserMistake("这家客户已经不在了，可能刚被撤销。")
    if not may_act_for(ctx, row.owner_id):
        need_see(ctx, row)
        need(ctx, Right.ASSIGN)
    return row


def _above(ctx: Context, member_id: int) -> set[int]:
    """The member and everybody above him."""
    found: set[int] = set()
    at: int | None = member_id
    while at is not None and at not in found:
        found.add(at)
        at = ctx.session.get_one(Member, at).superior_id
    return found


def _open_tasks(ctx: Context, moving: Sequence[Customer]) -> tuple[int, ...]:
    """What the former owners still have to do for the customers."""
    found: list[int] = []
    for one in moving:
        query = select(col(Task.id)).where(
            col(Task.customer_id) == one.id,
            col(Task.assignee_id) == one.owner_id,
            col(Task.status) == TaskStatus.OPEN,
        )
        found += ctx.session.execute(query.order_by(col(Task.due_at), col(Task.id))).scalars()
    return tuple(found)


def _of(
    ctx: Context, model: type[Quote] | type[CustomRecord], moving: Sequence[Customer], which: object
) -> tuple[int, ...]:
    found: list[int] = []
    for one in moving:
        query = select(col(model.id)).where(
            col(model.customer_id) == one.id,
            col(model.owner_id) == one.owner_id,
            which,  # type: ignore[arg-type]  # a condition
        )
        found += ctx.session.execute(query.order_by(col(model.id))).scalars()
    return tuple(found)
