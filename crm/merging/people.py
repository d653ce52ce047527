"""The people of two customers that are one: who is the same person is joined, everybody else is kept."""

from __future__ import annotations

import re

from crm import contacts
from crm.contacts import LONGEST_NOTE
from crm.context import Context
from crm.identities import phone
from crm.journal import changed
from crm.merging.relations import Move, links_to, move
from store.tables import Contact

FIELDS = ("title", "role", "phone", "email", "wechat", "likes")
BIRTHDAY = ("birthday_kind", "birth_month", "birth_day", "birth_leap", "birth_year")
TITLED = re.compile(r"[一-鿿]{1,2}(?:总监?|经理|主任|工|姐|哥|老师|院长|部长|处长|科长|厂长|校长)")


def joined(ctx: Context, loser_id: int, winner_id: int) -> list[tuple[Contact, Contact]]:
    """The pairs (goes, stays) of contacts that are the same person."""
    staying = contacts.of_customer(ctx, winner_id)
    pairs, taken = [], set()
    for one in contacts.of_customer(ctx, loser_id):
        other = next((c for c in staying if c.id not in taken and same(one, c)), None)
        if other is not None:
            taken.add(other.id)
            pairs.append((one, other))
    return pairs


def same(one: Contact, other: Contact) -> bool:
    """Whether two contacts are one person: the same phone, or the same name and no two phones. Pure.

    王总 and 王建国 with the same phone are one; two 王总 with different phones are two.
    """
    a, b = phone(one.phone), phone(other.phone)
    if a and b:
        return a == b and (one.name == other.name or one.name[:1] == other.name[:1])
    return one.name == other.name


def join(ctx: Context, goes: Contact, stays: Contact) -> list[Move]:
    """Let one contact become part of the other: what the other lacks is taken over, nothing is lost."""
    moves = [move(ctx.session, link, goes.id, stays.id) for link in links_to("contact")]
    ctx.session.expire_all()
    values: dict[str, object] = {
        name: getattr(goes, name) for name in FIELDS if getattr(goes, name) and not getattr(stays, name)
    }
    if goes.birthday_kind and not stays.birthday_kind:
        values |= {name: getattr(goes, name) for name in BIRTHDAY}
    if TITLED.fullmatch(stays.name) and not TITLED.fullmatch(goes.name) and goes.name != stays.name:
        values["name"] = goes.name
    rest = [goes.note, *(f"另有{title}{value}" for title, value in _other(goes, stays))]
    kept = [one for one in rest if one and one not in stays.note]
    if kept:
        values["note"] = "；".join([*filter(None, [stays.note]), *kept])[-LONGEST_NOTE:]
    ext = {**goes.ext, **stays.ext}
    if ext != stays.ext:
        values["ext"] = ext
    if values:
        changed(ctx, stays, **values)
    changed(ctx, goes, archived_at=ctx.now)
    return [one for one in moves if one.ids]


def _other(goes: Contact, stays: Contact) -> list[tuple[str, str]]:
    """What both say differently, so that the note keeps it."""
    titles = {"title": "职务", "email": "邮箱", "wechat": "微信", "likes": "喜好", "role": "角色"}
    return [
        (said, getattr(goes, name))
        for name, said in titles.items()
        if getattr(goes, name) and getattr(stays, name) and getattr(goes, name) != getattr(stays, name)
    ]
