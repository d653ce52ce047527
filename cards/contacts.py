"""Cards of the people at customers: one after a change, and which of several is meant."""

from __future__ import annotations

from collections.abc import Sequence

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.identities import NAMES, Holder
from store.tables import Contact

MOST_OWN = 8
LONGEST_OWN = 40  # characters of a value


def contact_card(
    contact: Contact,
    customer: str,
    inbox_id: int,
    others: Sequence[Holder] = (),
    own: Sequence[tuple[str, str]] = (),
) -> Card:
    """A contact after a change. `others` are customers that are known by the same phone or address.

    `own` are the organisation's own fields and their values as the reader may see them.
    """
    added = tuple(Fact(name, words.one_line(value, LONGEST_OWN)) for name, value in own[:MOST_OWN])
    return Card(
        title=f"已更新联系人 · {contact.name}",
        tone=Tone.SUCCESS,
        facts=(Fact("客户", customer), *_facts(contact), *added),
        buttons=(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),),
        note=_elsewhere(others),
        about=("contact", str(contact.id)),
    )


def _facts(contact: Contact) -> list[Fact]:
    title = contact.title if contact.title not in contact.name else ""
    born = words.birthday(
        contact.birthday_kind, contact.birth_month, contact.birth_day, leap=contact.birth_leap
    )
    post = " · ".join(part for part in (title, contact.role) if part)
    online = " · ".join(part for part in (contact.email, contact.wechat) if part)
    named = (
        ("职务", post),
        ("电话", contact.phone),
        ("微信" if not contact.email else "邮箱" if not contact.wechat else "邮箱微信", online),
        ("生日", born),
        ("喜好", contact.likes),
        ("备注", contact.note),
    )
    return [Fact(name, value) for name, value in named if value]


def _elsewhere(others: Sequence[Holder]) -> str:
    if not others:
        return ""
    first = others[0]
    whose = first.customer if first.mine else "另一家客户"
    return f"这个{NAMES[first.said.kind]}也登记在{whose}（负责人{first.owner}），是同一家就合并"


def whose_card(person: str, customers: Sequence[tuple[int, str]], held: int) -> Card:
    """At which of these customers the person is meant."""
    buttons = tuple(
        Button(
            words.one_line(name, 10),
            Action("contact.whose", str(customer_id), extra=str(held)),
            Tone.PRIMARY,
            say=f"回复 {place}",
        )
        for place, (customer_id, name) in enumerate(customers, start=1)
    )
    lines = [f"{place}. {name}" for place, (_, name) in enumerate(customers, start=1)]
    return Card(f"是哪家的{person}", body="\n".join(lines), buttons=buttons, about=("question", str(held)))


def settled_card(held: int, done: str) -> Card:
    """The question, settled."""
    return Card("联系人", done=done, about=("question", str(held)))
