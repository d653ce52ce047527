"""Everything about one customer on one page: who, what was last done, what comes next, what is on offer.

The number of statements is the same for every customer, each of them by an index.
"""

from __future__ import annotations

from dataclasses import replace

from crm import customers, task_lists
from crm.context import Context
from crm.custom.values import lines as own_lines
from crm.overview import around
from crm.overview.chain import Known, chain, trouble
from crm.overview.figures import figures
from crm.overview.values import (
    ActivityLine,
    ContactLine,
    Figure,
    Helper,
    History,
    Link,
    LinkState,
    Offers,
    Overview,
    People,
    QuoteLine,
    TagLine,
    Waiting,
)
from crm.rights import POOL, can_edit, may_claim, name_of, seen
from store.tables import Activity, Asset, Contact, Customer, Quote

LAST = 3
PAGE = 5
ROWS = 6  # of a page of contacts or quotes
MOST_CONTACTS = 10
MOST_TASKS = 10

__all__ = [
    "LAST",
    "PAGE",
    "ROWS",
    "ActivityLine",
    "ContactLine",
    "Figure",
    "Helper",
    "History",
    "Link",
    "LinkState",
    "Offers",
    "Overview",
    "People",
    "QuoteLine",
    "TagLine",
    "Waiting",
    "history",
    "offers",
    "overview",
    "people",
    "trouble",
]


def overview(ctx: Context, customer_id: int) -> Overview:
    """A customer with what is around it. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    aliases = customers.aliases_of(ctx, customer.id)
    done = around.activities(ctx, customer, 0, LAST)
    tasks = task_lists.open_of_customer(ctx, customer_id, most=MOST_TASKS)
    waiting = around.decisions(ctx, customer)
    followed = max((one.at for one in done if one.kind != "note"), default=None)
    if followed is None and customer.last_follow_at is not None:
        followed = ctx.wall(customer.last_follow_at)
    known = Known(
        now=ctx.local,
        created=ctx.wall(customer.created_at),
        last_follow=followed,
        planned=bool(tasks),
        quote=around.last_quote(ctx, customer, waiting),
    )
    return Overview(
        seen(ctx, customer, "customer", customer.owner_id),
        called=customers.short_of(customer.name, aliases),
        owner=name_of(ctx, customer.owner_id),
        mine=can_edit(ctx, customer),
        claims=customer.owner_id == POOL and may_claim(ctx),
        aliases=tuple(one for one in aliases if one != customer.name),
        contacts=tuple(around.people(ctx, customer, 0, MOST_CONTACTS)),
        activities=tuple(done),
        activity_count=around.count(ctx, Activity, customer),
        tasks=tuple(tasks),
        quotes=tuple(around.quotes(ctx, customer, 0, LAST)),
        figures=figures(ctx, customer),
        waiting=tuple(waiting),
        tags=tuple(around.tags(ctx, customer)),
        helpers=tuple(around.helpers(ctx, customer_id)),
        assets=around.count(ctx, Asset, customer),
        related=tuple(around.related(ctx, customer)),
        own=_own_fields(ctx, customer),
        chain=chain(known),
    )


def history(ctx: Context, customer_id: int, skip: int = 0) -> History:
    """A page of a customer's records after the first `skip`. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    found = around.activities(ctx, customer, skip, PAGE + 1)
    count = around.count(ctx, Activity, customer)
    return History(
        customer, _called(ctx, customer), tuple(found[:PAGE]), count, _after(skip, PAGE, len(found))
    )


def people(ctx: Context, customer_id: int, skip: int = 0) -> People:
    """A page of a customer's contacts after the first `skip`. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    found = around.people(ctx, customer, skip, ROWS + 1)
    count = around.count(ctx, Contact, customer)
    shown = tuple(replace(one, own=_own_of(ctx, one.id)) for one in found[:ROWS])
    return People(customer, _called(ctx, customer), shown, count, _after(skip, ROWS, len(found)))


def _own_of(ctx: Context, contact_id: int) -> tuple[tuple[str, str], ...]:
    row = ctx.session.get_one(Contact, contact_id)
    return tuple(own_lines(ctx, "contact", row)) if row.ext else ()


def offers(ctx: Context, customer_id: int, skip: int = 0) -> Offers:
    """A page of a customer's quotes after the first `skip`. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    found = around.quotes(ctx, customer, skip, ROWS + 1)
    return Offers(
        customer,
        _called(ctx, customer),
        tuple(found[:ROWS]),
        around.count(ctx, Quote, customer),
        _after(skip, ROWS, len(found)),
        mine=can_edit(ctx, customer),
    )


def _after(skip: int, most: int, found: int) -> int | None:
    """Where the next page begins; `found` is one more than a page where there is a next one."""
    return skip + most if found > most else None


def _called(ctx: Context, customer: Customer) -> str:
    return customers.short_names(ctx, [customer.id])[customer.id]


def _own_fields(ctx: Context, customer: Customer) -> tuple[tuple[str, str], ...]:
    """The fields that the organisation has added, as they are read."""
    return tuple(own_lines(ctx, "customer", customer))
