"""How long a test waits for what is to happen."""

from __future__ import annotations

PATIENCE = 30.0
"""Real seconds before a test gives up. One that passes goes on at once: a slow machine may use all of it."""
