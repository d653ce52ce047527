"""Two records that are one: everything of the one goes to the other, and can be put back."""

from __future__ import annotations

from crm.merging.back import MERGED, put_back, why_not_back, words_of
from crm.merging.merge import Merged, merge
from crm.merging.preview import Choice, Clash, Preview, preview
from crm.merging.sweep import sweep

__all__ = [
    "MERGED",
    "Choice",
    "Clash",
    "Merged",
    "Preview",
    "merge",
    "preview",
    "put_back",
    "sweep",
    "why_not_back",
    "words_of",
]
