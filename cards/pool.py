"""Cards of the pool: what lies in it, a customer that was claimed, customers that were put there."""

from __future__ import annotations

from collections.abc import Sequence

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.pool import PAGE, Page, Pooled

MOST_BUTTONS = 3
MOST_NAMED = 5


def pool_card(page: Page, skipped: int = 0) -> Card:
    """A page of the pool, with a button to claim the first few."""
    lines = [f"{place}. {_line(one)}" for place, one in enumerate(page.rows, start=skipped + 1)]
    claims = tuple(
        Button(
            words.one_line(f"领取{one.called}", 10),
            Action("pool.claim", str(one.id)),
            say=f"回复 领取 {one.called}",
        )
        for one in page.rows[:MOST_BUTTONS]
        if page.claims
    )
    after = page.after or 0
    further = Button("更多", Action("pool.page", extra=str(after)), say=f"回复 公海 第{after // PAGE + 1}页")
    more = (further,) if after else ()
    how = "领取后由你负责，电话等资料随之打开" if page.claims else "你的角色可以看，不能领取"
    return Card(
        "公海",
        subtitle=f"第{skipped + 1}家起" if skipped else "",
        body="\n".join(lines) or "公海里现在没有客户",
        note=how if page.rows else "放进来这样说：把华润置地放入公海",
        buttons=(*claims, *more),
    )


def claimed_card(customer_id: int, name: str, inbox_id: int) -> Card:
    """A customer that is the actor's from now on."""
    return Card(
        f"已领取 · {words.one_line(name, 20)}",
        tone=Tone.SUCCESS,
        body="现在由你负责，资料已全部打开",
        buttons=(
            Button("客户卡片", Action("customer.open", str(customer_id)), Tone.PRIMARY, say=f"回复 {name}"),
            Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),
        ),
    )


def released_card(names: Sequence[str], inbox_id: int) -> Card:
    """Customers that nobody looks after from now on."""
    told = "、".join(names[:MOST_NAMED]) + (f"等{len(names)}家" if len(names) > MOST_NAMED else "")
    return Card(
        "已放入公海",
        tone=Tone.SUCCESS,
        facts=(Fact("客户", told),),
        note="有权限的同事可以领取；没完成的任务和审批仍由原来的人处理",
        buttons=(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),),
    )


def _line(one: Pooled) -> str:
    behind = "，".join(part for part in (f"{one.level}级" if one.level else "", one.region) if part)
    return f"{words.one_line(one.name, 24)}{f'（{behind}）' if behind else ''}"
