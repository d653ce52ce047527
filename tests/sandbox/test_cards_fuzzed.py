"""Cards with anything anywhere: refused or drawn, never a crash."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.wecom.cardrules import check_card
from sandbox.wecom.drawing import draw, first_state, keys, menu_keys
from sandbox.wecom.errors import Refused
from tests.sandbox.world import Json, button_card, multiple_card, news_card, text_card, vote_card

MENU = {"desc": "更多", "action_list": [{"text": "静音", "key": "mute"}]}
ROWS = [{"keyname": "客户", "value": "华润", "type": 1, "url": "https://example.com"}]
SELECT = {"question_key": "s", "option_list": [{"id": "1", "text": "一"}], "selected_id": "1"}
CARDS: list[Json] = [
    text_card(task_id="t", action_menu=MENU, horizontal_content_list=ROWS, source={"desc": "跟进"}),
    news_card(vertical_content_list=[{"title": "行"}], jump_list=[{"title": "去"}], quote_area={"type": 0}),
    button_card(button_selection=SELECT, card_action={"type": 0}),
    vote_card(),
    multiple_card(),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=4,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key in it, outermost first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(value, name) for name, _ in inside]
    return found + [place for owner, name in found for place in _places(owner[name])]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(CARDS), st.integers(0, 10_000), JSON, st.booleans(), st.booleans())
def test_anything_anywhere(card: Json, where: int, what: object, remove: bool, update: bool) -> None:
    """One place of a good card is changed or removed."""
    changed = copy.deepcopy(card)
    places = _places(changed)
    owner, name = places[where % len(places)]
    if remove:
        del owner[name]
    else:
        owner[name] = what
    if update:
        changed.pop("task_id", None)
    before = copy.deepcopy(changed)
    try:
        check_card(changed, update=update)
    except Refused:
        return
    assert changed == before
    drawn = draw(changed)
    first_state(changed)
    assert isinstance(drawn["cut"], list)
    assert all(isinstance(one, str) for one in [*keys(changed), *menu_keys(changed)])
