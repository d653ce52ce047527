"""Bodies of DingTalk's sending calls [robot-message-type, create-and-deliver-cards]. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

import orjson

from cards import limits_dingtalk as limits
from cards.fit import clean, cut, cut_bytes
from cards.render.dingtalk_markdown import Markdown

Json = dict[str, Any]

BY_KEY: Final = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
"""Without these an update would overwrite everything [interactive-card-update-interface]."""


FILE_TYPES: Final = frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"})
"""fileType of sampleFile [robot-message-type]."""
PICTURE_TYPES: Final = frozenset({"jpg", "jpeg", "png", "gif", "bmp"})


def plain(text: str) -> str:
    """A text as it is sent: cleaned, and cut where it would not fit; never empty."""
    return cut_bytes(clean(text), limits.TEXT_BYTES) or "…"


def robot_text(text: str) -> tuple[str, Json]:
    """msgKey and msgParam of a text."""
    return "sampleText", {"content": plain(text)}


def robot_markdown(message: Markdown) -> tuple[str, Json]:
    """msgKey and msgParam of a markdown message, or of an action card where it has links."""
    base: Json = {"title": message.title, "text": message.text}
    if not message.links:
        return "sampleMarkdown", base
    if len(message.links) == 1:
        (text, url), *_ = message.links
        return "sampleActionCard", {**base, "singleTitle": text, "singleURL": url}
    for number, (text, url) in enumerate(message.links, start=1):
        base |= {f"actionTitle{number}": text, f"actionURL{number}": url}
    return f"sampleActionCard{len(message.links)}", base


def robot_file(kind: str, name: str, media_id: str) -> tuple[str, tuple[str, Json]] | None:
    """The type of upload, and msgKey and msgParam, of a picture or a document; None for anything else.

    A voice or a video would need its length in time, which nobody has told us.
    """
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    if kind == "image" or suffix in PICTURE_TYPES:
        return "image", ("sampleImageMsg", {"photoURL": media_id})
    if suffix not in FILE_TYPES:
        return None
    return "file", ("sampleFile", {"mediaId": media_id, "fileName": name, "fileType": suffix})


def single(robot_code: str, user: str, message: tuple[str, Json]) -> Json:
    """oToMessages/batchSend to one member."""
    return {"robotCode": robot_code, "userIds": [user], **_param(message)}


def group(robot_code: str, conversation: str, message: tuple[str, Json]) -> Json:
    """groupMessages/send; mentions are not possible there."""
    return {"robotCode": robot_code, "openConversationId": conversation, **_param(message)}


def webhook_text(text: str, mention: str = "") -> Json:
    """A text for a sessionWebhook, or for the response to a callback; `mention` is a userId in a group."""
    said = plain(text)
    if not mention:
        return {"msgtype": "text", "text": {"content": said}}
    return {"msgtype": "text", "text": {"content": f"@{mention} {said}"}, "at": {"atUserIds": [mention]}}


def webhook_markdown(message: Markdown) -> Json:
    """A markdown message for a sessionWebhook, or an action card where it has links."""
    base: Json = {"title": message.title, "text": message.text}
    if not message.links:
        return {"msgtype": "markdown", "markdown": base}
    buttons = [{"title": text, "actionURL": url} for text, url in message.links]
    return {"msgtype": "actionCard", "actionCard": {**base, "btnOrientation": "0", "btns": buttons}}


def card(template_id: str, track_id: str, values: Mapping[str, str], callback: Mapping[str, str]) -> Json:
    """createAndDeliver without its space. `callback` says where clicks go; it must never be left out."""
    return {
        "cardTemplateId": template_id,
        "outTrackId": track_id,
        **callback,
        "userIdType": 1,
        "cardData": {"cardParamMap": dict(values)},
    }


def in_single_chat(made: Json, robot_code: str, user: str, alert: str) -> Json:
    """The card delivered to a member's chat with the robot; `alert` is what a notification says."""
    return {
        **made,
        "openSpaceId": f"dtv1.card//IM_ROBOT.{user}",
        "imRobotOpenSpaceModel": _space_model(alert),
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": robot_code},
    }


def in_group(made: Json, robot_code: str, conversation: str, user: str, alert: str) -> Json:
    """The card delivered to a group, where `user` alone sees it."""
    return {
        **made,
        "openSpaceId": f"dtv1.card//IM_GROUP.{conversation}",
        "imGroupOpenSpaceModel": _space_model(alert),
        "imGroupOpenDeliverModel": {"robotCode": robot_code, "recipients": [user]},
    }


def changed(values: Mapping[str, str]) -> Json:
    """What a card becomes: the answer to a click, and without its outTrackId the body of an update."""
    return {"cardUpdateOptions": dict(BY_KEY), "cardData": {"cardParamMap": dict(values)}}


def _param(message: tuple[str, Json]) -> Json:
    key, param = message
    return {"msgKey": key, "msgParam": orjson.dumps(param).decode()}


def _space_model(alert: str) -> Json:
    said = cut(alert, limits.ALERT)
    return {
        "supportForward": False,
        "lastMessageI18n": {"ZH_CN": said},
        "notification": {"alertContent": said, "notificationOff": False},
    }
