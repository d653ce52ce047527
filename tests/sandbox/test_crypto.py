"""The envelope, against the vendor's published vectors (page 91144)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.wecom.crypto import BadEnvelope, Envelope
from tests.sandbox.world import AES_KEY

OFFICIAL = Envelope("QDG6eK", AES_KEY, "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
    "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwG"
    "c2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9"
    "EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0"
    "lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)


def test_official_url_verification() -> None:
    """The GET vector."""
    assert OFFICIAL.sign("1409659589", "263014780", ECHO) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert OFFICIAL.open(ECHO) == b"1616140317555161061"


def test_official_message() -> None:
    """The POST vector."""
    assert OFFICIAL.verify("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", MESSAGE)
    plain = OFFICIAL.open(MESSAGE).decode()
    assert "<FromUserName><![CDATA[mycreate]]></FromUserName>" in plain
    assert "<Content><![CDATA[hello]]></Content>" in plain
    assert "<MsgId>4561255354251345929</MsgId>" in plain


@given(st.binary(max_size=300), st.text(max_size=20))
def test_whatever_is_sealed_opens_again(message: bytes, receiver: str) -> None:
    """A round trip, at any length and for any receiver."""
    envelope = Envelope("t", AES_KEY, receiver)
    assert envelope.open(envelope.seal(message)) == message


@given(st.text(max_size=80))
def test_garbage_is_refused_and_nothing_else_happens(garbage: str) -> None:
    """Only BadEnvelope comes out."""
    with pytest.raises(BadEnvelope):
        OFFICIAL.open(garbage)


def test_another_receiver_is_refused() -> None:
    """A message for another company does not open."""
    with pytest.raises(BadEnvelope):
        OFFICIAL.open(Envelope("QDG6eK", AES_KEY, "wxother").seal(b"hello"))


def test_sealing_twice_never_looks_the_same() -> None:
    """The random beginning does its work."""
    assert OFFICIAL.seal(b"hello") != OFFICIAL.seal(b"hello")
