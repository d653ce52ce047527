"""Fields of the organisation's own: kept, checked, shown, listed, versioned and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.context import Context
from crm.custom import fields, filters, index, past, reading, show, specs, values
from crm.custom.fields import NewField
from crm.custom.filters import Condition, Op
from crm.custom.kinds import FieldSpec, Kind
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.journal import changed
from crm.undo import undo
from store.tables import ConfigVersion, Customer, CustomValue, Role
from tests.crm.team import Team, make_team
from tests.ground import standing

KINDS = (
    NewField("偏好", Kind.CHOICE, ("A", "B", "C")),
    NewField("关注点", Kind.CHOICES, ("价格", "交期", "质量")),
    NewField("年采购额", Kind.MONEY),
    NewField("台数", Kind.NUMBER),
    NewField("到期日", Kind.DATE),
    NewField("特殊要求"),
    NewField("技术支持", Kind.MEMBER),
    NewField("总包方", Kind.REFERENCE),
    NewField("年返点", Kind.FORMULA, formula="年采购额*5%"),
)


def organisation(session: Session) -> Team:
    """The team with 陈建国 as administrator and a field of each kind."""
    team = make_team(session)
    team.members["chen"].role = Role.ADMIN
    session.flush()
    for one in KINDS:
        fields.add(team.as_("chen"), "customer", one)
    return team


@standing
def team(session: Session) -> Team:
    """The organisation without customers."""
    return organisation(session)


def keys(ctx: Context) -> dict[str, str]:
    """The keys of the fields of customers by their labels."""
    return {spec.label: spec.key for spec in fields.listed(ctx, "customer")}


def fill(ctx: Context, row: Customer, **said: str) -> list[values.Change]:
    """Set fields by label."""
    known = keys(ctx)
    return values.put(ctx, row, {known[label]: text for label, text in said.items()})


def test_each_kind_is_kept_and_shown(team: Team) -> None:
    zhang = team.as_("zhang")
    row = team.customer("zhang", "华星科技")
    team.customer("zhang", "中建一局")
    fill(
        zhang,
        row,
        偏好="b",
        关注点="质量、价格",
        年采购额="120万",
        台数="3.5",
        到期日="2026-12-01",
        特殊要求="免漆",
        技术支持="李娜",
        总包方="中建一局",
    )
    assert dict(values.lines(zhang, "customer", row)) == {
        "偏好": "B",
        "关注点": "价格、质量",
        "年采购额": "120万元",
        "台数": "3.5",
        "到期日": "12月1日 周二",
        "特殊要求": "免漆",
        "技术支持": "李娜",
        "总包方": "中建一局",
        "年返点": "6万元",
    }


def test_a_value_is_taken_away_and_a_needed_one_stays(team: Team) -> None:
    zhang, row = team.as_("zhang"), team.customer("zhang", "华星科技")
    fill(zhang, row, 偏好="A", 台数="3")
    assert [(c.label, c.before, c.after) for c in fill(zhang, row, 偏好="空")] == [("偏好", "A", "")]
    fields.set_required(team.as_("chen"), fields.find(zhang, "customer", "台数"), required=True)
    with pytest.raises(UserMistake, match="台数是必填的"):
        fill(zhang, row, 台数="清空")
    assert row.ext == {keys(zhang)["台数"]: 3}


@pytest.mark.parametrize(
    ("label", "said", "told"),
    [
        ("年采购额", "很多", "年采购额要是金额"),
        ("台数", "三五台吧", "台数要是数字"),
        ("台数", "1.23456", "最多4位小数"),
        ("到期日", "2026-02-30", "到期日没有"),
        ("到期日", "年底", "到期日要是日期"),
        ("偏好", "D", "可选：A、B、C"),
        ("关注点", "价格、颜色", "“颜色”"),
        ("技术支持", "查无此人", "技术支持要是一位同事"),
        ("总包方", "查无此家", "总包方要是一家客户"),
        ("年返点", "5", "公式算出来的"),
        ("特殊要求", "长" * 201, "最多200个字"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_written(
    team: Team, label: str, said: str, told: str
) -> None:
    zhang, row = team.as_("zhang"), team.customer("zhang", "华星科技")
    fields.add(team.as_("chen"), "customer", NewField("车牌"))
    with pytest.raises(UserMistake, match=told):
        fill(zhang, row, **{"车牌": "沪A12345", label: said})
    assert row.ext == {}


def test_only_who_may_change_the_customer_fills_in(team: Team) -> None:
    row = team.customer("zhang", "华星科技")
    with pytest.raises(NotAllowed):
        fill(team.as_("wu"), row, 偏好="A")
    fill(team.as_("li"), row, 偏好="A")


def test_only_administrators_configure(team: Team) -> None:
    with pytest.raises(NotAllowed, match="管理员"):
        fields.add(team.as_("zhang"), "customer", NewField("车牌"))
    with pytest.raises(NotAllowed):
        fields.remove(team.as_("li"), fields.find(team.as_("li"), "customer", "偏好"))


def test_a_field_is_there_once(team: Team) -> None:
    chen = team.as_("chen")
    for label, told in (("偏好", "已经有字段"), ("级别", "本来就有")):
        with pytest.raises(Conflict, match=told):
            fields.add(chen, "customer", NewField(label))
    fields.add(chen, "contact", NewField("偏好"))
    for label in ("x", "太" * 17, "有 空格", "客户", "3号"):
        with pytest.raises(UserMistake):
            fields.add(chen, "customer", NewField(label))


def test_a_removed_field_comes_back_with_its_values(team: Team) -> None:
    chen, row = team.as_("chen"), team.customer("zhang", "华星科技")
    fill(team.as_("zhang"), row, 偏好="B")
    fields.remove(chen, fields.find(chen, "customer", "偏好"))
    assert "偏好" not in dict(values.lines(chen, "customer", row))
    fields.add(chen, "customer", NewField("偏好", Kind.CHOICE, ("A", "D")))
    assert dict(values.lines(chen, "customer", row))["偏好"] == "B"
    assert fields.find(chen, "customer", "偏好").options == ["A", "B", "C", "D"]


def test_a_field_that_a_formula_needs_stays(team: Team) -> None:
    chen = team.as_("chen")
    with pytest.raises(Conflict, match="年返点"):
        fields.remove(chen, fields.find(chen, "customer", "年采购额"))
    fields.rename(chen, fields.find(chen, "customer", "年采购额"), "年度采购")
    row = team.customer("zhang", "华星科技")
    fill(team.as_("zhang"), row, 年度采购="100万")
    assert dict(values.lines(chen, "customer", row))["年返点"] == "5万元"


def test_every_change_is_a_version_and_undo_takes_it_back(team: Team) -> None:
    chen = team.as_("chen", inbox_id=77)
    row = fields.find(chen, "customer", "偏好")
    fields.add_options(chen, row, ("D",))
    assert past.history(chen).lines[0].words == "客户字段“偏好”选项由A/B/C改为A/B/C/D"
    undo(team.as_("chen", inbox_id=78), 77)
    assert row.options == ["A", "B", "C"]
    assert past.history(chen).lines[0].words == "客户字段“偏好”选项由A/B/C/D改为A/B/C"
    versions = chen.session.execute(select(ConfigVersion).order_by(col(ConfigVersion.id))).scalars().all()
    assert versions[-1].before == {"options": ["A", "B", "C", "D"]}
    assert versions[-1].member_id == chen.actor.id


def test_the_index_follows_every_change_of_a_record(team: Team) -> None:
    zhang = team.as_("zhang", inbox_id=5)
    row = team.customer("zhang", "华星科技")
    fill(zhang, row, 偏好="B", 关注点="质量、价格", 台数="2")
    assert held(team) == 4
    fill(zhang, row, 关注点="质量")
    assert held(team) == 3
    undo(team.as_("zhang", inbox_id=6), 5)
    assert held(team) == 0
    assert row.ext == {}
    changed(team.as_("zhang"), row, ext={keys(zhang)["台数"]: 9})
    assert held(team) == 1


def held(team: Team) -> int:
    """How many values the index holds."""
    return int(team.session.execute(select(func.count()).select_from(CustomValue)).scalar_one())


def test_two_fields_set_by_two_people_are_taken_back_apart(team: Team) -> None:
    row = team.customer("zhang", "华星科技")
    fill(team.as_("zhang", inbox_id=5), row, 偏好="B")
    fill(team.as_("li", inbox_id=6), row, 台数="2")
    undo(team.as_("zhang", inbox_id=7), 5)
    assert row.ext == {keys(team.as_("zhang"))["台数"]: 2}


@standing
def three(session: Session) -> Team:
    """Three customers of 张伟, the last of which has nothing filled in."""
    team = organisation(session)
    zhang = team.as_("zhang")
    first, second, _ = (team.customer("zhang", f"{name}方建设") for name in "甲乙丙")
    fill(
        zhang,
        first,
        偏好="A",
        年采购额="100万",
        台数="2.5",
        到期日="2026-11-30",
        技术支持="李娜",
        特殊要求="免漆",
    )
    fill(
        zhang,
        second,
        偏好="B",
        关注点="质量、价格",
        年采购额="120万",
        台数="3",
        到期日="2026-12-01",
        总包方="丙方建设",
    )
    return team


@pytest.mark.parametrize(
    ("label", "op", "value", "high", "found"),
    [
        ("偏好", Op.IS, "B", "", {"乙"}),
        ("偏好", Op.IS, "A、B", "", {"甲", "乙"}),
        ("偏好", Op.NOT, "B", "", {"甲", "丙"}),
        ("偏好", Op.EMPTY, "", "", {"丙"}),
        ("偏好", Op.FILLED, "", "", {"甲", "乙"}),
        ("关注点", Op.IS, "质量", "", {"乙"}),
        ("年采购额", Op.OVER, "100万", "", {"乙"}),
        ("年采购额", Op.FROM, "100万", "", {"甲", "乙"}),
        ("年采购额", Op.UNDER, "1000000", "", set()),
        ("年采购额", Op.BETWEEN, "90万", "110万", {"甲"}),
        ("台数", Op.UP_TO, "2.5", "", {"甲"}),
        ("到期日", Op.UNDER, "2026-12-01", "", {"甲"}),
        ("到期日", Op.FROM, "2026-12-01", "", {"乙"}),
        ("技术支持", Op.IS, "李娜", "", {"甲"}),
        ("总包方", Op.IS, "丙方建设", "", {"乙"}),
        ("特殊要求", Op.IS, "免漆", "", {"甲"}),
    ],
)
@pytest.mark.parametrize("few", [filters.MOST_FEW, 0])
def test_lists_by_own_fields(
    three: Team,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    label: str,
    op: Op,
    value: str,
    high: str,
    found: set[str],
) -> None:
    monkeypatch.setattr(filters, "MOST_FEW", few)  # with 0, every condition is one that many records meet
    zhang = three.as_("zhang")
    page = filters.find(zhang, "customer", [Condition(keys(zhang)[label], op, value, high)])
    assert {row.title[0] for row in page.rows} == found
    assert page.count == len(found)
    assert label in page.asked
    if label != "总包方":  # whose customers 吴婷 cannot even name
        asked = [Condition(keys(zhang)[label], op, value, high)]
        assert filters.find(three.as_("wu"), "customer", asked).count == 0


def test_lists_are_paged(team: Team) -> None:
    zhang = team.as_("zhang")
    for number in range(filters.PAGE + 2):
        fill(zhang, team.customer("zhang", f"第{number}建设公司"), 偏好="A")
    asked = [Condition(keys(zhang)["偏好"], Op.IS, "A")]
    page = filters.find(zhang, "customer", asked)
    assert (len(page.rows), page.count, page.after) == (filters.PAGE, filters.PAGE + 2, filters.PAGE)
    rest = filters.find(zhang, "customer", asked, page.after or 0)
    assert (len(rest.rows), rest.after) == (2, None)
    assert {r.id for r in page.rows}.isdisjoint({r.id for r in rest.rows})


def test_columns_are_the_one_list_of_all_fields(team: Team) -> None:
    found = fields.columns(team.as_("zhang"), "customer")
    assert [spec.label for spec in found if not spec.built_in] == [one.label for one in KINDS]
    assert {"name", "level", "owner_id"} <= {spec.key for spec in found if spec.built_in}
    assert len({spec.key for spec in found}) == len(found)


SPECS = {kind: FieldSpec("customer", "x", "字段", kind, ("甲", "乙", "丙丁")) for kind in Kind}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.decimals(min_value=-(10**10), max_value=10**10, places=4),
    st.integers(min_value=-(10**13), max_value=10**13),
    st.dates(min_value=date(1900, 1, 1)),
    st.sets(st.sampled_from(["甲", "乙", "丙丁"]), min_size=1),
)
def test_each_kind_goes_round(number: Decimal, fen: int, day: date, chosen: set[str]) -> None:
    ctx = Context.__new__(Context)  # these kinds need nobody and no database
    read = reading.value_of(ctx, SPECS[Kind.NUMBER], str(number))
    assert Decimal(str(read)) == number
    assert index.number_of(Kind.NUMBER, read) == int(number * index.NUMBER_SCALE)
    assert reading.value_of(ctx, SPECS[Kind.MONEY], f"{Decimal(fen) / 100:,.2f}元") == fen
    assert reading.value_of(ctx, SPECS[Kind.MONEY], show.text_of(ctx, SPECS[Kind.MONEY], fen)) == fen
    picked = reading.value_of(ctx, SPECS[Kind.CHOICES], "、".join(sorted(chosen)))
    assert picked == [one for one in SPECS[Kind.CHOICES].options if one in chosen]
    assert reading.value_of(ctx, SPECS[Kind.CHOICES], "、".join(picked)) == picked


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_any_words_are_a_value_or_refused(team: Team, said: str) -> None:
    zhang = team.as_("zhang")
    for kind in (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.CHOICE, Kind.CHOICES, Kind.TEXT):
        spec = replace(SPECS[kind], kind=kind)
        try:
            value = reading.value_of(zhang, spec, said)
        except UserMistake as refused:
            told = refused.message
        else:
            told = "字段"
            assert show.text_of(zhang, spec, value)
            assert list(index.entries(spec, value))
        assert "字段" in told


def test_the_keys_of_fields_are_plain_and_apart(team: Team) -> None:
    found = [spec.key for spec in specs.added(team.session, "customer")]
    assert "niancaigoue" in found
    assert all(key.isascii() and key.replace("_", "").isalnum() for key in found)
