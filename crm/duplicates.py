"""A new customer, checked while it is entered: is it one that we know already, by identity or by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from crm import customers, identities
from crm.context import Context
from crm.customers import Proposal
from crm.identities import NAMES, Holder, Said
from crm.rights import masked
from store import search
from store.tables import CustomerAlias

MOST = 5
MOST_FORMS = 4
CANDIDATES = 20

Judge = Callable[[str, str], str]
"""What makes two names alike, in a few words; empty where nothing does."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A customer that the new one may be. `why` says what is alike; `same` where it is beyond doubt.

    `held` is set where an identity is the same: of a customer outside one's scope no name is told then.
    """

    proposal: Proposal
    why: str
    same: bool = False
    held: Said | None = None

    @property
    def called(self) -> str:
        """The name as the actor may be told it."""
        if self.held is None or self.proposal.mine:
            return self.proposal.name
        return f"{NAMES[self.held.kind]}{masked(self.held.value)}的客户"


@dataclass(frozen=True, slots=True)
class Entered:
    """What is entered: a name, shorter `forms` of it, identities; `heard` are customers that sound alike.

    `itself` is the customer that is looked at, where it is there already.
    """

    name: str
    said: Sequence[Said] = ()
    forms: Sequence[str] = ()
    heard: Sequence[int] = ()
    itself: int | None = None


def check(ctx: Context, new: Entered, judge: Judge) -> tuple[Suspect, ...]:
    """The customers that the new one may be: beyond doubt first, then one's own, at most five."""
    found: dict[int, Suspect] = {}
    same = [m.customer_id for m in search.exact(ctx.session, new.name) if m.customer_id != new.itself]
    for proposal in customers.proposals_of(ctx, same):
        found[proposal.id] = Suspect(proposal, "名称相同", same=True)
    for said in new.said:
        holder = identities.find(ctx, said)
        if holder is not None and holder.customer_id not in {*found, new.itself}:
            found[holder.customer_id] = _held(holder)
    if not any(one.same for one in found.values()):
        for suspect in _alike(ctx, new, judge):
            found.setdefault(suspect.proposal.id, suspect)
    order = sorted(found.values(), key=lambda s: (not s.same, s.held is None, not s.proposal.mine))
    return tuple(order[:MOST])


def _held(holder: Holder) -> Suspect:
    proposal = Proposal(holder.customer_id, holder.customer, holder.owner, holder.mine)
    return Suspect(proposal, f"{NAMES[holder.said.kind]}相同", held=holder.said)


def _alike(ctx: Context, new: Entered, judge: Judge) -> list[Suspect]:
    ids = dict.fromkeys(new.heard)
    for form in (new.name, *new.forms[:MOST_FORMS]):
        ids.update((m.customer_id, None) for m in search.alike(ctx.session, form, most=CANDIDATES))
    proposals = customers.proposals_of(ctx, [one for one in ids if one != new.itself])
    aliases = _aliases(ctx, [p.id for p in proposals])
    found = []
    for proposal in proposals:
        names = (proposal.name, *aliases.get(proposal.id, ()))
        why = next((said for name in names if (said := judge(new.name, name))), "")
        if why:
            found.append(Suspect(proposal, why))
    return found


def _aliases(ctx: Context, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if not ids:
        return found
    query = select(col(CustomerAlias.customer_id), col(CustomerAlias.alias)).where(
        col(CustomerAlias.customer_id).in_(ids)
    )
    for customer_id, alias in ctx.session.execute(query.order_by(col(CustomerAlias.id))):
        found.setdefault(customer_id, []).append(alias)
    return found
