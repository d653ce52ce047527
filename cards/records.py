"""Cards of the organisation's own kinds of records: the kind, a record, a list of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.custom.kinds import KIND_NAMES, FieldSpec
from crm.custom.records import Line, Page, Shown
from store.tables import CustomObject

MOST_FACTS = 6


def record_card(view: Shown, local: datetime, title: str = "", inbox_id: int = 0) -> Card:
    """A record of an own kind; with the way back where it was just written."""
    row = view.record
    facts = [Fact("客户", view.customer)] if view.customer else []
    facts += [Fact(label, text) for label, text in view.lines]
    facts = facts[:MOST_FACTS]
    buttons: list[Button] = []
    if inbox_id:
        buttons.append(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"))
    elif view.mine and row.archived_at is None:
        say = f"回复 {row.number} 归档"
        buttons.append(Button("归档", Action("record.archive", str(row.id), row.version), say=say))
    if row.customer_id is not None:
        opened = Action("customer.open", str(row.customer_id))
        buttons.append(Button("客户卡片", opened, say=f"回复 {view.customer}"))
    return Card(
        title=title or f"{view.kind} · {row.number}",
        subtitle=f"{row.title} · {view.owner} · {words.day(view.at.date(), local.date())}",
        tone=Tone.SUCCESS if inbox_id else Tone.PLAIN,
        facts=tuple(facts),
        buttons=tuple(buttons) if row.archived_at is None else (),
        done="已归档" if row.archived_at is not None else "",
        about=("custom_record", str(row.id)),
    )


def records_card(page: Page, skip: int, customer_id: int = 0, *, mine: bool = False) -> Card:
    """A page of the records of an own kind, of one customer (0 for all), or one's own."""
    lines = [
        f"· {line.number} {line.customer} {words.one_line(line.title, 20)}{_said(line)}（{line.owner}）"
        for line in page.lines
    ]
    key, asked = str(page.kind.id), f"{page.after}|{customer_id}|{int(mine)}"
    opens = tuple(
        Button(line.number, Action("record.open", str(line.id)), say=f"回复 {line.number}")
        for line in page.lines[:4]
    )
    more = (Button("更多", Action("record.list", key, extra=asked), say="回复 下一页"),) if page.after else ()
    whose = f"{page.customer}的" if page.customer else "我的" if mine else ""
    empty = f"还没有，这样记：{page.kind.name} 新增 {page.customer or '华润置地'} …"
    return Card(
        title=f"{whose}{page.kind.name} · {page.count}条",
        subtitle=f"第{skip + 1}条起" if skip else "",
        body="\n".join(lines) or empty,
        buttons=(*opens, *more),
    )


def object_card(
    title: str, kind: CustomObject, fields: Sequence[FieldSpec], roles: str, inbox_id: int
) -> Card:
    """A kind of records: its numbers, fields and who may use it."""
    example = " ".join(f"{spec.label} {spec.example}" for spec in fields[:2])
    undo = (Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),) if inbox_id else ()
    return Card(
        title=title,
        tone=Tone.SUCCESS if inbox_id else Tone.PLAIN,
        facts=(
            Fact("编号", f"{kind.prefix}-年份-序号"),
            Fact("字段", "、".join(f"{s.label}（{KIND_NAMES[s.kind]}）" for s in fields[:8]) or "还没有"),
            Fact("谁能用", roles),
            Fact("这样记", f"{kind.name} 新增 华润置地 {example}".strip()),
        ),
        buttons=undo,
    )


def remove_object_card(name: str, count: int, key: str, version: int, held: int) -> Card:
    """Whether a kind of records is to be removed."""
    kept = f"有{count}条记录，删除后不再显示，数据都留着。" if count else "还没有记录。"
    return Card(
        title=f"删除对象“{name}”",
        body=kept,
        buttons=(
            Button(
                "删除对象", Action("object.remove", key, version, str(held)), Tone.DANGER, say="回复 删除"
            ),
            Button("不删", Action("field.keep", extra=str(held)), say="回复 不删"),
        ),
        about=("question", str(held)),
    )


def _said(line: Line) -> str:
    return f"：{words.one_line(line.values, 40)}" if line.values else ""
