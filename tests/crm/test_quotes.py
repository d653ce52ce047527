"""Quotes: amounts, numbers, who may submit, and that they are decided once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from crm import quotes
from crm.approvals import Verdict
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.quotes import FULL, QuoteDraft, QuoteView, total_of
from store.database import Database
from store.tables import Approval, EventLog, Quote, QuoteStatus
from tests.crm.team import Team, make_team
from tests.ground import standing

AMOUNT = 58_000_000


@standing
def team(session: Session) -> Team:
    """A team on a fresh database."""
    return make_team(session)


def offer(team: Team, *, discount: int = 9000, who: str = "zhang") -> QuoteView:
    """A draft for 华润置地 over 58万."""
    customer = team.customer(who, "华润置地（华东）有限公司", "华润置地")
    return quotes.draft(team.as_(who), QuoteDraft(customer.id, AMOUNT, discount))


@given(st.integers(1, 10**15), st.integers(1, FULL))
def test_the_total_is_rounded_half_up_and_never_above_the_amount(amount: int, discount: int) -> None:
    total = total_of(amount, discount)
    assert 0 <= total <= amount
    assert abs(total * FULL - amount * discount) * 2 <= FULL


def test_half_a_fen_goes_up() -> None:
    assert total_of(1, 5000) == 1
    assert total_of(AMOUNT, 9000) == 52_200_000


def test_a_draft_has_a_number_its_total_and_the_short_name(team: Team) -> None:
    made = offer(team)
    assert (made.number, made.total, made.customer) == ("Q0001", 52_200_000, "华润置地")
    assert made.status is QuoteStatus.DRAFT
    assert made.approver is not None
    assert made.approver.called == "李经理"
    again = quotes.draft(team.as_("zhang"), QuoteDraft(made.customer_id, AMOUNT))
    assert (again.number, again.total) == ("Q0002", AMOUNT)


def test_a_customer_without_a_short_name_is_called_as_it_is_written(team: Team) -> None:
    customer = team.customer("zhang", "ABB机器人（上海）有限公司")
    assert quotes.short_name(team.session, customer.id) == "ABB机器人（上海）"
    assert quotes.draft(team.as_("zhang"), QuoteDraft(customer.id, AMOUNT)).customer == "ABB机器人（上海）"


@pytest.mark.parametrize("amount", [0, -1, 99, 10**14])
def test_an_impossible_amount_is_refused_with_an_example(team: Team, amount: int) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司")
    with pytest.raises(UserMistake, match="例如"):
        quotes.draft(team.as_("zhang"), QuoteDraft(customer.id, amount))


@pytest.mark.parametrize("discount", [0, 99, 10_001])
def test_an_impossible_discount_is_refused_with_an_example(team: Team, discount: int) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司")
    with pytest.raises(UserMistake, match="例如"):
        quotes.draft(team.as_("zhang"), QuoteDraft(customer.id, AMOUNT, discount))


def test_nobody_offers_to_a_colleagues_customer(team: Team) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司")
    with pytest.raises(NotAllowed):
        quotes.draft(team.as_("wu"), QuoteDraft(customer.id, AMOUNT))


def test_submitting_asks_the_direct_manager(team: Team) -> None:
    sent = quotes.submit(team.as_("zhang"), offer(team).id)
    assert sent.status is QuoteStatus.PENDING
    assert sent.approver is not None
    assert sent.approver.id == team.members["li"].id
    assert [q.number for q in quotes.waiting_for(team.as_("li"), team.members["li"].id)] == ["Q0001"]
    assert quotes.waiting_for(team.as_("zhao"), team.members["zhao"].id) == []


def test_without_a_manager_it_says_who_can_set_one(team: Team) -> None:
    with pytest.raises(UserMistake, match="管理员"):
        quotes.submit(team.as_("chen"), offer(team, who="chen").id)
    assert team.session.execute(select(Approval)).first() is None


def test_a_manager_who_has_left_is_not_asked(team: Team) -> None:
    made = offer(team)
    team.members["li"].active = False
    team.session.flush()
    with pytest.raises(UserMistake, match="李娜已停用"):
        quotes.submit(team.as_("zhang"), made.id)


def test_a_quote_is_submitted_once(team: Team) -> None:
    made = offer(team)
    quotes.submit(team.as_("zhang"), made.id, made.version)
    with pytest.raises(Conflict, match="正在等李经理审批"):
        quotes.submit(team.as_("zhang"), made.id, made.version)


def test_only_the_author_submits(team: Team) -> None:
    made = offer(team)
    with pytest.raises(NotAllowed, match="张伟"):
        quotes.submit(team.as_("li"), made.id)


@pytest.mark.parametrize(
    ("verdict", "status"), [(Verdict.APPROVE, QuoteStatus.APPROVED), (Verdict.REJECT, QuoteStatus.REJECTED)]
)
def test_the_managers_word_settles_the_quote(team: Team, verdict: Verdict, status: QuoteStatus) -> None:
    sent = quotes.submit(team.as_("zhang"), offer(team).id)
    done = quotes.decide(team.as_("li"), sent.id, verdict, " 先这样 ", sent.version)
    assert done.status is status
    assert done.standing is not None
    assert done.standing.comment == "先这样"
    assert quotes.waiting_for(team.as_("li"), team.members["li"].id) == []


def test_a_decision_on_an_older_card_is_refused(team: Team) -> None:
    sent = quotes.submit(team.as_("zhang"), offer(team).id)
    with pytest.raises(Conflict, match="最新的卡片"):
        quotes.decide(team.as_("li"), sent.id, Verdict.APPROVE, version=sent.version - 1)


def test_a_late_press_hears_who_decided_even_with_an_old_card(team: Team) -> None:
    sent = quotes.submit(team.as_("zhang"), offer(team).id)
    quotes.decide(team.as_("li"), sent.id, Verdict.APPROVE, version=sent.version)
    with pytest.raises(Conflict, match="已由李经理 10:30 通过"):
        quotes.decide(team.as_("li"), sent.id, Verdict.REJECT, version=sent.version)
    with pytest.raises(Conflict, match="已由李经理 10:30 通过"):
        quotes.withdraw(team.as_("zhang"), sent.id, sent.version)


def test_a_withdrawn_quote_is_no_longer_asked_about(team: Team) -> None:
    sent = quotes.submit(team.as_("zhang"), offer(team).id)
    back = quotes.withdraw(team.as_("zhang"), sent.id, sent.version)
    assert back.status is QuoteStatus.WITHDRAWN
    assert quotes.waiting_for(team.as_("li"), team.members["li"].id) == []
    with pytest.raises(Conflict, match="已经撤回"):
        quotes.withdraw(team.as_("zhang"), sent.id)


def test_a_draft_is_dropped_without_anybody_being_asked(team: Team) -> None:
    made = offer(team)
    assert quotes.withdraw(team.as_("zhang"), made.id, made.version).standing is None


@pytest.mark.parametrize("said", ["Q0001", "q1", " Q01 ", "Ｑ0001"])
def test_a_number_is_found_however_it_is_written(team: Team, said: str) -> None:
    made = offer(team)
    assert quotes.by_number(team.as_("li"), said) == made.id


def test_an_unknown_number_is_refused_with_an_example(team: Team) -> None:
    with pytest.raises(UserMistake, match="Q0001"):
        quotes.by_number(team.as_("li"), "Q9999")


def test_every_step_is_in_the_event_log(team: Team) -> None:
    sent = quotes.submit(team.as_("zhang"), offer(team).id)
    quotes.decide(team.as_("li"), sent.id, Verdict.APPROVE)
    query = select(EventLog).where(col(EventLog.object) == "quote").order_by(col(EventLog.id))
    lines = list(team.session.execute(query).scalars())
    assert [(line.type, line.after.get("status")) for line in lines] == [
        ("created", "draft"),
        ("changed", "pending"),
        ("changed", "approved"),
    ]
    assert [line.actor_id for line in lines] == [team.members[w].id for w in ("zhang", "zhang", "li")]


def test_quotes_made_at_once_get_different_numbers(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        customer_id = team.customer("zhang", "华润置地（华东）有限公司").id
        session.commit()
    start = Barrier(6)

    def make(_: int) -> None:
        with Session(database.writer) as session:
            start.wait()
            ctx = Team(session, members=team.members).as_("zhang")
            quotes.draft(ctx, QuoteDraft(customer_id, AMOUNT))
            session.commit()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(make, range(6)))
    with Session(database.reader) as session:
        numbers = sorted(session.execute(select(col(Quote.number))).scalars())
    assert numbers == [f"Q000{n}" for n in range(1, 7)]


def test_ten_presses_at_once_settle_the_quote_once(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        sent = quotes.submit(team.as_("zhang"), offer(team).id)
        session.commit()
    start = Barrier(10)

    def press(number: int) -> bool:
        with Session(database.writer) as session:
            here = Team(session, members=team.members)
            start.wait()
            try:
                if number % 2:
                    verdict = Verdict.APPROVE if number % 3 else Verdict.REJECT
                    quotes.decide(here.as_("li"), sent.id, verdict, version=sent.version)
                else:
                    quotes.withdraw(here.as_("zhang"), sent.id, sent.version)
                session.commit()
            except Conflict:
                session.rollback()
                return False
            return True

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(press, range(10)))
    assert results.count(True) == 1
    with Session(database.reader) as session:
        row = session.get_one(Quote, sent.id)
        approval = session.execute(select(Approval)).scalar_one()
        changes = select(EventLog).where(
            col(EventLog.object) == "quote",
            col(EventLog.object_id) == row.id,
            col(EventLog.type) == "changed",
        )
        assert row.status == approval.status != "pending"
        assert len(session.execute(changes).all()) == 2  # submitted, settled
