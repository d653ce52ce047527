"""Company names in the form in which they are compared: what people say, without what a registrar adds."""

from __future__ import annotations

import re
import unicodedata

SUFFIXES = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|子公司|公司|股份|集团|企业|\(?(?:中国|集团)\)?)$"
)
NOISE = re.compile(r"[\s·•,，.。、\-_—()（）\[\]【】<>《》\"'“”‘’&+/\\|]")
SHORTEST = 2


def fold(name: str) -> str:
    """Half-width, lower case, without spaces and punctuation."""
    plain = NOISE.sub("", unicodedata.normalize("NFKC", name).lower())
    return unicodedata.normalize("NFKC", plain)  # what stood apart may have come together


def norm(name: str) -> str:
    """`fold` without the legal form at the end: 华润置地（华东）有限公司 is 华润置地华东.

    Never shortened below two characters, so that 公司 alone stays something.
    """
    folded = fold(name)
    while True:
        shorter = SUFFIXES.sub("", folded)
        if shorter == folded or len(shorter) < SHORTEST:
            return folded
        folded = shorter


def bigrams(name: str) -> list[str]:
    """Neighbouring characters of the folded name in pairs, each once, in order; a single one is itself."""
    folded = fold(name)
    if len(folded) < SHORTEST:
        return [folded] if folded else []
    return list(dict.fromkeys(folded[i : i + 2] for i in range(len(folded) - 1)))
