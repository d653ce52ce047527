"""What every platform says is legible: a database can keep it, and it comes back from the inbox as it was."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from handlers.codec import from_json, to_json
from handlers.incoming import Attachment, Incoming, Kind, Place, legible

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ANY = st.text(st.characters(), max_size=30)
WILD = st.text(st.sampled_from("\x00\x01\t\n\r\x1f\x7f\x85\ud83d\udc00\ufffe王A😀"), max_size=20)


def full(words: str) -> Incoming:
    """A message that has these words everywhere."""
    return Incoming(
        platform="wecom",
        app=words,
        conversation=words,
        sender=words,
        kind=Kind.TEXT,
        delivery_id=words,
        sent_at=NOW,
        text=words,
        action=words,
        fields={words: (words, words)},
        card_id=words,
        response_code=words,
        quoted=words,
        attachments=(Attachment(words, Kind.FILE, words, words, words),),
        place=Place(1.0, 2.0, words),
        event=words,
        reply_url=words,
    )


@given(st.one_of(ANY, WILD))
def test_only_what_nobody_types_is_dropped(words: str) -> None:
    clean = legible(words)
    clean.encode()
    assert legible(clean) == clean
    assert not any(ord(one) < 32 and one not in "\t\n" for one in clean)
    assert [one for one in words if one in "\t\n王A😀"] == [one for one in clean if one in "\t\n王A😀"]


@given(WILD)
def test_no_field_of_a_message_holds_more_than_is_legible(words: str) -> None:
    message = full(words)
    assert message == full(legible(words))
    shown = repr([getattr(message, one.name) for one in fields(message)])
    assert "\\x00" not in shown
    assert "\\ud83d" not in shown


@given(st.one_of(ANY, WILD))
def test_a_message_comes_back_from_the_inbox_as_it_was(words: str) -> None:
    assert from_json(to_json(full(words))) == full(words)
