"""The organisation's tags for external contacts (page 92117): read, added, renamed, taken away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from sandbox.externals import Tag
from sandbox.state import World
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, needed, rows, text

NAME_CHARS = 30
MANY = 1000


@dataclass(slots=True)
class CorpTags:
    """Answers about tags; a group is its name, and lives as long as there is a tag in it."""

    world: World

    def listed(self, call: Call) -> JsonObject:
        """externalcontact/get_corp_tag_list: all, or the tags or groups asked for."""
        body = call.body()
        tags, groups = _ids(body, "tag_id"), _ids(body, "group_id")
        wanted = [
            one
            for one in self.world.corp.tags
            if (not tags and not groups) or one.id in tags or self._group_id(one.group) in groups
        ]
        names = dict.fromkeys(one.group for one in wanted)
        shown = [self._group(name, [one for one in wanted if one.group == name]) for name in names]
        return _ok(tag_group=shown)

    def add(self, call: Call) -> JsonObject:
        """externalcontact/add_corp_tag, into a group by id or name. Raises Refused (40068, 40071, 40058)."""
        body = call.body()
        given = text(body, "group_id")
        group = self._named(given) if given else needed(body, "group_name")
        taken = {one.name for one in self.world.corp.tags if one.group == group}
        added = []
        for one in rows(body, "tag", (1, MANY)):
            name = _name(one, "name", "tag.")
            if name in taken:
                raise Refused(Code.TAG_EXISTS, name)
            taken.add(name)
            added.append(Tag(f"et{secrets.token_urlsafe(12)}", name, group))
        self._keep((*self.world.corp.tags, *added))
        return _ok(tag_group=self._group(group, added))

    def edit(self, call: Call) -> JsonObject:
        """externalcontact/edit_corp_tag: a new name for a tag or a group. Raises Refused (40068, 40071)."""
        body = call.body()
        wanted, name = needed(body, "id"), _name(body, "name")
        tags = self.world.corp.tags
        mine = [one for one in tags if one.id == wanted]
        if mine:
            if any(one.group == mine[0].group and one.name == name for one in tags if one is not mine[0]):
                raise Refused(Code.TAG_EXISTS, name)
            self._keep(tuple(replace(one, name=name) if one.id == wanted else one for one in tags))
            return _ok()
        group = self._named(wanted)
        self._keep(tuple(replace(one, group=name) if one.group == group else one for one in tags))
        return _ok()

    def remove(self, call: Call) -> JsonObject:
        """externalcontact/del_corp_tag: tags and whole groups, also from who has them."""
        body = call.body()
        tags, groups = _ids(body, "tag_id"), _ids(body, "group_id")
        if not tags and not groups:
            raise bad("tag_id", "tag_id or group_id is needed")
        kept = [
            one
            for one in self.world.corp.tags
            if one.id not in tags and self._group_id(one.group) not in groups
        ]
        self._keep(tuple(kept))
        return _ok()

    def _keep(self, tags: tuple[Tag, ...]) -> None:
        self.world.change_corp(replace(self.world.corp, tags=tags))

    def _group(self, name: str, tags: list[Tag]) -> JsonObject:
        shown = [{"id": one.id, "name": one.name, "create_time": 0, "order": 0} for one in tags]
        about: JsonObject = {"group_id": self._group_id(name), "group_name": name, "create_time": 0}
        return {**about, "order": 0, "tag": shown}

    def _group_id(self, name: str) -> str:
        names = list(dict.fromkeys(one.group for one in self.world.corp.tags))
        return f"et-{names.index(name) + 1}"

    def _named(self, group_id: str) -> str:
        for one in self.world.corp.tags:
            if self._group_id(one.group) == group_id:
                return one.group
        raise Refused(Code.BAD_TAG, group_id)


def _name(body: JsonObject, name: str, where: str = "") -> str:
    value = needed(body, name, where)
    if len(value) > NAME_CHARS:
        raise bad(where + name, f"at most {NAME_CHARS} characters")
    return value


def _ids(body: JsonObject, name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise bad(name, "must be a list of ids")
    return value


def _ok(**parts: object) -> JsonObject:
    return {"errcode": 0, "errmsg": "ok", **parts}
