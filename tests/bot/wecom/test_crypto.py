"""Envelopes: the official vectors, and everything that is not one."""

from __future__ import annotations

import base64
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.wecom import crypto as crypto_module
from bot.wecom import limits
from bot.wecom.crypto import CallbackCrypto, Refused
from sandbox.wecom.crypto import Envelope
from tests.bot.wecom.platform import (
    AES_KEY,
    CORP_ID,
    NONCE,
    NOW,
    SEALER,
    STAMP,
    TOKEN,
    Posted,
    crypto,
    post,
    wrap,
)

OFFICIAL_ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
OFFICIAL_ENCRYPT = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/s"
    "YYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJ"
    "YuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGU"
    "callcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDY"
    "A5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
OFFICIAL = Posted(
    wrap(OFFICIAL_ENCRYPT), "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"
)
THEN = datetime.fromtimestamp(1409659813, UTC)


def open_it(posted: Posted, now: datetime = NOW) -> bytes:
    return crypto().open(posted.body, posted.signature, posted.timestamp, posted.nonce, now)


def reason(posted: Posted, now: datetime = NOW) -> str:
    with pytest.raises(Refused) as refused:
        open_it(posted, now)
    return refused.value.reason


def test_official_url_check_vector() -> None:
    echo = crypto().verify_url(
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", OFFICIAL_ECHO, THEN
    )
    assert echo == "1616140317555161061"


def test_official_message_vector() -> None:
    inner = open_it(OFFICIAL, THEN).decode()
    assert "<FromUserName><![CDATA[mycreate]]></FromUserName>" in inner
    assert "<Content><![CDATA[hello]]></Content>" in inner
    assert "<MsgId>4561255354251345929</MsgId>" in inner


def test_official_sample_laid_out_over_lines_opens_too() -> None:
    pretty = OFFICIAL.body.replace(b"><", b">\n  <").replace(b"<Encrypt><!", b"<Encrypt>\n<!")
    assert open_it(Posted(pretty, OFFICIAL.signature, OFFICIAL.timestamp), THEN)


def test_what_we_seal_the_platform_opens() -> None:
    sealed = crypto().seal("<xml>好</xml>", STAMP, "n0")
    encrypted = sealed.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert SEALER.open(encrypted).decode() == "<xml>好</xml>"
    assert SEALER.sign(STAMP, "n0", encrypted) in sealed


@settings(max_examples=60)
@given(st.binary(max_size=3000))
def test_whatever_the_platform_seals_opens_the_same(inner: bytes) -> None:
    assert open_it(post(inner)) == inner


@pytest.mark.parametrize("offset", [timedelta(minutes=9, seconds=59), -timedelta(minutes=9, seconds=59)])
def test_a_clock_that_is_somewhat_off_is_forgiven(offset: timedelta) -> None:
    assert open_it(post("<xml/>"), NOW + offset) == b"<xml/>"


@pytest.mark.parametrize("offset", [timedelta(minutes=11), -timedelta(minutes=11), timedelta(days=30)])
def test_a_replay_after_the_window_is_refused(offset: timedelta) -> None:
    assert reason(post("<xml/>"), NOW + offset) == "stale"


def test_freshness_is_a_setting() -> None:
    strict = CallbackCrypto(TOKEN, AES_KEY, CORP_ID, freshness=60)
    posted = post("<xml/>")
    with pytest.raises(Refused, match="stale"):
        strict.open(posted.body, posted.signature, STAMP, NONCE, NOW + timedelta(seconds=61))


def test_a_timestamp_of_2017_is_refused() -> None:
    assert reason(post("<xml/>", timestamp="1500000000")) == "stale"


ATTACKS = {
    "empty": b"",
    "not xml": b"hello",
    "no envelope": b"<xml></xml>",
    "self-closed": b"<xml/>",
    "empty envelope": b"<xml><Encrypt></Encrypt></xml>",
    "bad utf-8": b"<xml><Encrypt>\xff\xfe</Encrypt></xml>",
    "nul bytes": b"\x00" * 1000,
    "not base64": b"<xml><Encrypt><![CDATA[####]]></Encrypt></xml>",
    "nested tags": b"<a>" * 80_000,
    "tiny tags": b"<a/>" * 60_000,
    "open envelopes": b"<Encrypt>" * 25_000,
    "unclosed base64": b"<Encrypt>" + b"A" * 250_000,
    "billion laughs": b'<!DOCTYPE xml [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a;" * 10) for i in range(10))
    + b"]><xml><Encrypt>&a9;</Encrypt></xml>",
    "external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>',
}


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_without_a_signature_is_refused_at_once(body: bytes) -> None:
    began = time.process_time()
    assert reason(Posted(body, "0" * 40)) in {"no_envelope", "signature", "malformed"}
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize("body", [b"<a/>" * 2_000_000, b"<a>" * 228_000], ids=["8 MB", "684 kB nested"])
def test_a_body_beyond_the_cap_is_not_looked_at(body: bytes) -> None:
    assert reason(Posted(body, "0" * 40)) == "too_large"


