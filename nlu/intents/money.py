"""Whether a message tells of money received, an order, a signed contract, or asks for a quote."""

from __future__ import annotations

import re

from nlu.entities import Money, Time
from nlu.intents import cues
from nlu.scene import Scene


def is_payment(scene: Scene) -> bool:
    """Money that came in; a promise to pay is none."""
    for match in scene.finds(cues.PAID):
        clause = scene.clause_at(match.start())
        words = scene.bare[clause.start : clause.end]
        if cues.NOT_PAID.search(words) or _ahead(scene, clause.start, clause.end):
            continue
        done = re.search(r"了|已|收到|到账|入账|结清|过来", words)
        if done or scene.of(Money):
            return True
    return False


def is_contract(scene: Scene) -> bool:
    """A contract that was signed."""
    return _happened(scene, cues.SIGNED)


def is_order(scene: Scene) -> bool:
    """An order that was placed."""
    if scene.find(cues.VISITED):
        return False
    return _happened(scene, cues.ORDERED) and bool(
        scene.of(Money) or re.search(r"了|订单[:\s]|[要订]货|\d\s*[台套箱件个吨]", scene.bare)
    )


def is_quote(scene: Scene) -> bool:
    """A quote to be made: 给美的报个价; what was quoted during a visit is part of the report."""
    if scene.find(cues.MET) or re.search(r"[了过]|竞品|对手|友商|别家|我们报的", scene.bare):
        return False
    if scene.find(cues.QUOTED):
        return True
    words = scene.find(cues.QUOTE_WORD)
    return (
        bool(words)
        and bool(scene.mentions.customers)
        and bool(scene.of(Money))
        and not scene.people
        and not scene.of(Time)
    )


def _happened(scene: Scene, pattern: re.Pattern[str]) -> bool:
    for match in scene.finds(pattern):
        clause = scene.clause_at(match.start())
        before = scene.bare[clause.start : match.start()]
        if not cues.NOT_DONE.search(before) and not _ahead(scene, clause.start, match.start()):
            return True
    return False


def _ahead(scene: Scene, start: int, end: int) -> bool:
    """Whether a time to come stands in the stretch."""
    tomorrow = scene.now.date()
    return any(
        start <= t.span.start < end and (t.deadline or t.value.date() > tomorrow) and t.past is None
        for t in scene.of(Time)
    )
