"""The card of a customer's particulars after a change."""

from __future__ import annotations

from collections.abc import Mapping

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.particulars import WORDS
from store.tables import Customer

SHOWN = ("level", "source", "industry", "region", "lifecycle", "parent_id", "referrer_id", "note")


def told_card(
    customer: Customer, names: Mapping[str, str], identities: Mapping[str, str], inbox_id: int
) -> Card:
    """What is known of the customer now; `names` of those it refers to, `identities` by their kind."""
    values = [(name, names.get(name) or str(getattr(customer, name) or "")) for name in SHOWN]
    facts = [Fact(WORDS[name], value) for name, value in values if value]
    facts += [Fact(name, value) for name, value in identities.items()]
    return Card(
        title=f"已更新客户 · {customer.name}",
        tone=Tone.SUCCESS,
        facts=tuple(facts),
        buttons=(
            Button(
                "看客户", Action("customer.open", str(customer.id)), say=f"回复 {words.short(customer.name)}"
            ),
            Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),
        ),
        about=("particulars", str(customer.id)),
    )
