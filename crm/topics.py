"""Group chats in which one customer is worked on: what is said there without a name is about it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from crm.context import Context
from crm.customers import get, short_names
from crm.errors import NotAllowed, UserMistake
from crm.journal import changed, created
from crm.rights import can_edit, name_of
from store.conversations import Key
from store.fast import Fast, Rows
from store.once import table_of
from store.tables import Customer, GroupTopic

TABLE = table_of(GroupTopic)
_HERE = (
    (TABLE.c.platform == bindparam("platform"))
    & (TABLE.c.app == bindparam("app"))
    & (TABLE.c.conversation == bindparam("conversation"))
    & TABLE.c.ended_at.is_(None)
)
_CUSTOMER = Fast(select(TABLE.c.customer_id).where(_HERE))
_ROW = Rows(GroupTopic, _HERE, 1)


def customer_of(session: Session, key: Key) -> int | None:
    """The customer that a group is about."""
    row = _CUSTOMER.run(session, _values(key)).fetchone()
    return None if row is None else row[0]


@dataclass(frozen=True, slots=True)
class Bound:
    """A group is about `name` now, and was about `before` ("" for nothing); `new` where that is a change."""

    name: str
    before: str = ""
    new: bool = True


def bind(ctx: Context, key: Key, customer_id: int) -> Bound:
    """Make a group about a customer.

    Raises `NotAllowed` for who may not change the customer.
    """
    customer = get(ctx, customer_id, to_change=True)
    before = _current(ctx, key)
    if before is not None and before.customer_id == customer.id:
        return Bound(short_names(ctx, [customer.id])[customer.id], new=False)
    if before is not None:
        changed(ctx, before, ended_at=ctx.now)
    platform, app, conversation = key
    created(
        ctx,
        GroupTopic(
            platform=platform,
            app=app,
            conversation=conversation,
            customer_id=customer.id,
            member_id=ctx.actor.id,
            inbox_id=ctx.inbox_id,
            created_at=ctx.now,
        ),
    )
    old = before.customer_id if before is not None else customer.id
    names = short_names(ctx, [customer.id, old])
    return Bound(names[customer.id], names[old] if before is not None else "")


def unbind(ctx: Context, key: Key) -> str:
    """Make a group about nothing; the short name of the customer that it was about.

    Whoever may change the customer may, and who had bound it. Raises `NotAllowed`, `UserMistake` without one.
    """
    row = _current(ctx, key)
    if row is None:
        raise UserMistake("这个群还没有绑定客户。要绑定就在群里说：绑定客户 华星")
    customer = ctx.session.get_one(Customer, row.customer_id)
    if row.member_id != ctx.actor.id and not can_edit(ctx, customer):
        who, owner = name_of(ctx, row.member_id), name_of(ctx, customer.owner_id)
        raise NotAllowed(f"这个群是{who}绑定的，请{who}或客户负责人{owner}来解绑。")
    changed(ctx, row, ended_at=ctx.now)
    return short_names(ctx, [customer.id])[customer.id]


def _current(ctx: Context, key: Key) -> GroupTopic | None:
    return next(iter(_ROW.find(ctx.session, _values(key))), None)


def _values(key: Key) -> dict[str, str]:
    return dict(zip(("platform", "app", "conversation"), key, strict=True))
