"""The simulated organisation as values: corporation, departments, members, apps. Handed in from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from sandbox.externals import External, Tag

USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")  # page 90195: at most 64 bytes
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")  # page 91144
TOKEN = re.compile(r"[A-Za-z0-9]{1,32}")  # page 91144
CHAT_NAME = re.compile(r"[A-Za-z0-9_\-]{1,64}")
MAX_DIRECT_LEADERS = 5  # page 96255


class Status(IntEnum):
    """The state of a member's account (page 96255)."""

    ACTIVE = 1
    DISABLED = 2
    NOT_ACTIVATED = 4
    LEFT = 5


@dataclass(frozen=True, slots=True)
class Department:
    """A department. `parent_id` 0 is the root's; `leaders` are userids."""

    id: int
    name: str
    parent_id: int = 0
    leaders: tuple[str, ...] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class User:
    """A member. The first of `department_ids` is the main one; `is_leader_in` names some of them."""

    userid: str
    name: str
    department_ids: tuple[int, ...]
    position: str = ""
    is_leader_in: tuple[int, ...] = ()
    direct_leader: tuple[str, ...] = ()
    status: Status = Status.ACTIVE
    alias: str = ""
    avatar_color: str = ""

    def __post_init__(self) -> None:
        """Refuse what the platform would refuse when the member is created. Raises ValueError."""
        if not USERID.fullmatch(self.userid):
            raise ValueError(f"userid {self.userid!r}: up to 64 of A-Z a-z 0-9 _ - @ . are allowed")
        if not self.department_ids:
            raise ValueError(f"{self.userid}: every member belongs to a department")
        if len(self.direct_leader) > MAX_DIRECT_LEADERS:
            raise ValueError(f"{self.userid}: at most {MAX_DIRECT_LEADERS} direct leaders")


@dataclass(frozen=True, slots=True)
class App:
    """A self-built app. `visible` None means everybody; without `callback_url` it cannot be interactive.

    One that is `disabled` is refused every call (50003) and seen by nobody.
    """

    agent_id: int
    name: str
    secret: str
    callback_url: str = ""
    token: str = ""
    encoding_aes_key: str = ""
    visible: frozenset[str] | None = None
    trusted_ips: frozenset[str] | None = None
    disabled: bool = False

    def __post_init__(self) -> None:
        """Refuse a callback that could not be verified. Raises ValueError."""
        if not self.callback_url:
            return
        if not TOKEN.fullmatch(self.token):
            raise ValueError(f"app {self.agent_id}: the Token is 1 to 32 letters and digits")
        if not AES_KEY.fullmatch(self.encoding_aes_key):
            raise ValueError(f"app {self.agent_id}: the EncodingAESKey is 43 letters and digits")

    def sees(self, userid: str) -> bool:
        """Whether the member is in the app's visible range; nobody sees one that is `disabled`."""
        seen = self.visible is None or userid.lower() in {one.lower() for one in self.visible}
        return seen and not self.disabled


@dataclass(frozen=True, slots=True)
class MemberTag:
    """A tag of the address book: the members and departments that have it."""

    id: int
    name: str
    userids: tuple[str, ...] = ()
    department_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SmartBot:
    """A smart bot on a long connection, or called at `callback_url`, where there is one.

    With `opaque_ids` it sees `wo…` instead of userids.
    """

    bot_id: str
    secret: str
    name: str
    opaque_ids: bool = False
    visible: frozenset[str] | None = None
    callback_url: str = ""
    token: str = ""
    encoding_aes_key: str = ""

    def sees(self, userid: str) -> bool:
        """Whether the member can find the bot."""
        return self.visible is None or userid.lower() in {one.lower() for one in self.visible}


@dataclass(frozen=True, slots=True)
class Group:
    """An internal group: `members` are userids, `bots` the ids of the smart bots in it."""

    chatid: str
    name: str
    members: tuple[str, ...]
    bots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corp:
    """The organisation. `account_cap` is the number of accounts it has bought (limits daily pushes)."""

    id: str
    name: str
    departments: tuple[Department, ...]
    users: tuple[User, ...]
    apps: tuple[App, ...]
    account_cap: int = 1000
    bots: tuple[SmartBot, ...] = ()
    groups: tuple[Group, ...] = ()
    externals: tuple[External, ...] = ()
    tags: tuple[Tag, ...] = ()
    member_tags: tuple[MemberTag, ...] = ()

    def __post_init__(self) -> None:
        """Check that everything that is referred to exists, once. Raises ValueError."""
        _unique("department", [str(one.id) for one in self.departments])
        _unique("userid", [one.userid.lower() for one in self.users])
        _unique("app", [str(one.agent_id) for one in self.apps])
        _unique("secret", [one.secret for one in self.apps])
        known = {one.id for one in self.departments}
        people = {one.userid.lower() for one in self.users}
        for user in self.users:
            if missing := set(user.department_ids) - known:
                raise ValueError(f"{user.userid}: no department {missing}")
            if missing_leaders := {one.lower() for one in user.direct_leader} - people:
                raise ValueError(f"{user.userid}: no member {missing_leaders}")
        for department in self.departments:
            if department.parent_id and department.parent_id not in known:
                raise ValueError(f"department {department.id}: no parent {department.parent_id}")
        self._check_groups()

    def _check_groups(self) -> None:
        _unique("bot", [one.bot_id for one in self.bots])
        _unique("group", [one.chatid for one in self.groups])
        people, bots = {one.userid for one in self.users}, {one.bot_id for one in self.bots}
        for group in self.groups:
            if missing := (set(group.members) - people) | (set(group.bots) - bots):
                raise ValueError(f"group {group.chatid}: nobody called {missing}")
        for name in [one.bot_id for one in self.bots] + [one.chatid for one in self.groups]:
            if not CHAT_NAME.fullmatch(name):
                raise ValueError(f"{name!r}: up to 64 of A-Z a-z 0-9 _ - are allowed")

    def bot(self, bot_id: str | None = None) -> SmartBot:
        """A smart bot by its id, or the first one. Raises KeyError."""
        for one in self.bots:
            if bot_id in (None, one.bot_id):
                return one
        raise KeyError(bot_id)

    def group(self, chatid: str) -> Group:
        """A group by its id. Raises KeyError."""
        for one in self.groups:
            if one.chatid == chatid:
                return one
        raise KeyError(chatid)

    def below(self, department_id: int) -> set[int]:
        """The ids of a department and of all departments under it."""
        found = {department_id}
        size = 0
        while size != len(found):
            size = len(found)
            found |= {one.id for one in self.departments if one.parent_id in found}
        return found


def _unique(what: str, names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) != len(names) else set()
    if twice:
        raise ValueError(f"{what} given twice: {', '.join(sorted(twice))}")
