"""The data of a robot message, the same over the stream and over HTTP (page receive-message)."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.dingtalk.company import DingApp, Staff
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import GROUP, Conversation
from sandbox.dingtalk.webhook import Session

OVER_QUOTA = "20001"


@dataclass(frozen=True, slots=True)
class Content:
    """What a message carries: its msgtype and the object of that name (`text`, else `content`)."""

    type: str
    data: JsonObject


def robot_user_id(app: DingApp) -> str:
    """The robot's own encrypted id."""
    return f"$:LWCP_v1:$robot{app.client_id}"


def robot_message(
    place: Conversation, app: DingApp, sender: Staff, corp_id: str, session: Session, msg_id: str, now_ms: int
) -> JsonObject:
    """Everything about a message but its content. Group messages arrive because they @ the robot."""
    grouped = place.kind == GROUP
    message: JsonObject = {
        "conversationId": place.id,
        "conversationType": place.kind,
        "chatbotCorpId": corp_id,
        "chatbotUserId": robot_user_id(app),
        "robotCode": app.robot_code,
        "msgId": msg_id,
        "createAt": now_ms,
        "senderId": sender.open_id,
        "senderNick": sender.name,
        "senderCorpId": corp_id,
        "senderPlatform": "Mac",
        "sessionWebhookExpiredTime": int(session.expires * 1000),
    }
    if grouped:
        message["conversationTitle"] = place.title
        message["isInAtList"] = True
        message["atUsers"] = [{"dingtalkId": robot_user_id(app)}]
    if app.published and not sender.external:
        message |= {"senderStaffId": sender.staff_id, "isAdmin": sender.admin}
        message["senderUnionId"] = sender.union_id
    return message


def with_content(message: JsonObject, content: Content, *, within_quota: bool) -> JsonObject:
    """The whole message; beyond the monthly quota it says so and has no content (field reports)."""
    if not within_quota:
        words = "企业的 Webhook 与 Stream 月推送量已达上限"
        return {**message, "msgtype": content.type, "errorCode": OVER_QUOTA, "errorMessage": words}
    name = "text" if content.type == "text" else "content"
    return {**message, "msgtype": content.type, name: content.data}
