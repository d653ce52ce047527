"""The outbox: once, in order, shared by leases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from store import outbox
from store.outbox import CODE_LIFE, LEASE, Letter
from store.tables import CardRow, Member, Outbox, OutboxState

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def letter(key: str, lane: str = "a", **more: object) -> Letter:
    values: dict[str, object] = {
        "idem_key": key,
        "platform": "wecom",
        "app": "main",
        "lane": lane,
        "receiver": lane,
        "body": key.encode(),
    }
    return Letter(**{**values, **more})  # type: ignore[arg-type]  # named fields with their own types


def keys(session: Session, now: datetime = NOW) -> list[str]:
    return [parcel.body.decode() for parcel in outbox.claim(session, "w1", now)]


def test_the_same_key_is_queued_once(session: Session) -> None:
    assert outbox.put(session, letter("k"), NOW) is not None
    assert outbox.put(session, letter("k"), NOW) is None
    assert keys(session) == ["k"]


def test_a_lane_is_in_order_and_lanes_are_side_by_side(session: Session) -> None:
    for key, lane in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")]:
        outbox.put(session, letter(key, lane), NOW)
    first = outbox.claim(session, "w1", NOW)
    assert [p.body for p in first] == [b"a1", b"b1"]
    assert outbox.claim(session, "w2", NOW) == []
    outbox.sent(session, first[0], message_id="m", response_code="", now=NOW)
    assert keys(session) == ["a2"]


def test_an_earlier_one_that_must_wait_holds_its_lane(session: Session) -> None:
    outbox.put(session, letter("a1"), NOW)
    outbox.put(session, letter("a2"), NOW)
    parcel = outbox.claim(session, "w1", NOW)[0]
    outbox.again(session, parcel, at=NOW + timedelta(seconds=30), reason="busy")
    assert keys(session) == []
    assert keys(session, NOW + timedelta(seconds=31)) == ["a1"]


def test_a_lost_lease_is_taken_over_with_the_same_bytes(session: Session) -> None:
    outbox.put(session, letter("a1"), NOW)
    first = outbox.claim(session, "dead", NOW)[0]
    later = NOW + LEASE + timedelta(seconds=1)
    second = outbox.claim(session, "alive", later)[0]
    assert (second.id, second.body, second.attempts) == (first.id, first.body, 2)


def test_what_is_parked_lets_the_lane_go_on_and_can_be_sent_later(session: Session) -> None:
    outbox.put(session, letter("a1"), NOW)
    outbox.put(session, letter("a2"), NOW)
    parcel = outbox.claim(session, "w1", NOW)[0]
    outbox.park(session, parcel.id, "refused")
    assert keys(session) == ["a2"]
    assert [row.id for row in outbox.listed(session, OutboxState.PARKED)] == [parcel.id]
    assert outbox.unpark(session, parcel.id, NOW)
    assert not outbox.unpark(session, parcel.id, NOW)
    assert outbox.counts(session)["pending"] == 1


def test_the_code_of_a_sent_card_updates_it_once(session: Session) -> None:
    member = Member(name="张伟", created_at=NOW, updated_at=NOW)
    session.add(member)
    session.flush()
    card = CardRow(
        platform="wecom",
        app="main",
        task_id="t1",
        receiver="a",
        member_id=member.id,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(card)
    session.flush()
    outbox.put(session, letter("send", card_id=card.id), NOW)
    sent = outbox.claim(session, "w1", NOW)[0]
    outbox.sent(session, sent, message_id="m", response_code="code1", now=NOW)
    for n in (1, 2):
        outbox.put(session, letter(f"update{n}", card_id=card.id, kind="update"), NOW)
    update = outbox.claim(session, "w1", NOW)[0]
    assert (update.kind, update.response_code) == ("update", "code1")
    outbox.sent(session, update, message_id="", response_code="", now=NOW)
    assert outbox.claim(session, "w1", NOW)[0].response_code == ""


def test_a_code_is_not_used_after_its_time(session: Session) -> None:
    member = Member(name="张伟", created_at=NOW, updated_at=NOW)
    session.add(member)
    session.flush()
    card = CardRow(
        platform="wecom",
        app="main",
        task_id="t1",
        receiver="a",
        member_id=member.id,
        response_code="old",
        code_expires_at=NOW + CODE_LIFE,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(card)
    session.flush()
    outbox.put(session, letter("update", card_id=card.id, kind="update"), NOW)
    assert outbox.claim(session, "w1", NOW + CODE_LIFE + timedelta(minutes=1))[0].response_code == ""


def test_the_same_words_are_counted(session: Session) -> None:
    outbox.put(session, letter("k1", body=b"same"), NOW)
    assert outbox.repeats(session, "a", b"same", NOW - timedelta(hours=4)) == 1
    assert outbox.repeats(session, "a", b"other", NOW - timedelta(hours=4)) == 0
    assert outbox.repeats(session, "b", b"same", NOW - timedelta(hours=4)) == 0
    assert outbox.repeats(session, "a", b"same", NOW + timedelta(seconds=1)) == 0


def test_every_letter_keeps_its_exact_bytes(session: Session) -> None:
    body = bytes(range(256))
    new = outbox.put(session, letter("k", body=body), NOW)
    row = session.get(Outbox, new)
    assert row is not None
    assert row.body == body
