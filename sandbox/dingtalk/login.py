"""Signing in to a web page with DingTalk: consent, code, the user's token, who that is.

Pages tutorial-obtaining-user-personal-information, obtain-user-token, dingtalk-retrieve-user-information.
The codes of refusals other than the credentials' are not published.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from sandbox.dingtalk import limits
from sandbox.dingtalk.errors import Refused, bad_token, no_permission
from sandbox.dingtalk.shape import JsonObject, needed
from sandbox.dingtalk.state import Space
from sandbox.dingtalk.tokens import Tokens

SCOPE = "Contact.User.Read"


@dataclass(frozen=True, slots=True)
class _Grant:
    client_id: str
    staff_id: str
    expires: float


class Login:
    """`visitor` is the staff id of whoever sits before the browser; he consents at once."""

    def __init__(self, space: Space, tokens: Tokens) -> None:
        self._space, self._tokens = space, tokens
        self.visitor = ""
        self._codes: dict[str, _Grant] = {}
        self._users: dict[str, _Grant] = {}
        self._refreshes: dict[str, _Grant] = {}

    async def consent(self, request: web.Request) -> web.StreamResponse:
        """login.dingtalk.com/oauth2/auth: back to the page with a code; 400 for a wrong request."""
        query = request.query
        problem = self._problem(dict(query))
        if problem:
            raise web.HTTPBadRequest(text=problem)
        code = secrets.token_hex(16)
        self._codes[code] = self._grant(query["client_id"], self.visitor, limits.LOGIN_CODE_LIFE)
        target = urlsplit(query["redirect_uri"])
        answer = [("authCode", code), ("code", code), ("state", query.get("state", ""))]
        whole = urlencode([*parse_qsl(target.query, keep_blank_values=True), *answer])
        raise web.HTTPFound(target._replace(query=whole).geturl())

    def _problem(self, query: dict[str, str]) -> str:
        app = next(
            (one for one in self._space.organisation.apps if one.client_id == query.get("client_id")), None
        )
        if app is None:
            return "client_id 无效"
        if query.get("response_type") != "code" or "openid" not in query.get("scope", "").split():
            return "response_type 应为 code，scope 应含 openid"
        host = urlsplit(query.get("redirect_uri", "")).hostname
        if not host or (app.redirect_hosts is not None and host not in app.redirect_hosts):
            return "redirect_uri 不在应用的回调域名中"
        return "" if self._space.staff(self.visitor) is not None else "没有人登录"

    def user_token(self, body: JsonObject) -> JsonObject:
        """A token for a code, or a new one for a refresh token. Raises Refused."""
        client_id = needed(body, "clientId", "invalidClientIdOrSecret")
        if self._tokens.login(client_id, needed(body, "clientSecret", "invalidClientIdOrSecret")) is None:
            raise Refused("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        if body.get("grantType") == "refresh_token":
            grant = self._refreshes.pop(needed(body, "refreshToken", "invalidRefreshToken"), None)
        elif body.get("grantType") == "authorization_code":
            grant = self._codes.pop(needed(body, "code", "invalidAuthCode"), None)
        else:
            raise Refused("invalidGrantType", "grantType 应为 authorization_code 或 refresh_token")
        if grant is None or grant.client_id != client_id or not self._lives(grant):
            raise Refused("invalidAuthCode", "授权码无效或已过期")
        token, refresh = secrets.token_hex(16), secrets.token_hex(16)
        self._users[token] = self._grant(client_id, grant.staff_id, limits.TOKEN_LIFE)
        self._refreshes[refresh] = self._grant(client_id, grant.staff_id, limits.REFRESH_LIFE)
        corp_id = self._space.organisation.corp_id
        answer: JsonObject = {"accessToken": token, "refreshToken": refresh}
        return {**answer, "expireIn": limits.TOKEN_LIFE, "corpId": corp_id}

    def me(self, token: str) -> JsonObject:
        """Whoever a user's token stands for. Raises Refused."""
        grant = self._users.get(token)
        if grant is None or not self._lives(grant):
            raise bad_token()
        person, app = self._space.staff(grant.staff_id), self._space.app(grant.client_id)
        if person is None:
            raise bad_token()
        if app.scopes is not None and SCOPE not in app.scopes:
            raise no_permission(SCOPE)
        found: JsonObject = {"nick": person.name, "unionId": person.union_id, "openId": person.open_id}
        mobile: JsonObject = {"mobile": person.mobile, "stateCode": "86"} if person.mobile else {}
        return {**found, "avatarUrl": "", **mobile}

    def _grant(self, client_id: str, staff_id: str, life: float) -> _Grant:
        return _Grant(client_id, staff_id, self._space.world.seconds() + life)

    def _lives(self, grant: _Grant) -> bool:
        return grant.expires > self._space.world.seconds()
