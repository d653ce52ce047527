"""Tickets for the JS-SDK, and the client's look at a page's signature (pages 96909, 96947)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from sandbox.company import App
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.domains import Domains
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.flow import HOUR, Flow
from sandbox.wecom.shape import JsonObject

CORP, AGENT = "jsapi", "agent_config"


@dataclass(frozen=True, slots=True)
class PageSignature:
    """What a page hands to `ww.register`. `timestamp` is a Unix time."""

    url: str
    nonce: str
    timestamp: int
    signature: str


@dataclass(slots=True)
class JsTickets:
    """One ticket for the organisation, one for each app: the same while it lives."""

    world: World
    flow: Flow
    domains: Domains
    _tickets: dict[str, tuple[str, float]] = field(default_factory=dict)

    def of_corp(self, call: Call) -> JsonObject:
        """get_jsapi_ticket. Raises Refused (45009)."""
        return self._issue(call, CORP, CORP)

    def of_app(self, call: Call) -> JsonObject:
        """ticket/get?type=agent_config. Raises Refused (91040, 45009)."""
        if call.query.get("type") != AGENT:
            raise Refused(Code.BAD_TICKET_TYPE, f"type: {AGENT}")
        return self._issue(call, AGENT, f"{AGENT} {call.app.agent_id}")

    def register(self, app: App, page: PageSignature, *, agent: bool = False) -> None:
        """What the client does for a page that calls `ww.register`; `agent` looks at the signature for the
        app instead of the one for the organisation. Raises Refused (42012, 40093, 80001)."""
        ticket, until = self._tickets.get(f"{AGENT} {app.agent_id}" if agent else CORP, ("", 0.0))
        if not ticket or until <= self.world.seconds():
            raise Refused(Code.BAD_TICKET)
        right = sign(ticket, page.nonce, page.timestamp, page.url)
        if not hmac.compare_digest(right, page.signature):
            raise Refused(Code.BAD_SIGNATURE)
        if not self.domains.trusts_script(app.agent_id, page.url):
            raise Refused(Code.BAD_JS_DOMAIN, page.url)

    def _issue(self, call: Call, kind: str, key: str) -> JsonObject:
        now = self.world.seconds()
        self.flow.check_rate(f"{kind} of corp", limits.JS_TICKETS_PER_CORP, HOUR, now)
        self.flow.check_rate(f"{kind} of {call.app.agent_id}", limits.JS_TICKETS_PER_APP, HOUR, now)
        ticket, until = self._tickets.get(key, ("", 0.0))
        if until <= now:
            ticket, until = secrets.token_urlsafe(64), now + limits.JS_TICKET_LIFE
            self._tickets[key] = ticket, until
        return {"errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": int(until - now)}


def sign(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The signature of a page; what follows # does not count."""
    words = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(words.encode()).hexdigest()  # noqa: S324 (the vendor's choice)
