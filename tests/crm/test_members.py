"""Members from a list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm.errors import UserMistake
from crm.members import EXAMPLE, Person, read_csv, take
from store.tables import Identity, Member, Role

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LIST = """\
userid,name,role,department,position,superior
Lina,李娜,主管,销售一部,销售经理,
zhangwei,张伟,,销售一部,,lina
"""


def by_name(session: Session) -> dict[str, Member]:
    return {m.name: m for m in session.execute(select(Member).order_by(col(Member.id))).scalars()}


def test_a_list_makes_members_with_their_managers(session: Session) -> None:
    done = take(session, read_csv(LIST), "wecom", "main", NOW)
    people = by_name(session)
    assert (done.added, done.changed) == (2, 0)
    assert people["张伟"].superior_id == people["李娜"].id
    assert people["李娜"].role == Role.MANAGER
    ids = set(session.execute(select(col(Identity.external_id))).scalars())
    assert ids == {"lina", "zhangwei"}


def test_the_same_list_again_changes_nothing(session: Session) -> None:
    take(session, read_csv(LIST), "wecom", "main", NOW)
    done = take(session, read_csv(LIST), "wecom", "main", NOW)
    assert (done.added, done.changed) == (0, 0)
    assert len(by_name(session)) == 2


def test_a_changed_line_changes_the_member(session: Session) -> None:
    take(session, read_csv(LIST), "wecom", "main", NOW)
    done = take(session, [Person("ZHANGWEI", "张伟", Role.FINANCE, "财务部")], "wecom", "main", NOW)
    assert done.changed == 1
    assert by_name(session)["张伟"].role == Role.FINANCE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "userid"),
        ("userid\nzhangwei\n", "name"),
        ("userid,name\n,张伟\n", "第 2 行的 userid"),
        ("userid,name,role\nzhangwei,张伟,boss\n", "role"),
        ("userid,name\na,张伟\nA,李娜\n", "两次"),
    ],
)
def test_a_faulty_list_is_told_where(text: str, said: str) -> None:
    with pytest.raises(UserMistake, match=said):
        read_csv(text)


def test_an_unknown_superior_is_told(session: Session) -> None:
    with pytest.raises(UserMistake, match="nobody"):
        take(session, [Person("a", "张伟", superior="nobody")], "wecom", "main", NOW)


def test_the_example_works() -> None:
    assert [one.name for one in read_csv(EXAMPLE)] == ["李娜", "张伟"]


def test_a_list_saved_by_excel_is_read() -> None:
    assert read_csv("\ufeff" + EXAMPLE)[0].userid == "lina"


def test_whoever_is_on_the_list_again_is_back(session: Session) -> None:
    take(session, read_csv(LIST), "wecom", "main", NOW)
    for one in session.execute(select(Identity)).scalars():
        one.left_at = NOW
    session.flush()
    take(session, read_csv(LIST), "wecom", "main", NOW)
    assert {one.left_at for one in session.execute(select(Identity)).scalars()} == {None}
