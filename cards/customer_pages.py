"""The pages behind a customer's card: its records, its people, its quotes."""

from __future__ import annotations

from datetime import date, datetime

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from cards.customers import activity_line, back_button, born_words
from crm.overview import ContactLine, History, Offers, People, QuoteLine

MOST_REVEALS = 3
MOST_OWN = 4
LONGEST_OWN = 20  # characters of a value


def history_card(page: History, local: datetime, skipped: int) -> Card:
    """A page of a customer's records."""
    lines = [activity_line(a, local.date(), 60) for a in page.lines]
    key = str(page.customer.id)
    return Card(
        title=f"{page.called} · 全部跟进",
        subtitle=_counted(page.count, "条", skipped),
        body="\n".join(lines) or "还没有跟进记录，直接说一句就能记，例如：今天电话联系了王总，聊了报价",
        buttons=(
            *_older("更早的", "customer.history", key, page.after),
            _back(page),
        ),
    )


def people_card(page: People, skipped: int) -> Card:
    """A page of a customer's contacts."""
    key = str(page.customer.id)
    return Card(
        title=f"{page.called} · 联系人",
        subtitle=_counted(page.count, "位", skipped),
        facts=tuple(Fact(c.name, _about(c)) for c in page.lines),
        body="" if page.lines else f"还没有联系人，直接说，例如：{page.called}的王总电话 13800138000",
        buttons=(
            *_masked(page),
            *_older("下一页", "customer.people", key, page.after),
            _back(page),
        ),
    )


def _masked(page: People) -> tuple[Button, ...]:
    """For numbers that are masked, the way to see them: the first few."""
    return tuple(
        Button(
            words.one_line(f"看{one.name}电话", 10),
            Action("contact.phone", str(one.id)),
            say=f"回复 看电话 {page.called}的{one.name} 加原因",
        )
        for one in page.lines
        if "****" in one.phone
    )[:MOST_REVEALS]


def offers_card(page: Offers, local: datetime, skipped: int) -> Card:
    """A page of a customer's quotes."""
    key = str(page.customer.id)
    say = f"回复 报价 {page.called}"
    new = (Button("新报价", Action("customer.quote", key), Tone.PRIMARY, say=say),) if page.mine else ()
    return Card(
        title=f"{page.called} · 报价",
        subtitle=_counted(page.count, "份", skipped),
        facts=tuple(Fact(q.number, _offer(q, local.date())) for q in page.lines),
        body="" if page.lines else "还没有报价",
        buttons=(
            *new,
            *_older("更早的", "customer.quotes", key, page.after),
            _back(page),
        ),
    )


def _back(page: History | People | Offers) -> Button:
    return back_button(page.customer.id, f"回复 {page.called} 全景")


def _counted(count: int, measure: str, skipped: int) -> str:
    return f"共{count}{measure}" + (f"，第{skipped + 1}{measure}起" if skipped else "")


def _older(text: str, name: str, key: str, after: int | None) -> tuple[Button, ...]:
    return (Button(text, Action(name, key, extra=str(after)), say=f"回复 {text}"),) if after else ()


def _about(one: ContactLine) -> str:
    born = born_words(one)
    told = (
        one.title if one.title not in one.name else "",
        one.role,
        one.phone,
        f"生日{born}" if born else "",
        one.likes,
        *(f"{name}{words.one_line(value, LONGEST_OWN)}" for name, value in one.own[:MOST_OWN]),
    )
    return " ".join(part for part in told if part) or "还没有电话"


def _offer(one: QuoteLine, today: date) -> str:
    told = (
        "" if one.total is None else words.money(one.total),
        "" if one.discount is None else words.discount(one.discount),
        words.QUOTE_STATUS.get(one.status, one.status),
        words.day(one.at.date(), today) if one.at else "",
    )
    return " ".join(part for part in told if part)
