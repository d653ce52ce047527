"""The list of a customer's photos and files."""

from __future__ import annotations

from datetime import date

from cards import words
from cards.card import Action, Button, Card, Fact
from crm.attachments import KINDS, Listed, Page

STATES = {"waiting": "还在取", "failed": "没取到"}
LONGEST_NAME = 14
KB, MB = 1024, 1024 * 1024


def attachments_card(page: Page, today: date, skip: int) -> Card:
    """华星的附件: kind, date and by whom, the newest first."""
    key = str(page.customer_id)
    buttons = tuple(
        Button(f"发我{place}", Action("attachment.send", str(one.id)), say=f"回复 发我{place}")
        for place, one in enumerate(page.files, start=1)
        if one.state not in STATES
    )
    if page.more is not None:
        more = Action("attachments.more", key, extra=str(page.more))
        buttons = (*buttons, Button("更早的", more, say="回复 更早的附件"))
    opens = Button("看客户", Action("customer.open", key), say=f"回复 {page.called}")
    return Card(
        title=f"{page.called}的附件",
        subtitle="" if not skip else f"第{skip + 1}个起",
        facts=tuple(_row(place, one, today) for place, one in enumerate(page.files, start=1)),
        body="" if page.files else "还没有附件。记完跟进再发照片或文件，就会附到那条记录上",
        buttons=(*buttons, opens),
    )


def _row(place: int, one: Listed, today: date) -> Fact:
    """1 今天: 照片 现场.jpg 张伟 2.3MB."""
    name = words.one_line(one.name, LONGEST_NAME)
    parts = (KINDS.get(one.kind, "附件"), name, one.author, STATES.get(one.state, size_words(one.size)))
    return Fact(f"{place} {words.near_day(one.at.date(), today)}", " ".join(part for part in parts if part))


def size_words(size: int) -> str:
    """2.3MB, 840KB; nothing for a file that is not there."""
    if size >= MB:
        return f"{size / MB:.1f}MB"
    return f"{max(1, round(size / KB))}KB" if size else ""
