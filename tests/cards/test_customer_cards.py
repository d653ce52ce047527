"""The customer card and its neighbours: whatever is known of a customer, it can be shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cards import customer_pages as pages
from cards import customers as cards
from cards.render.text import render_text
from cards.render.wecom import render
from crm.overview import (
    ActivityLine,
    ContactLine,
    Figure,
    Helper,
    History,
    Link,
    LinkState,
    Offers,
    Overview,
    People,
    QuoteLine,
    TagLine,
    Waiting,
)
from crm.task_lists import TaskItem
from store.tables import Customer
from tests.crm.team import NOW
from tests.local import local

LOCAL = local("2026-11-19T10:30")
words = st.text(max_size=80)


def customer(name: str = "华润置地（华东）有限公司", level: str = "A") -> Customer:
    """A customer's row."""
    return Customer(
        id=5, number="C0001", name=name, name_norm="", owner_id=1, level=level, created_at=NOW, updated_at=NOW
    )


def contact(name: str, title: str = "", phone: str = "") -> ContactLine:
    """A contact as he may be seen."""
    return ContactLine(6, name, title, phone=phone)


def line(raw: str, who: str = "王总") -> ActivityLine:
    """A record in a list."""
    return ActivityLine(1, "visit", raw, LOCAL, "day", "", "张伟", who)


def view(**parts: object) -> Overview:
    """A customer with nothing around it."""
    given: dict[str, object] = {
        "customer": customer(),
        "called": "华润置地",
        "owner": "张伟",
        "mine": True,
        "aliases": (),
        "contacts": (),
        "activities": (),
        "activity_count": 0,
        "tasks": (),
        "quotes": (),
    }
    return Overview(**(given | parts))  # type: ignore[arg-type]  # the parts are the overview's own fields


def test_a_new_customer_says_that_nothing_was_done_yet() -> None:
    card = cards.overview_card(view(), LOCAL)
    assert card.subtitle == "C0001 · 负责人张伟 · A级"
    assert card.body == "还没有跟进记录"
    assert [b.text for b in card.buttons] == ["记跟进", "报价", "时间线", "更多"]
    assert card.about == ("customer", "5")


def test_a_reader_gets_no_buttons_that_write() -> None:
    card = cards.overview_card(view(mine=False, activities=(line("聊了报价"),), activity_count=1), LOCAL)
    assert [b.text for b in card.buttons] == ["全部跟进", "时间线", "更多"]


def test_the_last_follow_ups_fit_on_the_card() -> None:
    lines = tuple(line("聊了二期报价" * 30) for _ in range(3))
    card = cards.overview_card(view(activities=lines, activity_count=9), LOCAL)
    assert all(len(one) <= 50 for one in card.body.splitlines())
    assert {f.name: f.value for f in card.facts}["最近跟进"] == "今天，共9条"


def test_a_long_history_goes_on() -> None:
    page = History(customer(), "华润置地", tuple(line(f"第{n}次") for n in range(5)), 12, 5)
    card = pages.history_card(page, LOCAL, 0)
    assert [b.text for b in card.buttons] == ["更早的", "客户卡片"]
    last = pages.history_card(History(customer(), "华润置地", page.lines, 12, None), LOCAL, 10)
    assert [b.text for b in last.buttons] == ["客户卡片"]
    assert "第11条起" in last.subtitle


