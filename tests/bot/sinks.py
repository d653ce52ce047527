"""Where a downloaded file goes in tests."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class MemorySink:
    """Holds what came; `begun` is how often it was begun."""

    data: bytearray = field(default_factory=bytearray)
    begun: int = 0

    async def restart(self) -> None:
        """Begin anew."""
        self.begun += 1
        self.data.clear()

    async def write(self, part: bytes) -> None:
        """The next part."""
        self.data += part
