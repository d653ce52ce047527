"""Who opened a page: OAuth2 inside WeCom and in the browser (pages 91335, 96441, 96442, 98177).

A member's client follows the address of the authorisation, and the page is opened with a code that tells
the app who it is: once, for five minutes.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from sandbox.company import App
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.domains import Domains
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, text

BASE, PRIVATE = "snsapi_base", "snsapi_privateinfo"
AUTHORIZE, LOGIN = "/connect/oauth2/authorize", "/wwlogin/sso/login"
_STATE = re.compile(r"[a-zA-Z0-9]*")
_DETAILS = ("gender", "avatar", "qr_code", "mobile", "email", "biz_mail", "address")


@dataclass(slots=True)
class _Issued:
    """A code or a ticket. `agent_id` None fits every app; `openid` is set for somebody outside."""

    agent_id: int | None
    userid: str
    openid: str
    private: bool
    at: float
    used: bool = False


@dataclass(slots=True)
class OAuth:
    """Issues codes to clients, takes them from apps. `details` are what members let apps know of them."""

    world: World
    domains: Domains
    details: dict[str, JsonObject] = field(default_factory=dict)
    _codes: dict[str, _Issued] = field(default_factory=dict)
    _tickets: dict[str, _Issued] = field(default_factory=dict)

    def open(self, address: str, userid: str = "", *, openid: str = "") -> str:
        """What the client of a member (or of somebody outside, by `openid`) opens for an authorisation's
        address. Raises Refused (40013, 40056, 50001, 50002, 84025, 40058)."""
        app, private, query = self.check(address)
        code = self.code(userid, app.agent_id if app else None, openid=openid, private=private)
        return _with(query["redirect_uri"], {"code": code, "state": query.get("state", "")})

    def check(self, address: str) -> tuple[App | None, bool, dict[str, str]]:
        """The app, whether more than the id is asked for, and the query of an authorisation's address.

        Raises Refused as `open` does.
        """
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if query.get("appid") != self.world.corp.id:
            raise Refused(Code.BAD_CORPID)
        private = _scope(parts.path, query) == PRIVATE
        app = self._app(query.get("agentid", ""), needed=private or parts.path.endswith(LOGIN))
        to, state = query.get("redirect_uri", ""), query.get("state", "")
        if not self._may_be_at(to, app):
            raise Refused(Code.DOMAIN_NOT_TRUSTED, to)
        if not _STATE.fullmatch(state) or len(state) > limits.OAUTH_STATE_BYTES:
            raise Refused(Code.BAD_STATE, f"[a-zA-Z0-9], at most {limits.OAUTH_STATE_BYTES} bytes")
        return app, private, query

    def code(
        self, userid: str = "", agent_id: int | None = None, *, openid: str = "", private: bool = False
    ) -> str:
        """A fresh code for a member or for somebody outside. Raises Refused (50002, 60111)."""
        user = self.world.user(userid)
        if user is None and not openid:
            raise Refused(Code.UNKNOWN_USER)
        if user is not None and agent_id is not None and not self.world.app(agent_id).sees(user.userid):
            raise Refused(Code.OUT_OF_RANGE)
        code = secrets.token_urlsafe(64)
        name = "" if user is None else user.userid
        self._codes[code] = _Issued(agent_id, name, openid, private, self.world.seconds())
        return code

    def user_info(self, call: Call) -> JsonObject:
        """auth/getuserinfo. Raises Refused (40029, 42003)."""
        found = self._taken(call)
        if not found.userid:
            return {"errcode": 0, "errmsg": "ok", "openid": found.openid}
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "userid": found.userid}
        return {**answer, "user_ticket": self._ticket(call.app, found)} if found.private else answer

    def old_user_info(self, call: Call) -> JsonObject:
        """user/getuserinfo, which older libraries call. Raises Refused (40029, 42003)."""
        found = self._taken(call)
        device: JsonObject = {"errcode": 0, "errmsg": "ok", "DeviceId": ""}
        if not found.userid:
            return {**device, "OpenId": found.openid}
        answer = {**device, "UserId": found.userid}
        if not found.private:
            return answer
        return {**answer, "user_ticket": self._ticket(call.app, found), "expires_in": limits.USER_TICKET_LIFE}

    def user_detail(self, call: Call) -> JsonObject:
        """auth/getuserdetail: what new apps learn nowhere else. Raises Refused (84090, 84015, 84014)."""
        ticket = text(call.body(), "user_ticket")
        if not ticket:
            raise Refused(Code.NO_USER_TICKET)
        found = self._tickets.get(ticket)
        if found is None or found.agent_id != call.app.agent_id:
            raise Refused(Code.BAD_USER_TICKET)
        if found.at + limits.USER_TICKET_LIFE <= self.world.seconds():
            raise Refused(Code.TICKET_EXPIRED)
        known = self.details.get(found.userid, {})
        shown = {name: known.get(name, "0" if name == "gender" else "") for name in _DETAILS}
        return {"errcode": 0, "errmsg": "ok", "userid": found.userid, **shown}

    def _taken(self, call: Call) -> _Issued:
        found = self._codes.get(call.query.get("code", ""))
        if found is None or found.used or found.agent_id not in (None, call.app.agent_id):
            raise Refused(Code.BAD_OAUTH_CODE, "unknown, used, or of another app")
        if found.at + limits.OAUTH_CODE_LIFE <= self.world.seconds():
            raise Refused(Code.OAUTH_CODE_EXPIRED)
        if found.userid and not call.app.sees(found.userid):
            raise Refused(Code.OUT_OF_RANGE)
        found.used = True
        return found

    def _ticket(self, app: App, code: _Issued) -> str:
        ticket = secrets.token_urlsafe(64)
        self._tickets[ticket] = _Issued(app.agent_id, code.userid, "", True, self.world.seconds())
        return ticket

    def _app(self, agent_id: str, *, needed: bool) -> App | None:
        if not agent_id and not needed:
            return None
        for app in self.world.corp.apps:
            if str(app.agent_id) == agent_id:
                return app
        raise Refused(Code.BAD_AGENTID)

    def _may_be_at(self, url: str, app: App | None) -> bool:
        if urlsplit(url).scheme not in ("http", "https"):
            return False
        apps = self.world.corp.apps if app is None else (app,)
        return any(self.domains.trusts(one.agent_id, url) for one in apps)


def _scope(path: str, query: dict[str, str]) -> str:
    if path.endswith(LOGIN):
        if query.get("login_type") != "CorpApp":
            raise bad("login_type", "must be CorpApp")
        return BASE
    if not path.endswith(AUTHORIZE) or query.get("response_type") != "code":
        raise bad("response_type", "must be code")
    scope = query.get("scope", "")
    if scope not in (BASE, PRIVATE):
        raise bad("scope", f"{BASE} or {PRIVATE}")
    return scope


def _with(url: str, added: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(one for one in (parts.query, urlencode(added)) if one)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
