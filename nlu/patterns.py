"""Regular expressions that are compiled when first used: importing the library stays quick."""

from __future__ import annotations

import re
from typing import cast

_NAME = re.compile(r"\(\?P<\w+>")
_BACK_REFERENCE = re.compile(r"\(\?P=\w+\)")
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


_all: list[_Lazy] = []
cues: list[re.Pattern[str]] = []


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


def cue(source: str) -> re.Pattern[str]:
    """The same for words that every message is searched for; `nlu.likely` tells which of them it may hold."""
    pattern = lazy(source)
    cues.append(pattern)
    return pattern


def either(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    """One pattern that matches wherever one of these does, so that a place where none begins is left at once.

    Its groups have no names, and a back-reference stands for any character: that one matches is no more
    than a reason to look closer.
    """
    sources = (_BACK_REFERENCE.sub("(?s:.)", _NAME.sub("(?:", one.pattern)) for one in patterns)
    return lazy("|".join(sources))


def compile_all() -> None:
    """Compile what was not used yet."""
    for pattern in _all:
        if "search" not in pattern.__dict__:
            pattern.compile()
