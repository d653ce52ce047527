"""Keys of fields and kinds of records: short Latin names that files and the API can use. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

LONGEST = 40  # characters
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_TONES = {
    **dict.fromkeys("āáǎà", "a"),
    **dict.fromkeys("ēéěèê", "e"),
    **dict.fromkeys("īíǐì", "i"),
    **dict.fromkeys("ōóǒò", "o"),
    **dict.fromkeys("ūúǔù", "u"),
    **dict.fromkeys("üǖǘǚǜ", "v"),
    **dict.fromkeys("ńňǹ", "n"),
    "ḿ": "m",
}


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Characters to pinyin: pypinyin's table, loaded when the first key is made."""
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


def key_for(label: str, taken: Collection[str]) -> str:
    """shebeixinghao for 设备型号, with a number behind where that is taken; `f` for what has no sound."""
    sounds = "".join(_sound(c) for c in label.lower())
    plain = _NOT_PLAIN.sub("_", sounds).strip("_")[:LONGEST].strip("_")
    key = plain if plain[:1].isalpha() else f"f_{plain}".strip("_")
    number, free = 2, key
    while free in taken:
        free, number = f"{key}_{number}", number + 1
    return free


def _sound(character: str) -> str:
    found = _table().get(ord(character))
    if found is None:
        return character
    return "".join(_TONES.get(c, c) for c in found.split(",")[0])
