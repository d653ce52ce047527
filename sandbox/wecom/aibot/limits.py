"""Every limit of the smart bot that the simulator holds to, with the official page it comes from.

Pages are `https://developer.work.weixin.qq.com/document/path/<number>`. Bytes are UTF-8 bytes, times seconds.
What says "field report" is told by users, not by WeCom.
"""

from __future__ import annotations

from typing import Final

from sandbox.wecom.limits import ADVISORY as APP_ADVISORY
from sandbox.wecom.limits import MEGABYTE

# The connection
IDLE: Final = 90.0  # 101463: a silent connection is dropped; how long it may be silent is not published
FRAME_BYTES: Final = 2 * MEGABYTE  # not published; a chunk of an upload takes 700 kB
ENTERS_PER_DAY: Final = 1  # 100719, 101027: one enter_chat per member and day

IN_FLIGHT: Final = (
    3  # 100719: unanswered messages of a member to a bot; the platform's answer is not published
)

# Answering
WELCOME_WINDOW: Final = 5  # 101463 -> 846605 (code: field report)
UPDATE_WINDOW: Final = 5  # 101463 -> 846605 (code: field report)
REPLY_WINDOW: Final = 24 * 3600  # 101463 -> 846605 (code: field report)
STREAM_LIFE: Final = 6 * 60  # 101463, from the member's message -> 846608; later field reports say 10 minutes
STREAM_BYTES: Final = 20480  # 101031, the whole text each time
MARKDOWN_BYTES: Final = 20480  # 101138
FEEDBACK_ID_BYTES: Final = 256  # 101031
VIDEO_TITLE_BYTES: Final = 128  # 101463, cut
VIDEO_DESCRIPTION_BYTES: Final = 512  # 101463, cut
STREAM_IMAGES: Final = 10  # 101031, in the last part alone, and only where the bot is called at an address
RESPONSE_URL_LIFE: Final = 3600  # 101138, for one answer
PER_MINUTE: Final = 30  # 101463 -> 45009, replies and pushes together, per conversation
PER_HOUR: Final = 1000  # 101463 -> 45009, replies and pushes together, per conversation

# Cards, where they differ from an app's
QUESTION_BYTES: Final = 200  # 101032, jump_list of type 3
ADVISORY: Final[dict[str, int]] = {**APP_ADVISORY, "sub_title_text": 112}  # 101032, cut by the client

# Files to the bot
MEDIA_URL_LIFE: Final = 5 * 60  # 100719, 101027
AES_KEY_BYTES: Final = 32  # 100719, 101027: 43 or 44 characters of base64

# Uploads by the bot
UPLOAD_NAME_BYTES: Final = 256  # 101463
UPLOAD_MIN_BYTES: Final = 5  # 101463
UPLOAD_CHUNKS: Final = 100  # 101463
UPLOAD_CHUNK_BYTES: Final = 512 * 1024  # 101463, before base64
UPLOAD_LIFE: Final = 30 * 60  # 101463
UPLOADS_PER_MINUTE: Final = 30  # 101463 -> 45009, per bot
UPLOADS_PER_HOUR: Final = 1000  # 101463 -> 45009, per bot
