"""The platform's side of a callback: what it seals, signs and posts, with the keys of the official sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.wecom.crypto import CallbackCrypto
from sandbox.wecom.crypto import Envelope

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP_ID = "wx5823bf96d3bd56c7"
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
NONCE = "1372623149"

SEALER = Envelope(TOKEN, AES_KEY, CORP_ID)


def crypto() -> CallbackCrypto:
    return CallbackCrypto(TOKEN, AES_KEY, CORP_ID)


@dataclass(frozen=True, slots=True)
class Posted:
    """One signed callback."""

    body: bytes
    signature: str
    timestamp: str = STAMP
    nonce: str = NONCE

    @property
    def query(self) -> dict[str, str]:
        return {"msg_signature": self.signature, "timestamp": self.timestamp, "nonce": self.nonce}


def wrap(encrypted: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()


def post(inner: str | bytes, timestamp: str = STAMP, sealer: Envelope = SEALER) -> Posted:
    """What the platform would post for a plaintext."""
    encrypted = sealer.seal(inner.encode() if isinstance(inner, str) else inner)
    return Posted(wrap(encrypted), sealer.sign(timestamp, NONCE, encrypted), timestamp)


def message(msg_type: str, extra: str, sender: str = "ZhaoChen", msg_id: str = "4561255354251345929") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{STAMP}</CreateTime><MsgType><![CDATA[{msg_type}]]></MsgType>{extra}"
        f"<MsgId>{msg_id}</MsgId><AgentID>1000002</AgentID></xml>"
    )


def text(content: str, sender: str = "ZhaoChen") -> str:
    return message("text", f"<Content><![CDATA[{content}]]></Content>", sender)


def event(name: str, extra: str = "", sender: str = "ZhaoChen") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{STAMP}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[{name}]]></Event>{extra}<AgentID>1000002</AgentID></xml>"
    )
