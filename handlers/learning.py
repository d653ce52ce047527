"""Keeping what people corrected: the sentence, what the grammar reads in it, and what is right."""

from __future__ import annotations

from datetime import datetime

from crm import corrections
from crm.corrections import Corrected
from crm.customers import full_names
from crm.moments import Moment
from crm.visits import Draft, Recorded
from handlers import held
from handlers.turn import Turn
from nlu import VERSION
from nlu.cases import corrected, expected
from nlu.reading import Found, Method, NamedCustomer, Reading, When
from store.tables import Activity

FIELDS = (
    "activity_time",
    "amount",
    "contact",
    "contact_title",
    "customer",
    "method",
    "next_action",
    "next_time",
)


def learn(
    turn: Turn,
    *,
    text: str,
    sent: datetime,
    message_id: int | None,
    right: Reading,
    fields: frozenset[str],
) -> None:
    """Keep that in `text`, sent at the local time `sent`, these `fields` are as in `right`.

    Earlier corrections of the same message stand.
    """
    read = expected(turn.understand(text, sent))
    before = corrections.latest(turn.ctx.session, message_id)
    wire = expected(right)
    said = {name: wire.get(name) for name in fields | ({"new_customer"} if "customer" in fields else set())}
    corrections.keep(
        turn.ctx,
        Corrected(
            text=text,
            said_at=turn.ctx.at(sent),
            read=read,
            right=corrected(before or read, said),
            words=turn.incoming.text.strip(),
            message_id=message_id,
            parser=VERSION,
        ),
    )


def learn_fix(turn: Turn, before: Recorded, wanted: Draft, now: Recorded) -> None:
    """Keep a correction of a record: 金额是56万不是58万."""
    root = turn.ctx.session.get(Activity, before.root_id)
    if root is None:
        return
    sent = turn.ctx.wall(root.created_at)
    right, fields = turn.understand(root.raw, sent), set[str]()
    if wanted.customer_id is not None and now.customer is not None:
        right, fields = right.but(customers=(_chosen(now.customer.name),)), fields | {"customer"}
    if wanted.amount is not None:
        right, fields = right.but(amount=wanted.amount), fields | {"amount"}
    if wanted.contact:
        right = right.but(contact=wanted.contact, contact_title=wanted.contact_title or None)
        fields |= {"contact", "contact_title"}
    if wanted.when is not None:
        right, fields = right.but(activity_time=_when(wanted.when)), fields | {"activity_time"}
    if wanted.next_time is not None:
        right = right.but(next_time=_when(wanted.next_time), deadline=wanted.deadline)
        fields.add("next_time")
    if wanted.next_action:
        right, fields = right.but(next_action=wanted.next_action), fields | {"next_action"}
    if wanted.kind != before.activity.kind and wanted.kind.value in {m.value for m in Method}:
        right, fields = right.but(method=Method(wanted.kind.value)), fields | {"method"}
    learn(
        turn,
        text=root.raw,
        sent=sent,
        message_id=root.inbox_id,
        right=right,
        fields=frozenset(fields),
    )


def learn_customer(turn: Turn, text: str, message_id: int, customer_id: int, *, new: bool) -> None:
    """Keep which customer was meant by a sentence of today that did not say it clearly."""
    sent = held.sent(turn, message_id)
    name = "".join(full_names(turn.ctx, [customer_id]))
    named = _chosen(name).but(found=Found.NEW if new else Found.EXACT)
    right = turn.understand(text, sent).but(customers=(named,), new_customer=new)
    learn(turn, text=text, sent=sent, message_id=message_id, right=right, fields=frozenset({"customer"}))


def _chosen(name: str) -> NamedCustomer:
    return NamedCustomer(name, "", Found.EXACT, "", 0, 0)


def _when(moment: Moment) -> When:
    return When(moment.value, str(moment.grain), moment.part)
