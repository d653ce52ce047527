"""The trusted domains (可信域名) of the apps: where their pages may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(slots=True)
class Domains:
    """`of` maps agent ids to the domains set for them; an app that is not in it has not been restricted."""

    of: dict[int, frozenset[str]] = field(default_factory=dict)

    def trusts(self, agent_id: int, url: str) -> bool:
        """Whether a page may be at `url`: the whole host fits, with its port (help text of 50001)."""
        return agent_id not in self.of or urlsplit(url).netloc.lower() in self.of[agent_id]

    def trusts_script(self, agent_id: int, url: str) -> bool:
        """The same for the JS-SDK, which takes no address and no port (help text of 80001)."""
        if agent_id not in self.of:
            return True
        parts = urlsplit(url)
        return not _is_address(parts.hostname or "") and parts.port is None and self.trusts(agent_id, url)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