def test_the_most_important_stands_in_front_and_the_rest_behind() -> None:
    seen = view(
        contacts=(contact("王总", "", "138"),),
        tasks=tuple(
            TaskItem(n, f"事{n}", LOCAL, "minute", LOCAL, "open", 1, customer="华润置地") for n in range(4)
        ),
        figures=(Figure("报价", "待审批", 1, 52_200_000), Figure("报价", "已通过", 2, None)),
        waiting=(Waiting("Q0001", "李经理", LOCAL),),
        tags=(TagLine("高意向", "报价超过50万元"), TagLine("价格敏感")),
        helpers=(Helper("吴婷", "write", LOCAL.date()),),
        assets=3,
        related=(("上级单位", "华润集团"),),
        own=(("设备型号偏好", "X-200"),),
        chain=(Link("报价", LinkState.STALLED, "Q0001通过12天没有下文"), Link("跟进", LinkState.DONE)),
        activities=(line("聊了报价"),),
        activity_count=1,
    )
    card = cards.overview_card(seen, LOCAL)
    shown = {f.name: f.value for f in card.facts}
    assert shown["报价"] == "待审批1份 52.2万元；已通过2份"
    assert shown["进度"] == "Q0001通过12天没有下文"
    assert list(shown) == ["联系人", "下一步", "报价", "进度", "待审批", "待办"]
    behind = [f for skip in (0, 6) for f in cards.more_card(seen, LOCAL, skip).facts]
    told = {f.name: f.value for f in behind}
    assert told["标签 高意向"] == "报价超过50万元"
    assert told["协作"] == "吴婷（可写）"
    assert told["设备"] == "3台"
    assert told["上级单位"] == "华润集团"
    assert told["设备型号偏好"] == "X-200"
    assert card.note == f"还有{len(behind)}项资料，点“更多”"


def test_a_page_of_more_goes_on_until_everything_was_shown() -> None:
    own = tuple((f"字段{n}", str(n)) for n in range(14))
    pages_seen = [cards.more_card(view(own=own), LOCAL, skip) for skip in (0, 6, 12)]
    assert [len(p.facts) for p in pages_seen] == [6, 6, 2]
    assert [p.buttons[0].text for p in pages_seen] == ["下一页", "下一页", "客户卡片"]


@settings(max_examples=20)
@given(st.lists(st.builds(contact, words, words, words), max_size=6), st.integers(0, 10**6))
def test_any_page_fits(people: list[ContactLine], count: int) -> None:
    offers = tuple(QuoteLine(c.name, count, 9000, "draft", LOCAL) for c in people)
    for card in (
        pages.people_card(People(customer(), "华润置地", tuple(people), count, 6), 0),
        pages.offers_card(Offers(customer(), "华润置地", offers, count, 6, mine=True), LOCAL, 0),
    ):
        render(card, task_id="t", sign=lambda action: action.name)
        assert len(render_text(card).encode()) <= 2048


amounts = st.integers(0, 10**12)
overviews = st.builds(
    view,
    customer=st.builds(customer, words, st.sampled_from(["", "A"])),
    called=words,
    owner=words,
    mine=st.booleans(),
    aliases=st.lists(words, max_size=5).map(tuple),
    contacts=st.lists(st.builds(contact, words, words, words), max_size=6).map(tuple),
    activities=st.lists(st.builds(line, words, words), max_size=3).map(tuple),
    activity_count=st.integers(0, 10**6),
    tasks=st.lists(
        st.builds(
            lambda title: TaskItem(1, title, LOCAL, "minute", LOCAL, "open", 1, customer="华润置地"), words
        ),
        max_size=5,
    ).map(tuple),
    figures=st.lists(
        st.builds(Figure, words, words, st.integers(0, 99), st.integers(0, 10**12)), max_size=5
    ).map(tuple),
    waiting=st.lists(st.builds(Waiting, words, words, st.just(LOCAL)), max_size=3).map(tuple),
    tags=st.lists(st.builds(TagLine, words, words), max_size=8).map(tuple),
    helpers=st.lists(st.builds(Helper, words, st.sampled_from(["read", "write"])), max_size=5).map(tuple),
    own=st.lists(st.tuples(words, words), max_size=5).map(tuple),
    chain=st.lists(st.builds(Link, words, st.sampled_from(LinkState), words), max_size=3).map(tuple),
    quotes=st.lists(
        st.builds(QuoteLine, words, st.integers(0, 10**12), st.just(9000), st.just("draft")), max_size=3
    ).map(tuple),
)


@settings(max_examples=40)
@given(overviews)
def test_any_customer_can_be_shown(seen: Overview) -> None:
    card = cards.overview_card(seen, LOCAL)
    render(card, task_id="t", sign=lambda action: action.name)
    assert len(render_text(card).encode()) <= 2048
    more = cards.more_card(seen, LOCAL, 0)
    render(more, task_id="t", sign=lambda action: action.name)
    assert len(render_text(more).encode()) <= 2048
