"""Every limit of WeCom that the simulator holds to, with the official page it comes from.

Pages are `https://developer.work.weixin.qq.com/document/path/<number>`. Bytes are UTF-8 bytes, times seconds.
"""

from __future__ import annotations

from typing import Final

# Callbacks
AES_KEY_CHARS: Final = 43  # 91144
IV_BYTES: Final = 16  # 91144, the first bytes of the key
RANDOM_BYTES: Final = 16  # 91144
PADDING_BLOCK: Final = 32  # 91144
URL_VERIFY_TIME: Final = 1.0  # 90238
REPLY_TIMEOUT: Final = 5.0  # 90238
CALLBACK_TRIES: Final = 3  # 90238 (the wording leaves open whether it is 1 + 3)
PASSIVE_TEXT_BYTES: Final = 2048  # 90241, cut
PASSIVE_ACTION_MENU: Final = (1, 10)  # 90241

# Tokens
TOKEN_LIFE: Final = 7200  # 91039
WRONG_SECRET_BAN: Final = 3600  # help text of error 45009, for the source address
WRONG_SECRETS_BEFORE_BAN: Final = 10  # not published; the simulator's choice

# Sending
TOUSER: Final = 1000  # 90236 -> 40032
TOPARTY: Final = 100  # 90236 -> 82002
TOTAG: Final = 100  # 90236 -> 82003
DUPLICATE_CHECK_DEFAULT: Final = 1800  # 90236
DUPLICATE_CHECK_MAX: Final = 14400  # 90236
RECALL_WINDOW: Final = 24 * 3600  # 94867
TEXT_BYTES: Final = 2048  # 90236, cut without an error
MARKDOWN_BYTES: Final = 2048  # 90236, cut without an error
TEXTCARD_TITLE_BYTES: Final = 128  # 90236
TEXTCARD_DESCRIPTION_BYTES: Final = 512  # 90236
TEXTCARD_URL_BYTES: Final = 2048  # 90236
TEXTCARD_BUTTON_CHARS: Final = 4  # 90236
NEWS_ARTICLES: Final = (1, 8)  # 90236 -> 45008
NEWS_TITLE_BYTES: Final = 128  # 90236
NEWS_DESCRIPTION_BYTES: Final = 512  # 90236
MPNEWS_CONTENT_BYTES: Final = 666 * 1024  # 90236 -> 45002
MPNEWS_AUTHOR_BYTES: Final = 64  # 90236
MINIPROGRAM_ITEMS: Final = 10  # 90236 -> 90201
MINIPROGRAM_KEY_CHARS: Final = 10  # 90236 -> 90202
MINIPROGRAM_VALUE_CHARS: Final = 30  # 90236 -> 90203

# Frequency
MEMBER_PER_MINUTE: Final = 30  # 90454, the excess is dropped without an error
MEMBER_PER_HOUR: Final = 1000  # 90454, the excess is dropped without an error
API_PER_MINUTE: Final = 10_000  # 90454 -> 45009; sending is not counted
API_PER_HOUR: Final = 150_000  # 90454 -> 45009; sending is not counted
ADDRESS_PER_MINUTE: Final = 20_000  # 90454 -> 45009, per source IP
ADDRESS_PER_HOUR: Final = 600_000  # 90454 -> 45009, per source IP
SENDS_PER_ACCOUNT_AND_DAY: Final = 200  # 90454 -> 45009, person-times, times the account cap

# Media
MEGABYTE: Final = 1024 * 1024
IMAGE_BYTES: Final = 10 * MEGABYTE  # 96484
VOICE_BYTES: Final = 2 * MEGABYTE  # 96484
VOICE_SECONDS: Final = 60  # 96484 -> 45007
VIDEO_BYTES: Final = 10 * MEGABYTE  # 96484
FILE_BYTES: Final = 20 * MEGABYTE  # 96484
MEDIA_MIN_BYTES: Final = 5  # 96484, more than
MEDIA_LIFE: Final = 3 * 24 * 3600  # 96484

# Pages opened from a chat
OAUTH_CODE_LIFE: Final = 300  # 96442 -> 42003; used once -> 40029
OAUTH_STATE_BYTES: Final = 128  # 96441 -> 84025
USER_TICKET_LIFE: Final = 1800  # 96442 -> 84014
JS_TICKET_LIFE: Final = 7200  # 96909
JS_TICKETS_PER_CORP: Final = 400  # 90454 -> 45009, an hour
JS_TICKETS_PER_APP: Final = 100  # 90454 -> 45009, an hour

# Groups made by an app
APPCHAT_NAME_CHARS: Final = 50  # 90245, cut
APPCHAT_MEMBERS: Final = (2, 2000)  # 90245 -> 86006
APPCHAT_ID_CHARS: Final = 32  # 90245 -> 86205
APPCHATS_PER_DAY: Final = 1000  # 90454 -> 45009
APPCHAT_SENDS_PER_MINUTE: Final = 20_000  # 90454 -> 45009, person-times
APPCHAT_MEMBER_PER_MINUTE: Final = 200  # 90454, the excess is dropped without an error
APPCHAT_MEMBER_PER_DAY: Final = 10_000  # 90454, the excess is dropped without an error

