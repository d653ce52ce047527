"""The platforms' numbers that a rendered card must keep to, each with its source.

A page number stands for https://developer.work.weixin.qq.com/document/path/<number>. Lengths are
characters unless the name says bytes. "Advisory": the client cuts what is longer and no error comes
back. "Refused": the API answers with an error. "Ours": the vendor states no limit, the number is a
margin of this project.
"""

from __future__ import annotations

from typing import Final

WECOM_TEXT_BYTES: Final = 2048
"""Text message, UTF-8 bytes; cut without an error (90236)."""

SOURCE: Final = 20
"""source.desc, advisory (90236)."""

TITLE: Final = 36
"""main_title.title, advisory (90236)."""

TITLE_DESC: Final = 44
"""main_title.desc, advisory (90236)."""

EMPHASIS: Final = 14
"""emphasis_content.title, advisory (90236)."""

EMPHASIS_DESC: Final = 22
"""emphasis_content.desc, advisory (90236)."""

BODY: Final = 160
"""sub_title_text of an app's card, advisory (90236)."""

BODY_AIBOT: Final = 112
"""sub_title_text of an AI bot's card, advisory (101032)."""

ROWS: Final = 6
"""horizontal_content_list, refused beyond (90236)."""

ROW_NAME: Final = 5
"""horizontal_content_list.keyname, advisory (90236)."""

ROW_VALUE: Final = 30
"""horizontal_content_list.value, advisory (90236)."""

JUMPS: Final = 3
"""jump_list, refused beyond (90236)."""

JUMP_TITLE: Final = 18
"""jump_list.title, advisory (90236)."""

VERTICALS: Final = 4
"""vertical_content_list, refused beyond (90236)."""

VERTICAL_TITLE: Final = 38
"""vertical_content_list.title, advisory (90236)."""

VERTICAL_DESC: Final = 160
"""vertical_content_list.desc, advisory (90236)."""

IMAGE_RATIO: Final = 1.77
"""card_image.aspect_ratio, width by height; allowed are 1.3 to 2.25 (90236)."""

BUTTONS: Final = 6
"""button_list, refused beyond (90236)."""

BUTTON_TEXT: Final = 10
"""button_list.text and submit_button.text, advisory (90236)."""

SELECTS: Final = 3
"""select_list, refused beyond (90236)."""

SELECT_OPTIONS: Final = 10
"""Options of one select_list entry or of button_selection, refused beyond (90236)."""

SELECT_TEXT: Final = 16
"""Text of such an option, advisory (90236)."""

CHECK_OPTIONS: Final = 20
"""checkbox.option_list, refused beyond (90236)."""

CHECK_TEXT: Final = 17
"""Text of a checkbox option, advisory (90236)."""

OPTION_ID_BYTES: Final = 128
"""Id of a checkbox option, bytes, refused beyond (90236); kept for drop-downs too."""

KEY_BYTES: Final = 1024
"""key and question_key, bytes, refused beyond (90236)."""

TASK_ID: Final = r"[0-9A-Za-z_\-@]{1,128}"
"""task_id, unique in the app for ever (90236)."""

DUPLICATE_INTERVAL: Final = 14400
"""duplicate_check_interval, seconds: the longest that is allowed (90236)."""

URL_BYTES: Final = 2048
"""A link. Stated for textcard.url only (90236); kept for every link."""

QUOTE: Final = 120
"""quote_area.quote_text. Ours."""

SELECT_TITLE: Final = 16
"""Title over a drop-down. Ours."""

REPLACE_TEXT: Final = 20
"""replace_text, which stands where the buttons were. Ours."""
