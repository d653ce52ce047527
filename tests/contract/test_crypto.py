"""The vendors' envelopes opened by the sandbox, and the sandbox's by the vendors' libraries."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import orjson
import pytest
from aiohttp import web
from dingtalk.core.exceptions import InvalidCorpIdOrSuiteKeyException
from dingtalk.core.exceptions import InvalidSignatureException as InvalidDingTalkSignature
from dingtalk.crypto import DingTalkCrypto
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException
from wechatpy.exceptions import InvalidSignatureException

from sandbox.dingtalk.crypto import BadSeal, Seal
from sandbox.wecom.crypto import BadEnvelope, Envelope
from tests.contract.programs import PATIENCE, environment, node_with
from tests.sandbox.dingtalk import stage as ding
from tests.sandbox.world import AES_KEY, CORP_ID, TOKEN

STAMP, NONCE = "1409659813", "1372623149"
ENVELOPE = Envelope(TOKEN, AES_KEY, CORP_ID)
SEAL = Seal(ding.TOKEN, ding.AES_KEY, ding.HTTP_CLIENT)
WECHATPY = WeChatCrypto(TOKEN, AES_KEY, CORP_ID)
DINGTALK = DingTalkCrypto(ding.TOKEN, ding.AES_KEY, ding.HTTP_CLIENT)
NODE_PROGRAM = Path(__file__).with_name("wecom_crypto.cjs")

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)


@given(words)
def test_wechatpy_opens_ours(message: str) -> None:
    sealed = ENVELOPE.seal(message.encode())
    packet = {"Encrypt": sealed}
    signature = ENVELOPE.sign(STAMP, NONCE, sealed)
    assert WECHATPY.decrypt_message(packet, signature, STAMP, NONCE) == message
    assert WECHATPY.check_signature(signature, STAMP, NONCE, sealed) == message


@given(words)
def test_wechatpys_open_here(message: str) -> None:
    packet = ET.fromstring(WECHATPY.encrypt_message(message, NONCE, STAMP))
    sealed, signature = packet.findtext("Encrypt") or "", packet.findtext("MsgSignature") or ""
    assert ENVELOPE.verify(signature, STAMP, NONCE, sealed)
    assert ENVELOPE.open(sealed) == message.encode()


def test_foreign_wecom_envelopes_open_nowhere() -> None:
    foreign = Envelope(TOKEN, AES_KEY, "wxother").seal(b"hello")
    with pytest.raises(InvalidCorpIdException):
        WECHATPY.decrypt_message({"Encrypt": foreign}, ENVELOPE.sign(STAMP, NONCE, foreign), STAMP, NONCE)
    with pytest.raises(InvalidSignatureException):
        WECHATPY.decrypt_message({"Encrypt": foreign}, "0" * 40, STAMP, NONCE)
    packet = ET.fromstring(WeChatCrypto(TOKEN, AES_KEY, "wxother").encrypt_message("hello", NONCE, STAMP))
    with pytest.raises(BadEnvelope):
        ENVELOPE.open(packet.findtext("Encrypt") or "")


@given(words)
def test_dingtalk_sdk_opens_ours_and_the_other_way_round(message: str) -> None:
    sealed = SEAL.close(message.encode())
    opened = DINGTALK.decrypt_message({"encrypt": sealed}, SEAL.sign(STAMP, NONCE, sealed), STAMP, NONCE)
    assert opened == message
    made = DINGTALK.encrypt_message(message, NONCE, STAMP)
    assert SEAL.verify(made["msg_signature"], made["timeStamp"], made["nonce"], made["encrypt"])
    assert SEAL.open(made["encrypt"]) == message.encode()


def test_foreign_dingtalk_envelopes_open_nowhere() -> None:
    foreign = Seal(ding.TOKEN, ding.AES_KEY, "somebody").close(b"hello")
    with pytest.raises(InvalidCorpIdOrSuiteKeyException):
        DINGTALK.decrypt_message({"encrypt": foreign}, SEAL.sign(STAMP, NONCE, foreign), STAMP, NONCE)
    with pytest.raises(InvalidDingTalkSignature):
        DINGTALK.decrypt_message({"encrypt": foreign}, "0" * 40, STAMP, NONCE)
    made = DingTalkCrypto(ding.TOKEN, ding.AES_KEY, "somebody").encrypt_message("hello", NONCE, STAMP)
    with pytest.raises(BadSeal):
        SEAL.open(made["encrypt"])


async def test_dingtalk_sdk_takes_events_over_http() -> None:
    """The console's check of the address, then an event, each answered by the library's `success`."""
    heard = []

    async def take(request: web.Request, body: bytes) -> web.StreamResponse:
        signed = (request.query["msg_signature"], request.query["timestamp"], request.query["nonce"])
        heard.append(orjson.loads(DINGTALK.decrypt_message(body, *signed)))
        return web.json_response(DINGTALK.encrypt_message("success"))

    async with ding.stage() as on:
        on.replies["/event"] = take
        assert await on.ding.check_event_url(ding.HTTP_CLIENT)
        app = on.ding.space.app(ding.HTTP_CLIENT)
        (push,) = await on.ding.event("user_leave_org", {"userId": ["wang"]}, [app])
        assert push.ok
    assert [one["EventType"] for one in heard] == ["check_url", "user_leave_org"]
    assert heard[1]["UserId"] == ["wang"]


@pytest.mark.parametrize("receiver", [CORP_ID, ""], ids=["app", "smart-bot"])
def test_node_package_opens_ours_and_the_other_way_round(receiver: str) -> None:
    """Every length around the padding's block, and Chinese."""
    node, envelope = node_with("@wecom/crypto"), Envelope(TOKEN, AES_KEY, receiver)
    messages = ["x" * length for length in range(70)] + ["拜访了华润", "<xml>😀</xml>"]
    sealed = [envelope.seal(one.encode()) for one in messages]
    asked = {"token": TOKEN, "key": AES_KEY, "id": receiver, "timestamp": STAMP, "nonce": NONCE}
    done = subprocess.run(
        [node, str(NODE_PROGRAM)],
        input=orjson.dumps({**asked, "messages": messages, "sealed": sealed}),
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE,
    )
    answer = orjson.loads(done.stdout)
    assert [one["message"] for one in answer["opened"]] == messages
    assert {one["id"] for one in answer["opened"]} == {receiver}
    assert [one["signature"] for one in answer["opened"]] == [
        envelope.sign(STAMP, NONCE, one) for one in sealed
    ]
    for message, made in zip(messages, answer["made"], strict=True):
        assert envelope.verify(made["signature"], STAMP, NONCE, made["encrypted"])
        assert envelope.open(made["encrypted"]) == message.encode()
