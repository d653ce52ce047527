"""Several reminders at once come as one card; a few come one by one."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot.due import MOST_AT_ONCE, Due, merged
from cards.card import Card
from cards.digest import MOST_LINES, digest_card
from config.business import Business
from handlers.features import registry
from scheduler.due import due_reminders
from scheduler.outgoing import Outgoing
from store.database import Database
from store.tables import Task
from tests.bot.office import NOW, open_office, text

ONE = st.builds(
    Outgoing,
    st.integers(0, 10**6).map(lambda n: f"remind:{n}"),
    st.integers(1, 3),
    st.integers(0, 99).map(lambda n: Card(f"提醒：{n}")),
    st.booleans(),
)


@given(st.lists(ONE, max_size=30, unique_by=lambda one: one.key))
def test_nobody_gets_more_than_a_few_and_nothing_is_left_out(found: list[Outgoing]) -> None:
    sent = list(merged(found))
    for member in {one.member_id for one in found}:
        mine = [one for one in found if one.member_id == member]
        got = [one for one in sent if one.member_id == member]
        assert len(got) <= MOST_AT_ONCE + 1
        alone = {one.key for one in got} & {one.key for one in mine}
        told = sum(int(one.card.title.split()[0]) for one in got if one.key.startswith("digest:"))
        assert told + len(alone) == len(mine)


SEVERAL = st.lists(ONE, min_size=4, max_size=20, unique_by=lambda one: one.key)


@given(SEVERAL.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_same_reminders_make_the_same_digest_in_any_order(
    both: tuple[list[Outgoing], list[Outgoing]],
) -> None:
    found, shuffled = both
    assert {one.key for one in merged(found)} == {one.key for one in merged(shuffled)}


def test_those_of_this_minute_come_by_themselves_beside_those_that_are_late() -> None:
    late = [Outgoing(f"remind:{n}", 7, Card(f"提醒：{n}"), late=True) for n in range(5)]
    fresh = Outgoing("remind:9", 7, Card("提醒：演示"))
    digest, alone = merged([fresh, *late])
    assert alone is fresh
    assert digest.card.title == "5 条提醒"


def test_a_long_digest_says_how_many_more_there_are() -> None:
    card = digest_card([Card(f"提醒：第 {n} 件") for n in range(12)])
    assert len(card.body.splitlines()) == MOST_LINES + 1
    assert card.body.endswith("还有 4 条，回复 今天 看全部")


async def test_nine_reminders_are_one_message(database: Database) -> None:
    office = open_office(database, registry())
    await office.dispatcher.accept(text("帮助"))
    member = next(row.member_id for row in office.inbox() if row.member_id)
    with Session(database.writer) as session:
        session.add_all(_task(member, n) for n in range(9))
        session.commit()
    before = len(office.outbox())
    due = Due(office.writer, office.voices, office.clock, Business(), lambda: None)
    await due.tick("reminders", due_reminders)
    await due.tick("reminders", due_reminders)
    (letter,) = office.outbox()[before:]
    assert "9 条提醒" in letter.body.decode()
    await office.close()


def _task(member: int, number: int) -> Task:
    return Task(
        title=f"回访第 {number} 家",
        assignee_id=member,
        creator_id=member,
        due_at=NOW + timedelta(minutes=10),
        remind_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
