"""The customer card and its neighbours: whatever is known of a customer, it can be shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cards import customers as cards
from cards.render.text import render_text
from cards.render.wecom import render
from crm.customers import Proposal
from crm.overview import ActivityLine, History, Overview, QuoteLine
from crm.task_lists import TaskItem
from store.tables import Contact, Customer
from tests.crm.team import NOW
from tests.local import local

LOCAL = local("2026-11-19T10:30")
words = st.text(max_size=80)


def customer(name: str = "华润置地（华东）有限公司", level: str = "A") -> Customer:
    """A customer's row."""
    return Customer(
        id=5, number="C0001", name=name, name_norm="", owner_id=1, level=level, created_at=NOW, updated_at=NOW
    )


def contact(name: str, title: str, phone: str) -> Contact:
    """A contact's row."""
    return Contact(id=6, customer_id=5, name=name, title=title, phone=phone, created_at=NOW, updated_at=NOW)


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
    assert [b.text for b in card.buttons] == ["记跟进", "报价"]
    assert card.about == ("customer", "5")


def test_a_reader_gets_no_buttons_that_write() -> None:
    card = cards.overview_card(view(mine=False, activities=(line("聊了报价"),), activity_count=1), LOCAL)
    assert [b.text for b in card.buttons] == ["全部跟进"]


def test_the_last_follow_ups_fit_on_the_card() -> None:
    lines = tuple(line("聊了二期报价" * 30) for _ in range(3))
    card = cards.overview_card(view(activities=lines, activity_count=9), LOCAL)
    assert all(len(one) <= 50 for one in card.body.splitlines())
    assert {f.name: f.value for f in card.facts}["最近跟进"] == "今天，共9条"


def test_a_long_history_goes_on() -> None:
    page = History(customer(), "华润置地", tuple(line(f"第{n}次") for n in range(5)), 12, 5)
    card = cards.history_card(page, LOCAL, 0)
    assert [b.text for b in card.buttons] == ["更早的", "客户卡片"]
    last = cards.history_card(History(customer(), "华润置地", page.lines, 12, None), LOCAL, 10)
    assert [b.text for b in last.buttons] == ["客户卡片"]
    assert "第11条起" in last.subtitle


def test_similar_names_are_shown_with_their_owners() -> None:
    proposals = (Proposal(1, "苏州汇川", "吴婷", mine=False), Proposal(2, "汇川技术", "张伟", mine=True))
    card = cards.similar_card("苏州汇川技术", proposals, 9)
    assert "苏州汇川，负责人吴婷" in card.body
    assert [b.text for b in card.buttons] == ["仍然新建", "看汇川技术", "不建了"]


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
