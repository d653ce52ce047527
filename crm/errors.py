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
    """The person may not do this. `customer_id` is the customer that is not his, where that is the reason."""

    def __init__(self, message: str, customer_id: int | None = None) -> None:
        super().__init__(message)
        self.customer_id = customer_id


class Conflict(Refusal):
    """Somebody was faster, or the record has changed since."""
