"""Tags on customers: by hand, and by rule with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select, update
from sqlmodel import col

from crm.colleagues import names_of
from crm.context import Context
from crm.customers import Proposal, few_of
from crm.errors import UserMistake
from crm.journal import changed, created
from crm.rights import Right, need, need_edit, visible
from crm.tag_rules import Rule, holds, reason
from store.among import by_ids
from store.ids import new_id
from store.names import fold
from store.once import Once
from store.tables import Customer, Tag, Tagging

LONGEST = 12
MOST_OF_CUSTOMER = 20
MOST_TAGS = 30
PAGE = 8
COUNTED = 1000  # beyond this a count says 1000+
_ONCE = Once(Tagging)


@dataclass(frozen=True, slots=True)
class Marked:
    """A tag on a customer; `reason` where a rule put it on."""

    name: str
    auto: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A tag in the list: its rule in words, and how many of the customers that one sees have it."""

    name: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Customers that have a tag; `after` asks for the next page, None at the end."""

    tag: str
    rule: str
    customers: tuple[tuple[Proposal, str], ...]
    after: int | None


def find(ctx: Context, name: str) -> Tag | None:
    """A tag by its name."""
    query = select(Tag).where(col(Tag.name_norm) == fold(name), col(Tag.archived_at).is_(None))
    found: Tag | None = ctx.session.execute(query).scalar_one_or_none()
    return found


def put(ctx: Context, customer: Customer, names: Sequence[str]) -> list[str]:
    """Put tags on a customer; those that are new on it. Raises `UserMistake` for a name that is none."""
    need_edit(ctx, customer)
    new = []
    for tag in [_ensured(ctx, name) for name in dict.fromkeys(names)]:
        if _tagging(ctx, customer.id, tag.id) is None:
            created(
                ctx,
                Tagging(customer_id=customer.id, tag_id=tag.id, member_id=ctx.actor.id, created_at=ctx.now),
            )
            new.append(tag.name)
    return new


def take(ctx: Context, customer: Customer, names: Sequence[str]) -> list[str]:
    """Take tags off a customer; those that were on it.

    Raises `UserMistake` for one that a rule puts on: it would come back.
    """
    need_edit(ctx, customer)
    gone = []
    for name in dict.fromkeys(names):
        tag = find(ctx, name)
        row = _tagging(ctx, customer.id, tag.id) if tag is not None else None
        if tag is None or row is None:
            continue
        if row.auto:
            raise UserMistake(f"“{tag.name}”是自动标签（{row.reason}），条件不满足时会自己去掉。")
        changed(ctx, row, archived_at=ctx.now)
        gone.append(tag.name)
    return gone


def of_customer(ctx: Context, customer: Customer) -> list[Marked]:
    """The tags of a customer, oldest first, with the reason as of now for those by rule."""
    query = (
        select(Tagging, Tag)
        .join(Tag, col(Tag.id) == col(Tagging.tag_id))
        .where(
            col(Tagging.customer_id) == customer.id,
            col(Tagging.archived_at).is_(None),
            col(Tag.archived_at).is_(None),
        )
        .order_by(col(Tagging.id))
        .limit(MOST_OF_CUSTOMER)
    )
    found = []
    for row, tag in ctx.session.execute(query):
        rule = Rule.from_json(tag.rule) if row.auto else None
        why = reason(ctx, rule, customer) if rule is not None else row.reason
        found.append(Marked(tag.name, row.auto, why))
    return found


def listing(ctx: Context) -> list[Listed]:
    """All tags, by name, with how many of the customers that one sees have each (1000 at most)."""
    query = select(Tag).where(col(Tag.archived_at).is_(None)).order_by(col(Tag.name_norm)).limit(MOST_TAGS)
    listed, few = [], few_of(ctx)
    for tag in ctx.session.execute(query).scalars():
        some = _having(ctx, tag.id, few).with_only_columns(col(Tagging.id)).limit(COUNTED).subquery()
        number = ctx.session.execute(select(func.count()).select_from(some)).scalar_one()
        listed.append(Listed(tag.name, str(tag.rule.get("words", "")), int(number)))
    return listed


def customers_with(ctx: Context, name: str, skip: int = 0) -> Page | None:
    """A page of the customers that one sees and that have the tag, last tagged first; None for no tag."""
    tag = find(ctx, name)
    if tag is None:
        return None
    query = _having(ctx, tag.id, few_of(ctx)).order_by(col(Tagging.id).desc()).offset(skip).limit(PAGE + 1)
    rows = ctx.session.execute(query).all()
    owners = names_of(ctx, (c.owner_id for _, c in rows))
    shown = tuple((Proposal(c.id, c.name, owners[c.owner_id], mine=True), t.reason) for t, c in rows[:PAGE])
    return Page(tag.name, str(tag.rule.get("words", "")), shown, skip + PAGE if len(rows) > PAGE else None)


def set_rule(ctx: Context, name: str, rule: Rule | None) -> Tag:
    """Let a rule put the tag on by itself, or no rule any more: then its tags go.

    Raises `NotAllowed`: it is a setting, and changes many customers.
    """
    need(ctx, Right.CONFIGURE)
    need(ctx, Right.MASS_CHANGE)
    tag = _ensured(ctx, name)
    changed(ctx, tag, rule=rule.to_json() if rule is not None else {})
    return tag


def with_rules(ctx: Context) -> list[Tag]:
    """The tags that rules put on, and those whose rule is gone while its tags are not; by id."""
    query = select(Tag).where(col(Tag.archived_at).is_(None)).order_by(col(Tag.id)).limit(200)
    return [tag for tag in ctx.session.execute(query).scalars() if tag.rule or _any_auto(ctx, tag.id)]


def recompute(ctx: Context, tag: Tag, most: int) -> tuple[int, int]:
    """Put the tag on where its rule holds and off where it holds no more, at most so many of each.

    (put on, taken off). Being derived, neither is journalled.
    """
    rule = Rule.from_json(tag.rule)
    return (_on(ctx, tag, rule, most) if rule is not None else 0), _off(ctx, tag, rule, most)


def _on(ctx: Context, tag: Tag, rule: Rule, most: int) -> int:
    there = exists().where(
        col(Tagging.customer_id) == col(Customer.id),
        col(Tagging.tag_id) == tag.id,
        col(Tagging.archived_at).is_(None),
    )
    query = select(Customer).where(holds(ctx, rule), ~there).order_by(col(Customer.id)).limit(most)
    count = 0
    for customer in ctx.session.execute(query).scalars().all():
        values = {
            "id": new_id(),
            "customer_id": customer.id,
            "tag_id": tag.id,
            "auto": True,
            "reason": reason(ctx, rule, customer),
            "member_id": None,
            "created_at": ctx.now,
            "archived_at": None,
        }
        count += _ONCE.put(ctx.session, values)
    return count


def _off(ctx: Context, tag: Tag, rule: Rule | None, most: int) -> int:
    still = select(col(Customer.id)).where(col(Customer.id) == col(Tagging.customer_id))
    query = select(col(Tagging.id)).where(
        col(Tagging.tag_id) == tag.id, col(Tagging.auto).is_(True), col(Tagging.archived_at).is_(None)
    )
    if rule is not None:
        query = query.where(~still.where(holds(ctx, rule)).correlate(Tagging).exists())
    ids = list(ctx.session.execute(query.order_by(col(Tagging.id)).limit(most)).scalars())
    if ids:
        ctx.session.execute(update(Tagging).where(col(Tagging.id).in_(ids)).values(archived_at=ctx.now))
    return len(ids)


def _ensured(ctx: Context, name: str) -> Tag:
    plain = name.strip()
    wanted = fold(plain)
    if not wanted or len(plain) > LONGEST:
        raise UserMistake(f"标签要1到{LONGEST}个字，例如：打标签 华星科技 高意向 价格敏感")
    found: Tag | None = ctx.session.execute(
        select(Tag).where(col(Tag.name_norm) == wanted)
    ).scalar_one_or_none()
    if found is None:
        return created(ctx, Tag(name=plain, name_norm=wanted, created_at=ctx.now))
    return changed(ctx, found, archived_at=None) if found.archived_at is not None else found


def _tagging(ctx: Context, customer_id: int, tag_id: int) -> Tagging | None:
    query = select(Tagging).where(
        col(Tagging.customer_id) == customer_id,
        col(Tagging.tag_id) == tag_id,
        col(Tagging.archived_at).is_(None),
    )
    found: Tagging | None = ctx.session.execute(query).scalar_one_or_none()
    return found


def _having(ctx: Context, tag_id: int, few: Sequence[int] | None) -> Select[Tagging, Customer]:
    """By customer where one sees few of them: a common tag would be gone through for them otherwise."""
    query = (
        select(Tagging, Customer)
        .join(Customer, col(Customer.id) == col(Tagging.customer_id))
        .where(
            col(Tagging.tag_id) == tag_id,
            col(Tagging.archived_at).is_(None),
            col(Customer.archived_at).is_(None),
            visible(ctx, Customer),
        )
    )
    return query if few is None else query.where(by_ids(col(Tagging.customer_id), few))


def _any_auto(ctx: Context, tag_id: int) -> bool:
    query = select(col(Tagging.id)).where(
        col(Tagging.tag_id) == tag_id, col(Tagging.auto).is_(True), col(Tagging.archived_at).is_(None)
    )
    return ctx.session.execute(query.limit(1)).first() is not None
