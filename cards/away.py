"""Cards of an absence: for who is away, and for his deputy."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cards.card import Action, Button, Card, Fact, Tone
from cards.words import full_day
from crm.away import Absence


def about(away_id: int) -> tuple[str, str]:
    """What binds a card to its absence."""
    return ("away", str(away_id))


def away_card(one: Absence, today: date, *, inbox_id: int | None, mine: bool) -> Card:
    """It is noted; for who is away or has noted it."""
    who = "你" if mine else one.name
    return Card(
        title="已登记请假" if mine else f"已登记{one.name}请假",
        tone=Tone.SUCCESS,
        body=f"这期间{who}的待办提醒、早上的安排和审批也会发给{one.deputy}，由{one.deputy}代为处理",
        facts=(Fact("时间", span(one, today)), Fact("代理", one.deputy)),
        buttons=(
            Button("销假", Action("away.end", str(one.id)), say="回复 销假"),
            *((Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),) if inbox_id else ()),
        ),
        about=about(one.id),
    )


def deputy_words(one: Absence, today: date) -> str:
    """For the deputy."""
    return (
        f"{one.name}请假，{span(one, today)}由你代理。这期间待办提醒、早上的安排和审批也会发给你，"
        "客户你可以查看和记录。"
    )


def over_card(one: Absence, done: str) -> Card:
    """It has ended."""
    return Card("请假", facts=(Fact("代理", one.deputy),), done=done, about=about(one.id))


def back_words(one: Absence, *, deputy: bool) -> str:
    """For both, when it has ended."""
    if deputy:
        return f"{one.name}回来了，你不再代理{one.name}的工作，辛苦了。"
    return f"请假结束，{one.deputy}不再代理你的工作。欢迎回来，发“今天”看看安排。"


def span(one: Absence, today: date) -> str:
    """12月1日 周二 到 12月5日 周六; from now on where it has begun."""
    begin = _from(one.start, today)
    if one.end is None:
        return f"{begin}起，销假为止"
    last = one.end - timedelta(minutes=1)
    if one.end.time() == datetime.min.time():
        end = full_day(last.date(), today)
        return end if end == begin else f"{begin} 到 {end}"
    return f"{begin} 到 {full_day(one.end.date(), today)} {one.end:%H:%M}"


def _from(value: datetime, today: date) -> str:
    words = full_day(value.date(), today)
    return words if value.time() == datetime.min.time() or value.date() == today else f"{words} {value:%H:%M}"
