"""Who may see, change and do what. Every such question is answered here and nowhere else.

A question goes down in this order, and each step only narrows: the kind of record (`scopes`), the row
(`visible`, `can_see`, `can_edit`), the field (`shown`, `access`), and what a chat with others in it may
show (the edge). Beside them stand the rights to do things to many records or for everybody (`may`, `need`).
"""

from __future__ import annotations

from crm.rights.extent import Reach, narrowed, people, reach
from crm.rights.fields import (
    ACCESS_NAMES,
    FIELD_NAMES,
    STARS,
    FieldAccess,
    access,
    masked,
    need_field,
    roles_reading,
    roles_writing,
    shown,
    shown_amount,
    shown_words,
    without_phones,
)
from crm.rights.lines import reports
from crm.rights.pool import IN_POOL, POOL, POOL_NAME, may_claim, need_claim, roles_at_pool
from crm.rights.records import (
    can_edit,
    can_see,
    elsewhere,
    is_above,
    may_act_for,
    name_of,
    need_edit,
    need_see,
    need_write,
    writers,
)
from crm.rights.rows import sees, visible, visible_customers
from crm.rights.scopes import OBJECT_NAMES, SCOPE_NAMES, Scope, Verb
from crm.rights.seen import seen
from crm.rights.texts import words_of
from crm.rights.verbs import MANY, RIGHT_NAMES, Right, may, need, need_many, roles_with
from crm.rights.words import ROLE_NAMES, named

__all__ = [
    "ACCESS_NAMES",
    "FIELD_NAMES",
    "IN_POOL",
    "MANY",
    "OBJECT_NAMES",
    "POOL",
    "POOL_NAME",
    "RIGHT_NAMES",
    "ROLE_NAMES",
    "SCOPE_NAMES",
    "STARS",
    "FieldAccess",
    "Reach",
    "Right",
    "Scope",
    "Verb",
    "access",
    "can_edit",
    "can_see",
    "elsewhere",
    "is_above",
    "masked",
    "may",
    "may_act_for",
    "may_claim",
    "name_of",
    "named",
    "narrowed",
    "need",
    "need_claim",
    "need_edit",
    "need_field",
    "need_many",
    "need_see",
    "need_write",
    "people",
    "reach",
    "reports",
    "roles_at_pool",
    "roles_reading",
    "roles_with",
    "roles_writing",
    "seen",
    "sees",
    "shown",
    "shown_amount",
    "shown_words",
    "visible",
    "visible_customers",
    "without_phones",
    "words_of",
    "writers",
]
