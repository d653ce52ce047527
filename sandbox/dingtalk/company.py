"""The simulated organisation as DingTalk knows it: staff, departments, apps, groups, card templates."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.company import Corp, Department, Status
from sandbox.dingtalk.crypto import check_key

CONTACT_EVENTS = frozenset(
    {
        "user_add_org",
        "user_modify_org",
        "user_leave_org",
        "org_dept_create",
        "org_dept_modify",
        "org_dept_remove",
    }
)
EXEMPT_EVENTS = CONTACT_EVENTS | {
    "label_user_change",
    "label_conf_add",
    "label_conf_modify",
    "label_conf_del",
}


class Mode(StrEnum):
    """How messages and events reach an app: chosen in the developer console."""

    STREAM = "stream"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Staff:
    """A colleague. `staff_id` is the userId of calls, `open_id` the `$:LWCP` id of robot messages.

    `wecom_userid` names the same colleague on WeCom, or "". An `external` person sits in groups only and
    has no staff id on the wire.
    """

    staff_id: str
    union_id: str
    name: str
    department_ids: tuple[int, ...]
    title: str = ""
    mobile: str = ""
    manager: str = ""
    admin: bool = False
    active: bool = True
    external: bool = False
    wecom_userid: str = ""

    @property
    def open_id(self) -> str:
        """The encrypted id; nothing can be sent to it."""
        return "$:LWCP_v1:$" + _digest("open", self.staff_id, 24)


@dataclass(frozen=True, slots=True)
class DingApp:
    """An internal app with its robot. The robot code of an internal app is its client id.

    `events` are ticked in the console. In HTTP mode robot messages go to `robot_url` and events, encrypted,
    to `event_url`. `scopes` None means all permissions; `visible` None means everybody. An unpublished robot
    receives messages without staff ids. Web pages may sign in on `redirect_hosts` (None: anywhere).
    """

    client_id: str
    client_secret: str
    name: str
    agent_id: int = 0
    mode: Mode = Mode.STREAM
    robot_url: str = ""
    event_url: str = ""
    token: str = ""
    encoding_aes_key: str = ""
    events: frozenset[str] = CONTACT_EVENTS
    scopes: frozenset[str] | None = None
    visible: frozenset[str] | None = None
    published: bool = True
    trusted_ips: frozenset[str] | None = None
    redirect_hosts: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse an event push that could not be sealed. Raises ValueError."""
        if self.event_url:
            check_key(self.encoding_aes_key)

    @property
    def robot_code(self) -> str:
        """The robot of the app."""
        return self.client_id

    def sees(self, staff_id: str) -> bool:
        """Whether the colleague is in the app's visible range."""
        return self.visible is None or staff_id in self.visible


