"""The XML of callbacks (pages 90238, 90239, 90240): what members do, as the platform tells the app."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

# What XML 1.0 cannot carry; a real client cannot send it either.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Fields = list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Head:
    """What every message begins with. `time` is a Unix time in seconds."""

    corp_id: str
    userid: str
    agent_id: int
    time: int


APPROVAL_AGENT = 3010040
"""The built-in 审批 app (page 96508)."""


def xml(fields: Fields, root: str = "xml") -> str:
    """An element with children: numbers plain, texts as CDATA, lists of fields nested."""
    return f"<{root}>" + "".join(_element(name, value) for name, value in fields) + f"</{root}>"


def cdata(text: str) -> str:
    """A text as CDATA, whatever is in it."""
    clean = _NOT_XML.sub("", text)
    return "<![CDATA[" + clean.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return xml(value, name)
    return f"<{name}>{value if isinstance(value, int | float) else cdata(str(value))}</{name}>"


def _message(head: Head, kind: str, fields: Fields) -> bytes:
    msg_id = secrets.randbits(62) | 1 << 61  # int64, never the same twice
    tail: Fields = [("MsgId", msg_id), ("AgentID", head.agent_id)]
    return xml(_begin(head, kind) + fields + tail).encode()


def _begin(head: Head, kind: str) -> Fields:
    return [
        ("ToUserName", head.corp_id),
        ("FromUserName", head.userid),
        ("CreateTime", head.time),
        ("MsgType", kind),
    ]


def says(head: Head, text: str) -> bytes:
    """A text message."""
    return _message(head, "text", [("Content", text)])


def quoting(sender: str, quoted: str, text: str) -> str:
    """How the client writes an answer to a quoted message: the platform has no element for it."""
    return f"「{sender}：{quoted}」\n- - - - - - -\n{text}"


def sends_image(head: Head, media_id: str, url: str) -> bytes:
    """A picture."""
    return _message(head, "image", [("PicUrl", url), ("MediaId", media_id)])


def sends_voice(head: Head, media_id: str) -> bytes:
    """A voice message; it comes without its words."""
    return _message(head, "voice", [("MediaId", media_id), ("Format", "amr")])


def sends_video(head: Head, media_id: str, thumb_id: str) -> bytes:
    """A video."""
    return _message(head, "video", [("MediaId", media_id), ("ThumbMediaId", thumb_id)])


def sends_file(head: Head, media_id: str, name: str) -> bytes:
    """A file. Page 90239 does not list this type; apps must stand it."""
    return _message(head, "file", [("MediaId", media_id), ("FileName", name)])


def sends_location(head: Head, latitude: float, longitude: float, label: str, scale: int = 15) -> bytes:
    """A place, in degrees. X is the latitude."""
    place: Fields = [("Location_X", latitude), ("Location_Y", longitude), ("Scale", scale), ("Label", label)]
    return _message(head, "location", [*place, ("AppType", "wxwork")])


def sends_link(head: Head, title: str, description: str, url: str, picture: str = "") -> bytes:
    """A shared web page."""
    fields: Fields = [("Title", title), ("Description", description), ("Url", url), ("PicUrl", picture)]
    return _message(head, "link", fields)


def event(head: Head, name: str, fields: Fields) -> bytes:
    """An event; events have no MsgId."""
    return xml([*_begin(head, "event"), ("Event", name), *fields, ("AgentID", head.agent_id)]).encode()


def enters_agent(head: Head) -> bytes:
    """The member opened the chat with the app."""
    return event(head, "enter_agent", [("EventKey", "")])


def clicks(
    head: Head, key: str, task_id: str, card_type: str, code: str, selected: dict[str, list[str]] | None
) -> bytes:
    """The member pressed a button of a card; `selected` None leaves SelectedItems out."""
    fields = _card_fields(key, task_id, card_type, code)
    if selected is not None:
        items: Fields = [("SelectedItem", _selected(name, ids)) for name, ids in selected.items()]
        fields.append(("SelectedItems", items))
    return event(head, "template_card_event", fields)


def clicks_menu(head: Head, key: str, task_id: str, card_type: str, code: str) -> bytes:
    """The member chose from the menu in the card's corner."""
    return event(head, "template_card_menu_event", _card_fields(key, task_id, card_type, code))


def clicks_entry(head: Head, key: str) -> bytes:
    """The member chose an entry of the app's menu."""
    return event(head, "click", [("EventKey", key)])


def contact_changed(head: Head, change_type: str, fields: Fields) -> bytes:
    """The address book changed; FromUserName is always sys."""
    by_system = Head(head.corp_id, "sys", head.agent_id, head.time)
    return event(by_system, "change_contact", [("ChangeType", change_type), *fields])


def external_changed(head: Head, change_type: str, fields: Fields) -> bytes:
    """An external contact changed (page 92277); FromUserName is always sys."""
    by_system = Head(head.corp_id, "sys", head.agent_id, head.time)
    return event(by_system, "change_external_contact", [("ChangeType", change_type), *fields])


def approval_changed(head: Head, fields: Fields) -> bytes:
    """Something happened to an approval of the built-in 审批 app (page 96508), which speaks as sys."""
    by_system = Head(head.corp_id, "sys", APPROVAL_AGENT, head.time)
    return event(by_system, "sys_approval_change", [("ApprovalInfo", fields)])


def _card_fields(key: str, task_id: str, card_type: str, code: str) -> Fields:
    return [("EventKey", key), ("TaskId", task_id), ("CardType", card_type), ("ResponseCode", code)]


def _selected(question: str, ids: list[str]) -> Fields:
    return [("QuestionKey", question), ("OptionIds", [("OptionId", one) for one in ids])]
