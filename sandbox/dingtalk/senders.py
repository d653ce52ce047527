"""What people say and send to a robot, alone or in a group, and what became of it."""

from __future__ import annotations

from sandbox.dingtalk.card_client import CannotPress
from sandbox.dingtalk.company import DingApp
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.media import Media
from sandbox.dingtalk.messages import Content, robot_message, with_content
from sandbox.dingtalk.pushes import Push
from sandbox.dingtalk.server import DingTalkServer
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import GROUP, SINGLE, USER, Bubble, Conversation, Space

PUSHED, COMES_AGAIN, LOST, SILENT = "pushed", "comes_again", "lost", "not_pushed"
_NAMES = ("senderStaffId", "isAdmin")  # receive-message: absent for outsiders and unpublished robots
_SENT = {
    "text": "发消息",
    "picture": "发图片",
    "richText": "发图文",
    "audio": "发语音",
    "video": "发视频",
    "file": "发文件",
    "unknownMsgType": "转发",
}


class Senders:
    """Everybody with something to say. Every method returns when the push was taken or given up at first."""

    def __init__(self, space: Space, server: DingTalkServer) -> None:
        self._space, self._server = space, server

    async def says(
        self,
        staff_id: str,
        words: str,
        group: str | None = None,
        *,
        at_bot: bool = True,
        client_id: str | None = None,
    ) -> Bubble:
        """Say something to the robot, or in a group (there the robot hears only what is addressed to it)."""
        if not words.strip():
            raise CannotPress("请输入内容")
        place, app = self._where(staff_id, group, client_id)
        heard = place.kind == SINGLE or at_bot
        # A mention is taken out of the text before it is pushed; the blank after it stays (receive-message).
        content = Content("text", {"content": f" {words.strip()}" if place.kind == GROUP else words})
        shown = f"@{app.name} {words.strip()}" if place.kind == GROUP and at_bot else words
        bubble = self._space.bubble(place, USER, staff_id, "text", text=shown)
        return await self._send(place, app, bubble, content if heard else None)

    async def sends_picture(
        self, staff_id: str, data: bytes, group: str | None = None, client_id: str | None = None
    ) -> Bubble:
        """Send a picture."""
        place, app = self._where(staff_id, group, client_id)
        media = self._keep(app, "image", "picture.png", "image/png", data)
        content = Content("picture", self._codes(media, "downloadCode", "pictureDownloadCode"))
        bubble = self._space.bubble(place, USER, staff_id, "image", media=media.view())
        return await self._send(place, app, bubble, content)

    async def sends_rich_text(
        self, staff_id: str, words: str, data: bytes, group: str | None = None, client_id: str | None = None
    ) -> Bubble:
        """Send words and a picture in one message."""
        place, app = self._where(staff_id, group, client_id)
        media = self._keep(app, "image", "picture.png", "image/png", data)
        picture: JsonObject = {"type": "picture", **self._codes(media, "downloadCode", "pictureDownloadCode")}
        content = Content("richText", {"richText": [{"text": words}, picture]})
        bubble = self._space.bubble(place, USER, staff_id, "image", text=words, media=media.view())
        return await self._send(place, app, bubble, content)

    async def sends_voice(
        self,
        staff_id: str,
        data: bytes,
        recognition: str,
        duration_ms: int = 3000,
        client_id: str | None = None,
    ) -> Bubble:
        """Send a voice message; it arrives with its transcript. Only to the robot itself, not in groups."""
        place, app = self._where(staff_id, None, client_id)
        media = self._keep(app, "voice", "voice.amr", "audio/amr", data)
        heard: JsonObject = {"duration": duration_ms, "recognition": recognition}
        content = Content("audio", {**heard, **self._codes(media, "downloadCode")})
        bubble = self._space.bubble(
            place, USER, staff_id, "audio", text=recognition, media={**media.view(), "duration": duration_ms}
        )
        return await self._send(place, app, bubble, content)

    async def sends_file(self, staff_id: str, name: str, data: bytes, client_id: str | None = None) -> Bubble:
        """Send a file. Only to the robot itself, not in groups."""
        place, app = self._where(staff_id, None, client_id)
        media = self._keep(app, "file", name, "application/octet-stream", data)
        content = Content("file", {"fileName": name, **self._codes(media, "downloadCode")})
        bubble = self._space.bubble(place, USER, staff_id, "file", text=name, media=media.view())
        return await self._send(place, app, bubble, content)

    async def sends_video(
        self, staff_id: str, data: bytes, seconds: int = 5, client_id: str | None = None
    ) -> Bubble:
        """Send a video. Only to the robot itself, not in groups."""
        place, app = self._where(staff_id, None, client_id)
        media = self._keep(app, "video", "video.mp4", "video/mp4", data)
        seen: JsonObject = {"duration": seconds * 1000, "videoType": "mp4"}
        content = Content("video", {**seen, **self._codes(media, "downloadCode")})
        bubble = self._space.bubble(place, USER, staff_id, "video", media=media.view())
        return await self._send(place, app, bubble, content)

    async def forwards(
        self, staff_id: str, words: str, group: str | None = None, client_id: str | None = None
    ) -> Bubble:
        """Forward a card, answer with a quotation: things of which a robot is not told what they are."""
        place, app = self._where(staff_id, group, client_id)
        bubble = self._space.bubble(place, USER, staff_id, "text", text=words)
        return await self._send(place, app, bubble, Content("unknownMsgType", {}))

    def _where(self, staff_id: str, group: str | None, client_id: str | None) -> tuple[Conversation, DingApp]:
        place = self._space.chat(staff_id, group, client_id)
        app = self._space.app(client_id if client_id or not place.robots else place.robots[0])
        if place.disbanded or app.robot_code not in place.robots:
            raise CannotPress("机器人不在这个会话里")
        if place.kind == SINGLE and not app.sees(staff_id):
            raise CannotPress(f"看不到应用“{app.name}”，请联系管理员")
        return place, app

    def _keep(self, app: DingApp, kind: str, name: str, content_type: str, data: bytes) -> Media:
        return self._server.media.put(kind, name, content_type, data, app.robot_code)

    def _codes(self, media: Media, *names: str) -> JsonObject:
        return {name: self._server.media.code_for(media) for name in names}

    async def _send(
        self, place: Conversation, app: DingApp, bubble: Bubble, content: Content | None
    ) -> Bubble:
        bubble.delivery = SILENT
        self._space.show(place, bubble)
        if content is None:
            return bubble
        server, sender = self._server, self._space.person(bubble.who)
        session = server.webhooks.new(place, app.robot_code)
        corp_id = self._space.organisation.corp_id
        message = robot_message(place, app, sender, corp_id, session, bubble.id, self._space.now_ms())
        message["sessionWebhook"] = f"{server.address}/oapi/robot/sendBySession?session={session.key}"
        if server.pushes.faults.nameless:
            message = {name: value for name, value in message.items() if name not in _NAMES}
        data = with_content(message, content, within_quota=server.quota.count_push())
        push = await server.pushes.robot(app, data, f"{sender.name} 钉钉{_SENT[content.type]}")
        self._note(place, app, bubble, push)
        push.tried_again = lambda: self._note(place, app, bubble, push)
        return bubble

    def _note(self, place: Conversation, app: DingApp, bubble: Bubble, push: Push) -> None:
        """What became of a message, after each time it was brought."""
        if push.http and push.ok:
            self._reply(place, app, push)
        again = self._server.pushes.will_come(push)
        bubble.delivery = PUSHED if push.ok else COMES_AGAIN if again else LOST
        bubble.exchanges = list(push.exchanges)
        self._space.changed(bubble)

    def _reply(self, place: Conversation, app: DingApp, push: Push) -> None:
        if push.answer.get("msgtype", "empty") == "empty":
            return
        try:
            self._server.webhooks.show(place, app.robot_code, push.answer)
        except Refused as refused:
            self._server.gateway.complaints.append(f"the HTTP reply is not shown: {refused.message}")
