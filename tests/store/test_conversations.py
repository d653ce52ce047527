"""What is kept in mind of a conversation, by its key."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from store import conversations

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
KEY = ("dingtalk", "ding", "0171")


def test_what_is_kept_is_read_again(session: Session) -> None:
    assert conversations.memory_of(session, KEY) == {}
    for kept in ({"customer_id": 7}, {"customer_id": 8, "pending": {"name": "form.offer"}}):
        conversations.keep(session, KEY, kept, NOW, member_id=None, is_group=False)
        assert conversations.memory_of(session, KEY) == kept
    assert conversations.memory_of(session, ("wecom", "main", "0171")) == {}
