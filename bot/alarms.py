"""What the administrators must know: a sender that stands still, a colleague who cannot be reached.

Each once a day. It is said through another app than the one that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from bot.letters import Post, addresses
from bot.voice import Voices
from bot.words import called, cannot_reach, standing_still
from config.clock import Clock
from scheduler.delivery import Outcome, Refused, Stopped
from store.outbox import Parcel
from store.tables import Identity, Member, Role

MOST_TOLD: Final = 20
App = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Alarms:
    """Queues what is to be told, in the transaction that found it out.

    In the apps of `shy` a bot may write only to who has spoken to it: that it may not is no alarm.
    """

    voices: Voices
    clock: Clock
    shy: frozenset[App] = frozenset()

    def undelivered(self, session: Session, parcel: Parcel, outcome: Outcome) -> None:
        """A letter was not sent; only what somebody can mend is told."""
        app = (parcel.platform, parcel.app)
        if isinstance(outcome, Stopped):
            self.stopped(session, app, outcome.hint)
        elif isinstance(outcome, Refused) and app not in self.shy:
            about = _name(session, app, parcel.receiver)
            if about:
                key = f"unreached:{parcel.platform}:{parcel.app}:{parcel.receiver.lower()}"
                self._tell(session, key, cannot_reach(about, called(app), outcome.reason), app)

    def stopped(self, session: Session, app: App, hint: str) -> None:
        """Nothing can be sent in this app until somebody acts; `hint` says what to do."""
        self._tell(session, f"stopped:{app[0]}:{app[1]}", standing_still(called(app), hint), app)

    def _tell(self, session: Session, key: str, words: str, about: App) -> None:
        now = self.clock.now()
        others = {app: voice for app, voice in self.voices.items() if app != about}
        post = Post(session, self.voices, key, now)
        for member, to in addresses(session, administrators(session), others).items():
            post.say(to, words, key=f"{key}:{now:%Y-%m-%d}:{member}")


def administrators(session: Session) -> list[int]:
    """Who is told about the installation: the administrators, or the directors where there are none."""
    for role in (Role.ADMIN, Role.DIRECTOR):
        query = select(col(Member.id)).where(col(Member.role) == role, col(Member.active).is_(True))
        found: Iterable[int] = session.execute(query.order_by(col(Member.id)).limit(MOST_TOLD)).scalars()
        if told := list(found):
            return told
    return []


def _name(session: Session, app: App, receiver: str) -> str:
    """The active member's name; "" for anybody else, a group among them."""
    query = (
        select(col(Member.name))
        .join(Identity, col(Identity.member_id) == col(Member.id))
        .where(
            col(Identity.platform) == app[0],
            col(Identity.app) == app[1],
            col(Identity.external_id) == receiver.lower(),
            col(Identity.left_at).is_(None),
            col(Member.active).is_(True),
        )
    )
    return str(session.execute(query).scalar_one_or_none() or "")
