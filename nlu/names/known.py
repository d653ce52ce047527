"""Which of many words stand in a text: found by their first two characters, in one look at each place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import is_not


class _Index:
    """Words in the order in which they came."""

    def __init__(self) -> None:
        self._rank: dict[str, int] = {}
        self._by_head: dict[str, list[str]] = {}
        self._short: list[str] = []  # of one character

    def add(self, words: Iterable[str]) -> None:
        """Take up those that are new."""
        for word in words:
            if word and word not in self._rank:
                self._rank[word] = len(self._rank)
                alike = self._short if len(word) == 1 else self._by_head.setdefault(word[:2], [])
                alike.append(word)

    def within(self, text: str) -> list[str]:
        """Those that stand in the text."""
        if not self._rank:
            return []
        by_head = self._by_head
        places = [at for at in range(len(text) - 1) if text[at : at + 2] in by_head]
        found = {word for at in places for word in by_head[text[at : at + 2]] if text.startswith(word, at)}
        found.update(word for word in self._short if word in text)
        return sorted(found, key=self._rank.__getitem__)


class KnownWords:
    """The words of collections that others change: each may be replaced by another one, or grow."""

    def __init__(self) -> None:
        self._seen: tuple[tuple[Collection[str], ...], list[int], _Index] = ((), [], _Index())

    def within(self, text: str, *collections: Collection[str]) -> list[str]:
        """Those that stand in the text, the words of the first collection first."""
        seen, sizes, index = self._seen
        if sizes != [len(words) for words in collections] or any(map(is_not, seen, collections)):
            index = self._renewed(collections)
        return index.within(text)

    def _renewed(self, collections: tuple[Collection[str], ...]) -> _Index:
        """The index of what the collections hold now: added to where only the last one has grown."""
        now = [tuple(words) for words in collections]
        sizes = [len(words) for words in now]
        seen, before, index = self._seen
        same = len(seen) == len(collections) and not any(map(is_not, seen, collections))
        if not same or before[:-1] != sizes[:-1] or before[-1] > sizes[-1]:
            index = _Index()
        for words in now:
            index.add(words)
        self._seen = (collections, sizes, index)
        return index
