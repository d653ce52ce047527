"""What a message looks like: from an API message's msgKey and msgParam, and from a webhook's body.

Pages robot-message-type, custom-bot-to-send-group-chat-messages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.dingtalk import limits
from sandbox.dingtalk.errors import Refused, old
from sandbox.dingtalk.media import Media
from sandbox.dingtalk.shape import JsonObject, loaded
from sandbox.dingtalk.state import Link

BAD_PARAM = "invalidParameter.msgParam.invalid"
FindMedia = Callable[[str], Media | None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The visible parts of a message; names as in Bubble."""

    kind: str
    text: str = ""
    title: str = ""
    links: tuple[Link, ...] = ()
    media: JsonObject | None = None

    def parts(self) -> dict[str, object]:
        """As fields of Bubble, without the kind."""
        return {"text": self.text, "title": self.title, "links": self.links, "media": self.media}


def draw_api(msg_key: str, msg_param: str, media: FindMedia) -> Drawn:
    """A message sent by the API. Raises Refused."""
    if not msg_key:
        raise Refused("invalidParameter.msgKey.empty", "msgKey 不能为空")
    if msg_key not in _DRAWERS:
        raise Refused("invalidParameter.msgKey.invalid", f"无效的 msgKey：{msg_key}")
    if len(msg_param.encode()) > limits.MSG_PARAM_BYTES:
        raise Refused("invalidParameter.msgParam.tooLong", "msgParam 超过长度限制")
    fields = loaded(msg_param)
    if fields is None:
        raise Refused(BAD_PARAM, "msgParam 应为 JSON 字符串")
    return _DRAWERS[msg_key](fields, media)


def draw_webhook(body: JsonObject) -> Drawn:
    """A message sent by a webhook, or answered to an HTTP callback. Raises Refused (old codes)."""
    kind = body.get("msgtype")
    if not isinstance(kind, str) or kind not in _WEBHOOK:
        raise old(400105, f"不支持的消息类型：{kind}")
    inner = body.get(kind)
    if not isinstance(inner, dict):
        raise old(40035, f"缺少参数 {kind}")
    try:
        return _WEBHOOK[kind](inner)
    except Refused as refused:
        raise old(40035, refused.message) from refused


def _need(fields: JsonObject, *names: str) -> list[str]:
    found = []
    for name in names:
        value = fields.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Refused(BAD_PARAM, f"缺少参数 {name}")
        found.append(value)
    return found


def _text(fields: JsonObject, _media: FindMedia) -> Drawn:
    return Drawn("text", _need(fields, "content")[0])


def _markdown(fields: JsonObject, _media: FindMedia) -> Drawn:
    title, text = _need(fields, "title", "text")
    return Drawn("markdown", text, title)


def _image(fields: JsonObject, media: FindMedia) -> Drawn:
    (photo,) = _need(fields, "photoURL")
    if photo.startswith("@"):
        return Drawn("image", media=_known(photo, media))
    return Drawn("image", media={"type": "image", "url": photo})


def _link(fields: JsonObject, _media: FindMedia) -> Drawn:
    text, title, picture, url = _need(fields, "text", "title", "picUrl", "messageUrl")
    return Drawn("link", text, title, (Link(title, url),), {"type": "image", "url": picture})


def _action_card(fields: JsonObject, _media: FindMedia) -> Drawn:
    title, text, button, url = _need(fields, "title", "text", "singleTitle", "singleURL")
    return Drawn("action_card", text, title, (Link(button, url),))


def _action_cards(count: int, button: str, url: str) -> Callable[[JsonObject, FindMedia], Drawn]:
    def draw(fields: JsonObject, _media: FindMedia) -> Drawn:
        title, text = _need(fields, "title", "text")
        links = (Link(*_need(fields, f"{button}{one}", f"{url}{one}")) for one in range(1, count + 1))
        return Drawn("action_card", text, title, tuple(links))

    return draw


def _file(fields: JsonObject, media: FindMedia) -> Drawn:
    media_id, name, kind = _need(fields, "mediaId", "fileName", "fileType")
    if kind not in limits.FILE_TYPES:
        raise Refused(BAD_PARAM, f"不支持的 fileType：{kind}")
    return Drawn("file", name, media=_known(media_id, media))


def _audio(fields: JsonObject, media: FindMedia) -> Drawn:
    media_id, duration = _need(fields, "mediaId", "duration")
    return Drawn("audio", media={**_known(media_id, media), "duration": duration})


def _video(fields: JsonObject, media: FindMedia) -> Drawn:
    media_id, picture, _kind, _duration = _need(fields, "videoMediaId", "picMediaId", "videoType", "duration")
    _known(picture, media)
    return Drawn("video", media=_known(media_id, media))


def _known(media_id: str, media: FindMedia) -> JsonObject:
    found = media(media_id)
    if found is None:
        raise Refused(BAD_PARAM, f"mediaId 不存在：{media_id}")
    return found.view()


_DRAWERS: dict[str, Callable[[JsonObject, FindMedia], Drawn]] = {
    "sampleText": _text,
    "sampleMarkdown": _markdown,
    "sampleImageMsg": _image,
    "sampleLink": _link,
    "sampleActionCard": _action_card,
    **{
        f"sampleActionCard{count}": _action_cards(count, "actionTitle", "actionURL") for count in (2, 3, 4, 5)
    },
    "sampleActionCard6": _action_cards(2, "buttonTitle", "buttonUrl"),
    "sampleAudio": _audio,
    "sampleFile": _file,
    "sampleVideo": _video,
}


def _hook_text(inner: JsonObject) -> Drawn:
    return Drawn("text", _need(inner, "content")[0])


def _hook_markdown(inner: JsonObject) -> Drawn:
    title, text = _need(inner, "title", "text")
    if len(text.encode()) > limits.SESSION_MARKDOWN_BYTES:
        raise Refused(BAD_PARAM, "消息内容过长")
    return Drawn("markdown", text, title)


def _hook_link(inner: JsonObject) -> Drawn:
    title, text, url = _need(inner, "title", "text", "messageUrl")
    return Drawn("link", text, title, (Link(title, url),))


def _hook_card(inner: JsonObject) -> Drawn:
    title, text = _need(inner, "title", "text")
    if inner.get("singleTitle") is not None:
        button, url = _need(inner, "singleTitle", "singleURL")
        return Drawn("action_card", text, title, (Link(button, url),))
    if inner.get("btnOrientation", "0") not in ("0", "1"):
        raise Refused(BAD_PARAM, "btnOrientation 应为 0 或 1")
    rows = _rows(inner, "btns")
    return Drawn("action_card", text, title, tuple(Link(*_need(one, "title", "actionURL")) for one in rows))


def _hook_feed(inner: JsonObject) -> Drawn:
    rows = _rows(inner, "links")
    links = tuple(Link(*_need(one, "title", "messageURL", "picURL")[:2]) for one in rows)
    return Drawn("feed_card", links=links)


def _rows(inner: JsonObject, name: str) -> list[JsonObject]:
    rows = inner.get(name)
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        raise Refused(BAD_PARAM, f"缺少参数 {name}")
    return rows


_WEBHOOK: dict[str, Callable[[JsonObject], Drawn]] = {
    "text": _hook_text,
    "markdown": _hook_markdown,
    "link": _hook_link,
    "actionCard": _hook_card,
    "feedCard": _hook_feed,
}
