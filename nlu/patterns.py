"""Regular expressions that are compiled when first used: importing the library stays quick."""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


_all: list[_Lazy] = []


class _Lazy:
    """Stands in for a compiled pattern; at the first use takes over its methods."""

    def __init__(self, source: str) -> None:
        self.pattern = source

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        self.compile()
        return self.__dict__[name]

    def compile(self) -> None:
        """Take over the methods of the compiled pattern."""
        compiled = re.compile(self.pattern)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))


def lazy(source: str) -> re.Pattern[str]:
    """The pattern, compiled at its first search, match, fullmatch, finditer, findall, split or sub."""
    pattern = _Lazy(source)
    _all.append(pattern)
    return cast("re.Pattern[str]", pattern)


def compile_all() -> None:
    """Compile what was not used yet."""
    for pattern in _all:
        if "search" not in pattern.__dict__:
            pattern.compile()
