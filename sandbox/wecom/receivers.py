"""Who gets a message: userids, departments and tags, and those that do not count (page 90236)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.company import App, Status, User
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject

ALL = "@all"


@dataclass(slots=True)
class Receivers:
    """`userids` as the directory spells them, each once; the invalid ones as the platform lists them."""

    userids: list[str] = field(default_factory=list)
    invalid_users: list[str] = field(default_factory=list)
    invalid_parties: list[str] = field(default_factory=list)
    invalid_tags: list[str] = field(default_factory=list)

    def add(self, users: list[User]) -> None:
        """Add members that are not in yet."""
        known = set(self.userids)
        self.userids += [one.userid for one in users if one.userid not in known]

    def lists(self) -> JsonObject:
        """The lists of an answer of message/send: joined by |, empty ones left out."""
        named = {
            "invaliduser": self.invalid_users,
            "invalidparty": self.invalid_parties,
            "invalidtag": self.invalid_tags,
        }
        return {name: "|".join(ids) for name, ids in named.items() if ids}


def reachable(world: World, app: App, userid: str) -> User | None:
    """The member, if the app may write to them."""
    user = world.user(userid)
    alive = user is not None and user.status in (Status.ACTIVE, Status.NOT_ACTIVATED)
    return user if user is not None and alive and app.sees(user.userid) else None


def in_departments(world: World, app: App, ids: set[int]) -> list[User]:
    """The members of departments and all below them that the app may write to."""
    below: set[int] = set().union(*(world.corp.below(one) for one in ids)) if ids else set()
    inside = [one for one in world.corp.users if below & set(one.department_ids)]
    return [one for one in inside if reachable(world, app, one.userid)]


def tagged(world: World, app: App, ids: set[int]) -> list[User]:
    """The members who have one of the tags, themselves or by department, that the app may write to."""
    marks = [one for one in world.corp.member_tags if one.id in ids]
    named = {userid.lower() for mark in marks for userid in mark.userids}
    inside = in_departments(world, app, {number for mark in marks for number in mark.department_ids})
    direct = [one for one in world.corp.users if one.userid.lower() in named]
    return [one for one in direct if reachable(world, app, one.userid)] + inside


def find(world: World, app: App, body: JsonObject) -> Receivers:
    """Read touser, toparty, totag. Raises Refused (82001, 40031, 40032, 82002, 82003, 81013)."""
    users = _ids(body, "touser")
    parties, tags = _ids(body, "toparty"), _ids(body, "totag")
    found = Receivers()
    if users == [ALL]:
        found.add([one for one in world.corp.users if reachable(world, app, one.userid)])
        return found
    if not users and not parties and not tags:
        raise Refused(Code.NO_RECEIVER)
    for ids, limit, code in (
        (users, limits.TOUSER, Code.TOO_MANY_USERIDS),
        (parties, limits.TOPARTY, Code.TOO_MANY_PARTIES),
        (tags, limits.TOTAG, Code.TOO_MANY_TAGS),
    ):
        if len(ids) > limit:
            raise Refused(code, f"{len(ids)}, {limit} are allowed")
    people = {one: reachable(world, app, one) for one in users}
    found.add([one for one in people.values() if one is not None])
    found.invalid_users = [one.lower() for one, user in people.items() if user is None]
    known = {str(one.id) for one in world.corp.departments}
    found.invalid_parties = [one for one in parties if one not in known]
    found.add(in_departments(world, app, {int(one) for one in parties if one in known}))
    marked = {str(one.id) for one in world.corp.member_tags}
    found.invalid_tags = [one for one in tags if one not in marked]
    found.add(tagged(world, app, {int(one) for one in tags if one in marked}))
    if not found.userids:
        raise Refused(Code.NO_VALID_RECEIVER)
    return found


def _ids(body: JsonObject, name: str) -> list[str]:
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, str):
        raise Refused(Code.BAD_USERIDS, f"{name}: must be a string, ids joined by |")
    return [one.strip() for one in value.split("|") if one.strip()]
