"""How long an AMR recording plays: frames of 20 ms, their sizes by type (RFC 4867)."""

from __future__ import annotations

MAGIC = b"#!AMR\n"
FRAMES_PER_SECOND = 50
_SIZES = (12, 13, 15, 17, 19, 20, 26, 31, 5)  # bytes after the first one, by frame type; others have none
_NO_DATA = 15


def seconds(data: bytes) -> float:
    """The length of a narrow-band recording; 0 for what is none, or as far as it can be read."""
    if not data.startswith(MAGIC):
        return 0.0
    frames, place = 0, len(MAGIC)
    while place < len(data):
        kind = data[place] >> 3 & 15
        if kind >= len(_SIZES) and kind != _NO_DATA:
            break
        place += 1 + (_SIZES[kind] if kind < len(_SIZES) else 0)
        if place > len(data):
            break
        frames += 1
    return frames / FRAMES_PER_SECOND
