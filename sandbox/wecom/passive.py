"""Passive replies (page 90241): the app's answer to a callback, applied to its sender's chat alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from sandbox.state import APP, CardState, Message, World
from sandbox.wecom import limits
from sandbox.wecom.callbacks import parse_xml
from sandbox.wecom.cardrules import INTERACTIVE, check_card
from sandbox.wecom.errors import Refused
from sandbox.wecom.media import MediaStore
from sandbox.wecom.register import Register, Sent
from sandbox.wecom.shape import JsonObject, cut_bytes

_LISTS = {
    "HorizontalContentList",
    "JumpList",
    "VerticalContentList",
    "ActionList",
    "ButtonList",
    "SelectList",
    "OptionList",
}
_NAMES = {
    "KeyName": "keyname",
    "UserId": "userid",
    "AppId": "appid",
    "PagePath": "pagepath",
    "CheckBox": "checkbox",
}
_NUMBERS = {"Type", "Style", "DescColor", "Mode"}
_FLAGS = {"IsChecked", "Disable"}


class NotApplied(Exception):
    """A passive reply the platform ignores; says why."""


class Passive:
    """Applies passive replies."""

    def __init__(self, world: World, register: Register, media: MediaStore) -> None:
        self._world, self._register, self._media = world, register, media

    def apply(self, reply: bytes, userid: str, agent_id: int, pressed: Sent | None = None) -> Message | None:
        """Apply a plain reply to the member who caused it; `pressed` is the card, for card events.

        Returns the new message, or None for an update. Raises NotApplied for what the platform ignores:
        markdown and new cards, updates without a click, and anything but an update as answer to a click.
        """
        try:
            root = parse_xml(reply)
        except (ValueError, ET.ParseError) as error:
            raise NotApplied(f"被动回复无法解析：{error}") from error
        kind = (root.findtext("MsgType") or "").strip()
        if (root.findtext("ToUserName") or "").strip().lower() != userid.lower():
            raise NotApplied("被动回复的 ToUserName 不是发送者")
        if kind in ("update_button", "update_template_card"):
            self._update(root, kind, userid, pressed)
            return None
        if pressed is not None:
            raise NotApplied(f"按钮事件只能用更新卡片回复，收到 {kind}")
        message = self._message(root, kind, agent_id)
        return self._world.add(userid, message)

    def _update(self, root: ET.Element, kind: str, userid: str, pressed: Sent | None) -> None:
        if pressed is None or userid not in pressed.copies:
            raise NotApplied("没有可更新的卡片")
        if kind == "update_button":
            words = (root.findtext("Button/ReplaceName") or "").strip()
            if not words or (pressed.card or {}).get("card_type") not in INTERACTIVE:
                raise NotApplied("update_button 缺少 ReplaceName，或卡片没有按钮")
            self._register.grey(pressed, userid, words)
            return
        element = root.find("TemplateCard")
        card = {} if element is None else to_card(element)
        card.pop("task_id", None)
        try:
            check_card(card, update=True, menu=limits.PASSIVE_ACTION_MENU)
        except Refused as refused:
            raise NotApplied(f"卡片不合规：{refused.hint}") from refused
        self._register.show(pressed, userid, card)

    def _message(self, root: ET.Element, kind: str, agent_id: int) -> Message:
        if kind == "text":
            words = cut_bytes(root.findtext("Content") or "", limits.PASSIVE_TEXT_BYTES)
            if not words.strip():
                raise NotApplied("被动回复的文字为空")
            return self._world.message(APP, agent_id, "text", text=words)
        if kind in ("image", "voice", "video"):
            try:
                media = self._media.get((root.findtext(f"{kind.capitalize()}/MediaId") or "").strip(), kind)
            except Refused as refused:
                raise NotApplied(f"素材无效：{refused.hint}") from refused
            shown = "file" if kind == "video" else kind
            return self._world.message(APP, agent_id, shown, media=media.view())
        if kind == "news":
            return self._world.message(APP, agent_id, "news", **_articles(root))
        raise NotApplied(f"被动回复不支持 {kind or '空类型'}")


def _articles(root: ET.Element) -> dict[str, object]:
    names = {"Title": "title", "Description": "description", "PicUrl": "picurl", "Url": "url"}
    found = [
        {name: (one.findtext(tag) or "").strip() for tag, name in names.items()}
        for one in root.findall("Articles/item")
    ]
    low, high = limits.NEWS_ARTICLES
    if not low <= len(found) <= high or not all(one["title"] for one in found):
        raise NotApplied(f"图文需要 {low} 到 {high} 条，每条都有标题")
    return {"text": found[0]["title"], "card": {"articles": found}, "state": CardState()}


def to_card(element: ET.Element) -> JsonObject:
    """The XML of a card as the JSON that message/send takes; lists are repeated siblings."""
    card: JsonObject = {}
    for child in element:
        name = _NAMES.get(child.tag) or re.sub(r"(?<!^)(?=[A-Z])", "_", child.tag).lower()
        value = to_card(child) if len(child) else _value(child.tag, (child.text or "").strip())
        if child.tag in _LISTS:
            found = card.setdefault(name, [])
            if isinstance(found, list) and value != "":
                found.append(value)
        elif value != "":
            card[name] = value
    return card


def _value(tag: str, words: str) -> object:
    if tag in _NUMBERS and words.isdecimal():
        return int(words)
    if tag in _FLAGS and words in ("true", "false"):
        return words == "true"
    if tag == "AspectRatio" and re.fullmatch(r"\d+(\.\d+)?", words):
        return float(words)
    return words