@settings(max_examples=300)
@given(st.data())
def test_no_altered_callback_is_accepted(data: st.DataObject) -> None:
    """Any single bit of the signed parts. What stands around the ciphertext is never read."""
    posted = post("<xml><Content>报价</Content></xml>")
    part = data.draw(st.sampled_from(["encrypt", "signature", "timestamp", "nonce"]))
    whole = {
        "encrypt": posted.body[
            posted.body.index(b"<Encrypt><![CDATA[") + 18 : posted.body.index(b"]]></Encrypt>")
        ],
        "signature": posted.signature.encode(),
        "timestamp": posted.timestamp.encode(),
        "nonce": posted.nonce.encode(),
    }[part]
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    flipped = bytearray(whole)
    flipped[bit // 8] ^= 1 << (bit % 8)
    altered = bytes(flipped)
    shown = altered.decode("latin-1")
    forged = {
        "encrypt": lambda: Posted(posted.body.replace(whole, altered), posted.signature),
        "signature": lambda: Posted(posted.body, shown),
        "timestamp": lambda: Posted(posted.body, posted.signature, shown),
        "nonce": lambda: Posted(posted.body, posted.signature, nonce=shown),
    }[part]()
    with pytest.raises(Refused):
        open_it(forged)


@settings(max_examples=200)
@given(st.data())
def test_a_flip_anywhere_in_the_body_changes_nothing_or_is_refused(data: st.DataObject) -> None:
    posted = post("<xml>1</xml>")
    flipped = bytearray(posted.body)
    bit = data.draw(st.integers(0, len(flipped) * 8 - 1))
    flipped[bit // 8] ^= 1 << (bit % 8)
    try:
        opened = open_it(Posted(bytes(flipped), posted.signature))
    except Refused:
        return
    assert opened == b"<xml>1</xml>"


def test_timestamp_and_nonce_swapped_is_stale() -> None:
    """The signature sorts its parts, so it does not notice; the freshness does."""
    posted = post("<xml/>")
    assert reason(Posted(posted.body, posted.signature, posted.nonce, posted.timestamp)) == "stale"


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1e9", "９９９", "9" * 40, " 1409659813"])
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    assert reason(Posted(post("<xml/>").body, "0" * 40, timestamp)) == "malformed"


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_any_query_is_refused_without_another_error(
    signature: str, stamp: str, nonce: str, echo: str
) -> None:
    with pytest.raises(Refused):
        crypto().verify_url(signature, stamp, nonce, echo, NOW)


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_a_signed_ciphertext_of_noise_is_refused(noise: bytes) -> None:
    """Even with the right signature: padding, length and receiver must fit."""
    encrypted = base64.b64encode(noise).decode()
    signature = SEALER.sign(STAMP, NONCE, encrypted)
    with pytest.raises(Refused):
        open_it(Posted(wrap(encrypted), signature))


@pytest.mark.parametrize(
    ("sealer", "expected"),
    [
        (Envelope(TOKEN, AES_KEY, "wwother"), "receiver"),
        (Envelope(TOKEN, AES_KEY, ""), "receiver"),
        (Envelope("other", AES_KEY, CORP_ID), "signature"),
    ],
    ids=["another corp", "no receiver", "another token"],
)
def test_an_envelope_for_somebody_else_is_refused(sealer: Envelope, expected: str) -> None:
    assert reason(post("<xml/>", sealer=sealer)) == expected


def test_another_key_is_refused() -> None:
    with pytest.raises(Refused):
        open_it(post("<xml/>", sealer=Envelope(TOKEN, "k" * 43, CORP_ID)))


def test_the_smart_bot_has_no_receiver() -> None:
    bot = CallbackCrypto(TOKEN, AES_KEY, "")
    posted = post("<xml/>", sealer=Envelope(TOKEN, AES_KEY, ""))
    assert bot.open(posted.body, posted.signature, STAMP, NONCE, NOW) == b"<xml/>"


@pytest.mark.parametrize("key", ["", "k" * 42, "k" * 44, "k" * 42 + "=", "k" * 42 + "\n"])
def test_an_impossible_key_is_refused_at_start(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        CallbackCrypto(TOKEN, key, CORP_ID)


def test_one_module_alone_imports_the_library() -> None:
    importing = {
        path.name
        for path in Path(crypto_module.__file__).parent.glob("*.py")
        if re.search(r"^(from|import) wechatpy", path.read_text("utf-8"), re.MULTILINE)
    }
    assert importing == {"crypto.py"}


def test_the_library_itself_opens_what_we_seal_and_we_what_it_seals() -> None:
    library = WeChatCrypto(TOKEN, AES_KEY, CORP_ID)
    sealed = crypto().seal("<xml>好</xml>", STAMP, "n0")
    signature = sealed.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    assert library.decrypt_message(sealed, signature, STAMP, "n0") == "<xml>好</xml>"
    theirs = library.encrypt_message("<xml>好</xml>", "n1", STAMP)
    their_signature = theirs.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    assert crypto().open(theirs.encode(), their_signature, STAMP, "n1", NOW).decode() == "<xml>好</xml>"


def test_the_cap_is_what_the_callback_promises() -> None:
    assert limits.BODY_MAX_BYTES == 256 * 1024
