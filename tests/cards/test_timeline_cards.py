"""Pages of what happened, of the past and of what stands in the way fit wherever they are shown."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cards import timeline as cards
from cards import undo as undo_cards
from cards.card import Card
from cards.render.text import render_text
from cards.render.wecom import render
from crm.labels import Fen, Share
from crm.past import DoneThen, Field, OfferedThen, Past, PlannedThen
from crm.reversing import Clash
from crm.timeline import Timeline
from crm.told import Change, Entry, Step
from tests.local import local

LOCAL = local("2026-11-19T10:30")
TODAY = LOCAL.date()
words = st.text(max_size=60)
moments = st.datetimes(local("2020-01-01T00:00"), local("2030-01-01T00:00"))
values = st.one_of(
    st.none(),
    words,
    st.builds(Fen, st.integers(0, 10**13)),
    st.builds(Share, st.integers(1, 10_000)),
    moments,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
changes = st.builds(Change, words, values, values)
steps = st.builds(
    Step,
    st.sampled_from(["新增", "修改", "撤销", "恢复", "删除", "归档"]),
    st.sampled_from(["customer", "contact", "activity", "task", "quote", "unheard_of"]),
    words,
    st.lists(changes, max_size=4).map(tuple),
    st.booleans(),
)
entries = st.builds(Entry, moments, words, st.lists(steps, max_size=8).map(tuple), words, st.booleans())


def fits(card: Card) -> None:
    """Whether a card can be shown as a card and as a text."""
    render(card, task_id="t", sign=lambda action: action.name)
    assert len(render_text(card).encode()) <= 2048


def test_a_change_says_what_was_before_and_after() -> None:
    change = Change("金额", Fen(58_000_000), Fen(56_000_000))
    assert cards.change_words(change, TODAY) == "金额 58万元→56万元"
    assert cards.change_words(Change("级别", None, "A"), TODAY) == "级别 空→A"
    assert cards.change_words(Change("时间", None, local("2026-11-20T10:00")), TODAY) == "时间 空→明天 10:00"


def test_a_step_names_its_record_unless_the_page_is_about_it() -> None:
    change = (Change("电话", None, "138"),)
    assert cards.step_words(Step("修改", "contact", "王总", change), TODAY) == "联系人“王总” 电话 空→138"
    assert cards.step_words(Step("修改", "customer", "华星", change, itself=True), TODAY) == "电话 空→138"
    merged = Step("合并", "customer", "华润置业", (Change("并入", None, "华润置地"),))
    assert cards.step_words(merged, TODAY) == "合并客户“华润置业”，并入“华润置地”"


def test_what_clashes_is_told_field_by_field() -> None:
    clash = Clash("客户“美的”", label="级别", mine="A", now="B", who="李娜", at=LOCAL)
    card = undo_cards.clash_card([clash], 3, 7, TODAY)
    assert card.body == "客户“美的” 级别：这条改成A，李娜今天 10:30又改成B"
    assert [b.text for b in card.buttons] == ["撤销其余3处", "不撤了"]
    assert card.about == ("undo", "7")
    assert undo_cards.clash_card([Clash("x", "已经不在了")], 0, 7, TODAY).buttons == ()


@settings(max_examples=30)
@given(st.lists(entries, max_size=4), words, st.one_of(st.none(), st.integers(1, 2**62)))
def test_any_page_fits(page: list[Entry], called: str, before: int | None) -> None:
    fits(cards.timeline_card(Timeline("customer", 5, called, tuple(page), before, 5), LOCAL, first=True))


@settings(max_examples=30)
@given(
    st.lists(st.builds(Field, st.just("level"), words, values, values), max_size=4),
    st.lists(words, max_size=5),
    st.lists(st.builds(DoneThen, st.just("visit"), words, moments), max_size=3),
    st.lists(st.builds(PlannedThen, words, moments, st.just("day"), st.just("done")), max_size=3),
    st.lists(st.builds(OfferedThen, words, st.just(100), st.just("draft"), st.just("approved")), max_size=3),
    moments,
)
def test_any_past_fits(
    fields: list[Field],
    names: list[str],
    done: list[DoneThen],
    tasks: list[PlannedThen],
    quotes: list[OfferedThen],
    moment: datetime,
) -> None:
    past = Past(
        5,
        "华润置地",
        moment,
        LOCAL,
        tuple(fields),
        tuple(names),
        tuple(names),
        tuple(done),
        len(done),
        tuple(tasks),
        tuple(quotes),
        (("contact", 2), ("activity", 9)),
    )
    fits(cards.past_card(past, LOCAL))


@settings(max_examples=30)
@given(st.lists(st.builds(Clash, words, words, words, values, values, words), min_size=1, max_size=9))
def test_any_clash_fits(clashes: list[Clash]) -> None:
    fits(undo_cards.clash_card(clashes, 2, 7, TODAY))
