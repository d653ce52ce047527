"""Callbacks over HTTP: only what is genuine and fresh gets in, and each is answered in its own shape."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from dingtalk.crypto import DingTalkCrypto
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer
from bot.dingtalk import signing
from bot.dingtalk.crypto import EventCrypto, Refused
from bot.dingtalk.http import HttpApp, callback_routes
from bot.errors import Overloaded
from handlers.incoming import Kind
from tests.bot.dingtalk.conftest import House
from tests.bot.dingtalk.gateway import CLIENT_ID, CLIENT_SECRET, CREATED, NOW, press, robot

TOKEN = "a-token"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CARD_SECRET = "card-secret"
STAMP = str(CREATED)
VENDOR = DingTalkCrypto(TOKEN, AES_KEY, CLIENT_ID)

Client = TestClient[web.Request, web.Application]


def crypto() -> EventCrypto:
    return EventCrypto(TOKEN, AES_KEY, CLIENT_ID)


@pytest.fixture
async def http(house: House) -> AsyncIterator[Client]:
    apps = {"main": HttpApp(CLIENT_SECRET, crypto(), CARD_SECRET), "bare": HttpApp("")}
    app = web.Application()
    app.add_routes(callback_routes(apps, house.accept, lambda: NOW))
    async with TestClient(TestServer(app)) as client:
        yield client


def signed(stamp: str = STAMP, secret: str = CLIENT_SECRET) -> dict[str, str]:
    return {"timestamp": stamp, "sign": signing.robot_sign(stamp, secret)}


def clicked(stamp: str = STAMP, secret: str = CARD_SECRET) -> dict[str, str]:
    return {
        "x-ddpaas-signature-timestamp": stamp,
        "x-ddpaas-signature": signing.card_sign(stamp, secret),
    }


async def say(http: Client, body: object, headers: dict[str, str]) -> tuple[int, Any]:
    answer = await http.post("/callback/dingtalk/main/robot", json=body, headers=headers)
    return answer.status, await answer.json() if answer.status == 200 else await answer.text()


async def tell(http: Client, event: object, **changes: str) -> tuple[int, Any]:
    sealed = VENDOR.encrypt_message(json.dumps(event), nonce="n1", timestamp=STAMP)
    query = {"msg_signature": sealed["msg_signature"], "timestamp": STAMP, "nonce": "n1", **changes}
    body = {"encrypt": sealed["encrypt"]}
    answer = await http.post("/callback/dingtalk/main/event", json=body, params=query)
    return answer.status, await answer.json() if answer.status == 200 else await answer.text()


def test_the_signs_are_those_of_the_pages() -> None:
    mac = hmac.new(b"a secret", b"1577262236757\na secret", hashlib.sha256).digest()
    assert signing.robot_sign("1577262236757", "a secret") == b64encode(mac).decode()
    mac = hmac.new(b"a secret", b"1577262236757", hashlib.sha256).digest()
    assert signing.card_sign("1577262236757", "a secret") == b64encode(mac).decode()


async def test_a_signed_message_is_taken(http: Client, house: House) -> None:
    assert await say(http, robot(), signed()) == (200, {"msgtype": "empty"})
    assert (house.taken[0].kind, house.taken[0].text) == (Kind.TEXT, "今天拜访了华润置地")


async def test_a_text_rides_back(http: Client, house: House) -> None:
    house.answer = Answer("已记录")
    assert await say(http, robot(), signed()) == (200, {"msgtype": "text", "text": {"content": "已记录"}})
    _, answer = await say(http, robot(conversationType="2"), signed())
    assert answer == {
        "msgtype": "text",
        "text": {"content": "@ZhaoChen 已记录"},
        "at": {"atUserIds": ["ZhaoChen"]},
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"timestamp": STAMP},
        {"timestamp": STAMP, "sign": ""},
        {"timestamp": STAMP, "sign": "签名"},
        signed(secret="another"),
        {**signed(), "timestamp": str(CREATED + 1)},
        signed("nonsense"),
        signed(""),
        signed(str(CREATED + 3_600_001)),
        signed(str(CREATED - 3_600_001)),
        clicked(),
    ],
)
async def test_what_is_not_signed_is_refused_without_a_word(
    http: Client, house: House, headers: dict[str, str]
) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert await say(http, robot(), headers) == (403, "")
    assert house.taken == []


async def test_an_hour_is_still_fresh(http: Client) -> None:
    for stamp in (CREATED + 3_600_000, CREATED - 3_600_000):
        assert (await say(http, robot(), signed(str(stamp))))[0] == 200


@pytest.mark.parametrize("body", ["[]", "nonsense", "", '{"text":1}'])
async def test_a_signed_body_that_is_no_message(http: Client, body: str) -> None:
    answer = await http.post("/callback/dingtalk/main/robot", data=body, headers=signed())
    assert (answer.status, await answer.text()) == (403, "")


async def test_a_body_too_large_is_not_read(http: Client) -> None:
    answer = await http.post("/callback/dingtalk/main/robot", data=b"x" * 300_000, headers=signed())
    assert answer.status == 413


async def test_an_app_we_do_not_have(http: Client) -> None:
    assert (await http.post("/callback/dingtalk/other/robot", json=robot(), headers=signed())).status == 404


@pytest.mark.parametrize("way", ["robot", "event", "card"])
async def test_an_app_without_its_secrets_takes_nothing(http: Client, house: House, way: str) -> None:
    headers = {**signed(secret=""), **clicked(secret="x")}
    answer = await http.post(f"/callback/dingtalk/bare/{way}", json=robot(), headers=headers)
    assert answer.status == 403
    assert house.taken == []


@pytest.mark.parametrize("error", [Overloaded("full"), RuntimeError("a bug")])
async def test_what_was_not_kept_is_a_503(http: Client, house: House, error: Exception) -> None:
    house.error = error
    assert await say(http, robot(), signed()) == (503, "")
    assert await tell(http, {"EventType": "user_leave_org"}) == (503, "")
    answer = await http.post("/callback/dingtalk/main/card", json=press({"action": "a"}), headers=clicked())
    assert answer.status == 503


async def test_a_press_is_answered_with_the_card(http: Client, house: House) -> None:
    house.answer = Answer(card_update={"cardData": {"cardParamMap": {"done": "已同意"}}})
    body = press({"action": "packed"})
    answer = await http.post("/callback/dingtalk/main/card", json=body, headers=clicked())
    assert await answer.json() == house.answer.card_update
    await http.post("/callback/dingtalk/main/card", json=body, headers=clicked())
    await http.post("/callback/dingtalk/main/card", json=body, headers=clicked(str(CREATED + 5)))
    first, repeat, again = (one.delivery_id for one in house.taken)
    assert first == repeat
    assert again != first


async def test_a_press_with_a_wrong_signature(http: Client, house: House) -> None:
    answer = await http.post(
        "/callback/dingtalk/main/card", json=press({"action": "a"}), headers=clicked(secret="no")
    )
    assert answer.status == 403
    assert house.taken == []


async def test_an_event_is_answered_with_success_in_an_envelope(http: Client, house: House) -> None:
    status, answer = await tell(http, {"EventType": "user_leave_org", "UserId": ["u1"], "TimeStamp": STAMP})
    assert status == 200
    said = VENDOR.decrypt_message(
        {"encrypt": answer["encrypt"]}, answer["msg_signature"], answer["timeStamp"], answer["nonce"]
    )
    assert said == "success"
    assert (house.taken[0].event, house.taken[0].sender) == ("user_leave_org", "u1")


async def test_the_check_of_the_address_is_no_event(http: Client, house: House) -> None:
    assert (await tell(http, {"EventType": "check_url"}))[0] == 200
    assert house.taken == []


async def test_the_same_event_again_has_the_same_id(http: Client, house: House) -> None:
    for stamp in (1, 1, 2):
        await tell(http, {"EventType": "user_add_org", "UserId": ["u"], "TimeStamp": stamp})
    first, repeat, other = (one.delivery_id for one in house.taken)
    assert first == repeat != other


@pytest.mark.parametrize(
    "change", [{"msg_signature": "0" * 40}, {"nonce": "n2"}, {"timestamp": "1"}, {"timestamp": "x"}]
)
async def test_a_changed_envelope_is_refused(http: Client, house: House, change: dict[str, str]) -> None:
    assert await tell(http, {"EventType": "x"}, **change) == (403, "")
    assert house.taken == []


def test_an_envelope_of_another_owner_or_age_is_refused() -> None:
    other = DingTalkCrypto(TOKEN, AES_KEY, "another")
    sealed = other.encrypt_message("{}", nonce="n1", timestamp=STAMP)
    body = json.dumps(sealed).encode()
    with pytest.raises(Refused, match="owner"):
        crypto().open(body, sealed["msg_signature"], STAMP, "n1", NOW)
    mine = VENDOR.encrypt_message("{}", nonce="n1", timestamp=STAMP)
    body = json.dumps(mine).encode()
    assert crypto().open(body, mine["msg_signature"], STAMP, "n1", NOW + timedelta(hours=1)) == b"{}"
    with pytest.raises(Refused, match="stale"):
        crypto().open(body, mine["msg_signature"], STAMP, "n1", NOW + timedelta(hours=1, seconds=1))


def test_a_key_of_the_wrong_length_is_noticed_at_the_start() -> None:
    with pytest.raises(ValueError, match="43"):
        EventCrypto(TOKEN, AES_KEY[:-1], CLIENT_ID)


@given(st.binary(max_size=200), st.text(max_size=50), st.text(max_size=20), st.text(max_size=20))
def test_nothing_but_the_genuine_opens(body: bytes, signature: str, timestamp: str, nonce: str) -> None:
    for sent in (body, json.dumps({"encrypt": body.hex()}).encode()):
        with pytest.raises(Refused):
            crypto().open(sent, signature, timestamp, nonce, NOW)


@given(st.binary(max_size=300))
def test_what_was_signed_by_a_thief_without_the_key_does_not_open(sealed: bytes) -> None:
    encrypted = b64encode(sealed).decode()
    signature = crypto().sign(STAMP, "n1", encrypted)
    with pytest.raises(Refused):
        crypto().open(json.dumps({"encrypt": encrypted}).encode(), signature, STAMP, "n1", NOW)


@given(st.text(min_size=1, max_size=30), st.text(max_size=20))
def test_the_vendors_library_and_we_read_each_other(words: str, nonce: str) -> None:
    text = json.dumps({"EventType": words}, ensure_ascii=True)
    sealed = VENDOR.encrypt_message(text, nonce="n1", timestamp=STAMP)
    opened = crypto().open(json.dumps(sealed).encode(), sealed["msg_signature"], STAMP, "n1", NOW)
    assert json.loads(opened) == {"EventType": words}


@given(st.text(st.characters(codec="ascii"), max_size=40), st.text(max_size=20))
def test_a_signature_is_genuine_only_to_the_letter(given_sign: str, secret: str) -> None:
    expected = signing.robot_sign(STAMP, secret)
    assert signing.is_genuine(expected, expected)
    assert signing.is_genuine(expected, given_sign) == (expected == given_sign)
