"""What tells a customer from all others: phone, e-mail, WeChat, external id, member and tax number.

One table, unique in the database among those not archived; kept in step with the contacts. Whoever is
met by any of them is found by it.
"""

from __future__ import annotations

from crm.identities.backlog import catch_up
from crm.identities.held import Holder, find, keep_in_step, of_customer, put
from crm.identities.kinds import EMAIL, NAMES, OF_CONTACT, Kind, Said, normal, phone, read

__all__ = [
    "EMAIL",
    "NAMES",
    "OF_CONTACT",
    "Holder",
    "Kind",
    "Said",
    "catch_up",
    "find",
    "keep_in_step",
    "normal",
    "of_customer",
    "phone",
    "put",
    "read",
]
