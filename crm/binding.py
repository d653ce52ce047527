"""Binding an account that nobody can read to a member: a code, shown there and typed where he is known.

WeCom's smart bot may see opaque ids that are in no address book. Whoever it does not know is told a code
of six digits; a member who types that code in a channel where he is known shows that both are him. A
code is good for ten minutes and once, and guessing ends after five wrong ones.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from crm.context import Context
from store.tables import BindingCode, EventLog, Identity

DIGITS: Final = 6
LIFE: Final = timedelta(minutes=10)
FRESH: Final = timedelta(minutes=5)
"""A code that is good for at least this long is shown again instead of a new one."""
MOST_WRONG: Final = 5
WRONG_WITHIN: Final = timedelta(minutes=10)
_OBJECT: Final = "binding"


class Outcome(StrEnum):
    """What became of a code that was typed."""

    BOUND = "bound"
    ALREADY = "already"
    TAKEN = "taken"
    WRONG = "wrong"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody the bot does not know: the app, and the id as the platform writes it."""

    platform: str
    app: str
    address: str

    @property
    def external_id(self) -> str:
        """The id as identities keep it."""
        return self.address.lower()


@dataclass(frozen=True, slots=True)
class Issued:
    """A code, and the end of its life (aware UTC)."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The outcome, and the app in which the account is."""

    outcome: Outcome
    app: str = ""


def issue(
    session: Session, account: Account, now: datetime, *, draw: Callable[[int], int] = secrets.randbelow
) -> Issued:
    """The code for an account: the one it was told a moment ago, or a new one that takes its place.

    `draw(n)` gives a random number below n.
    """
    row = _row_of(session, account)
    if row is not None and row.used_at is None and row.expires_at - now >= FRESH:
        return Issued(row.code, row.expires_at)
    if row is None:
        row = BindingCode(
            platform=account.platform,
            app=account.app,
            external_id=account.external_id,
            code="",
            issued_at=now,
            expires_at=now,
        )
    row.address = account.address
    row.code = _unused(session, now, draw)
    row.issued_at, row.expires_at = now, now + LIFE
    row.used_at = row.member_id = None
    session.add(row)
    session.flush()
    return Issued(row.code, row.expires_at)


def redeem(ctx: Context, code: str) -> Redeemed:
    """Bind the account that was told `code` to the actor. Wrong codes are counted; nothing is raised."""
    if _wrong_tries(ctx) >= MOST_WRONG:
        return Redeemed(Outcome.TOO_MANY)
    row = _open(ctx, code)
    if row is None or not _use(ctx, row):
        _note(ctx, "wrong", ctx.actor.id)
        return Redeemed(Outcome.WRONG)
    known = ctx.session.execute(
        select(Identity).where(
            col(Identity.platform) == row.platform,
            col(Identity.app) == row.app,
            col(Identity.external_id) == row.external_id,
        )
    ).scalar_one_or_none()
    if known is not None:
        return Redeemed(Outcome.ALREADY if known.member_id == ctx.actor.id else Outcome.TAKEN, row.app)
    identity = Identity(
        platform=row.platform,
        app=row.app,
        external_id=row.external_id,
        address=row.address,
        member_id=ctx.actor.id,
        created_at=ctx.now,
    )
    ctx.session.add(identity)
    ctx.session.flush()
    _note(ctx, "bound", identity.id)
    return Redeemed(Outcome.BOUND, row.app)


def _row_of(session: Session, account: Account) -> BindingCode | None:
    query = select(BindingCode).where(
        col(BindingCode.platform) == account.platform,
        col(BindingCode.app) == account.app,
        col(BindingCode.external_id) == account.external_id,
    )
    return session.execute(query).scalar_one_or_none()


def _unused(session: Session, now: datetime, draw: Callable[[int], int]) -> str:
    """A code that nobody else was told within its life."""
    while True:
        code = f"{draw(10**DIGITS):0{DIGITS}d}"
        query = select(col(BindingCode.id)).where(
            col(BindingCode.code) == code, col(BindingCode.expires_at) > now
        )
        if session.execute(query).first() is None:
            return code


def _open(ctx: Context, code: str) -> BindingCode | None:
    """Whom the code was told, where that is one and the code is still good."""
    query = select(BindingCode).where(
        col(BindingCode.code) == code,
        col(BindingCode.used_at).is_(None),
        col(BindingCode.expires_at) > ctx.now,
    )
    rows = ctx.session.execute(query.limit(2)).scalars().all()
    return rows[0] if len(rows) == 1 else None


def _use(ctx: Context, row: BindingCode) -> bool:
    """Use the code up; False where somebody was faster."""
    used = ctx.session.execute(
        update(BindingCode)
        .where(col(BindingCode.id) == row.id, col(BindingCode.used_at).is_(None))
        .values(used_at=ctx.now, member_id=ctx.actor.id)
        .returning(col(BindingCode.id))
    )
    return used.first() is not None


def _wrong_tries(ctx: Context) -> int:
    query = select(func.count()).where(
        col(EventLog.actor_id) == ctx.actor.id,
        col(EventLog.at) > ctx.now - WRONG_WITHIN,
        col(EventLog.object) == _OBJECT,
        col(EventLog.type) == "wrong",
    )
    return int(ctx.session.execute(query).scalar_one())


def _note(ctx: Context, kind: str, about: int) -> None:
    """For the audit. Without the message's id: this is nothing that 撤销 takes back."""
    ctx.session.add(EventLog(object=_OBJECT, object_id=about, type=kind, actor_id=ctx.actor.id, at=ctx.now))
    ctx.session.flush()
