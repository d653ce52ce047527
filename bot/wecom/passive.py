"""What can be said in the response to a callback [90241]: a text, or the clicker's card changed.

The platform takes no new card and no markdown here. Values stand in CDATA, and `]]>` inside a value is
split over two sections, so that no text can add an element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.answer import Answer
from bot.wecom import limits
from handlers.incoming import Incoming, Kind

_MESSAGE_KINDS: Final = frozenset(
    {Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.FILE, Kind.LOCATION, Kind.LINK, Kind.ENTER}
)
_TEXT_EVENTS: Final = frozenset(
    {
        "subscribe",
        "click",
        "view",
        "view_miniprogram",
        "scancode_waitmsg",
        "template_card_menu_event",
    }
)
_ODD_NAMES: Final = {
    "keyname": "KeyName",
    "userid": "UserId",
    "appid": "AppId",
    "pagepath": "PagePath",
    "checkbox": "CheckBox",
}
_JSON_NAME: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_UPDATED: Final = frozenset({"task_id"})


def may_reply_text(incoming: Incoming) -> bool:
    """Does the platform show a text that is answered to this? For the rest, send a message instead."""
    return incoming.kind in _MESSAGE_KINDS or incoming.event in _TEXT_EVENTS


def may_update_card(incoming: Incoming) -> bool:
    """Can the clicker's card be changed in the response to this?"""
    return incoming.kind is Kind.ACTION and bool(incoming.card_id)


def render(answer: Answer, receiver: str, sender: str, created: int) -> str | None:
    """The plaintext XML of a passive reply to member `receiver` from corp `sender`; None for nothing.

    A card update has the shape of the update API's body [94888]: {"button": {"replace_name": ...}} or
    {"template_card": {...}}. The platform takes one reply, so it goes before a text. `created` is unix
    seconds. Raises ValueError for a card update that has neither shape.
    """
    if answer.card_update is not None:
        content = _card_update(answer.card_update)
    elif answer.text and (shown := cut(answer.text.strip())):
        content = _leaf("MsgType", "text") + _leaf("Content", shown)
    else:
        return None
    head = _leaf("ToUserName", receiver) + _leaf("FromUserName", sender)
    return f"<xml>{head}<CreateTime>{created:d}</CreateTime>{content}</xml>"


def cut(text: str, most: int = limits.PASSIVE_TEXT_BYTES) -> str:
    """At most `most` UTF-8 bytes of `text`, never half a character."""
    legal = _ILLEGAL.sub("", text)
    return legal.encode("utf-8")[:most].decode("utf-8", "ignore")


def cdata(text: str) -> str:
    """Text that stays text, whatever it holds."""
    return f"<![CDATA[{_ILLEGAL.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{cdata(text)}</{name}>"


def _card_update(update: Mapping[str, Any]) -> str:
    button = update.get("button")
    if isinstance(button, Mapping):
        name = _leaf("ReplaceName", str(button.get("replace_name", "")))
        return _leaf("MsgType", "update_button") + f"<Button>{name}</Button>"
    card = update.get("template_card")
    if not isinstance(card, Mapping):
        raise ValueError("a card update has a button or a template_card")
    shown = {key: value for key, value in card.items() if key not in _NOT_UPDATED}
    return _leaf("MsgType", "update_template_card") + _element("TemplateCard", shown)


def _element(name: str, value: object) -> str:
    """JSON to XML: lists become repeated siblings, nothing becomes an empty element."""
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(_xml_name(key), part) for key, part in value.items())}</{name}>"
    if isinstance(value, list | tuple):
        return "".join(_element(name, part) for part in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"<{name}>{'true' if value else 'false'}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    return _leaf(name, str(value))


def _xml_name(key: str) -> str:
    """horizontal_content_list becomes HorizontalContentList; the page has a few names of its own."""
    if key in _ODD_NAMES:
        return _ODD_NAMES[key]
    if not _JSON_NAME.fullmatch(key):
        raise ValueError("not a field of a template card")
    return "".join(part.capitalize() for part in key.split("_"))
