"""A manager's feed: at once and gathered, or once in the evening; never twice, never empty, within rights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from config.business import Business
from crm import feed, undo, visits
from crm.errors import UserMistake
from crm.feed import Mode
from crm.visits import ActivityKind, Draft, Recorded
from scheduler.feed import feed_digests, live_feeds
from scheduler.outgoing import Outgoing
from store.tables import Customer
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

EVENING = datetime(2026, 11, 19, 10, 35, tzinfo=UTC)  # 18:35 in Shanghai


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded is there without delay."""
    monkeypatch.setattr(feed, "LAG", 0.0)


@standing
def team(session: Session) -> Team:
    """The team with two customers."""
    team = make_team(session)
    team.customer("zhang", "华星科技有限公司", "华星")
    team.customer("wu", "恒瑞医药", "恒瑞")
    return team


def told(team: Team, who: str, raw: str, at: datetime = NOW, message: int = 1) -> Recorded:
    """A record of 张伟 or 吴婷 about their customer."""
    owner = team.members[who].id
    customer = team.session.scalars(select(Customer).where(col(Customer.owner_id) == owner)).first()
    assert customer is not None
    draft = Draft(ActivityKind.VISIT, raw=raw, customer_id=customer.id)
    return visits.record(team.as_(who, at, message), draft)


def live(team: Team, now: datetime = NOW) -> list[Outgoing]:
    """What the tick sends."""
    return live_feeds(team.session, now, Business())


def digests(team: Team, now: datetime = EVENING) -> list[Outgoing]:
    """What the evening's tick sends."""
    return feed_digests(team.session, now, Business())


def who(team: Team, sent: list[Outgoing]) -> list[str]:
    """To whom."""
    names = {member.id: key for key, member in team.members.items()}
    return sorted(names[one.member_id] for one in sent)


def test_it_is_told_at_once_to_who_wants_it(team: Team) -> None:
    told(team, "zhang", "以前的")
    feed.set_mode(team.as_("li"), Mode.LIVE)
    assert live(team) == []
    told(team, "zhang", "聊了二期报价")
    told(team, "wu", "问了交期")
    (one,) = live(team)
    assert who(team, [one]) == ["li"]
    assert (one.card.title, one.card.quote) == ("张伟 拜访 · 华星", "聊了二期报价")
    assert live(team, NOW + timedelta(minutes=5)) == []


def test_what_comes_soon_after_comes_together(team: Team) -> None:
    feed.set_mode(team.as_("li"), Mode.LIVE)
    told(team, "zhang", "第一条")
    assert len(live(team)) == 1
    told(team, "zhang", "第二条")
    told(team, "zhang", "第三条")
    assert live(team, NOW + timedelta(seconds=119)) == []
    (one,) = live(team, NOW + timedelta(seconds=121))
    assert one.card.title == "2条新跟进"
    assert [fact.value for fact in one.card.facts] == ["拜访华星，第二条", "拜访华星，第三条"]


def test_whoever_stands_above_hears_but_not_of_himself(team: Team) -> None:
    for one in ("li", "chen", "zhao"):
        feed.set_mode(team.as_(one), Mode.LIVE)
    told(team, "zhang", "聊了二期")
    assert who(team, live(team)) == ["chen", "li"]
    team.customer("li", "李娜自己的客户")
    told(team, "li", "我自己去的")
    assert who(team, live(team, NOW + timedelta(minutes=3))) == ["chen"]


def test_a_correction_of_what_was_told_is_no_news(team: Team) -> None:
    feed.set_mode(team.as_("li"), Mode.LIVE)
    first = told(team, "zhang", "金额58万")
    assert len(live(team)) == 1
    fix = Draft(ActivityKind.VISIT, raw="金额56万", amount=(56_000_000, 56_000_000))
    visits.correct(team.as_("zhang", NOW, 2), first.activity.id, fix)
    assert live(team, NOW + timedelta(minutes=3)) == []
    second = told(team, "zhang", "又去了", message=3)
    visits.correct(team.as_("zhang", NOW, 4), second.activity.id, fix)
    (one,) = live(team, NOW + timedelta(minutes=6))
    assert "更正" in one.card.quote


def test_what_was_taken_back_before_it_was_told_is_not_told(team: Team) -> None:
    feed.set_mode(team.as_("li"), Mode.LIVE)
    told(team, "zhang", "说错了", message=7)
    undo.undo(team.as_("zhang", NOW, 8), 7)
    assert live(team) == []


def test_two_replicas_tell_once(team: Team) -> None:
    feed.set_mode(team.as_("li"), Mode.LIVE)
    told(team, "zhang", "聊了二期")
    (waiting,) = feed.listeners(team.session, NOW)
    seen = waiting.seen_id
    assert len(live(team)) == 1
    assert not feed.take(team.session, waiting.member_id, seen, seen + 1, NOW)


def test_the_digest_comes_once_in_the_evening(team: Team) -> None:
    told(team, "zhang", "聊了二期报价")
    told(team, "zhang", "又打了电话")
    assert digests(team, NOW) == []
    sent = digests(team)
    assert who(team, sent) == ["chen", "li"]
    card = sent[0].card
    assert card.title == "今天的跟进 · 2条"
    assert [(fact.name, fact.value) for fact in card.facts] == [("张伟", "2条 华星")]
    assert digests(team, EVENING + timedelta(hours=1)) == []


def test_nobody_is_bothered_with_an_empty_one(team: Team) -> None:
    assert digests(team) == []
    told(team, "zhang", "聊了二期报价", EVENING)
    assert digests(team, EVENING + timedelta(minutes=1)) == [], "his day is served"
    told(team, "zhang", "第二天", EVENING + timedelta(hours=15))
    assert who(team, digests(team, EVENING + timedelta(days=1))) == ["chen", "li"]


def test_who_has_chosen_otherwise_gets_no_digest(team: Team) -> None:
    feed.set_mode(team.as_("li"), Mode.OFF)
    feed.set_mode(team.as_("chen"), Mode.LIVE)
    told(team, "zhang", "聊了二期报价")
    assert digests(team) == []
    assert feed.mode_of(team.as_("li")) is Mode.OFF
    assert feed.mode_of(team.as_("zhao")) is Mode.DIGEST


def test_without_people_there_is_nothing_to_choose(team: Team) -> None:
    with pytest.raises(UserMistake, match="没有下属"):
        feed.set_mode(team.as_("zhang"), Mode.LIVE)


def test_a_ring_of_superiors_ends() -> None:
    assert feed.above(1, {1: 2, 2: 3, 3: 1}) == {2, 3}
    assert feed.below(1, {1: None, 2: 1, 3: 2}) == [2, 3]
