"""What rides back in the response to a delivery, where the platform lets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, or the clicker's card changed.

    `card_update` is in the platform's own shape. `busy` says that nothing was kept and the platform is
    to deliver again.
    """

    text: str | None = None
    card_update: Mapping[str, Any] | None = None
    busy: bool = False

    def to_json(self) -> dict[str, Any]:
        """For the inbox row: a repeated delivery gets the same answer."""
        return {"text": self.text, "card_update": dict(self.card_update) if self.card_update else None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Answer:
        """From the inbox row."""
        return cls(kept.get("text"), kept.get("card_update")) if kept else cls()
