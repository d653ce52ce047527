"""As what a kept file can be sent over WeCom: a picture, a voice, a video, or else a plain file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from bot.voice import CannotSend
from bot.wecom.limits import MEDIA_MAX_BYTES, MEDIA_MIN_BYTES
from crm.attached import KeptFile

_FORMATS: Final = {
    "image": frozenset({".jpg", ".jpeg", ".png"}),
    "voice": frozenset({".amr"}),
    "video": frozenset({".mp4"}),
}
"""What each type of upload takes [96484]."""


def media_kind(file: KeptFile) -> str:
    """The type of upload. Raises CannotSend for a file that is too small for any."""
    if not MEDIA_MIN_BYTES < file.size <= MEDIA_MAX_BYTES["file"]:
        raise CannotSend(f"“{file.name}”太{'大' if file.size > MEDIA_MIN_BYTES else '小'}，企业微信发不了。")
    fits = file.size <= MEDIA_MAX_BYTES.get(file.kind, 0)
    known = PurePath(file.name).suffix.lower() in _FORMATS.get(file.kind, frozenset())
    return file.kind if fits and known else "file"


def not_taken(file: KeptFile) -> str:
    """What is said where WeCom has refused the file."""
    return f"“{file.name}”企业微信没有收下，发不了。可以请记录的人直接转发。"
