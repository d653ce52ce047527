"""Rules that put tags on by themselves: which customers they hold for, and the reason that is shown.

A rule is a value that is stored as JSON: conditions that must all hold. Each kind of condition has its
SQL, and the words that say for one customer why it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlmodel import col

from crm.context import Context
from crm.wording import money
from store.tables import Activity, Asset, Contact, Customer, Quote, QuoteStatus

DEAD_QUOTES = (QuoteStatus.REJECTED, QuoteStatus.WITHDRAWN)
FIELDS = {"level": "级别", "source": "来源", "industry": "行业", "region": "地区", "lifecycle": "阶段"}


class Ground(StrEnum):
    """What a condition rests on."""

    IDLE = "idle"  # nobody has followed up for `days` or more
    BUSY = "busy"  # `count` records or more in the last `days`
    NEW = "new"  # added within the last `days`
    QUOTED = "quoted"  # a quote of more than `amount` fen stands
    UNQUOTED = "unquoted"  # no quote stands
    FIELD = "field"  # `field` says `value`
    ALONE = "alone"  # no contact is known
    UNPLANNED = "unplanned"  # nothing is planned
    WARRANTY = "warranty"  # the warranty of some equipment ends within `days`


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `days`, `count` and `amount` (fen) as the kind needs them."""

    test: Ground
    days: int = 0
    count: int = 0
    amount: int = 0
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that must all hold, and the words in which they were said."""

    conditions: tuple[Condition, ...]
    words: str

    def to_json(self) -> dict[str, Any]:
        """For the tag's row."""
        all_ = [{k: v for k, v in _plain(c).items() if v} for c in self.conditions]
        return {"all": all_, "words": self.words}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Rule | None:
        """From the tag's row; None where it has no rule."""
        if not kept.get("all"):
            return None
        conditions = tuple(Condition(**{**one, "test": Ground(one["test"])}) for one in kept["all"])
        return cls(conditions, str(kept.get("words", "")))


def _plain(one: Condition) -> dict[str, Any]:
    return {
        "test": one.test.value,
        "days": one.days,
        "count": one.count,
        "amount": one.amount,
        "field": one.field,
        "value": one.value,
    }


def holds(ctx: Context, rule: Rule) -> ColumnElement[bool]:
    """The condition on `Customer` that leaves those for whom the rule holds."""
    return and_(col(Customer.archived_at).is_(None), *(_SQL[c.test](ctx, c) for c in rule.conditions))


def reason(ctx: Context, rule: Rule, customer: Customer) -> str:
    """Why the rule holds for this customer, as of now: 92天没跟进."""
    return "，".join(_WHY[c.test](ctx, c, customer) for c in rule.conditions)


def _idle(ctx: Context, one: Condition) -> ColumnElement[bool]:
    last = func.coalesce(col(Customer.last_follow_at), col(Customer.created_at))
    return last <= ctx.now - timedelta(days=one.days)


def _why_idle(ctx: Context, one: Condition, customer: Customer) -> str:
    return f"{(ctx.now - (customer.last_follow_at or customer.created_at)).days}天没跟进"


def _records(ctx: Context, one: Condition) -> list[ColumnElement[bool]]:
    return [
        col(Activity.customer_id) == col(Customer.id),
        col(Activity.voided_at).is_(None),
        col(Activity.kind) != "note",
        col(Activity.happened_at) >= ctx.now - timedelta(days=one.days),
    ]


def _busy(ctx: Context, one: Condition) -> ColumnElement[bool]:
    counted = select(func.count()).select_from(Activity).where(*_records(ctx, one))
    return counted.correlate(Customer).scalar_subquery() >= one.count


def _why_busy(ctx: Context, one: Condition, customer: Customer) -> str:
    query = select(func.count()).select_from(Activity).join(Customer, col(Customer.id) == customer.id)
    number = ctx.session.execute(query.where(*_records(ctx, one))).scalar_one()
    return f"{one.days}天内跟进{number}次"


