"""Colleagues named in a record (@李娜, 艾特李娜, 抄送李娜、王芳): who is meant, who may see it, told once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import literal, select
from sqlmodel import col

from crm.context import Actor, Context
from crm.rights import can_see
from crm.visits import Recorded
from store.ids import new_id
from store.once import Once
from store.tables import Customer, Member, Mention, Role

CALL = re.compile(
    r"(?<![0-9A-Za-z_.\-])[@＠]\s?|艾特\s*一?下?\s*|(?:抄送|\bcc\b)\s*(?:给|一下|下)?\s*[:：]?\s*",
    re.IGNORECASE,
)
AND = re.compile(r"\s*[、,，和跟与及]\s*[@＠]?\s*|\s*[@＠]\s*|\s+")
SHORTEST, LONGEST = 2, 12  # characters of a name
MOST = 10
_MENTIONS = Once(Mention)


@dataclass(frozen=True, slots=True)
class Named:
    """What a text says: members by name, and names that several members have."""

    members: tuple[Member, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of it: who is told now, and who may not see the customer."""

    told: tuple[Member, ...] = ()
    closed: tuple[Member, ...] = ()
    shared: tuple[str, ...] = ()


def calls(text: str) -> bool:
    """Whether a text may name a colleague at all; cheap, for every message."""
    return "@" in text or "＠" in text or "艾特" in text or "抄送" in text or "cc" in text.lower()


def named(ctx: Context, text: str) -> Named:
    """The active colleagues that a text calls, in order, the writer aside."""
    if CALL.search(text) is None:
        return Named()
    known = _members(ctx, text)
    members: dict[int, Member] = {}
    shared: list[str] = []
    for found in _called(text, known):
        if len(found) > 1:
            shared.append(found[0].name)
        elif found[0].id != ctx.actor.id:
            members[found[0].id] = found[0]
    return Named(tuple(members.values())[:MOST], tuple(dict.fromkeys(shared)))


def tell(ctx: Context, recorded: Sequence[Recorded], people: Named) -> Told:
    """Note who is told of these records of one message: each colleague once, and only who may see them."""
    told: list[Member] = []
    closed: list[Member] = []
    for member in people.members:
        open_to = [one for one in recorded if one.customer is None or may_see(ctx, member, one.customer)]
        if not open_to:
            closed.append(member)
        elif [one for one in open_to if _first(ctx, one.root_id, member.id)]:
            told.append(member)
    return Told(tuple(told), tuple(closed), people.shared)


def may_see(ctx: Context, member: Member, customer: Customer) -> bool:
    """Whether a colleague may see a customer."""
    actor = Actor(member.id, member.name, Role(member.role), member.department, member.superior_id)
    return can_see(replace(ctx, actor=actor), customer)


def _first(ctx: Context, root_id: int, member_id: int) -> bool:
    """Whether the colleague was not told of this record before, in whatever wording."""
    row = {"id": new_id(), "activity_id": root_id, "member_id": member_id, "created_at": ctx.now}
    return _MENTIONS.put(ctx.session, row)


def _members(ctx: Context, text: str) -> dict[str, list[Member]]:
    """The active colleagues whose names stand anywhere in a text."""
    query = select(Member).where(
        col(Member.active).is_(True), col(Member.name) != "", literal(text).contains(col(Member.name))
    )
    known: dict[str, list[Member]] = {}
    for row in ctx.session.scalars(query.order_by(col(Member.id))):
        known.setdefault(row.name, []).append(row)
    return known


def _called(text: str, known: dict[str, list[Member]]) -> Iterator[list[Member]]:
    """Those of each name that is called: behind a call, and behind 、 or 和 after another such name."""
    for call in CALL.finditer(text):
        place = call.end()
        while found := _at(text, place, known):
            yield found
            following = AND.match(text, place + len(found[0].name))
            if following is None:
                break
            place = following.end()


def _at(text: str, place: int, known: dict[str, list[Member]]) -> list[Member]:
    """The colleagues whose name stands at a place, the longest name first."""
    for length in range(min(LONGEST, len(text) - place), SHORTEST - 1, -1):
        found = known.get(text[place : place + length])
        if found:
            return found
    return []
