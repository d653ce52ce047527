"""Hostile requests to a callback URL: what an app must refuse and survive."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from sandbox.company import App
from sandbox.wecom import xml
from sandbox.wecom.callbacks import Attempt, Callbacks, Packet

OVERSIZED_BYTES = 10 * 1024 * 1024
DAY = 86400
_BOMB = (
    "<!DOCTYPE xml [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(
        f"<!ENTITY {after} '{f'&{before};' * 10}'>"
        for before, after in zip("abcdefg", "bcdefgh", strict=True)
    )
    + "]>"
)


class Attack(StrEnum):
    """The kinds. All but the sealed ones can be sent by anybody."""

    WRONG_SIGNATURE = "wrong_signature"
    WRONG_RECEIVER = "wrong_receiver"
    GARBAGE = "garbage"
    NOT_XML = "not_xml"
    OVERSIZED = "oversized"
    ENTITY_BOMB = "entity_bomb"
    SEALED_BOMB = "sealed_bomb"
    SEALED_NONSENSE = "sealed_nonsense"
    STALE = "stale"
    DEEP = "deep"


async def launch(callbacks: Callbacks, kind: Attack, agent_id: int | None = None) -> Attempt:
    """Send one such request; the attempt's status is the app's answer."""
    app = callbacks.world.app(agent_id)
    return await callbacks.post(app, _packet(callbacks, app, kind), f"attack {kind}")


def _packet(callbacks: Callbacks, app: App, kind: Attack) -> Packet:
    world = callbacks.world
    head = xml.Head(world.corp.id, world.corp.users[0].userid, app.agent_id, int(world.seconds()))
    plain = xml.says(head, "你好")
    good = callbacks.seal(app, plain)
    if kind is Attack.WRONG_SIGNATURE:
        return replace(good, query={**good.query, "msg_signature": "0" * 40})
    if kind is Attack.OVERSIZED:
        return _signed(callbacks, app, "A" * OVERSIZED_BYTES)
    if kind is Attack.NOT_XML:
        return replace(good, body=b"\x00\xff not xml at all")
    if kind is Attack.ENTITY_BOMB:
        return replace(good, body=_BOMB.encode() + b"<xml><Encrypt>&h;</Encrypt></xml>")
    if kind is Attack.DEEP:
        return replace(good, body=b"<a>" * 50_000 + b"</a>" * 50_000)
    if kind is Attack.STALE:
        sealed = callbacks.envelope(app).seal(plain)
        return Packet(callbacks.signed(app, sealed, head.time - DAY), callbacks.outer(app, sealed))
    return _signed(callbacks, app, _sealed(callbacks, app, kind, plain))


def _sealed(callbacks: Callbacks, app: App, kind: Attack, plain: bytes) -> str:
    if kind is Attack.WRONG_RECEIVER:
        return callbacks.envelope(app, "wwsomebodyelse").seal(plain)
    if kind is Attack.SEALED_BOMB:
        bomb = _BOMB.encode() + plain.replace(b"<![CDATA[\xe4\xbd\xa0\xe5\xa5\xbd]]>", b"&h;")
        return callbacks.envelope(app).seal(bomb)
    if kind is Attack.SEALED_NONSENSE:
        return callbacks.envelope(app).seal(b"\xff\xfe no xml")
    return "bm90IGEgY2lwaGVydGV4dA=="


def _signed(callbacks: Callbacks, app: App, sealed: str) -> Packet:
    return Packet(callbacks.signed(app, sealed), callbacks.outer(app, sealed))
