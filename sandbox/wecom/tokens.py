"""Access tokens: one per app, the same while it is valid (page 91039)."""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from dataclasses import dataclass

from sandbox.company import App
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.errors import Code, Refused


@dataclass(slots=True)
class _Token:
    agent_id: int
    expires: float


class Tokens:
    """Issues and checks tokens, and bans an address that keeps guessing secrets."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, _Token] = {}
        self._current: dict[int, str] = {}
        self._wrong: Counter[str] = Counter()
        self._banned: dict[str, float] = {}

    def issue(self, corpid: str, secret: str, address: str) -> tuple[str, int]:
        """The app's token and the seconds it still lives. Raises Refused (41002, 41004, 40013, 40001)."""
        if not corpid:
            raise Refused(Code.NO_CORPID)
        if not secret:
            raise Refused(Code.NO_SECRET)
        if corpid != self._world.corp.id:
            raise Refused(Code.BAD_CORPID)
        app = self._app_of(secret, address)
        token, now = self._current.get(app.agent_id, ""), self._world.seconds()
        if token not in self._tokens or self._tokens[token].expires <= now:
            token = secrets.token_urlsafe(96)
            self._tokens[token] = _Token(app.agent_id, now + limits.TOKEN_LIFE)
            self._current[app.agent_id] = token
        return token, int(self._tokens[token].expires - now)

    def check(self, token: str) -> App:
        """The app a token belongs to. Raises Refused (41001, 40014, 42001)."""
        if not token:
            raise Refused(Code.NO_TOKEN)
        known = self._tokens.get(token)
        if known is None:
            raise Refused(Code.BAD_TOKEN)
        if known.expires <= self._world.seconds():
            raise Refused(Code.TOKEN_EXPIRED)
        return self._world.app(known.agent_id)

    def check_ban(self, address: str) -> None:
        """Refuse everything from a banned address. Raises Refused (45009)."""
        if self._banned.get(address, 0) > self._world.seconds():
            raise Refused(Code.TOO_OFTEN, "too many wrong secrets from this address")

    def expire(self) -> None:
        """Let every token run out now (42001)."""
        for one in self._tokens.values():
            one.expires = 0

    def revoke(self) -> None:
        """Forget every token (40014)."""
        self._tokens.clear()

    def _app_of(self, secret: str, address: str) -> App:
        for app in self._world.corp.apps:
            if hmac.compare_digest(app.secret.encode(), secret.encode()):
                self._wrong.pop(address, None)
                return app
        self._wrong[address] += 1
        if self._wrong[address] >= limits.WRONG_SECRETS_BEFORE_BAN:
            self._wrong.pop(address)
            self._banned[address] = self._world.seconds() + limits.WRONG_SECRET_BAN
        raise Refused(Code.BAD_SECRET)
