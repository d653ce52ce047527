"""Links written in markdown, which people can tap."""

from __future__ import annotations

import re

from sandbox.dingtalk.state import Link

_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^)\s]+)\)")


def markdown_links(text: str) -> list[Link]:
    """The links of a text, pictures left out, in order."""
    return [Link(title, url) for title, url in _LINK.findall(text)]
