"""A customer gets another owner here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from crm.context import Context
from crm.handover.moving import reassign
from store.tables import Customer


def give(ctx: Context, owners: Mapping[int, int]) -> None:
    """Let these customers (ids) belong to these members (ids). The journal keeps who they belonged to."""
    reassign(ctx, Customer, "owner_id", owners)
