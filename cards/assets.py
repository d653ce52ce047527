"""Cards of equipment: what stands at a customer, and one piece after a change."""

from __future__ import annotations

from datetime import date

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.assets import Page
from store.tables import Asset


def list_card(page: Page, today: date, skipped: int) -> Card:
    """设备 of a customer, with the warranty of each."""
    lines = [f"{n}. {_line(one, today)}" for n, one in enumerate(page.assets, start=skipped + 1)]
    key = str(page.customer.id)
    more = (
        (Button("更多", Action("asset.more", key, extra=str(page.after)), Tone.PRIMARY, say="回复 下一页"),)
        if page.after is not None
        else ()
    )
    how = f"设备 {page.called} 新增 空压机 型号GA37 序列号SN123 2024年3月安装 质保3年"
    return Card(
        title=f"{page.called} · 设备",
        subtitle=f"共{page.count}台" + (f"，第{skipped + 1}台起" if skipped else ""),
        body="\n".join(lines) or f"还没有登记设备，这样登记：{how}",
        buttons=(*more, Button("客户卡片", Action("customer.open", key), say=f"回复 {page.called}")),
    )


def asset_card(asset: Asset, called: str, today: date, inbox_id: int, done: str = "已登记设备") -> Card:
    """One piece after a change, with the way back."""
    named = (
        ("客户", called),
        ("型号", asset.model),
        ("序列号", asset.serial),
        ("安装", _day(asset.installed_on)),
        ("质保", warranty(asset.warranty_until, today)),
        ("备注", asset.note),
    )
    return Card(
        title=f"{done} · {words.one_line(asset.name, 20)}",
        subtitle=asset.number,
        tone=Tone.SUCCESS,
        facts=tuple(Fact(name, value) for name, value in named if value),
        buttons=(
            Button("全部设备", Action("asset.list", str(asset.customer_id)), say=f"回复 {called}的设备"),
            Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),
        ),
        about=("asset", str(asset.id)),
    )


def warranty(until: date | None, today: date) -> str:
    """在保，到2027年2月28日（还有466天）; 已过保12天; empty where nothing is known."""
    if until is None:
        return ""
    left = (until - today).days
    if left < 0:
        return f"已过保，{_day(until)}到期（{-left}天前）"
    return f"在保，到{_day(until)}（还有{left}天）"


def _line(asset: Asset, today: date) -> str:
    parts = (
        f"{asset.name} {asset.model}".strip(),
        f"序列号{asset.serial}" if asset.serial else "",
        f"{asset.installed_on.year}年{asset.installed_on.month}月装" if asset.installed_on else "",
        warranty(asset.warranty_until, today),
    )
    return f"{'，'.join(part for part in parts if part)}（{asset.number}）"


def _day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value else ""
