"""Factories of default values.

pydantic asks for a factory's signature each time a row is made, and working one out costs more than
making the row: these carry theirs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from store import ids

T = TypeVar("T")


def _known(factory: Callable[[], T]) -> Callable[[], T]:
    factory.__dict__["__signature__"] = inspect.Signature()
    return factory


@_known
def new_id() -> int:
    """A new row id."""
    return ids.new_id()


@_known
def no_items() -> list[Any]:
    """An empty list."""
    return []


@_known
def no_values() -> dict[str, Any]:
    """An empty mapping."""
    return {}