def _new(ctx: Context, one: Condition) -> ColumnElement[bool]:
    return col(Customer.created_at) >= ctx.now - timedelta(days=one.days)


def _why_new(ctx: Context, one: Condition, customer: Customer) -> str:
    at = ctx.wall(customer.created_at)
    return f"{at.month}月{at.day}日建档"


def _quotes() -> list[ColumnElement[bool]]:
    return [col(Quote.customer_id) == col(Customer.id), col(Quote.status).not_in(DEAD_QUOTES)]


def _quoted(ctx: Context, one: Condition) -> ColumnElement[bool]:
    return exists().where(*_quotes(), col(Quote.total) > one.amount).correlate(Customer)


def _why_quoted(ctx: Context, one: Condition, customer: Customer) -> str:
    query = (
        select(col(Quote.number), col(Quote.total))
        .where(col(Quote.customer_id) == customer.id, col(Quote.status).not_in(DEAD_QUOTES))
        .order_by(col(Quote.total).desc(), col(Quote.id))
        .limit(1)
    )
    found = ctx.session.execute(query).first()
    return f"报价{found[0]} {money(found[1])}" if found else f"报价超过{money(one.amount)}"


def _unquoted(ctx: Context, one: Condition) -> ColumnElement[bool]:
    return ~exists().where(*_quotes()).correlate(Customer)


def _field(ctx: Context, one: Condition) -> ColumnElement[bool]:
    same: ColumnElement[bool] = getattr(Customer, one.field) == one.value
    return same


def _alone(ctx: Context, one: Condition) -> ColumnElement[bool]:
    known = exists().where(col(Contact.customer_id) == col(Customer.id), col(Contact.archived_at).is_(None))
    return ~known.correlate(Customer)


def _unplanned(ctx: Context, one: Condition) -> ColumnElement[bool]:
    return col(Customer.next_follow_at).is_(None)


def _warranty(ctx: Context, one: Condition) -> ColumnElement[bool]:
    today = ctx.local.date()
    ends = col(Asset.warranty_until)
    return (
        exists()
        .where(
            col(Asset.customer_id) == col(Customer.id),
            col(Asset.archived_at).is_(None),
            ends >= today,
            ends <= today + timedelta(days=one.days),
        )
        .correlate(Customer)
    )


def _why_warranty(ctx: Context, one: Condition, customer: Customer) -> str:
    today = ctx.local.date()
    query = (
        select(col(Asset.name), col(Asset.warranty_until))
        .where(
            col(Asset.customer_id) == customer.id,
            col(Asset.archived_at).is_(None),
            col(Asset.warranty_until) >= today,
        )
        .order_by(col(Asset.warranty_until), col(Asset.id))
        .limit(1)
    )
    found = ctx.session.execute(query).first()
    return f"{found[0]}质保还剩{(found[1] - today).days}天" if found else f"质保{one.days}天内到期"


def _saying(words: str) -> Callable[[Context, Condition, Customer], str]:
    return lambda ctx, one, customer: words


_SQL: dict[Ground, Callable[[Context, Condition], ColumnElement[bool]]] = {
    Ground.IDLE: _idle,
    Ground.BUSY: _busy,
    Ground.NEW: _new,
    Ground.QUOTED: _quoted,
    Ground.UNQUOTED: _unquoted,
    Ground.FIELD: _field,
    Ground.ALONE: _alone,
    Ground.UNPLANNED: _unplanned,
    Ground.WARRANTY: _warranty,
}
_WHY: dict[Ground, Callable[[Context, Condition, Customer], str]] = {
    Ground.IDLE: _why_idle,
    Ground.BUSY: _why_busy,
    Ground.NEW: _why_new,
    Ground.QUOTED: _why_quoted,
    Ground.UNQUOTED: _saying("还没有报价"),
    Ground.FIELD: lambda ctx, one, customer: f"{FIELDS[one.field]}是{one.value}",
    Ground.ALONE: _saying("还没有联系人"),
    Ground.UNPLANNED: _saying("没有下一步"),
    Ground.WARRANTY: _why_warranty,
}