@dataclass(frozen=True, slots=True)
class Group:
    """A group. `id` is its openConversationId; `members` are staff ids, `robots` robot codes."""

    id: str
    title: str
    members: tuple[str, ...]
    robots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A button that the template itself has. `label` may name a variable as `${name}`."""

    action_id: str
    label: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a card's face: `kind` is title, text or markdown, `content` may name variables.

    `look` of a text is bold, muted or ""; `below` the form and the buttons.
    """

    kind: str
    content: str
    look: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A card template of the card platform, as far as a click can tell: which variables hold what.

    `form` names the variable with the form's schema ("" without a form), `form_echo` an extra parameter in
    which the schema comes back. `buttons` names the variable with a list of buttons; where a loop draws them,
    all of them have the id `button_id` and send the fields of their entry that `button_params` names.
    `blocks` are its face from top to bottom; without any the client shows every variable that is no JSON.
    """

    id: str
    published: bool = True
    form: str = ""
    form_id: str = "form"
    form_status: str = "form_status"
    form_button: str = "form_btn_text"
    form_echo: str = ""
    buttons: str = ""
    button_id: str = ""
    button_params: tuple[str, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    blocks: tuple[Block, ...] = ()


# Ids in the vendor's own client, usable by any app; they have buttons but no form.
_FACE = (Block("title", "${title}"), Block("markdown", "${markdown}"))
_AI_FACE = (
    Block("title", "${msgTitle}"),
    Block("markdown", "${staticMsgContent}"),
    Block("markdown", "${msgContent}"),
)
SDK_MARKDOWN = Template("589420e2-c1e2-46ef-a5ed-b8728e654da9.schema", blocks=_FACE)
SDK_BUTTONS = Template(
    "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema",
    buttons="sys_full_json_obj",
    blocks=(*_FACE, Block("text", "${tips}")),
)
SDK_AI = Template("382e4302-551d-4880-bf29-a30acfab2e71.schema", buttons="sys_full_json_obj", blocks=_AI_FACE)
SDK_PLUGIN = Template("7f538f6d-ebb7-4533-a9ac-61a32da094cf.schema")
SDK_GRAPH = Template("d28e2ac5-fb34-4d93-94bc-cf5c580c2d4f.schema", blocks=_FACE)
SDK_TEMPLATES = (SDK_MARKDOWN, SDK_BUTTONS, SDK_AI, SDK_PLUGIN, SDK_GRAPH)


@dataclass(frozen=True, slots=True)
class Organisation:
    """The whole organisation. `templates` are its own; the vendor's are always there."""

    corp_id: str
    name: str
    departments: tuple[Department, ...]
    staff: tuple[Staff, ...]
    apps: tuple[DingApp, ...]
    groups: tuple[Group, ...] = ()
    templates: tuple[Template, ...] = ()

    def __post_init__(self) -> None:
        """Check that ids are used once and that everything referred to exists. Raises ValueError."""
        for what, ids in (
            ("staff id", [one.staff_id for one in self.staff]),
            ("union id", [one.union_id for one in self.staff]),
            ("client id", [one.client_id for one in self.apps]),
            ("group", [one.id for one in self.groups]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"{what} given twice")
        known = {one.staff_id for one in self.staff}
        for group in self.groups:
            if missing := set(group.members) - known:
                raise ValueError(f"group {group.title}: no colleague {sorted(missing)}")


def organisation_of(
    corp: Corp,
    apps: tuple[DingApp, ...],
    *,
    staff_ids: Mapping[str, str] | None = None,
    groups: tuple[Group, ...] = (),
    templates: tuple[Template, ...] = (),
) -> Organisation:
    """The same company on DingTalk: the colleagues of `corp` with ids of their own there.

    `staff_ids` maps WeCom userids to staff ids; whoever is not in it gets a made-up one. `groups` name staff
    ids; the groups of `corp` are there as well, with the robots of all apps. Those who left or are disabled
    stay out.
    """
    given = staff_ids or {}
    ids = {one.userid.lower(): given.get(one.userid) or made_up_staff_id(one.userid) for one in corp.users}
    departments = tuple(
        Department(one.id, one.name, one.parent_id, tuple(ids[who.lower()] for who in one.leaders))
        for one in corp.departments
    )
    staff = tuple(
        Staff(
            ids[one.userid.lower()],
            _digest("union", one.userid, 16) + "iEiE",
            one.name,
            one.department_ids,
            one.position,
            manager=ids[one.direct_leader[0].lower()] if one.direct_leader else "",
            active=one.status is Status.ACTIVE,
            wecom_userid=one.userid,
        )
        for one in corp.users
        if one.status not in (Status.LEFT, Status.DISABLED)
    )
    corp_id = "ding" + hashlib.sha256(corp.id.encode()).hexdigest()[:32]
    known, robots = {one.staff_id for one in staff}, tuple(one.robot_code for one in apps)
    shared = tuple(
        Group(
            f"cid{_digest('group', one.chatid, 22)}==",
            one.name,
            tuple(ids[who.lower()] for who in one.members if ids[who.lower()] in known),
            robots,
        )
        for one in corp.groups
    )
    return Organisation(corp_id, corp.name, departments, staff, apps, (*shared, *groups), templates)


def made_up_staff_id(userid: str) -> str:
    """Digits as the platform makes them up: nothing like the WeCom userid."""
    return "01" + str(int.from_bytes(hashlib.sha256(userid.encode()).digest()[:7], "big")).zfill(17)


def _digest(purpose: str, name: str, length: int) -> str:
    whole = hashlib.sha256(f"{purpose} {name}".encode()).digest()
    return base64.urlsafe_b64encode(whole).decode()[:length]
