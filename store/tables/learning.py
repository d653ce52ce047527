"""What people corrected: tomorrow's test cases of the grammar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from store.types import Table, bigint, document, key, moment, ref


class Correction(Table, table=True):
    """A sentence, what was read in it, and what its writer made of that.

    `said_at` is when the sentence was sent. `read` and `corrected` are fields of a test case (amounts in
    yuan, times local). `words` are those of the correction, empty for a pressed button. `message_id` is
    the inbox row of the sentence, `inbox_id` that of the correction, `parser` the grammar that read it.
    """

    __tablename__ = "correction"

    id: int = key()
    text: str
    said_at: datetime = moment()
    read: dict[str, Any] = document()
    corrected: dict[str, Any] = document()
    words: str = ""
    member_id: int = ref("member.id")
    message_id: int | None = bigint(default=None, index=True)
    inbox_id: int | None = bigint(default=None, index=True)
    parser: str = ""
    at: datetime = moment(index=True)
