"""What becomes of the fields of two customers that are one: kept, taken over, or to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crm import customers
from crm.context import Context
from crm.custom import show, specs
from crm.merging.references import dropped
from crm.particulars import WORDS
from store.tables import Customer

FIELDS = ("level", "source", "industry", "region", "lifecycle", "parent_id", "referrer_id")
CUSTOM = "ext."  # before the key of a field that the organisation added itself


class Choice(StrEnum):
    """Whose value is kept."""

    WINNER = "winner"
    LOSER = "loser"


@dataclass(frozen=True, slots=True)
class Clash:
    """A field in which the two differ: what the one that stays says, and what the other says."""

    field: str
    title: str
    winner: str
    loser: str


def clashes(ctx: Context, loser: Customer, winner: Customer) -> tuple[Clash, ...]:
    """The fields in which both say something, and not the same."""
    found = []
    for name in FIELDS:
        mine, other = getattr(winner, name), getattr(loser, name)
        if mine and other and mine != other and not _itself(name, other, loser, winner):
            found.append(Clash(name, WORDS[name], _said(ctx, name, mine), _said(ctx, name, other)))
    mine, other = (dropped(ctx.session, one.ext, loser.id, winner.id) for one in (winner, loser))
    for spec in specs.added(ctx.session, "customer"):
        a, b = mine.get(spec.key), other.get(spec.key)
        if a not in (None, "", b) and b not in (None, ""):
            texts = [show.text_of(ctx, spec, value) for value in (a, b)]
            found.append(Clash(f"{CUSTOM}{spec.key}", spec.label, *texts))
    return tuple(found)


def settle(ctx: Context, loser: Customer, winner: Customer, choices: Mapping[str, Choice]) -> dict[str, Any]:
    """What the one that stays gets: what it lacks, and what was chosen from the other."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        mine, other = getattr(winner, name), getattr(loser, name)
        if _itself(name, mine, winner, loser):
            mine = None
            values[name] = None
        chosen = choices.get(name) is Choice.LOSER
        if other and not _itself(name, other, loser, winner) and (not mine or chosen):
            values[name] = other
    if loser.note and loser.note not in winner.note:
        values["note"] = f"{winner.note}；{loser.note}".strip("；")
    kept, others = (dropped(ctx.session, one.ext, loser.id, winner.id) for one in (winner, loser))
    taken = {
        key: value
        for key, value in others.items()
        if value not in (None, "")
        and (kept.get(key) in (None, "") or choices.get(f"{CUSTOM}{key}") is Choice.LOSER)
    }
    if taken or kept != winner.ext:
        values["ext"] = {**kept, **taken}
    return values


def _itself(name: str, value: object, whose: Customer, other: Customer) -> bool:
    """Whether the parent or referrer of one is the other of the two: it cannot be its own."""
    return name in ("parent_id", "referrer_id") and value in (other.id, whose.id)


def _said(ctx: Context, name: str, value: Any) -> str:  # noqa: ANN401 whatever the column holds
    if name in ("parent_id", "referrer_id"):
        return customers.short_names(ctx, [value]).get(value, "")
    return str(value)
