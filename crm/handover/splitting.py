"""Who is to have which customer, by rule. Pure.

Whoever works on the customer already; then who has followed it up most; then who looks after others of the
same region and industry; always the one with the least on his hands among equals, counting what he gets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

COLLABORATES = "一直在协作"
FOLLOWED = "跟进最多"
REGION = "同区域"
INDUSTRY = "同行业"
BOTH = "同区域同行业"
LEAST = "手上最少"
MANAGER = "直属经理"


@dataclass(frozen=True, slots=True)
class Case:
    """A customer to be given: who works on it (ids), and how often each colleague has followed it up."""

    id: int
    region: str = ""
    industry: str = ""
    collaborators: Collection[int] = ()
    follow_ups: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague: how many customers he has, and of which regions and industries.

    Who is no `peer` of the one who leaves is asked only where he knows the customer.
    """

    id: int
    load: int = 0
    peer: bool = True
    regions: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to have something (None for nobody), and why."""

    to_id: int | None
    reason: str


def split(cases: Sequence[Case], candidates: Sequence[Candidate]) -> dict[int, Choice]:
    """The choice for each case by its id; nothing for one that has no candidate."""
    load = {one.id: one.load for one in candidates}
    chosen: dict[int, Choice] = {}
    for case in cases:
        pool, reason = _pool(case, candidates)
        if not pool:
            continue
        best = min(pool, key=lambda one: (load[one.id], one.id))
        load[best.id] += 1
        chosen[case.id] = Choice(best.id, reason)
    return chosen


def _pool(case: Case, candidates: Sequence[Candidate]) -> tuple[list[Candidate], str]:
    """Those among whom the least loaded gets it, and the reason."""
    working = [one for one in candidates if one.id in case.collaborators]
    if working:
        return working, COLLABORATES
    most = max((case.follow_ups.get(one.id, 0) for one in candidates), default=0)
    if most:
        return [one for one in candidates if case.follow_ups.get(one.id, 0) == most], FOLLOWED
    peers = [one for one in candidates if one.peer]
    here = {one.id for one in peers if case.region and case.region in one.regions}
    same = {one.id for one in peers if case.industry and case.industry in one.industries}
    for ids, reason in ((here & same, BOTH), (here, REGION), (same, INDUSTRY)):
        if ids:
            return [one for one in peers if one.id in ids], reason
    return peers, LEAST
