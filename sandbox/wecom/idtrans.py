"""Ids in messages turned into names when `enable_id_trans` is 1 (page 90236)."""

from __future__ import annotations

import re

from sandbox.state import World
from sandbox.wecom.shape import JsonObject

_MARK = re.compile(r"\$(userName|userAlias|userAliasOrName|departmentName)=([^$]{1,64})\$")
_PLACES = {
    "text": ("content",),
    "textcard": ("title", "description"),
    "news": ("articles.title", "articles.description"),
    "template_card": (
        "source.desc",
        "main_title.title",
        "main_title.desc",
        "sub_title_text",
        "horizontal_content_list.value",
    ),
}


def translate(body: JsonObject, world: World) -> JsonObject:
    """The message with names in the places where the platform puts them; unknown ids stay as they are."""
    kind = str(body.get("msgtype"))
    part = body.get(kind)
    for path in _PLACES.get(kind, ()):
        part = _at(part, path.split("."), world)
    return {**body, kind: part}


def _at(owner: object, path: list[str], world: World) -> object:
    if isinstance(owner, list):
        return [_at(one, path, world) for one in owner]
    if not path:
        return _MARK.sub(lambda found: _name(found, world), owner) if isinstance(owner, str) else owner
    if not isinstance(owner, dict) or path[0] not in owner:
        return owner
    return {**owner, path[0]: _at(owner[path[0]], path[1:], world)}


def _name(found: re.Match[str], world: World) -> str:
    kind, id_ = found.groups()
    if kind == "departmentName":
        return next((one.name for one in world.corp.departments if str(one.id) == id_), found.group())
    user = world.user(id_)
    if user is None:
        return found.group()
    names = {"userName": user.name, "userAlias": user.alias, "userAliasOrName": user.alias or user.name}
    return names[kind] or found.group()
