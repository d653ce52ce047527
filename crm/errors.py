"""What a service says no with. Everything else that is raised is our own fault.

Refusal
├── UserMistake   said back kindly, with an example that works
├── NotAllowed    says which role may
└── Conflict      says who did what, when
"""

from __future__ import annotations


class Refusal(Exception):
    """A no with a reason, in Chinese, that is shown to the person as it is."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UserMistake(Refusal):
    """What was asked cannot be done as it was said."""


class NotAllowed(Refusal):
    """The person may not do this."""


class Conflict(Refusal):
    """Somebody was faster, or the record has changed since."""
