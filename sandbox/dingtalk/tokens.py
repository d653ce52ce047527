"""Access tokens: one per app, the same while it lives, and asking for it again makes it live anew.

Page obtain-the-access-token-of-an-internal-app.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from sandbox.dingtalk import limits
from sandbox.dingtalk.company import DingApp
from sandbox.dingtalk.errors import Refused, bad_token, expired_token
from sandbox.dingtalk.state import Space


@dataclass(slots=True)
class _Token:
    client_id: str
    expires: float


class Tokens:
    """Issues and checks tokens; one serves both kinds of calls."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._tokens: dict[str, _Token] = {}
        self._current: dict[str, str] = {}

    def login(self, client_id: str, client_secret: str) -> DingApp | None:
        """The app these credentials belong to, if they are right."""
        for app in self._space.organisation.apps:
            right = hmac.compare_digest(app.client_secret.encode(), client_secret.encode())
            if app.client_id == client_id and right:
                return app
        return None

    def issue(self, client_id: str, client_secret: str) -> tuple[str, int]:
        """The app's token and the seconds it lives from now on. Raises Refused."""
        app = self.login(client_id, client_secret)
        if app is None:
            raise Refused("invalidClientIdOrSecret", "无效的clientId或者clientSecret", errcode=40089)
        now, token = self._space.world.seconds(), self._current.get(app.client_id, "")
        if token not in self._tokens or self._tokens[token].expires <= now:
            token = secrets.token_hex(16)
            self._current[app.client_id] = token
        self._tokens[token] = _Token(app.client_id, now + limits.TOKEN_LIFE)
        return token, limits.TOKEN_LIFE

    def check(self, token: str) -> DingApp:
        """The app a token belongs to. Raises Refused."""
        known = self._tokens.get(token)
        if known is None:
            raise bad_token()
        if known.expires <= self._space.world.seconds():
            raise expired_token()
        return self._space.app(known.client_id)

    def expire(self) -> None:
        """All tokens have lived their time, as of now."""
        for one in self._tokens.values():
            one.expires = self._space.world.seconds()

    def revoke(self) -> None:
        """All tokens are unknown from now on."""
        self._tokens.clear()
        self._current.clear()
