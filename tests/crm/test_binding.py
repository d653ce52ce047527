"""Codes that bind an account to a member."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from sqlalchemy import select
from sqlmodel import Session, col

from crm.binding import LIFE, MOST_WRONG, Account, Issued, Outcome, issue, redeem
from store.tables import BindingCode, EventLog, Identity
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

ME = Account("wecom", "bot", "wohR_KCgAb")


@standing
def team(session: Session) -> Team:
    return make_team(session)


def told(team: Team, account: Account = ME) -> Issued:
    return issue(team.session, account, NOW)


def owner(session: Session) -> int | None:
    query = select(col(Identity.member_id)).where(col(Identity.external_id) == ME.external_id)
    return session.execute(query).scalar_one_or_none()


def test_a_code_that_is_typed_where_the_member_is_known_binds(team: Team) -> None:
    issued = told(team)
    assert len(issued.code) == 6
    assert issued.expires_at == NOW + LIFE
    redeemed = redeem(team.as_("zhang"), issued.code)
    assert (redeemed.outcome, redeemed.app) == (Outcome.BOUND, "bot")
    assert owner(team.session) == team.members["zhang"].id


def test_a_code_works_once(team: Team) -> None:
    code = told(team).code
    assert redeem(team.as_("zhang"), code).outcome is Outcome.BOUND
    assert redeem(team.as_("wu"), code).outcome is Outcome.WRONG
    assert owner(team.session) == team.members["zhang"].id


def test_a_code_is_over_after_ten_minutes(team: Team) -> None:
    code = told(team).code
    assert redeem(team.as_("zhang", NOW + LIFE), code).outcome is Outcome.WRONG
    assert owner(team.session) is None


def test_asking_again_shows_the_same_code_until_it_is_half_over(team: Team) -> None:
    first = told(team)
    assert issue(team.session, ME, NOW + timedelta(minutes=4)) == first
    second = issue(team.session, ME, NOW + timedelta(minutes=6))
    assert second.expires_at == NOW + timedelta(minutes=16)
    assert len(team.session.execute(select(BindingCode)).all()) == 1


def test_two_accounts_never_have_the_same_code(team: Team) -> None:
    numbers = iter([7, 7, 7, 8])
    first = issue(team.session, ME, NOW, draw=lambda _: next(numbers))
    second = issue(team.session, Account("wecom", "bot", "other"), NOW, draw=lambda _: next(numbers))
    assert (first.code, second.code) == ("000007", "000008")


def test_guessing_ends_after_five_wrong_codes_and_begins_again_later(team: Team) -> None:
    numbers = count(500_000)
    code = issue(team.session, ME, NOW, draw=lambda _: next(numbers)).code
    for _ in range(MOST_WRONG):
        assert redeem(team.as_("zhang"), "111111").outcome is Outcome.WRONG
    assert redeem(team.as_("zhang"), code).outcome is Outcome.TOO_MANY
    assert redeem(team.as_("wu"), "111111").outcome is Outcome.WRONG
    later = NOW + timedelta(minutes=11)
    fresh = issue(team.session, ME, later).code
    assert redeem(team.as_("zhang", later), fresh).outcome is Outcome.BOUND


def test_an_account_of_a_colleague_stays_his(team: Team) -> None:
    assert redeem(team.as_("zhang"), told(team).code).outcome is Outcome.BOUND
    assert redeem(team.as_("wu"), told(team).code).outcome is Outcome.TAKEN
    assert redeem(team.as_("zhang"), told(team).code).outcome is Outcome.ALREADY
    assert owner(team.session) == team.members["zhang"].id


def test_what_happened_is_written_down_and_is_no_part_of_a_message(team: Team) -> None:
    redeem(team.as_("zhang", inbox_id=7), "111111")
    redeem(team.as_("zhang", inbox_id=8), told(team).code)
    rows = team.session.execute(select(EventLog).where(col(EventLog.object) == "binding")).scalars().all()
    assert [(row.type, row.inbox_id) for row in rows] == [("wrong", None), ("bound", None)]
    assert not any("111111" in str((row.before, row.after)) for row in rows)


def test_the_id_is_kept_as_the_platform_writes_it(team: Team) -> None:
    told(team)
    row = team.session.execute(select(BindingCode)).scalar_one()
    assert (row.external_id, row.address) == ("wohr_kcgab", "wohR_KCgAb")