# Approvals
APPROVAL_SUMMARIES: Final = 3  # 91853 -> 301025
APPROVAL_PAGE: Final = 100  # 91816 -> 301025
APPROVAL_SPAN: Final = 31 * 24 * 3600  # 91816 -> 301025
APPLY_PER_MINUTE: Final = 600  # 91853 -> 45009
APPROVAL_DATA_PER_MINUTE: Final = 600  # 90454 -> 45009

# Group robots
WEBHOOK_PER_MINUTE: Final = 20  # 91770 -> 45009, failures count
WEBHOOK_TEXT_BYTES: Final = 2048  # 91770
WEBHOOK_MARKDOWN_BYTES: Final = 4096  # 91770
WEBHOOK_IMAGE_BYTES: Final = 2 * MEGABYTE  # 91770

# External contacts
REMARK_CHARS: Final = 20  # 92115
REMARK_COMPANY_CHARS: Final = 20  # 92115
DESCRIPTION_CHARS: Final = 150  # 92115
WELCOME_LIFE: Final = 20  # 92137 -> 41050
WELCOME_BYTES: Final = 4000  # 92137
WELCOME_ATTACHMENTS: Final = 9  # 92137 -> 41064
FOLLOWERS_PER_PAGE: Final = 500  # 92114, more come with next_cursor
GROUP_OWNERS: Final = 100  # 92120
GROUP_PAGE: Final = (1, 1000)  # 92120
GROUPS_WITHOUT_FILTER: Final = 1000  # 92120 -> 81017, members in scope
LIST_ID_PAGE: Final = 10_000  # 96067
EXTERNAL_USERIDS: Final = 100  # externalcontact/batch/get_by_user -> 40058
EXTERNAL_PAGE: Final = 100  # externalcontact/batch/get_by_user -> 40058
EXTERNAL_PAGE_DEFAULT: Final = 50  # externalcontact/batch/get_by_user
TRANSFER_IDS: Final = 100  # 94081, 94096 -> 40058
TRANSFER_EFFECT: Final = 24 * 3600  # 94081, 94096
TRANSFER_PAUSE: Final = 90 * 24 * 3600  # 94096 -> 40128, for members who are here
TRANSFER_MESSAGE_CHARS: Final = 200  # 94096
TRANSFER_PAGE: Final = 1000  # 94082, 94097
TRANSFER_LAG: Final = 10  # not published: just after asking, the result is empty
ADDED_BY_TRANSFER: Final = 202  # add_way: 管理员/负责人分配 (92114)

# Cards: enforced (the page says 不超过 / 最多)
HORIZONTAL_LIST: Final = (0, 6)  # 90236 -> 40058
JUMP_LIST: Final = (0, 3)  # 90236 -> 40058
VERTICAL_LIST: Final = (0, 4)  # 90236 -> 40058
ASPECT_RATIO: Final = (1.3, 2.25)  # 90236
ACTION_MENU: Final = (1, 3)  # 90236 -> 40058
BUTTON_LIST: Final = (1, 6)  # 90236 -> 40058
BUTTON_STYLE: Final = (1, 4)  # 90236
SELECTION_OPTIONS: Final = (1, 10)  # 90236 -> 40058, button_selection and each select_list
SELECT_LIST: Final = (1, 3)  # 90236 -> 40058
CHECKBOX_OPTIONS: Final = (1, 20)  # 90236 -> 40058
OPTION_ID_BYTES: Final = 128  # 90236 -> 40058
KEY_BYTES: Final = 1024  # 90236 -> 42018 / 40058
TASK_ID_BYTES: Final = 128  # 90236 -> 42014
RESPONSE_CODE_LIFE: Final = 72 * 3600  # 94888 -> 60140
UPDATE_USERIDS: Final = 1000  # 94888
UPDATE_PARTYIDS: Final = 100  # 94888
UPDATE_TAGIDS: Final = 100  # 94888

# Cards: advisory (建议不超过), in characters; the client cuts, no error comes back. All 90236.
ADVISORY: Final[dict[str, int]] = {
    "source.desc": 20,
    "main_title.title": 36,
    "main_title.desc": 44,
    "emphasis_content.title": 14,
    "emphasis_content.desc": 22,
    "sub_title_text": 160,
    "horizontal_content_list.keyname": 5,
    "horizontal_content_list.value": 30,
    "jump_list.title": 18,
    "vertical_content_list.title": 38,
    "vertical_content_list.desc": 160,
    "button_selection.option_list.text": 16,
    "button_list.text": 10,
    "checkbox.option_list.text": 17,
    "select_list.option_list.text": 16,
    "submit_button.text": 10,
}
