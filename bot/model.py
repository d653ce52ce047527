"""The optional model: asked once, for a short time, about a message that the grammar is unsure of.

Whatever goes wrong (no answer in time, an error, nonsense) the turn goes on as if there were no model.
After `FAILURES` in a row nothing is asked for `PAUSE` seconds. Any endpoint that takes an OpenAI-like
POST /chat/completions will do (platform.openai.com/docs/api-reference/chat).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import aiohttp
import orjson
import structlog

from bot.plan import Plan, Planner
from config.settings import ModelEndpoint
from nlu.model import mask, messages, reading_of, wanted

FAILURES = 3
PAUSE = 60.0  # seconds
MOST_BYTES = 64 * 1024  # of an answer
MOST_TOKENS = 400

log = structlog.get_logger()


class Advisor(Protocol):
    """Somebody who may know better what a message means."""

    def knows_more(self, plan: Plan) -> bool:
        """Whether he is to be asked about this one."""
        ...

    async def advise(self, plan: Plan, now: datetime) -> Plan:
        """The plan, perhaps a better one. Never raises, and takes a bounded time. `now` is aware UTC."""
        ...


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; after too many, `open` for a while. `monotonic` gives seconds."""

    monotonic: Callable[[], float] = time.monotonic
    failures: int = 0
    until: float = 0.0

    @property
    def open(self) -> bool:
        """Whether nothing is to be asked now."""
        return self.monotonic() < self.until

    def succeeded(self) -> None:
        """It works."""
        self.failures = 0

    def failed(self) -> None:
        """It does not."""
        self.failures += 1
        if self.failures >= FAILURES:
            self.failures, self.until = 0, self.monotonic() + PAUSE
            log.warning("model.paused", seconds=PAUSE)


@dataclass(slots=True)
class ModelAdvisor:
    """Asks the endpoint. What leaves is masked; what comes back is a proposal, or nothing."""

    http: aiohttp.ClientSession
    endpoint: ModelEndpoint
    planner: Planner
    breaker: Breaker = field(default_factory=Breaker)

    def knows_more(self, plan: Plan) -> bool:
        """Where the grammar was unsure, unless the endpoint has just failed."""
        reading = plan.open_reading()
        return reading is not None and not self.breaker.open and wanted(reading, plan.incoming.text)

    async def advise(self, plan: Plan, now: datetime) -> Plan:
        """A plan that proposes what the model read, where the grammar was unsure."""
        if not self.knows_more(plan):
            return plan
        text = plan.incoming.text
        lexicon, sender = self.planner.lexicon(), str(plan.member.id)
        local = self.planner.local(now)
        masked = mask(text, lexicon, sender)
        content = await self._ask(messages(masked, local))
        proposal = reading_of(content, masked, local, lexicon, sender) if content else None
        log.info("model.asked", answered=bool(content), used=proposal is not None)
        return plan if proposal is None else self.planner.propose(plan, proposal)

    async def _ask(self, asked: list[dict[str, str]]) -> str:
        """What the model says; empty where it says nothing in time."""
        key = self.endpoint.key.get_secret_value()
        body = orjson.dumps(
            {
                "model": self.endpoint.name,
                "messages": asked,
                "temperature": 0,
                "max_tokens": MOST_TOKENS,
                "response_format": {"type": "json_object"},
            }
        )
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        limit = aiohttp.ClientTimeout(total=self.endpoint.timeout)
        url = f"{self.endpoint.base_url}/chat/completions"
        try:
            async with self.http.post(
                url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                raw = await response.content.read(MOST_BYTES)
                while len(raw) < MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
                    raw += more
                response.raise_for_status()
            content = _content(raw)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("model.failed", kind=type(error).__name__)
            self.breaker.failed()
            return ""
        self.breaker.succeeded()
        return content


def _content(raw: bytes) -> str:
    """choices[0].message.content of a chat completion. Raises `ValueError` for anything else."""
    try:
        content = orjson.loads(raw)["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError("no chat completion") from error
    if not isinstance(content, str):
        raise ValueError("no text in the chat completion")
    return content
