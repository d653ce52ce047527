"""A list of which not all was looked at says so, and its button goes on."""

from __future__ import annotations

from cards.custom import list_card
from crm.custom.filters import Listed, Row
from crm.custom.walking import WINDOW

ROWS = (Row(1, 1, "华星科技", "", "张伟"),)


def test_a_window_without_any_asks_to_go_on() -> None:
    card = list_card("客户", Listed("customer", "等级没填", (), 0, 0, 123, exact=False), 0, "[]")
    assert f"这{WINDOW}家里没有" in card.body
    assert [one.text for one in card.buttons] == ["更多"]


def test_the_count_is_a_lower_bound_until_all_was_looked_at() -> None:
    more = list_card("客户", Listed("customer", "等级没填", ROWS, 1, 1, 123, exact=False), 0, "[]")
    assert more.title == "等级没填的客户 · 1家以上"
    whole = list_card("客户", Listed("customer", "等级没填", ROWS, 1, None), 0, "")
    assert whole.title == "等级没填的客户 · 1家"


def test_nothing_at_all_is_said_plainly() -> None:
    card = list_card("客户", Listed("customer", "等级没填", (), 0, None), 0, "")
    assert card.body == "没有符合的，换个条件试试"
    assert not card.buttons
