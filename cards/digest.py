"""Several cards that would come at once, as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cards.card import Action, Button, Card, Tone
from cards.words import one_line

MOST_LINES: Final = 8


def digest_card(cards: Sequence[Card]) -> Card:
    """One card that names each of `cards`, where they would be too many to come one by one."""
    lines = [_line(number, card) for number, card in enumerate(cards[:MOST_LINES], start=1)]
    if len(cards) > MOST_LINES:
        lines.append(f"还有 {len(cards) - MOST_LINES} 条，回复 今天 看全部")
    return Card(
        title=f"{len(cards)} 条提醒",
        tone=Tone.PRIMARY,
        body="\n".join(lines),
        buttons=(Button("看今天的待办", Action("morning.today"), Tone.PRIMARY, say="回复 今天"),),
    )


def _line(number: int, card: Card) -> str:
    return one_line(f"{number}. {'，'.join(part for part in (card.title, card.subtitle) if part)}", 40)
