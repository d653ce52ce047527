"""After a merge: what the one that stays is called, and the added fields that referred to the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from crm import contacts, customers, merging, undo
from crm.custom import fields, values
from crm.custom.fields import NewField
from crm.custom.kinds import Kind as FieldKind
from crm.errors import Conflict
from store.names import fold
from store.tables import Contact, Customer, CustomerAlias, CustomValue, Role
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

CHANGE = 7001  # the id of the message that merges


@standing
def team(session: Session) -> Team:
    """The team."""
    return make_team(session)


@pytest.mark.parametrize("own", ["", "蓝海"])
def test_the_one_that_stays_is_called_as_before(team: Team, own: str) -> None:
    """Also where the other had its short name earlier, and again after a second merge."""
    loser, other = (
        team.customer("zhang", "华星科技有限公司", "华星"),
        team.customer("zhang", "美的集团", "美的"),
    )
    winner = team.customer("zhang", "蓝海贸易有限公司", *filter(None, [own]))
    short = own or "蓝海贸易"
    ctx = team.as_("zhang", inbox_id=CHANGE)
    for number, one in enumerate((loser, other)):
        merging.merge(team.as_("zhang", inbox_id=CHANGE + number), one.id, winner.id)
        assert customers.short_names(ctx, [winner.id]) == {winner.id: short}
    assert customers.look_up(ctx, "美的").proposals[0].id == winner.id
    for number in (1, 0):
        undo.undo(team.as_("zhang", inbox_id=CHANGE + 10 + number), CHANGE + number)
    names = {loser.id: "华星", other.id: "美的", winner.id: short}
    assert customers.short_names(ctx, list(names)) == names
    assert customers.aliases_of(ctx, winner.id) == [*filter(None, [own])]
    undo.redo(team.as_("zhang", inbox_id=CHANGE + 20))
    assert customers.short_names(ctx, [winner.id]) == {winner.id: short}
    assert customers.look_up(ctx, "华星").proposals[0].id == winner.id


def reference(team: Team, object_: str, label: str = "总包单位") -> str:
    """A field that refers to a customer; its key."""
    ctx = team.as_("chen")
    team.session.flush()
    admin = replace(ctx, actor=replace(ctx.actor, role=Role.ADMIN))
    return fields.add(admin, object_, NewField(label, FieldKind.REFERENCE)).key


def test_added_fields_that_refer_to_the_loser_move_and_come_back(team: Team) -> None:
    key, of_people = reference(team, "customer"), reference(team, "contact", "推荐公司")
    loser, winner = team.customer("zhang", "华星科技"), team.customer("zhang", "蓝海贸易")
    ctx = team.as_("zhang")
    third, elsewhere = team.customer("zhang", "美的集团"), team.customer("wu", "恒瑞医药")
    person = contacts.find_or_add(ctx, third, "王总")
    for one, said in ((third, key), (elsewhere, key), (person, of_people), (winner, key)):
        values.put(team.as_("chen"), one, {said: "华星科技"})
    shown = dict(merging.preview(ctx, loser.id, winner.id).moves)
    assert shown["关联字段"] == 3
    done = merging.merge(team.as_("zhang", inbox_id=CHANGE), loser.id, winner.id)
    assert dict(done.moves)["关联字段"] == 3

    def holds() -> list[object]:
        for one in (third, elsewhere, person, winner):
            team.session.refresh(one)
        rows = ((third, key), (elsewhere, key), (person, of_people), (winner, key))
        return [one.ext.get(name) for one, name in rows]

    def found(customer: Customer) -> int:
        index = sa.select(sa.func.count()).where(col(CustomValue.value_number) == customer.id)
        return int(team.session.execute(index).scalar_one())

    assert holds() == [winner.id, winner.id, winner.id, None]
    assert (found(loser), found(winner)) == (0, 3)
    undo.undo(team.as_("zhang", inbox_id=CHANGE + 1), CHANGE)
    assert holds() == [loser.id, loser.id, loser.id, loser.id]
    assert (found(loser), found(winner)) == (4, 0)
    undo.redo(team.as_("zhang", inbox_id=CHANGE + 2))
    assert holds() == [winner.id, winner.id, winner.id, None]


def test_a_reference_that_was_set_anew_since_keeps_the_merge(team: Team) -> None:
    key = reference(team, "customer")
    loser, winner, third = (team.customer("zhang", name) for name in ("华星科技", "蓝海贸易", "美的集团"))
    ctx = team.as_("zhang")
    values.put(ctx, third, {key: "华星科技"})
    merging.merge(team.as_("zhang", inbox_id=CHANGE), loser.id, winner.id)
    team.session.refresh(third)
    other = team.customer("zhang", "安居物业")
    values.put(ctx, third, {key: other.name})
    with pytest.raises(Conflict, match="1条关联字段之后又转走了"):
        undo.undo(ctx, CHANGE)


def test_what_was_written_in_the_moment_of_the_merge_goes_after_it(team: Team) -> None:
    key = reference(team, "customer")
    loser, winner, third = (team.customer("zhang", name) for name in ("华星科技", "蓝海贸易", "美的集团"))
    values.put(team.as_("chen"), third, {key: "华星科技"})
    merging.merge(team.as_("zhang", inbox_id=CHANGE), loser.id, winner.id)
    ctx = team.as_("chen")
    assert merging.sweep(ctx, NOW - timedelta(hours=1)) == 0
    person = Contact(customer_id=loser.id, name="王总", created_at=NOW, updated_at=NOW)
    alias = CustomerAlias(customer_id=loser.id, alias="老华", alias_norm=fold("老华"), created_at=NOW)
    team.session.add_all([person, alias])
    late = team.customer("zhang", "安居物业")
    late.ext = {key: loser.id}
    team.session.flush()
    spec = sa.select(col(CustomValue.field_id)).where(col(CustomValue.object_id) == third.id)
    index = CustomValue(
        field_id=team.session.execute(spec).scalar_one(), object_id=late.id, value_number=loser.id
    )
    team.session.add(index)
    team.session.flush()
    assert merging.sweep(ctx, NOW - timedelta(hours=1)) == 3
    for one in (person, late):
        team.session.refresh(one)
    assert (person.customer_id, late.ext) == (winner.id, {key: winner.id})
    assert customers.look_up(ctx, "老华").proposals[0].id == winner.id
    assert merging.sweep(ctx, NOW - timedelta(hours=1)) == 0
