"""One call of an app to the platform's API, past the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.dingtalk.company import DingApp
from sandbox.dingtalk.errors import Refused, no_permission
from sandbox.dingtalk.shape import JsonObject, loaded


@dataclass(frozen=True, slots=True)
class Call:
    """The app that calls and what it asks for. `address` is where the platform itself is reached.

    `names` are the parts of the path that vary; `client_token` is the x-client-token header.
    """

    app: DingApp
    path: str
    query: Mapping[str, str]
    content_type: str
    raw: bytes
    address: str
    names: Mapping[str, str] = field(default_factory=dict)
    client_token: str = ""

    def body(self) -> JsonObject:
        """The body as a JSON object. Raises Refused."""
        found = loaded(self.raw or b"{}")
        if found is None:
            raise Refused("invalidParameter.body", "请求体应为 JSON 对象", errcode=40035)
        return found

    def needs_scope(self, scope: str) -> None:
        """Raises Refused (403, naming the permission) unless the app has it."""
        if self.app.scopes is not None and scope not in self.app.scopes:
            raise no_permission(scope)
