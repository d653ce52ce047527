"""The smart bot's numbers, and the margins we keep from them.

A bare number in brackets is an official page: https://developer.work.weixin.qq.com/document/path/<number>.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

URL: Final = "wss://openws.work.weixin.qq.com"
"""Where the long connection goes [101463]."""

# The connection [101463]
PING_EVERY: Final = 30.0
"""Seconds between two pings; the platform drops who is silent [101463]."""
STREAM_SECONDS: Final = 360.0
"""A stream must be finished this long after the message; later reports say ten minutes [101463]."""
STREAM_BYTES: Final = 20480
"""UTF-8 bytes of a stream's or a markdown's content, the whole text each time [101031, 101138]."""
EVENT_SECONDS: Final = 5.0
"""A welcome and a card's update must be with the platform by then [101463]."""
PER_MINUTE: Final = 30
"""Replies and pushes together, per conversation; beyond it 45009 [101463]."""
PER_HOUR: Final = 1000
"""As above, for an hour [101463]."""

# Files, in and out [101463, 100719]
CHUNK_BYTES: Final = 512 * 1024
"""The largest chunk of an upload, before base64 [101463]."""
CHUNKS: Final = 100
"""The most chunks of an upload [101463]."""
UPLOAD_MIN_BYTES: Final = 5
"""The smallest upload [101463]."""
FILE_NAME_BYTES: Final = 256
"""UTF-8 bytes of an upload's file name [101463]."""
UPLOADS_PER_MINUTE: Final = 30
"""Uploads of one bot [101463]."""
UPLOADS_PER_HOUR: Final = 1000
"""As above, for an hour [101463]."""
AES_KEY_BYTES: Final = 32
"""A file's key, which comes as 43 or 44 characters of base64 [100719]."""
PADDING_BLOCK: Final = 32
"""Bytes: PKCS#7 pads to a multiple of this, so the pad byte is 1..32 [100719]."""
MEDIA_URL_LIFE: Final = timedelta(minutes=5)
"""An attachment's address works this long [100719]."""

# Our margins
SILENCE: Final = 85.0
"""Seconds without any frame after which a connection is taken for dead: two pings unanswered, and within the
90 s that we promise."""
CONNECT_TIMEOUT: Final = 10.0
"""Seconds for the handshake."""
ACK_TIMEOUT: Final = 5.0
"""Seconds to wait for the acknowledgement of a frame, as the vendor's own clients do."""
UPLOAD_TIMEOUT: Final = 30.0
"""Seconds to wait for the acknowledgement of half a megabyte."""
BACKOFF_FIRST: Final = 1.0
"""Seconds before the first new connection; doubled each time, with jitter of one half either way."""
BACKOFF_MOST: Final = 60.0
"""Seconds: the longest pause between two connections."""
STEADY: Final = 60.0
"""Seconds that a connection must have lived for the pauses to begin anew: subscribing is rate-protected."""
REFUSED_PAUSE: Final = 600.0
"""Seconds to leave the platform alone after it refused bot id or secret."""
CLOSE_TIMEOUT: Final = 3.0
"""Seconds for a close frame to be answered."""
FRAME_BYTES: Final = 1024 * 1024
"""A frame beyond this ends the connection. The largest real one, a quoted long text, has some 40 kB."""
OUR_PER_MINUTE: Final = 25
"""Pushes per conversation: five stay free for replies, which count as well."""
OUR_PER_HOUR: Final = 900
"""As above, for an hour."""
EVENT_MARGIN: Final = 0.5
"""Seconds kept free before a window of five seconds ends."""
IN_FLIGHT: Final = 1000
"""Deliveries being handled at once; beyond it people are asked to come again."""
REMEMBERED: Final = 10_000
"""Deliveries by whose id a repeat is known: some minutes under the heaviest load."""
TRIES: Final = 6
"""Tries to make a delivery durable: the platform will not repeat it, so we do."""
DRAIN: Final = 10.0
"""Seconds that answers under way get when the bot stops."""
DOWNLOAD_TIMEOUT: Final = 60.0
"""Seconds for a whole download."""
NOT_CONNECTED_RETRY: Final = 3.0
"""Seconds after which a push is tried again while there is no connection."""
CHUNK_TRIES: Final = 3
"""Tries of one chunk: sending it again changes nothing [101463]."""
