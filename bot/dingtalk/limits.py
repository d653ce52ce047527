"""DingTalk's numbers for talking to it, and the margins we keep from them.

A name in square brackets is an official page: https://open.dingtalk.com/document/development/<name>;
[protocol] is the Stream protocol page (open-dingtalk/developerpedia, docs/learn/stream/protocol.md).
What a rendered card must keep to is in `cards.limits_dingtalk`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# Stream
TICKET_LIFE: Final = timedelta(seconds=90)
"""A ticket opens one connection within this [protocol]."""
DISCONNECT_GRACE: Final = timedelta(seconds=10)
"""After `disconnect` the server closes the socket when it was silent for this long [protocol]."""
PUSH_TIMEOUT: Final = timedelta(seconds=3)
"""A push over Stream counts as failed after this
[appendix-b-proposals-for-rational-use-of-resources]."""
CARD_TIMEOUT: Final = timedelta(seconds=2)
"""A pressed button is answered within this, or the client shows an error [event-callback-card]."""

# Callbacks over HTTP
SIGN_SKEW: Final = timedelta(hours=1)
"""A signed robot callback is good for this long either way [receive-message]; kept for cards, where the
page gives none."""
AES_KEY_CHARS: Final = 43
"""Characters of an EncodingAESKey [develop-stream-mode-push-server]."""
PADDING_BLOCK: Final = 32
"""Bytes: PKCS#7 pads to a multiple of this [develop-stream-mode-push-server]."""
CIPHER_BLOCK: Final = 16
"""Bytes of an AES block."""
RANDOM_PREFIX: Final = 16
"""Bytes of noise before the length field [develop-stream-mode-push-server]."""
LENGTH_FIELD: Final = 4
"""Bytes of the big-endian message length [develop-stream-mode-push-server]."""

# The API
BATCH_USERS: Final = 20
"""userIds of one oToMessages/batchSend [chatbots-send-one-on-one-chat-messages-in-batches]."""
QPS: Final = 20
"""Calls a second of one app to one API [how-to-process-api-throttling-on-the-dingtalk-server]."""
API_A_MONTH: Final = 5_000
"""API calls of a free organisation a month, all its apps together
[notice-on-the-equity-adjustment-of-enterprise-application-development-and]."""
PUSHES_A_MONTH: Final = 3_000
"""Webhook and Stream pushes, likewise."""
IP_BAN: Final = timedelta(minutes=5)
"""How long an address is refused after 10,000 calls in 20 s
[how-to-process-api-throttling-on-the-dingtalk-server]."""
MEDIA_MAX_BYTES: Final = {
    "image": 20 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "video": 20 * 1024 * 1024,
    "file": 20 * 1024 * 1024,
}
"""Largest upload by type [upload-media-files]."""

# Our margins
OPEN_TIMEOUT: Final = timedelta(seconds=10)
"""Asking the gateway for an endpoint, and the handshake with it."""
HEARTBEAT: Final = timedelta(seconds=30)
"""We ping the socket this often; a pong that stays out for half of it ends the connection."""
PING_INTERVAL: Final = timedelta(seconds=60)
"""The server is taken to ping at least this often: 20 to 30 s in field reports, 60 s in its Python client."""
MOST_PATIENCE: Final = timedelta(minutes=16)
"""How long a connection that never saw a ping may be silent at most."""
MAX_FRAME: Final = 4 * 1024 * 1024
"""Bytes of a Stream frame; the vendor gives no bound."""
FIRST_BACKOFF: Final = timedelta(seconds=1)
"""First pause before connecting again; doubled each time."""
MOST_BACKOFF: Final = timedelta(seconds=60)
"""Longest pause before connecting again."""
YOUNG: Final = timedelta(seconds=1)
"""A connection that ended before this was none: the next one waits."""
MOST_UNDER_WAY: Final = 1000
"""Frames of one connection being handled; beyond, the platform is asked to come again."""
STOP_WITHIN: Final = timedelta(seconds=10)
"""On stopping, what is under way gets this long."""
ACK_TARGET: Final = timedelta(milliseconds=1500)
"""Answer a push within this."""
BODY_MAX_BYTES: Final = 256 * 1024
"""A callback body beyond this is refused unread. The largest real one is a few kB."""
NONCE_MAX_CHARS: Final = 128
"""Real nonces have about ten characters; the page gives no bound."""
BODY_TIMEOUT: Final = timedelta(seconds=2)
"""A body that trickles in slower than this is given up."""
CALL_TIMEOUT: Final = timedelta(seconds=10)
"""One HTTP exchange, all in all."""
DOWNLOAD_TIMEOUT: Final = timedelta(seconds=60)
"""As above, for a file."""
TRIES: Final = 3
"""Tries of one call when the platform is busy or cannot be reached."""
BACKOFF: Final = timedelta(milliseconds=300)
"""First pause between tries; doubled each time, with jitter of one half either way."""
ANSWER_MAX_BYTES: Final = 32 * 1024 * 1024
"""An API answer or a downloaded file beyond this is not read on."""
OUR_QPS: Final = 18
"""We stay below 20."""
APP_LIMIT_PAUSE: Final = timedelta(seconds=1)
"""After QpsLimitForAppkeyAndApi [call-frequency-limit]."""
API_LIMIT_PAUSE: Final = timedelta(seconds=3)
"""After QpsLimitForApi: the API is busy for everybody."""
MINUTE_LIMIT_PAUSE: Final = timedelta(seconds=60)
"""After a limit by the minute, and after `send.too.fast`, for which no window is published."""
QUOTA_PAUSE: Final = timedelta(hours=1)
"""After the month's quota was used up: somebody may have bought more."""
WEBHOOK_MARGIN: Final = timedelta(seconds=5)
"""A sessionWebhook is not used this shortly before its end."""
