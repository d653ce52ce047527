"""Who may take over, and what speaks for whom: read from the database for the rule that splits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from crm.collaborators import ASKED
from crm.context import Context
from crm.deputies import running, stand_ins
from crm.handover.moving import chunks
from crm.handover.splitting import MANAGER, Candidate, Case, Choice, split
from store.tables import Activity, Away, Collaborator, Customer, Member, Role

REMEMBERED = timedelta(days=365)
SELLERS = (Role.SALES, Role.MANAGER)
MOST_PEERS = 50


@dataclass(frozen=True, slots=True)
class Team:
    """Who may take over from a member: his peers, and who stands in for him where there are none."""

    peers: tuple[int, ...]
    managers: tuple[int, ...]

    @property
    def fallback(self) -> int | None:
        """Who gets what no rule gives to anybody."""
        return next(iter((*self.managers, *self.peers)), None)


def team_of(ctx: Context, member: Member) -> Team:
    """His colleagues under the same manager who sell, are here, and are not away."""
    managers = stand_ins(ctx.session, member)
    above = managers[0] if member.superior_id is not None and managers else None
    away = select(col(Away.member_id)).where(running(ctx.now))
    query = (
        select(col(Member.id))
        .where(
            col(Member.superior_id) == above,
            col(Member.active).is_(True),
            col(Member.id) != member.id,
            col(Member.role).in_(SELLERS),
            col(Member.id).not_in(away),
        )
        .order_by(col(Member.id))
        .limit(MOST_PEERS)
    )
    peers = tuple(ctx.session.execute(query).scalars()) if above is not None else ()
    return Team(peers, managers)


def choices(ctx: Context, member: Member, team: Team, customer_ids: Sequence[int]) -> dict[int, Choice]:
    """Who is to have each of these customers of a member."""
    cases = [case for ids in chunks(customer_ids) for case in _cases(ctx, member.id, ids)]
    known = {one for case in cases for one in (*case.collaborators, *case.follow_ups)}
    people = _candidates(ctx, team, known - set(team.managers))
    chosen = split(cases, people)
    fallback = team.fallback
    if fallback is not None:
        for one in customer_ids:
            chosen.setdefault(one, Choice(fallback, MANAGER))
    return chosen


def _cases(ctx: Context, member_id: int, ids: Collection[int]) -> list[Case]:
    working: dict[int, set[int]] = defaultdict(set)
    query = select(col(Collaborator.object_id), col(Collaborator.member_id)).where(
        col(Collaborator.object) == "customer",
        col(Collaborator.object_id).in_(ids),
        col(Collaborator.member_id) != member_id,
        col(Collaborator.ended_at).is_(None),
        col(Collaborator.right) != ASKED,
        col(Collaborator.expires_at).is_(None) | (col(Collaborator.expires_at) > ctx.now),
    )
    for customer_id, person in ctx.session.execute(query):
        working[customer_id].add(person)
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    done = (
        select(col(Activity.customer_id), col(Activity.author_id), func.count())
        .where(
            col(Activity.customer_id).in_(ids),
            col(Activity.author_id) != member_id,
            col(Activity.voided_at).is_(None),
            col(Activity.happened_at) > ctx.now - REMEMBERED,
        )
        .group_by(col(Activity.customer_id), col(Activity.author_id))
    )
    for customer_id, person, count in ctx.session.execute(done):
        counts[customer_id][person] = count
    rows = select(col(Customer.id), col(Customer.region), col(Customer.industry))
    rows = rows.where(col(Customer.id).in_(ids)).order_by(col(Customer.id))
    return [
        Case(one, region, industry, frozenset(working[one]), dict(counts[one]))
        for one, region, industry in ctx.session.execute(rows)
    ]


def _candidates(ctx: Context, team: Team, known: Collection[int]) -> list[Candidate]:
    """The peers, and those who know a customer and sell."""
    sell = select(col(Member.id)).where(
        col(Member.id).in_(set(known) - set(team.peers)),
        col(Member.active).is_(True),
        col(Member.role).in_(SELLERS),
    )
    others = sorted(ctx.session.execute(sell).scalars()) if known else []
    ids = [*team.peers, *others]
    load: dict[int, int] = defaultdict(int)
    regions: dict[int, set[str]] = defaultdict(set)
    industries: dict[int, set[str]] = defaultdict(set)
    query = (
        select(col(Customer.owner_id), col(Customer.region), col(Customer.industry), func.count())
        .where(col(Customer.owner_id).in_(ids), col(Customer.archived_at).is_(None))
        .group_by(col(Customer.owner_id), col(Customer.region), col(Customer.industry))
    )
    for owner, region, industry, count in ctx.session.execute(query):
        load[owner] += count
        regions[owner].add(region)
        industries[owner].add(industry)
    peers = set(team.peers)
    return [
        Candidate(one, load[one], one in peers, frozenset(regions[one]), frozenset(industries[one]))
        for one in ids
    ]
