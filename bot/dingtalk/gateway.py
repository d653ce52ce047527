"""Asking the gateway for a place to connect to: POST /v1.0/gateway/connections/open [protocol]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.dingtalk import codes, limits
from bot.dingtalk.frames import SUBSCRIPTIONS
from bot.errors import Misconfigured, Unreachable

PATH: Final = "/v1.0/gateway/connections/open"
_USER_AGENT: Final = "genjin-python/0.1"
_JSON: Final = {"Content-Type": "application/json", "Accept": "application/json"}
"""Without the second the gateway answers in XML (comment in the vendor's Node client)."""
_TIMEOUT: Final = ClientTimeout(total=limits.OPEN_TIMEOUT.total_seconds())


@dataclass(frozen=True, slots=True, repr=False)
class StreamApp:
    """One app that listens over Stream: our name of it, and the Client ID and Secret of the console."""

    name: str
    client_id: str
    client_secret: str


async def open_connection(session: ClientSession, base_url: str, app: StreamApp) -> URL:
    """The address of a websocket, good for one connection within 90 s. Raises VendorFault."""
    wanted = {
        "clientId": app.client_id,
        "clientSecret": app.client_secret,
        "ua": _USER_AGENT,
        "subscriptions": SUBSCRIPTIONS,
    }
    try:
        async with session.post(
            f"{base_url.rstrip('/')}{PATH}",
            data=orjson.dumps(wanted),
            headers=_JSON,
            timeout=_TIMEOUT,
            allow_redirects=False,
        ) as response:
            answer = _read(await response.content.read(limits.BODY_MAX_BYTES))
            if response.status != 200:
                raise codes.fault(PATH, response.status, answer)
    except TimeoutError:
        raise Unreachable(PATH, cause="timeout") from None
    except ValueError:
        raise Misconfigured(PATH, hint="API 地址不是一个网址：检查钉钉 API 地址") from None
    except (ClientError, OSError) as error:
        raise Unreachable(PATH, cause=type(error).__name__) from None
    return address(answer, is_secure=base_url.startswith("https://"))


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def address(answer: dict[str, Any], *, is_secure: bool) -> URL:
    """The endpoint with its ticket. Where the API is reached safely, the endpoint must be too."""
    endpoint, ticket = answer.get("endpoint"), answer.get("ticket")
    schemes = ("wss://",) if is_secure else ("wss://", "ws://")
    if not isinstance(endpoint, str) or not isinstance(ticket, str) or not endpoint.startswith(schemes):
        raise Unreachable(PATH, cause="unexpected_shape")
    return URL(f"{endpoint}?ticket={quote(ticket, safe='')}", encoded=True)
