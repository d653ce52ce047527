"""WeCom's numbers, and the margins we keep from them.

A bare number in brackets is an official page: https://developer.work.weixin.qq.com/document/path/<number>.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# The callback [91144, 90241]
AES_KEY_CHARS: Final = 43
"""Characters of an EncodingAESKey, letters and digits [91144]."""
PADDING_BLOCK: Final = 32
"""Bytes: PKCS#7 pads to a multiple of this, so the pad byte is 1..32 [91144]."""
RANDOM_PREFIX: Final = 16
"""Bytes of noise before the length field [91144]."""
LENGTH_FIELD: Final = 4
"""Bytes of the big-endian message length [91144]."""
PASSIVE_TEXT_BYTES: Final = 2048
"""UTF-8 bytes of a passive text reply; the platform cuts the rest away [90241]."""

# The API [90454, 96484]
MEMBER_PER_MINUTE: Final = 30
"""Messages of one app to one member; the excess is dropped with errcode 0 [90454]."""
MEMBER_PER_HOUR: Final = 1000
"""As above, for an hour [90454]."""
CORP_API_PER_MINUTE: Final = 10_000
"""Calls of one API by all apps of a corp [90454]; 45009 beyond."""
CORP_API_PER_HOUR: Final = 150_000
"""As above, for an hour [90454]."""
FREQUENCY_WINDOW: Final = timedelta(seconds=60)
"""After 45009 an API stays closed until its window ends, 60 s at the least [90454]."""
MEDIA_LIFE: Final = timedelta(days=3)
"""How long a media id can be fetched [96484, 90254]."""
MEDIA_MIN_BYTES: Final = 5
"""An upload must be larger than this [96484]."""
MEDIA_MAX_BYTES: Final = {
    "image": 10 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "video": 10 * 1024 * 1024,
    "file": 20 * 1024 * 1024,
}
"""Largest upload by type [96484]."""

# Our margins
BODY_MAX_BYTES: Final = 256 * 1024
"""A callback body beyond this is refused unread. The largest real one is a few kB."""
FRESHNESS: Final = timedelta(minutes=10)
"""A callback whose timestamp is further from now, either way, is refused: a replay, or a wrong clock."""
NONCE_MAX_CHARS: Final = 128
"""Real nonces have about ten characters; the page gives no bound."""
XML_MAX_DEPTH: Final = 24
"""The deepest documented event, an approval with attachments, nests about eight elements."""
XML_MAX_ELEMENTS: Final = 4000
"""An approval with a long history has some hundreds."""
ACK_TARGET: Final = timedelta(seconds=1)
"""Answer a callback within this; the platform itself waits 5 s [90238]."""
BODY_TIMEOUT: Final = timedelta(seconds=4)
"""A body that trickles in slower than this is given up; the platform's own limit is 5 s."""
CALL_TIMEOUT: Final = timedelta(seconds=10)
"""One HTTP exchange, all in all."""
DOWNLOAD_TIMEOUT: Final = timedelta(seconds=60)
"""As above, for a file."""
TRIES: Final = 3
"""Tries of one call when the platform is busy (-1, 6000) or cannot be reached [90455 advises three]."""
BACKOFF: Final = timedelta(milliseconds=300)
"""First pause between tries; doubled each time, with jitter of one half either way."""
CONCURRENCY_PAUSE: Final = timedelta(seconds=2)
"""After 45033 (too many calls at once)."""
OUR_MEMBER_PER_MINUTE: Final = 25
"""We stay below 30: a message sent by hand in the console counts as well."""
OUR_MEMBER_PER_HOUR: Final = 900
"""We stay below 1000."""
OUR_CORP_API_PER_MINUTE: Final = 9_000
"""We stay below 10,000: other programs of the corp call as well."""
OUR_CORP_API_PER_HOUR: Final = 135_000
"""We stay below 150,000."""
ANSWER_MAX_BYTES: Final = 32 * 1024 * 1024
"""An API answer or a downloaded file beyond this is not read on."""
EXTERNAL_USERIDS: Final = 100
"""Members in one externalcontact/batch/get_by_user."""
EXTERNAL_PAGE: Final = 100
"""External contacts on a page of it; 50 unless asked for."""
