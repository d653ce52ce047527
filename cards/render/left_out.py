"""What a platform could not show of a card, kept while rendering and said in words."""

from __future__ import annotations


class LeftOut:
    """Collects what is missing and what is shown in part. One for each rendering."""

    __slots__ = ("_missing", "_short")

    def __init__(self) -> None:
        self._missing: dict[str, int] = {}
        self._short: dict[str, None] = {}

    def miss(self, what: str, count: int = 1) -> None:
        """`what` is not shown: a single thing (图片), or a counted one with its measure word (个按钮)."""
        if count > 0:
            self._missing[what] = self._missing.get(what, 0) + count

    def shorten(self, what: str) -> None:
        """Of `what` only a part is shown, and it ends with …"""
        self._short[what] = None

    @property
    def count(self) -> int:
        """How many things are missing."""
        return sum(self._missing.values())

    def notice(self, more: int = 0) -> str:
        """What the card says of it, with `more` added: 还有 4 项未显示; empty when nothing is missing."""
        total = self.count + more
        return f"还有 {total} 项未显示" if total else ""

    def phrases(self) -> tuple[str, ...]:
        """Everything that is missing or shortened, one phrase each: 另有 3 个按钮未显示."""
        missing = [_missing(what, count) for what, count in self._missing.items()]
        return (*missing, *(f"{what}未完整显示" for what in self._short))


def _missing(what: str, count: int) -> str:
    return f"另有 {count} {what}未显示" if what.startswith(("个", "项")) else f"{what}未显示"
