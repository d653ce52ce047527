"""What tells a customer from all others: normal in form, once in the database, in step with the people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from crm import contacts, identities, undo
from crm.contacts import News
from crm.errors import Conflict, UserMistake
from crm.identities import Kind, Said
from crm.particulars import Particulars, tell
from store.tables import Customer, CustomerIdentity
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    """The team."""
    return make_team(session)


def known_by(team: Team, value: str, kind: Kind = Kind.PHONE) -> int | None:
    """The customer that is known by this, whoever looks."""
    found = identities.find(team.as_("chen"), Said(kind, value, identities.normal(kind, value)))
    return None if found is None else found.customer_id


@pytest.mark.parametrize(
    "text",
    [
        "13912345678",
        "139 1234 5678",
        "+86 13912345678",
        "86-139-1234-5678",
        "(+86)13912345678",
        "１３９１２３４５６７８",
    ],
)
def test_phones_are_one_however_they_are_written(text: str) -> None:
    assert identities.normal(Kind.PHONE, text) == "13912345678"
    said = identities.read(text)
    assert said is not None
    assert (said.kind, said.norm) == (Kind.PHONE, "13912345678")


@pytest.mark.parametrize(
    ("text", "kind", "norm"),
    [
        ("0512-66668888", Kind.PHONE, "051266668888"),
        ("400-800-1234", Kind.PHONE, "4008001234"),
        ("Wang@HX.com", Kind.EMAIL, "wang@hx.com"),
        ("微信 Lina_88", Kind.WECHAT, "lina_88"),
        ("微信号：lina_88", Kind.WECHAT, "lina_88"),
        ("91440606722473344c", Kind.TAX_NO, "91440606722473344C"),
        ("税号 91440606722473344C", Kind.TAX_NO, "91440606722473344C"),
        ("会员号 VIP0088", Kind.MEMBER_NO, "vip0088"),
    ],
)
def test_other_identities(text: str, kind: Kind, norm: str) -> None:
    said = identities.read(text)
    assert said is not None
    assert (said.kind, said.norm) == (kind, norm)


@pytest.mark.parametrize(
    "text", ["", "58万", "2024-03-05", "王总", "123", "12345678", "a@b", "报价 58万 9折"]
)
def test_what_is_none(text: str) -> None:
    assert identities.read(text) is None


@given(st.text(max_size=80))
def test_nothing_breaks_it(text: str) -> None:
    said = identities.read(text)
    assert said is None or said.norm
    for kind in Kind:
        once = identities.normal(kind, text)
        assert identities.normal(kind, once) == once


def test_a_contacts_numbers_are_its_customers(team: Team) -> None:
    customer, ctx = team.customer("zhang", "华星科技"), team.as_("zhang")
    one = contacts.find_or_add(ctx, customer, "王总", "", "139 1234 5678")
    assert known_by(team, "13912345678") == customer.id
    contacts.tell(ctx, one, News(phone="13800000001", email="Wang@HX.com", wechat="Wang_88"))
    assert known_by(team, "13912345678") is None
    assert known_by(team, "+86 138 0000 0001") == customer.id
    assert known_by(team, "wang@hx.com", Kind.EMAIL) == customer.id
    assert known_by(team, "wang_88", Kind.WECHAT) == customer.id


def test_the_first_keeps_a_number_and_the_second_is_told(team: Team) -> None:
    first, second = team.customer("zhang", "华星科技"), team.customer("wu", "蓝海贸易")
    contacts.find_or_add(team.as_("zhang"), first, "王总", "", "13912345678")
    other = contacts.find_or_add(team.as_("wu"), second, "王总", "", "13912345678")
    assert other.phone == "13912345678"
    assert known_by(team, "13912345678") == first.id
    (held,) = contacts.elsewhere(team.as_("wu"), other)
    assert (held.owner, held.mine) == ("张伟", False)


def test_the_database_holds_one_of_each(team: Team) -> None:
    one, two = team.customer("zhang", "华星科技"), team.customer("wu", "蓝海贸易")

    def row(customer: Customer) -> CustomerIdentity:
        number = "13912345678"
        return CustomerIdentity(
            customer_id=customer.id, kind="phone", value=number, value_norm=number, created_at=NOW
        )

    team.session.add(row(one))
    team.session.flush()
    team.session.add(row(two))
    with pytest.raises(IntegrityError):
        team.session.flush()
    team.session.rollback()


def test_an_archived_customer_gives_its_numbers_free(team: Team) -> None:
    gone, new = team.customer("zhang", "华星科技"), team.customer("wu", "蓝海贸易")
    identities.put(team.as_("zhang"), gone.id, Kind.TAX_NO, "91440606722473344C")
    gone.archived_at = NOW
    team.session.flush()
    assert identities.put(team.as_("wu"), new.id, Kind.TAX_NO, "91440606722473344C") is None
    assert known_by(team, "91440606722473344C", Kind.TAX_NO) == new.id


def test_taking_back_a_number_takes_back_its_identity(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    one = contacts.find_or_add(team.as_("zhang"), customer, "王总", "", "13912345678")
    contacts.update(team.as_("zhang", inbox_id=71), one, phone="13800000001")
    undo.undo(team.as_("zhang", inbox_id=72), 71)
    assert one.phone == "13912345678"
    assert known_by(team, "13912345678") == customer.id
    assert known_by(team, "13800000001") is None


def test_a_tax_number_that_is_taken_is_refused(team: Team) -> None:
    own, other = team.customer("zhang", "华星科技"), team.customer("wu", "蓝海贸易")
    tell(team.as_("zhang"), own, Particulars(tax_no="91440606722473344C"))
    with pytest.raises(Conflict, match="另一家客户（负责人张伟）"):
        tell(team.as_("wu"), other, Particulars(tax_no="91440606722473344C"))
    with pytest.raises(UserMistake, match="18位"):
        tell(team.as_("wu"), other, Particulars(tax_no="123"))
