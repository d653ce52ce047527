"""One sentence and what it means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, its intent, and its other fields as in the JSON of the command.

    Times are a day, a minute, or a day and its part.
    """

    text: str
    intent: str
    fields: dict[str, object]


def said(text: str, intent: str, **fields: object) -> Said:
    """A sentence with its meaning."""
    return Said(text, intent, fields)
