"""Changes in words: every field has a name, merges are told, a page is a few messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from crm import contacts, history, labels, merging, quotes, timeline
from crm.errors import NotAllowed
from crm.journal import changed
from crm.labels import Fen, field_name
from crm.logged import TABLES
from crm.quotes import QuoteDraft
from crm.timeline import PAGE
from store.ids import new_id
from store.once import columns_of
from store.tables import CustomField, RoleScope
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    """The small team."""
    return make_team(session)


def test_every_field_has_a_name_or_is_of_no_interest() -> None:
    nameless = [
        f"{table}.{column}"
        for table in labels.OBJECTS
        for column in columns_of(TABLES[table])
        if not field_name(table, column) and column not in labels.UNSAID
    ]
    assert nameless == []


def test_a_page_is_a_few_messages_and_the_next_one_goes_on(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    for n in range(10):
        at = team.now + timedelta(minutes=n)
        ctx = team.as_("zhang", at, new_id())
        contacts.find_or_add(ctx, customer, f"联系人{n}")
        changed(ctx, customer, level=str(n))
    seen: list[str] = []
    before: int | None = None
    while True:
        page = timeline.of_customer(team.as_("li"), customer.id, before)
        assert len(page.entries) <= PAGE
        seen += [step.name for entry in page.entries for step in entry.steps if step.object == "contact"]
        before = page.before
        if before is None:
            break
    assert seen == [f"联系人{n}" for n in reversed(range(10))]


def test_a_message_that_did_a_lot_takes_more_than_a_page_and_nothing_is_lost(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    ctx = team.as_("zhang", inbox_id=new_id())
    for n in range(200):
        contacts.find_or_add(ctx, customer, f"第{n}人")
    names: set[str] = set()
    before: int | None = None
    for _ in range(10):
        page = timeline.of_customer(team.as_("li"), customer.id, before)
        names |= {step.name for entry in page.entries for step in entry.steps}
        before = page.before
        if before is None:
            break
    assert {f"第{n}人" for n in range(200)} <= names


def test_money_phones_and_fields_of_ones_own_are_told_as_they_may_be_seen(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    team.session.add(
        CustomField(
            object="customer",
            key="model",
            label="型号偏好",
            label_norm="型号偏好",
            kind="text",
            created_at=NOW,
            updated_at=NOW,
        )
    )
    ctx = team.as_("zhang", inbox_id=new_id())
    person = contacts.find_or_add(ctx, customer, "王总")
    later = team.as_("zhang", team.now + timedelta(minutes=1), new_id())
    changed(later, person, phone="13800138000")
    changed(later, customer, ext={"model": "X-200"})
    told = {
        who: [
            (c.label, c.before, c.after)
            for c in (
                change
                for step in timeline.of_customer(team.as_(who), customer.id).entries[0].steps
                for change in step.changes
            )
        ]
        for who in ("li", "zheng")
    }
    assert told["li"] == [("电话", None, "13800138000"), ("型号偏好", None, "X-200")]
    assert told["zheng"] == [("电话", None, "138****8000"), ("型号偏好", None, "X-200")]
    assert Fen(1) == Fen(1)


def test_a_merge_is_told_and_the_past_knows_what_came_over(team: Team) -> None:
    winner, loser = team.customer("zhang", "华润置地"), team.customer("zhang", "华润置业")
    contacts.find_or_add(team.as_("zhang", inbox_id=new_id()), loser, "李工")
    at = team.now + timedelta(hours=1)
    merging.merge(team.as_("li", at, new_id()), loser.id, winner.id)
    now = team.as_("li", team.now + timedelta(hours=2))
    steps = [s for e in timeline.of_customer(now, winner.id).entries for s in e.steps]
    assert [(s.name, s.changes[0].after) for s in steps if s.verb == "合并"] == [("华润置业", "华润置地")]
    assert "李工" in {s.name for s in steps}
    past = history.as_of(now, winner.id, now.wall(team.now + timedelta(minutes=30)))
    assert past.contacts == ()
    assert dict(past.added)["contact"] == 1


def test_kinds_of_records_that_a_role_sees_fewer_of_are_not_told(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    made = quotes.draft(team.as_("zhang", inbox_id=new_id()), QuoteDraft(customer.id, 10_000))
    team.session.add(RoleScope(role="finance", object="quote", scope="own", updated_at=NOW))
    team.session.flush()
    later = team.now + timedelta(hours=1)
    for who, told in (("li", ["quote"]), ("zheng", [])):
        ctx = team.as_(who, later)
        page = timeline.of_customer(ctx, customer.id)
        assert [s.object for e in page.entries for s in e.steps if s.object == "quote"] == told
        past = history.as_of(ctx, customer.id, ctx.wall(later - timedelta(minutes=5)))
        assert [q.number for q in past.quotes] == ["Q0001"][: len(told)]
    with pytest.raises(NotAllowed):
        timeline.of_record(team.as_("zheng", later), "quote", made.id)
