"""From a reply to what goes out: rendered bytes in the outbox, and the rows of the cards they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from bot.voice import CannotSend, Voice, Voices
from cards.card import Card
from crm.attached import KeptFile
from store.fast import Fast
from store.ids import new_id
from store.once import table_of
from store.outbox import Letter, put, repeats
from store.tables import CardRow, Identity

SAME_WITHIN = timedelta(hours=4)  # WeCom drops the same content to the same member in this time [90236]
MOST_REFRESHED = 20
_CARD = Fast(insert(table_of(CardRow)))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a member is reached: the app of a platform, and its name of the member in its own case."""

    platform: str
    app: str
    receiver: str
    member_id: int

    @property
    def lane(self) -> str:
        """The order in which this receiver gets things."""
        return f"{self.platform}:{self.app}:{self.receiver.lower()}"


@dataclass(slots=True)
class Post:
    """Writes the letters of one turn or tick. `key` makes them one, however often the turn is run."""

    session: Session
    voices: Voices
    key: str
    now: datetime
    inbox_id: int | None = None
    count: int = 0
    queued: list[int] = field(default_factory=list)

    def say(self, to: Address, text: str, *, key: str = "") -> None:
        """Queue a text. The same words again within hours get a number, or the platform would drop them."""
        voice = self._voice(to)
        words = body = voice.text(to.receiver, text)
        again = repeats(self.session, to.lane, words, self.now - SAME_WITHIN)
        if again:
            body = voice.text(to.receiver, f"{text}（第 {again + 1} 次）")
        self._put(to, body, key=key, words=words)

    def show(self, to: Address, card: Card, *, key: str = "") -> None:
        """Queue a card."""
        card_id = new_id()
        task_id = f"g{card_id}"
        rendered = self._voice(to).card(to.receiver, card, task_id)
        if rendered.shown is None:
            self._put(to, rendered.body, key=key)
            return
        if not self._put(to, rendered.body, key=key, card_id=card_id):
            return
        about = card.about or ("", "")
        _CARD.run(
            self.session,
            {
                "id": card_id,
                "platform": to.platform,
                "app": to.app,
                "task_id": task_id,
                "receiver": to.receiver,
                "member_id": to.member_id,
                "object": about[0],
                "object_id": about[1],
                "title": card.title,
                "inbox_id": self.inbox_id,
                "shown": dict(rendered.shown),
                "response_code": "",
                "settled": bool(card.done),
                "created_at": self.now,
                "updated_at": self.now,
            },
        )

    def give(self, to: Address, file: KeptFile, *, key: str = "") -> None:
        """Queue a kept file; the words that say so where it cannot be sent there."""
        try:
            body = self._voice(to).file(to.receiver, file)
        except CannotSend as cannot:
            self.say(to, cannot.words, key=key)
            return
        self._put(to, body, key=key)

    def change(self, row: CardRow, shown: Mapping[str, Any]) -> None:
        """Queue the change of a card that was sent."""
        to = address_of(row)
        body = self._voice(to).update(to.receiver, shown)
        self._put(to, body, key="", card_id=row.id, kind="update")

    def voice(self, platform: str, app: str) -> Voice | None:
        """The voice of an app, if it is connected."""
        return self.voices.get((platform, app))

    def _voice(self, to: Address) -> Voice:
        return self.voices[to.platform, to.app]

    def _put(
        self,
        to: Address,
        body: bytes,
        *,
        key: str,
        card_id: int | None = None,
        kind: str = "send",
        words: bytes = b"",
    ) -> bool:
        self.count += 1
        letter = Letter(
            idem_key=key or f"{self.key}:{self.count}",
            platform=to.platform,
            app=to.app,
            lane=to.lane,
            receiver=to.receiver,
            body=body,
            kind=kind,
            card_id=card_id,
            inbox_id=self.inbox_id,
            words=words,
        )
        queued = put(self.session, letter, self.now)
        if queued is not None:
            self.queued.append(queued)
        return queued is not None


def address_of(row: CardRow) -> Address:
    """Where a card was sent."""
    return Address(row.platform, row.app, row.receiver, row.member_id)


def addresses(
    session: Session, member_ids: Iterable[int], voices: Voices, prefer: tuple[str, str] | None = None
) -> dict[int, Address]:
    """Where members are reached: where they want to be, else in the app of `prefer`, else in any there is."""
    query = select(Identity).where(
        col(Identity.member_id).in_(list(member_ids)), col(Identity.left_at).is_(None)
    )
    query = query.order_by(col(Identity.id))
    best: dict[int, tuple[tuple[float, bool], Identity]] = {}
    for row in session.execute(query).scalars():
        app = (row.platform, row.app)
        if app not in voices:
            continue
        rank = (row.preferred_at.timestamp() if row.preferred_at else 0.0, app == prefer)
        if row.member_id not in best or rank > best[row.member_id][0]:
            best[row.member_id] = (rank, row)
    return {
        member: Address(row.platform, row.app, row.address or row.external_id, member)
        for member, (_, row) in best.items()
    }


def cards_about(session: Session, about: tuple[str, str]) -> list[CardRow]:
    """The cards about a record that are still open, newest last."""
    query = (
        select(CardRow)
        .where(
            col(CardRow.object) == about[0],
            col(CardRow.object_id) == about[1],
            col(CardRow.settled).is_(False),
        )
        .order_by(col(CardRow.id).desc())
        .limit(MOST_REFRESHED)
    )
    return list(reversed(session.execute(query).scalars().all()))


def pressed_card(session: Session, platform: str, app: str, task_id: str) -> CardRow | None:
    """The card on which a button was pressed."""
    query = select(CardRow).where(
        col(CardRow.platform) == platform, col(CardRow.app) == app, col(CardRow.task_id) == task_id
    )
    return session.execute(query).scalar_one_or_none()
