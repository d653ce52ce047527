"""The page in place of a member's client: asks who opens the address, and opens it as that member."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from sandbox.wecom.errors import Refused
from sandbox.wecom.oauth import AUTHORIZE, LOGIN, OAuth

WHO = "as"
HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}

HEAD = '<!doctype html><meta charset="utf-8"><title>登录</title><p>以谁的身份打开？</p>'


def pages(oauth: OAuth, prefix: str) -> list[web.RouteDef]:
    """The two addresses that apps send members to, below `prefix`."""

    async def show(request: web.Request) -> web.StreamResponse:
        given = {name: value for name, value in request.query.items() if name != WHO}
        address = f"{request.path}?{urlencode(given)}"
        try:
            if who := request.query.get(WHO, ""):
                raise web.HTTPFound(oauth.open(address, who))
            oauth.check(address)
        except Refused as refused:
            return web.Response(status=400, text=f"{refused}", headers=HEADERS)
        links = [
            f'<li><a href="{escape(f"{request.path}?{urlencode({**given, WHO: one.userid})}")}">'
            f"{escape(one.name)}</a></li>"
            for one in oauth.world.corp.users
        ]
        return web.Response(
            text=f"{HEAD}<ul>{''.join(links)}</ul>", content_type="text/html", headers=HEADERS
        )

    return [web.get(prefix + path, show) for path in (AUTHORIZE, LOGIN)]
