"""What was understood of one message: the value that `understand` gives and the handlers act on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from nlu.entities import Entity, Rule


class Intent(StrEnum):
    """What the writer wants."""

    LOG_ACTIVITY = "log_activity"
    ADD_CUSTOMER = "add_customer"
    UPDATE_CUSTOMER = "update_customer"
    UPDATE_CONTACT = "update_contact"
    UPDATE_STAGE = "update_stage"
    QUOTE = "quote"
    APPROVE = "approve"
    PAYMENT = "payment"
    ORDER = "order"
    CONTRACT = "contract"
    REMIND = "remind"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    CORRECT = "correct"
    UNDO = "undo"
    TICKET = "ticket"
    POINTS = "points"
    CLAIM = "claim"
    RELEASE = "release"
    TRANSFER = "transfer"
    TAG = "tag"
    QUERY = "query"
    HELP = "help"
    CUSTOM = "custom"
    CUSTOM_QUERY = "custom_query"
    CHITCHAT = "chitchat"


class Method(StrEnum):
    """How a contact took place."""

    VISIT = "visit"
    CALL = "call"
    WECHAT = "wechat"
    MESSAGE = "message"
    MEETING = "meeting"


class Found(StrEnum):
    """How a name was found."""

    EXACT = "exact"  # the name or an alias, letter by letter
    PART = "part"  # a part of the name that fits one customer only
    FUZZY = "fuzzy"  # a typo or a homophone: only ever proposed
    NEW = "new"  # looks like a company, known to nobody


class When(Struct, frozen=True):
    """A moment as said: local and naive. `grain` is minute, day or part_of_day (then `part` is 上午 …)."""

    value: datetime
    grain: str
    part: str = ""
    text: str = ""

    def but(self, **changes: Any) -> When:  # noqa: ANN401 each field has its own type
        """The same but for these fields."""
        return replace(self, **changes)


class NamedCustomer(Struct, frozen=True):
    """A customer named in the text. `key` is the caller's id of it, empty for a new name."""

    name: str
    key: str
    found: Found
    text: str
    start: int
    end: int

    def but(self, **changes: Any) -> NamedCustomer:  # noqa: ANN401 each field has its own type
        """The same but for these fields."""
        return replace(self, **changes)


class Birthday(Struct, frozen=True):
    """A birthday: `calendar` is solar or lunar."""

    calendar: str
    month: int
    day: int
    year: int | None = None
    leap: bool = False


class CustomWhat(StrEnum):
    """What is wanted of the organisation's own fields and kinds of records."""

    SET = "set"  # 华星 设备型号偏好 B
    ASK = "ask"  # 华星的年采购额是多少
    LIST = "list"  # 年采购额大于100万的客户
    ADD = "add"  # 样机借用 新增 华星 GA37
    RECORDS = "records"  # 样机借用, 样机借用 华星


class CustomSaid(Struct, frozen=True):
    """What is said of one own field: a value to set, or how it is compared (`op`) and with what."""

    key: str
    label: str
    value: str = ""
    op: str = "is"
    high: str = ""


class CustomAsk(Struct, frozen=True):
    """A message about own fields or records: of which kind, what is said of which fields.

    `number` is that of a record, `free` words that belong to no field, `mine` asks for one's own alone.
    """

    what: CustomWhat
    object: str
    said: tuple[CustomSaid, ...] = ()
    number: str = ""
    free: str = ""
    mine: bool = False

    def but(self, **changes: Any) -> CustomAsk:  # noqa: ANN401 each field has its own type
        """The same but for these fields."""
        return replace(self, **changes)


class Reading(Struct, frozen=True):
    """One message, understood. Absent is None or empty; amounts are integer fen, low and high.

    `candidates` are customers that fit when `customers` alone does not settle it (then "customer" is in
    `ambiguous`): a shared short name, a typo. `ambiguous` names the fields that must be asked about and
    not be written. `reasons` says for each such field why, in Chinese, as the bot would ask; a reason for a
    field that is not in `ambiguous` is a guess, sure enough to be written but worth showing (8点: 上午).
    `unread` are figures in the text that no field took. `proposed` says that the whole of it is somebody
    else's guess: every field is in `ambiguous`, and nothing is written before the person agrees.
    """

    intent: Intent
    customers: tuple[NamedCustomer, ...] = ()
    candidates: tuple[NamedCustomer, ...] = ()
    contact: str | None = None
    contact_title: str | None = None
    method: Method | None = None
    activity_time: When | None = None
    next_time: When | None = None
    next_action: str | None = None
    deadline: bool = False
    recurring: Rule | None = None
    amount: tuple[int, int] | None = None
    discount: float | None = None
    phone: str | None = None
    birthday: Birthday | None = None
    stage: str | None = None
    verdict: str | None = None
    comment: str | None = None
    number: str | None = None
    colleague: str | None = None
    points: int | None = None
    tags: tuple[str, ...] = ()
    ticket_kind: str | None = None
    custom: CustomAsk | None = None
    submit: bool = False
    new_customer: bool = False
    ambiguous: frozenset[str] = frozenset()
    reasons: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    proposed: bool = False

    def but(self, **changes: Any) -> Reading:  # noqa: ANN401 each field has its own type
        """The same but for these fields."""
        return replace(self, **changes)
