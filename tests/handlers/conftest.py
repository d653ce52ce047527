"""Conversations run on SQLite, those that lean on the database on PostgreSQL as well.

The services below them (tests/crm) run on both, each of them.
"""

from __future__ import annotations

import pytest

BOTH = frozenset(
    (
        *("test_visits", "test_customers", "test_adding", "test_quotes", "test_tasks", "test_undo"),
        *("test_merging", "test_fields", "test_handover", "test_finding", "test_tags", "test_timeline"),
        *("test_closing", "test_team", "test_preferences"),
    )
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the runs on PostgreSQL of what does not lean on the database."""
    out = [one for one in items if _only_sqlite(one) and "postgresql" in one.nodeid.rpartition("[")[2]]
    if out:
        config.hook.pytest_deselected(items=out)
        left = {id(one) for one in out}
        items[:] = [one for one in items if id(one) not in left]


def _only_sqlite(item: pytest.Item) -> bool:
    return "tests/handlers/" in item.nodeid and item.path.stem not in BOTH
