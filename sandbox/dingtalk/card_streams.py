"""Writing a variable of a card bit by bit, as a typewriter (page api-streamingupdate).

The page names a family of codes, `param.stream.*`; of its members only the family is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.dingtalk import limits
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.shape import JsonObject, flag, needed, text


@dataclass(frozen=True, slots=True)
class Part:
    """What one call writes; a `whole` one replaces what was there."""

    key: str
    content: str
    whole: bool

    def after(self, before: str) -> str:
        """The variable afterwards; a card that holds too much is blank (field reports)."""
        now = self.content if self.whole else before + self.content
        return now if len(now) <= limits.STREAM_CARD_CHARS else ""


def read_part(body: JsonObject) -> Part:
    """Read one call. Raises Refused (param.stream.*)."""
    needed(body, "guid", "param.stream.guidEmpty")
    key, content = needed(body, "key", "param.stream.keyEmpty"), text(body, "content", "param.stream.invalid")
    if len(content.encode()) > limits.STREAM_CALL_BYTES:
        raise Refused("param.stream.contentTooLong", "content 单次不超过 1 KB")
    flag(body, "isFinalize", "param.stream.invalid")
    whole = flag(body, "isFull", "param.stream.invalid") or flag(body, "isError", "param.stream.invalid")
    return Part(key, content, whole)
