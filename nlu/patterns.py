"""Regular expressions that are compiled when first used: importing the library stays quick."""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


class _Lazy:
    """Stands in for a compiled pattern; at the first use takes over its methods."""

    def __init__(self, source: str) -> None:
        self.pattern = source

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(source: str) -> re.Pattern[str]:
    """The pattern, compiled at its first search, match, fullmatch, finditer, findall, split or sub."""
    return cast("re.Pattern[str]", _Lazy(source))
