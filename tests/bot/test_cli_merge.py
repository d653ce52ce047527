"""`genjin members merge`: looked at first, then done, and namesakes are told apart."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, func, select
from typer.testing import CliRunner, Result

from bot.cli import app
from store.database import Database
from store.tables import Customer, Identity, Member
from tests.bot.test_cli import NOW, a_folder_of_one_s_own, filled

__all__ = ["a_folder_of_one_s_own", "filled"]


@pytest.fixture
def twice(filled: Database) -> Database:
    """The demo company, in which DingTalk's 张伟 was taken for another."""
    with Session(filled.writer, expire_on_commit=False) as session:
        other = Member(name="张伟", department="钉钉", created_at=NOW, updated_at=NOW)
        session.add(other)
        session.flush()
        session.add(
            Identity(
                platform="dingtalk",
                app="d",
                external_id="zw2",
                address="zw2",
                member_id=other.id,
                created_at=NOW,
            )
        )
        session.commit()
    return filled


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["members", "merge", *words])


def owner_of(database: Database, account: str) -> str:
    with Session(database.reader) as session:
        query = select(Member).join(Identity).where(col(Identity.external_id) == account)
        found = session.exec(query).one()
        return f"{found.name}:{found.active}:{found.department}"


def test_a_dry_run_tells_and_changes_nothing(twice: Database) -> None:
    before = owner_of(twice, "zw2")
    done = run("zhangwei", "zw2", "--dry-run")
    assert "identity.member_id：1 条" in done.output
    assert "没有写入" in done.output
    assert owner_of(twice, "zw2") == before


def test_everything_becomes_the_first_ones(twice: Database) -> None:
    with Session(twice.reader) as session:
        customers = session.exec(select(func.count(col(Customer.id)))).one()
    done = run("zw2", "zhangwei")
    assert done.exit_code == 0
    assert owner_of(twice, "zhangwei") == owner_of(twice, "zw2")
    with Session(twice.reader) as session:
        kept = session.exec(select(Member).join(Identity).where(col(Identity.external_id) == "zw2")).one()
        owned = session.exec(
            select(func.count(col(Customer.id))).where(col(Customer.owner_id) == kept.id)
        ).one()
        left = session.exec(select(Member).where(col(Member.active).is_(False))).all()
        assert kept.superior_id is not None
    assert 0 < owned <= customers
    assert [one.name for one in left] == ["张伟"]


def test_namesakes_are_shown_with_their_accounts(twice: Database) -> None:
    done = run("张伟", "zw2")
    assert done.exit_code == 1
    assert "不止一位" in done.output
    assert "dingtalk:zw2" in done.output
    number = next(line.split()[0] for line in done.output.splitlines() if "dingtalk:zw2" in line)
    assert run("zhangwei", number).exit_code == 0
    assert owner_of(twice, "zw2") == owner_of(twice, "zhangwei")


@pytest.mark.parametrize("words", [("zhangwei", "zhangwei"), ("nobody", "zhangwei"), ("#12x", "zhangwei")])
def test_what_cannot_be_merged_is_said(twice: Database, words: tuple[str, str]) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert done.output.strip()
