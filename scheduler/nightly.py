"""What is worked out while everybody sleeps: tags by rule, identities, what a merge has left behind.

A step at a time, so that no transaction is long; what is done for the night is claimed under the day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from config.business import Business
from crm import identities, merging, once, tags
from crm.context import SYSTEM, Context
from scheduler.claims import claimed
from scheduler.outgoing import Outgoing

FROM, UNTIL = time(1), time(6)
AT_ONCE = 500
BEHIND = timedelta(days=2)


def nightly(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """The next step of the night at `now` (aware UTC), from 1:00 to 6:00, local; nothing is sent."""
    local = now.astimezone(ZoneInfo(business.zone)).replace(tzinfo=None)
    if not FROM <= local.time() < UNTIL:
        return []
    day = local.date().isoformat()
    whole = f"nightly:{day}"
    if claimed(session, [whole]):
        return []
    ctx = Context(session, SYSTEM, now, business=business)
    if _step(ctx, day):
        once.first(session, whole, now)
    return []


def _step(ctx: Context, day: str) -> bool:
    """One step; whether it was the last."""
    names = {f"tags:{day}:{tag.id}": tag for tag in tags.with_rules(ctx)}
    done = claimed(ctx.session, list(names)) if names else set()
    for name, tag in names.items():
        if name not in done:
            on, off = tags.recompute(ctx, tag, AT_ONCE)
            if AT_ONCE not in (on, off):
                once.first(ctx.session, name, ctx.now)
            return False
    merging.sweep(ctx, ctx.now - BEHIND)
    return identities.catch_up(ctx, AT_ONCE) < AT_ONCE
