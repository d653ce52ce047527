"""The envelope of events and the signatures, against the vendor's published example."""

from __future__ import annotations

import base64
import hashlib
import hmac

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.dingtalk.crypto import BadSeal, Seal, card_sign, robot_sign

TOKEN, KEY, OWNER = "123456", "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij", "suite4xxxxxxxxxxxxxxx"
# The example of page develop-stream-mode-push-server.
EXAMPLE = (
    "1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23J"
    "VYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+"
    "0pZcy0w9lQ=="
)
STAMP, NONCE, SIGNATURE = "1445827045067", "nEXhMP4r", "5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0"
SEAL = Seal(TOKEN, KEY, OWNER)


def test_published_example_opens() -> None:
    assert SEAL.verify(SIGNATURE, STAMP, NONCE, EXAMPLE)
    assert not SEAL.verify(SIGNATURE, STAMP, NONCE + "x", EXAMPLE)
    assert orjson.loads(SEAL.open(EXAMPLE))["EventType"] == "check_create_suite_url"


@given(st.binary(max_size=300))
def test_what_is_sealed_opens(message: bytes) -> None:
    sealed = SEAL.close(message)
    assert SEAL.open(sealed) == message
    assert SEAL.close(message) != sealed


@pytest.mark.parametrize("encrypted", ["", "AAAA", "not base64!", EXAMPLE[:-4], EXAMPLE[:-24]])
def test_broken_envelope_does_not_open(encrypted: str) -> None:
    with pytest.raises(BadSeal):
        SEAL.open(encrypted)


def test_envelope_of_another_owner_does_not_open() -> None:
    with pytest.raises(BadSeal, match="owner"):
        Seal(TOKEN, KEY, "somebody").open(EXAMPLE)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "x", "-" * 43])
def test_wrong_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        Seal(TOKEN, key, OWNER)


def test_signatures_of_robot_and_card() -> None:
    robot = hmac.new(b"this is a secret", b"1577262236757\nthis is a secret", hashlib.sha256)
    assert robot_sign("1577262236757", "this is a secret") == base64.b64encode(robot.digest()).decode()
    card = hmac.new(b"s", b"1577262236757", hashlib.sha256)
    assert card_sign("1577262236757", "s") == base64.b64encode(card.digest()).decode()
