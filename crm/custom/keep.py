"""What the journal brings along when it writes a record: the side index, versions of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.context import Context
from crm.custom import index, versions
from store.tables import Table


def follow(ctx: Context, row: Table, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Bring along what hangs on a record that was created (`before` empty) or changed."""
    if isinstance(row, versions.CONFIGURED):
        versions.write(ctx, row, before, after)
    elif before.get("ext") or after.get("ext"):
        index.follow(ctx.session, row, before.get("ext") or {}, after.get("ext") or {})
