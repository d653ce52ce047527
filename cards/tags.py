"""Cards of tags: those of a customer, all of them, and who has one."""

from __future__ import annotations

from collections.abc import Sequence

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.tags import COUNTED, Listed, Marked, Page

MOST_LINES = 20
MOST_OPENED = 4
RECOUNTED = "每天夜里重算，也可以回复 标签 重算"


def tagged_card(
    called: str, customer_id: int, tags: Sequence[Marked], inbox_id: int | None, done: str
) -> Card:
    """A customer's tags; after a change with the way back."""
    undo = Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销") if inbox_id is not None else None
    return Card(
        title=f"{called} · 标签",
        subtitle=done,
        tone=Tone.SUCCESS if inbox_id is not None else Tone.PLAIN,
        body="\n".join(_line(one) for one in tags) or f"还没有标签，这样打：打标签 {called} 高意向",
        buttons=(
            Button("看客户", Action("customer.open", str(customer_id)), say=f"回复 {called}"),
            *((undo,) if undo is not None else ()),
        ),
        about=("tags", str(customer_id)),
    )


def _line(one: Marked) -> str:
    return f"{one.name}（自动：{one.reason}）" if one.auto else one.name


def marks(tags: Sequence[Marked], most: int = 6) -> str:
    """Tags on one line: 高意向、沉睡（自动：92天没跟进）."""
    return "、".join(_line(one) for one in tags[:most])


def listing_card(tags: Sequence[Listed]) -> Card:
    """All tags, with how many customers have each and the rules of those that have one."""
    lines = [
        f"{t.name} {_many(t.count)}家" + (f"（自动：{t.rule}）" if t.rule else "") for t in tags[:MOST_LINES]
    ]
    return Card(
        title="标签",
        subtitle=f"共{len(tags)}个",
        body="\n".join(lines) or "还没有标签，这样打：打标签 华星科技 高意向 价格敏感",
        note="回复 标签 加名称，看有哪些客户，例如：标签 高意向",
    )


def _many(count: int) -> str:
    return f"{COUNTED}+" if count >= COUNTED else str(count)


def customers_card(page: Page, skipped: int) -> Card:
    """A page of the customers that have a tag."""
    lines = [
        f"{place}. {one.name}（{one.owner}）" + (f" {why}" if why else "")
        for place, (one, why) in enumerate(page.customers, start=skipped + 1)
    ]
    opened = [
        Button(
            words.one_line(words.short(one.name), 10),
            Action("customer.open", str(one.id)),
            say=f"回复 {words.short(one.name)}",
        )
        for one, _ in page.customers[:MOST_OPENED]
    ]
    more = (
        (
            Button(
                "更多", Action("tag.more", extra=f"{page.after}:{page.tag}"), Tone.PRIMARY, say="回复 下一页"
            ),
        )
        if page.after is not None
        else ()
    )
    return Card(
        title=f"标签 · {page.tag}",
        subtitle=(f"自动：{page.rule}" if page.rule else "") + (f" 第{skipped + 1}家起" if skipped else ""),
        body="\n".join(lines) or f"还没有客户有这个标签，这样打：打标签 华星科技 {page.tag}",
        buttons=(*opened, *more),
    )


def rule_card(tag: str, rule: str, counted: tuple[int, int], inbox_id: int) -> Card:
    """A rule that was set, and what it did at once."""
    on, off = counted
    return Card(
        title=f"标签规则 · {tag}",
        tone=Tone.SUCCESS,
        facts=(
            Fact("条件", rule or "没有规则，只能手工打"),
            Fact("现在", f"打上{on}家，去掉{off}家"),
            Fact("以后", RECOUNTED if rule else "不再自动打，手工打的标签还在"),
        ),
        buttons=(
            Button("看客户", Action("tag.more", extra=f"0:{tag}"), say=f"回复 标签 {tag}"),
            Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),
        ),
        about=("tag", tag),
    )
