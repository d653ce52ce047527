"""The buttons of the morning card."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from handlers import mornings, quotes
from handlers.router import merge
from scheduler.mornings import morning_cards
from tests.crm.team import make_team
from tests.ground import standing
from tests.handlers.desk import Desk

FRIDAY = datetime.fromisoformat("2026-11-20T00:30:00+00:00")  # 8:30 in Shanghai


@standing
def desk(session: Session) -> Desk:
    """The team, with a quote of 张伟 that waits for 李经理."""
    desk = Desk(make_team(session), merge([quotes.router, mornings.router]))
    desk.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    desk.say("zhang", "报价 华润置地 58万 9折 提交")
    return desk


def test_the_managers_card_leads_to_what_waits(desk: Desk) -> None:
    cards = {one.member_id: one.card for one in morning_cards(desk.team.session, FRIDAY, desk.team.business)}
    card = cards[desk.team.members["li"].id]
    (waiting,) = desk.press("li", card, "看待审批").cards
    assert desk.press("li", waiting, "同意").refresh[0].done == "已由李经理同意 10:30"
    assert "没有等您审批" in desk.press("li", card, "看待审批").text
    assert [b.text for b in cards[desk.team.members["zhang"].id].buttons] == ["看今天的待办"]


def test_the_days_list_is_one_press_away(desk: Desk) -> None:
    given = morning_cards(desk.team.session, FRIDAY, desk.team.business)
    assert desk.press("zheng", given[0].card, "看今天的待办").cards
