"""The menu at the foot of an app's chat (page 90231): up to three entries, each may open up to five."""

from __future__ import annotations

from typing import Final

from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, needed, rows, text

ENTRIES: Final = (1, 3)
BELOW: Final = (0, 5)
ENTRY_BYTES: Final = 16
BELOW_BYTES: Final = 40
KEY_BYTES: Final = 128
TYPES: Final = frozenset(
    {
        "click",
        "view",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
        "view_miniprogram",
    }
)


class Menus:
    """The menus of all apps, by agent id: what is written on an entry, to its key."""

    def __init__(self) -> None:
        self._keys: dict[int, dict[str, str]] = {}
        self._entries: dict[int, list[JsonObject]] = {}

    def create(self, call: Call) -> JsonObject:
        """Replace the app's menu. Raises Refused (40056, 40058)."""
        if call.query.get("agentid", "") != str(call.app.agent_id):
            raise Refused(Code.AGENT_OF_OTHER_TOKEN)
        keys: dict[str, str] = {}
        drawn: list[JsonObject] = []
        for place, entry in enumerate(rows(call.body(), "button", ENTRIES)):
            where = f"button[{place}]"
            name = needed(entry, "name", where, max_bytes=ENTRY_BYTES)
            below = rows(entry, "sub_button", BELOW, where)
            for nth, one in enumerate(below):
                inner = f"{where}.sub_button[{nth}]"
                _keep(keys, needed(one, "name", inner, max_bytes=BELOW_BYTES), one, inner)
            if not below:
                _keep(keys, name, entry, where)
            drawn.append({**_drawn(entry), "below": [_drawn(one) for one in below]})
        self._keys[call.app.agent_id], self._entries[call.app.agent_id] = keys, drawn
        return {"errcode": 0, "errmsg": "ok"}

    def of(self, agent_id: int) -> dict[str, str]:
        """What is written on the entries that tell the app, to their keys."""
        return dict(self._keys.get(agent_id, {}))

    def pages(self, agent_id: int) -> dict[str, str]:
        """What is written on the entries that open a page, to its address."""
        drawn = self._entries.get(agent_id, [])
        entries = [one for entry in drawn for one in (entry, *rows(entry, "below", BELOW))]
        return {text(one, "name"): url for one in entries if (url := text(one, "url"))}

    def drawn(self, agent_id: int) -> list[JsonObject]:
        """The menu as a client draws it: entries with name and url, and those `below` each."""
        return list(self._entries.get(agent_id, []))


def _drawn(entry: JsonObject) -> JsonObject:
    return {"name": text(entry, "name"), "url": text(entry, "url")}


def _keep(keys: dict[str, str], name: str, entry: JsonObject, where: str) -> None:
    kind = needed(entry, "type", where)
    if kind not in TYPES:
        raise Refused(Code.BAD_PARAM, f"{where}.type: {kind}")
    if kind == "click":
        keys[name] = needed(entry, "key", where, max_bytes=KEY_BYTES)
    elif kind == "view" and not text(entry, "url", where):
        raise Refused(Code.BAD_PARAM, f"{where}.url is needed")
