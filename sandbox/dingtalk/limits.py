"""Every limit of DingTalk that the simulator holds to, with the official page it comes from.

Pages are `https://open.dingtalk.com/document/development/<name>`; "protocol" is the vendor's page on stream
mode (open-dingtalk/developerpedia, docs/learn/stream/protocol.md). Bytes are UTF-8 bytes, times seconds.
"""

from __future__ import annotations

from typing import Final

KILOBYTE: Final = 1024
MEGABYTE: Final = 1024 * 1024
MINUTE: Final = 60
HOUR: Final = 3600

# Stream mode
TICKET_LIFE: Final = 90.0  # protocol, one connection
DISCONNECT_GRACE: Final = 10.0  # protocol, of silence after `disconnect`
PING_INTERVAL: Final = 30.0  # not published; 20 to 30 are seen in the field

# Pushes
STREAM_TIMEOUT: Final = 3.0  # appendix-b-proposals-for-rational-use-of-resources
HTTP_TIMEOUT: Final = 2.5  # the same, and develop-stream-mode-push-server
CARD_TIMEOUT: Final = 2.0  # event-callback-card
EVENT_RETRIES: Final = (10.0, 30.0)  # obtain-the-event-list-of-failed-push-messages
ROBOT_REDELIVERY: Final = 60.0  # field reports; the protocol page says never
FAILED_LIST_LIFE: Final = 5 * 60.0  # obtain-the-event-list-of-failed-push-messages, 3 to 5 minutes
FAILED_LIST_PAGE: Final = 200  # obtain-the-event-list-of-failed-push-messages

# Encrypted event push (develop-stream-mode-push-server)
AES_KEY_CHARS: Final = 43
IV_BYTES: Final = 16
RANDOM_BYTES: Final = 16
PADDING_BLOCK: Final = 32

# Replies
SESSION_LIFE: Final = 90 * MINUTE  # receive-message (samples)
SESSION_MARKDOWN_BYTES: Final = 20_000  # field reports

# Robot messages
BATCH_USERS: Final = 20  # chatbots-send-one-on-one-chat-messages-in-batches
MSG_PARAM_BYTES: Final = 15_000  # the-robot-sends-a-group-message
RECALL_WINDOW: Final = 24 * HOUR  # batch-message-recall-chat
RECALL_KEYS: Final = 20  # batch-message-recall-chat
DING_PER_MINUTE: Final = 6000  # robot-sends-nail-message, fewer than that, paid editions only
FILE_TYPES: Final = frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"})  # robot-message-type

# Work notices, page asynchronous-sending-of-enterprise-session-messages; the excess is dropped silently
NOTICE_USERS: Final = 100
NOTICE_DEPARTMENTS: Final = 20
NOTICE_BYTES: Final = 2048
NOTICE_REACHED: Final = 5_000
NOTICE_PER_MINUTE: Final = 5_000
NOTICE_USER_DAY: Final = 500
NOTICE_ALL_DAY: Final = 3

# Custom group robots, page custom-robots-send-group-messages
GROUP_ROBOT_PER_MINUTE: Final = 20
GROUP_ROBOT_BLOCK: Final = 10 * MINUTE
GROUP_ROBOT_AT: Final = 50

# Cards
OUT_TRACK_ID_CHARS: Final = 100  # open-interface-card-delivery-instance
OPEN_SPACE_ID_CHARS: Final = 1000  # open-interface-card-delivery-instance
SPACE_TEXT_CHARS: Final = 200  # create-and-deliver-cards: searchDesc and alertContent are cut
PARAM_KEY_BYTES: Final = 100  # instructions-for-filling-in-api-card-data
PARAM_VALUE_BYTES: Final = KILOBYTE  # instructions-for-filling-in-api-card-data; presumably not enforced
PARAM_MAP_BYTES: Final = 100 * KILOBYTE  # open-the-interface-to-create-a-card-instance
STREAM_CALL_BYTES: Final = KILOBYTE  # api-streamingupdate
STREAM_CARD_CHARS: Final = 3_000  # api-streamingupdate recommends 3 KB; the card goes blank in the field

# Tokens
TOKEN_LIFE: Final = 7200  # obtain-the-access-token-of-an-internal-app

REFRESH_LIFE: Final = 30 * 24 * HOUR  # obtain-user-token
LOGIN_CODE_LIFE: Final = 5 * MINUTE  # obtain-the-userid-of-a-user-by-using-the-log-free, one use

# Quotas of a free organisation
API_PER_MONTH: Final = 5_000  # notice-on-the-equity-adjustment-of-enterprise-application-development-and
PUSHES_PER_MONTH: Final = 3_000  # the same
CALLS_PER_SECOND: Final = 20  # how-to-process-api-throttling-on-the-dingtalk-server, per app and API
# Other editions (dingtalk-application-development-platform-billing-model): 专业版, 增购包
PRO_API_PER_MONTH: Final = 200_000
PRO_PUSHES_PER_MONTH: Final = 50_000
PACK_API_PER_MONTH: Final = 5_000_000
PACK_PUSHES_PER_MONTH: Final = 500_000
PACK_CALLS_PER_SECOND: Final = 60

BURST_CALLS: Final = 10_000  # how-to-process-api-throttling-on-the-dingtalk-server, per address
BURST_WINDOW: Final = 20.0
BURST_BAN: Final = 300.0

# Media, page upload-media-files
IMAGE_BYTES: Final = 20 * MEGABYTE
VOICE_BYTES: Final = 2 * MEGABYTE
FILE_BYTES: Final = 20 * MEGABYTE

# OA approval
APPROVAL_NODES: Final = 20  # create-an-approval-instance
APPROVAL_CC: Final = 50  # create-an-approval-instance
APPROVAL_VALUES: Final = 150  # create-an-approval-instance
APPROVAL_UNSTOPPABLE: Final = 15  # revoke-an-approval-instance

# Todo and calendar
TODO_SUBJECT_CHARS: Final = 1024  # add-dingtalk-to-do-task
TODO_URL_BYTES: Final = 1024  # add-dingtalk-to-do-task
CALENDAR_SUMMARY_CHARS: Final = 2048  # create-schedule
CALENDAR_DESCRIPTION_CHARS: Final = 5000  # create-schedule
CALENDAR_ATTENDEES: Final = 500  # create-schedule
CALENDAR_PARTICIPANTS: Final = 5_000  # create-schedule, of one event over several calls
CALENDAR_DAY: Final = 100  # create-schedule
CALENDAR_TOKEN_LIFE: Final = 24 * HOUR  # create-schedule
CALENDAR_REMINDER: Final = 15  # create-schedule, minutes before

# Contacts
EXT_CONTACT_PAGE: Final = 100  # obtain-the-external-contact-list
PAGE_SIZE: Final = 100  # topapi/v2/user/list: size at most 100
