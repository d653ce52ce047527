"""The bounded XML tree."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom import limits
from bot.wecom.passive import cdata
from bot.wecom.xml import BadXml, parse


def test_children_are_lists_whether_one_or_many() -> None:
    one = parse(b"<xml><L><I>1</I></L></xml>")
    many = parse(b"<xml><L><I>1</I><I>2</I></L><L><I>3</I></L></xml>")
    assert [found.text for found in one.each("L", "I")] == ["1"]
    assert [found.text for found in many.each("L", "I")] == ["1", "2", "3"]
    assert many.get("missing") == ""
    assert many.each("missing", "I") == []


def test_leaves_have_dotted_paths() -> None:
    root = parse(b"<xml><A>1</A><B><C>2</C><C>3</C></B><D/></xml>")
    assert list(root.leaves()) == [("A", "1"), ("B.C", "2"), ("B.C", "3"), ("D", "")]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "malformed"),
        (b"hello", "malformed"),
        (b"<xml>", "malformed"),
        (b"<xml/><xml/>", "malformed"),
        (b"<xml>\xff</xml>", "malformed"),
        (b"<xml>&unknown;</xml>", "malformed"),
        (b"<!DOCTYPE xml><xml/>", "doctype"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', "doctype"),
        (b"<a>" * 100_000, "too_deep"),
        (b"<xml>" + b"<a/>" * 40_000 + b"</xml>", "too_many_elements"),
    ],
)
def test_what_the_platform_never_sends_is_refused_at_once(document: bytes, reason: str) -> None:
    began = time.process_time()
    with pytest.raises(BadXml) as bad:
        parse(document)
    assert bad.value.reason == reason
    assert time.process_time() - began < 0.2


def test_the_bounds_themselves_are_allowed() -> None:
    deep = b"<a>" * limits.XML_MAX_DEPTH + b"</a>" * limits.XML_MAX_DEPTH
    wide = b"<xml>" + b"<a/>" * (limits.XML_MAX_ELEMENTS - 1) + b"</xml>"
    assert parse(deep)
    assert len(parse(wide).each("a")) == limits.XML_MAX_ELEMENTS - 1


def test_pasted_control_characters_are_dropped_rather_than_the_message() -> None:
    assert parse("<xml><C>a\x08b\x00c\uffffd</C></xml>".encode()).get("C") == "abcd"


@given(st.text(max_size=300))
def test_any_text_in_cdata_comes_back_as_that_text(text: str) -> None:
    root = parse(f"<xml><Content>{cdata(text)}</Content></xml>".encode())
    assert list(root.children) == ["Content"]
    kept = "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
    assert root.get("Content") == kept.replace("\r\n", "\n").replace("\r", "\n").strip()


@given(st.binary(max_size=500))
def test_noise_is_refused_and_nothing_else_happens(noise: bytes) -> None:
    with suppress(BadXml):
        parse(noise)
