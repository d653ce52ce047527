"""What becomes of the fields of two customers that are one: kept, taken over, or to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.particulars import WORDS
from store.tables import Customer, CustomField

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
    labels = _labels(ctx, set(loser.ext) & set(winner.ext))
    for key in sorted(labels):
        if winner.ext[key] not in (None, "", loser.ext[key]) and loser.ext[key] not in (None, ""):
            title = labels[key]
            found.append(Clash(f"{CUSTOM}{key}", title, str(winner.ext[key]), str(loser.ext[key])))
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
    taken = tuple(
        key
        for key, value in loser.ext.items()
        if value not in (None, "")
        and (winner.ext.get(key) in (None, "") or choices.get(f"{CUSTOM}{key}") is Choice.LOSER)
    )
    if taken:
        values["ext"] = {**winner.ext, **{key: loser.ext[key] for key in taken}}
    return values


def _itself(name: str, value: object, whose: Customer, other: Customer) -> bool:
    """Whether the parent or referrer of one is the other of the two: it cannot be its own."""
    return name in ("parent_id", "referrer_id") and value in (other.id, whose.id)


def _said(ctx: Context, name: str, value: Any) -> str:  # noqa: ANN401 whatever the column holds
    if name in ("parent_id", "referrer_id"):
        return customers.short_names(ctx, [value]).get(value, "")
    return str(value)


def _labels(ctx: Context, keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    query = sa.select(col(CustomField.key), col(CustomField.label)).where(
        col(CustomField.object) == "customer", col(CustomField.key).in_(keys)
    )
    return {row[0]: row[1] for row in ctx.session.execute(query)}
