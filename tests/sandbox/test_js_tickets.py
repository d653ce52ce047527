"""Tickets for the JS-SDK and the signature of a page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.wecom import limits
from sandbox.wecom.errors import Refused
from sandbox.wecom.js_tickets import PageSignature, sign
from tests.sandbox.world import AGENT, Stage

URL = "https://crm.example.com/visit?id=1"


def test_the_official_example_of_a_signature() -> None:
    """Page 90506; what follows # does not count."""
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    given = (ticket, "Wm3WZYTPz0wzccnW", 1414587457)
    expected = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert sign(*given, "http://mp.weixin.qq.com?params=value") == expected
    assert sign(*given, "http://mp.weixin.qq.com?params=value#top") == expected


async def test_the_same_ticket_while_it_lives(on: Stage) -> None:
    """One for the organisation, one for each app."""
    first = await on.api.get("get_jsapi_ticket")
    own = await on.api.get("ticket/get", type="agent_config")
    assert first["ticket"] != own["ticket"]
    assert first["expires_in"] == limits.JS_TICKET_LIFE
    on.clock.jump(on.clock.now() + timedelta(seconds=100))
    again = await on.api.get("get_jsapi_ticket")
    assert (again["ticket"], again["expires_in"]) == (first["ticket"], limits.JS_TICKET_LIFE - 100)
    await on.api.login(secret="secret-of-other")
    assert (await on.api.get("get_jsapi_ticket"))["ticket"] == first["ticket"]
    assert (await on.api.get("ticket/get", type="agent_config"))["ticket"] != own["ticket"]
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.JS_TICKET_LIFE))
    await on.api.login()
    assert (await on.api.get("get_jsapi_ticket"))["ticket"] != first["ticket"]


async def test_another_type_of_ticket(on: Stage) -> None:
    """91040."""
    assert (await on.api.get("ticket/get"))["errcode"] == 91040
    assert (await on.api.get("ticket/get", type="wx_card"))["errcode"] == 91040


async def test_a_hundred_an_hour_for_an_app_four_hundred_for_all(on: Stage) -> None:
    """45009 until the hour is over."""
    flow, now = on.sandbox.wecom.flow, on.clock.now().timestamp()
    for _ in range(limits.JS_TICKETS_PER_APP):
        assert (await on.api.get("get_jsapi_ticket"))["errcode"] == 0
    assert (await on.api.get("get_jsapi_ticket"))["errcode"] == 45009
    assert (await on.api.get("ticket/get", type="agent_config"))["errcode"] == 0
    used = limits.JS_TICKETS_PER_APP + 1
    flow.check_rate("jsapi of corp", limits.JS_TICKETS_PER_CORP, 3600, now, limits.JS_TICKETS_PER_CORP - used)
    await on.api.login(secret="secret-of-other")
    assert (await on.api.get("get_jsapi_ticket"))["errcode"] == 45009
    on.clock.jump(on.clock.now() + timedelta(hours=1))
    assert (await on.api.get("get_jsapi_ticket"))["errcode"] == 0


async def test_the_clients_look_at_a_page(on: Stage) -> None:
    """42012 without a ticket, 40093 for a wrong signature, 80001 for another domain, a port, an address."""
    tickets, app = on.sandbox.wecom.js_tickets, on.sandbox.world.app(AGENT)

    def code(url: str, signature: str = "", *, agent: bool = False) -> int:
        page = PageSignature(url, "n", 1, signature or sign(ticket, "n", 1, url))
        try:
            tickets.register(app, page, agent=agent)
        except Refused as refused:
            return refused.code
        return 0

    ticket = "none"
    assert code(URL) == 42012
    ticket = (await on.api.get("get_jsapi_ticket"))["ticket"]
    assert code(URL) == 0
    assert code(URL, "0" * 40) == 40093
    tickets.domains.of[AGENT] = frozenset({"crm.example.com", "crm.example.com:8443", "10.0.0.1"})
    assert code(URL) == 0
    for url in ("https://www.example.com/", "https://crm.example.com:8443/", "https://10.0.0.1/"):
        assert code(url) == 80001
    assert code(URL, agent=True) == 42012
    ticket = (await on.api.get("ticket/get", type="agent_config"))["ticket"]
    assert code(URL, agent=True) == 0
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.JS_TICKET_LIFE))
    with pytest.raises(Refused):
        tickets.register(app, PageSignature(URL, "n", 1, sign(ticket, "n", 1, URL)), agent=True)
