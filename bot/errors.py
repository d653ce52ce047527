"""What can go wrong at the edge.

    Overloaded                 a message could not be made durable now: the platform is to repeat it
    VendorFault                a call to a platform failed
    ├── TokenExpired           the access token was refused, and a fresh one as well
    ├── RateLimited            wait `retry_after` seconds, then the same call may pass
    ├── Unreachable            no usable answer, or "busy": trying later can help
    ├── Rejected               the request itself was refused: repeating it cannot help
    ├── ReceiverGone           this receiver cannot be written to (left, or outside the visible range)
    └── Misconfigured          somebody has to change a setting; `hint` says which, in Chinese

None of them carries the platform's message, our request or its URL: those hold tokens, names and text.
"""

from __future__ import annotations


class Overloaded(Exception):
    """A message cannot be made durable at the moment; the platform will repeat it."""


class VendorFault(Exception):
    """A call failed. `call` is the API's path, `code` the platform's number (0 where it gave none)."""

    def __init__(self, call: str, code: int = 0) -> None:
        super().__init__(call, code)
        self.call = call
        self.code = code

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.call} code={self.code}"


class TokenExpired(VendorFault):
    """The access token is not accepted."""


class RateLimited(VendorFault):
    """Too much for now. `retry_after` is in seconds."""

    def __init__(self, call: str, code: int = 0, *, retry_after: float) -> None:
        super().__init__(call, code)
        self.retry_after = retry_after


class Unreachable(VendorFault):
    """No usable answer came: network, timeout, HTTP 5xx, or the platform says that it is busy.

    The call may have taken effect all the same.
    """

    def __init__(self, call: str, code: int = 0, *, cause: str = "") -> None:
        super().__init__(call, code)
        self.cause = cause


class Rejected(VendorFault):
    """The platform understood and refused."""


class ReceiverGone(VendorFault):
    """The receiver does not exist any more or must not be written to."""


class Misconfigured(VendorFault):
    """A setting is wrong, here or in the platform's console. `hint` says in Chinese what to change."""

    def __init__(self, call: str, code: int = 0, *, hint: str) -> None:
        super().__init__(call, code)
        self.hint = hint

    def __str__(self) -> str:
        return f"{super().__str__()} {self.hint}"
