"""Whether people work on a day."""

from __future__ import annotations
