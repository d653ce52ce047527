"""Cards of what was found in follow-ups: each hit with its words in quotes."""

from __future__ import annotations

from datetime import date

import orjson

from cards import words
from cards.card import Action, Button, Card, Fact
from crm.finding import Found, Hit, Wanted

ROW = 30  # characters of a row: WeCom shows no more
LEAST = 3  # characters before and after the words, however long the rest is
LONGEST_NAME = 8


def found_card(what: Wanted, found: Found, today: date, *, first: bool = True) -> Card:
    """提到“二期报价”的跟进: a page of them, the newest first."""
    said = " ".join(what.words)
    where = f"{found.customer}的" if found.customer else ""
    more: tuple[Button, ...] = ()
    if found.before is not None:
        label = "更早的" if found.thorough else "接着找更早的"
        more = (Button(label, Action("find.more", str(found.before), extra=packed(what)), say="回复 更早的"),)
    return Card(
        title=f"{where}跟进里提到“{words.one_line(said, 20)}”",
        subtitle="" if first else "接着上一页",
        facts=tuple(hit_row(hit, today, named=not found.customer) for hit in found.hits),
        body="" if found.hits else "这一段里没有",
        buttons=(*more, *_openers(found)),
        note=_note(found),
    )


def hit_row(hit: Hit, today: date, *, named: bool) -> Fact:
    """今天: 华星 张伟：…聊了“二期报价”，预算…"""
    called = f"{words.one_line(hit.called or '无客户', LONGEST_NAME)} " if named else ""
    head = f"{called}{hit.author}："
    return Fact(words.near_day(hit.happened.date(), today), f"{head}{quoted(hit, ROW - len(head))}")


def quoted(hit: Hit, room: int) -> str:
    """The words as they stand, with as much around them as there is room for."""
    start, end = hit.found
    around = max(LEAST, (room - (end - start) - 4) // 2)  # two quotes, two dots
    left, right = max(0, start - around), min(len(hit.raw), end + around)
    inside = f"{hit.raw[left:start]}“{hit.raw[start:end]}”{hit.raw[end:right]}" if end else hit.raw[:right]
    whole = f"{'…' if left else ''}{inside}{'…' if right < len(hit.raw) else ''}"
    return " ".join(whole.split())


def packed(what: Wanted) -> str:
    """What is looked for, to ride on a button."""
    return orjson.dumps([what.customer_id or 0, *what.words]).decode()


def unpacked(extra: str) -> Wanted:
    """The same again."""
    customer, *said = orjson.loads(extra)
    return Wanted(tuple(str(word) for word in said), int(customer) or None)


def _openers(found: Found) -> tuple[Button, ...]:
    """The customers of a page, to open them."""
    if found.customer:
        return ()
    named = {hit.customer_id: hit.called for hit in found.hits if hit.customer_id}
    return tuple(
        Button(name, Action("customer.open", str(key)), say=f"回复 {name}")
        for key, name in list(named.items())[:3]
    )


def _note(found: Found) -> str:
    said = []
    if not found.thorough:
        said.append("这个词很常见，先看了最近的一万条")
    if found.behind:
        said.append("最近几分钟的记录很多，有些还没编入，稍后再搜会更全")
    return "；".join(said)
