"""What the ways of connecting are put together from, handed to each by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import ClientSession

from bot.answer import Answer
from bot.timing import Timing
from bot.usage import Meter
from bot.voice import Voices
from config.clock import Clock
from config.settings import Settings
from handlers.incoming import Incoming
from store.writer import Writer


@dataclass(frozen=True, slots=True)
class Parts:
    """`accept` is the dispatcher, `wake` tells the relay that something waits; `worker` is this process."""

    settings: Settings
    http: ClientSession
    clock: Clock
    writer: Writer
    voices: Voices
    accept: Callable[[Incoming], Awaitable[Answer]]
    wake: Callable[[], None]
    worker: str
    meter: Meter
    timing: Timing = field(default_factory=Timing)
