"""DingTalk's numbers that a rendered message or card must keep to, each with its source.

A name in square brackets is an official page: https://open.dingtalk.com/document/development/<name>.
"Ours": the vendor states no limit, the number is a margin of this project.
"""

from __future__ import annotations

from typing import Final

PARAM_KEY_BYTES: Final = 100
"""A key of cardParamMap, bytes [instructions-for-filling-in-api-card-data]."""

PARAM_VALUE_BYTES: Final = 1024
"""A text in cardParamMap, UTF-8 bytes [instructions-for-filling-in-api-card-data]."""

PARAM_JSON_BYTES: Final = 8 * 1024
"""A list or a form in cardParamMap, UTF-8 bytes. Ours: the page says 1 KB for any value, its own form
example is larger, and a form cannot be cut in the middle."""

PARAM_MAP_BYTES: Final = 100 * 1024
"""The whole cardParamMap, bytes [open-the-interface-to-create-a-card-instance]."""

OUT_TRACK_ID: Final = r"[0-9A-Za-z_\-]{1,100}"
"""outTrackId: at most 100 characters, a new one for each card [open-interface-card-delivery-instance];
the alphabet is ours."""

OPEN_SPACE_ID: Final = 1000
"""openSpaceId, characters [open-interface-card-delivery-instance]."""

ALERT: Final = 200
"""notification.alertContent, characters; cut beyond [create-and-deliver-cards]."""

MSG_PARAM_BYTES: Final = 15_000
"""msgParam of a robot message, bytes [the-robot-sends-a-group-message]; kept for single chats too."""

TEXT_BYTES: Final = 7_000
"""A text or markdown we send, UTF-8 bytes. Ours: written as JSON it stays below 15,000 whatever it holds,
and long texts render badly beyond about 3,500 characters (field reports)."""

TITLE: Final = 60
"""A card's title and the title of a markdown message, characters. Ours."""

SUBTITLE: Final = 100
"""Characters. Ours."""

SOURCE: Final = 20
"""Characters. Ours."""

FACT_NAME: Final = 12
"""Name of a fact, characters. Ours."""

FACT_VALUE: Final = 120
"""Value of a fact, characters. Ours."""

BUTTONS: Final = 6
"""Buttons of a card. Ours: more do not fit on a phone."""

BUTTON_TEXT: Final = 12
"""Characters on a button. Ours."""

LINK_BUTTONS: Final = 5
"""Buttons of a robot's action card, sampleActionCard to sampleActionCard5 [robot-message-type]."""

FIELDS: Final = 8
"""Fields of a form. Ours."""

FIELD_TITLE: Final = 20
"""Label of a form field, characters. Ours."""

OPTIONS: Final = 30
"""Options of a form field. Ours."""

OPTION_TEXT: Final = 40
"""Text of an option, characters. Ours."""

OPTION_ID_BYTES: Final = 128
"""Value of an option, bytes. Ours, as on WeCom."""

KEY_BYTES: Final = 64
"""Name of a form field, bytes. Ours."""
