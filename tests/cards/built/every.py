"""All samples: `built` by the builders of the project, and of shapes that no builder makes yet.

A feature adds its cards to the dictionary of its module here, or a module of its own to `FEATURES`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Final, get_type_hints

import cards
from cards.card import Card
from tests.cards import samples
from tests.cards.built import (
    custom,
    customers,
    followups,
    forms,
    handover,
    pages,
    records,
    rights,
    visits,
    work,
)

FEATURES: Final[tuple[ModuleType, ...]] = (
    handover,
    customers,
    pages,
    visits,
    work,
    followups,
    forms,
    custom,
    records,
    rights,
)
BUILT: Final[dict[str, Card]] = {
    f"{feature.__name__.rpartition('.')[2]}.{name}": card
    for feature in FEATURES
    for name, card in feature.SAMPLES.items()
}
EVERY: Final[dict[str, Card]] = {**BUILT, **{f"shapes.{n}": card for n, card in samples.SAMPLES.items()}}


def builders() -> list[Callable[..., Card]]:
    """Every public function of the cards' room that returns a card."""
    found: list[Callable[..., Card]] = []
    for module in pkgutil.iter_modules(cards.__path__, "cards."):
        if module.ispkg:
            continue
        made = importlib.import_module(module.name)
        for name, function in inspect.getmembers(made, inspect.isfunction):
            is_own = function.__module__ == made.__name__ and not name.startswith("_")
            if is_own and get_type_hints(function).get("return") is Card:
                found.append(function)
    return found
