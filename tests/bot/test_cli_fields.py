"""`genjin fields`: own fields and kinds of records as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli_fields import exported, from_text, imported, to_text
from config.settings import Settings
from crm.custom.exchange import Taken
from crm.errors import Refusal

FILE = """
[[object]]
name = "样机借用"
prefix = "YJ"
roles = ["销售", "主管"]

[[field]]
object = "客户"
label = "年返点"
kind = "公式"
formula = "年采购额*5%"

[[field]]
object = "客户"
label = "年采购额"
kind = "金额"

[[field]]
object = "样机借用"
label = "状态"
kind = "单选"
options = ["借出", "归还"]
required = true
"""


def run(monkeypatch: pytest.MonkeyPatch, url: str, *words: str) -> Result:
    """The command, on this database."""
    monkeypatch.setenv("GENJIN_DATABASE_URL", url)
    return CliRunner().invoke(app, ["fields", *words])


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_file_goes_in_and_comes_out(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    given_, out = tmp_path / "in.toml", tmp_path / f"out.{suffix}"
    given_.write_text(FILE, encoding="utf-8")
    done = run(monkeypatch, database_url, "import", str(given_))
    assert "新增 1 种对象，新增 3 个字段，更新 0 个字段" in done.output
    assert "1 种对象，3 个字段" in run(monkeypatch, database_url, "export", str(out)).output
    told = from_text(out.read_text(encoding="utf-8"), f".{suffix}")
    assert told["object"] == [
        {"name": "样机借用", "key": "yangjijieyong", "prefix": "YJ", "roles": ["销售", "主管"]}
    ]
    assert {entry["label"]: entry["kind"] for entry in told["field"]} == {
        "年采购额": "金额",
        "年返点": "公式",
        "状态": "单选",
    }
    assert next(entry["formula"] for entry in told["field"] if "formula" in entry) == "年采购额 * 5%"
    again = run(monkeypatch, database_url, "import", str(out))
    assert "新增 0 种对象，新增 0 个字段，更新 0 个字段" in again.output


def test_a_file_changes_what_is_there_and_nothing_else(database_url: str) -> None:
    settings = Settings(database_url=database_url)
    assert imported(settings, from_text(FILE, ".toml")) == Taken(1, 3, 0)
    key = next(entry["key"] for entry in exported(settings)["field"] if entry["label"] == "状态")
    entry = {
        "object": "样机借用",
        "key": key,
        "label": "现状",
        "kind": "单选",
        "options": ["借出", "归还", "丢失"],
    }
    assert imported(settings, {"field": [entry]}) == Taken(0, 0, 1)
    told = {one["label"]: one for one in exported(settings)["field"]}
    assert told["现状"]["options"] == ["借出", "归还", "丢失"]
    assert set(told) == {"年采购额", "年返点", "现状"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[field]]\nobject = "客户"', "第1个field缺 label"),
        ('[[field]]\nlabel = "车牌"\nobject = "火箭"', "没有“火箭”"),
        ('[[field]]\nlabel = "车牌"\nobject = "客户"\nkind = "颜色"', "“颜色”不认识"),
        ('[[field]]\nlabel = "车牌"\nobject = "客户"\ncolour = "红"', "colour 不认识"),
        ('[[field]]\nlabel = "车牌"\nobject = "客户"\noptions = "A"', "options 写得不对"),
        ('[[field]]\nlabel = "车牌"\nobject = "客户"\nkind = "公式"\nformula = "利润*2"', "“利润”不认识"),
        (
            '[[field]]\nlabel = "车牌"\nobject = "客户"\n[[field]]\nlabel = "级别"\nobject = "客户"',
            "本来就有",
        ),
        ('[[object]]\nname = "样机借用"', "缺 prefix"),
        ('field = "x"', "要是一个列表"),
        ("[[feld]]", "“feld”不认识"),
    ],
)
def test_a_wrong_file_is_refused_as_a_whole(database_url: str, text: str, told: str) -> None:
    settings = Settings(database_url=database_url)
    with pytest.raises(Refusal, match=told):
        imported(settings, from_text(text, ".toml"))
    assert exported(settings) == {"object": [], "field": []}


def test_what_is_no_file_ends_with_a_clear_word(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "x.toml"
    broken.write_text("[[field", encoding="utf-8")
    for path in (broken, tmp_path / "none.json"):
        done = run(monkeypatch, database_url, "import", str(path))
        assert done.exit_code == 1
        assert "[[field]]" in done.output


@given(
    st.lists(
        st.fixed_dictionaries(
            {"label": st.text(), "options": st.lists(st.text()), "required": st.booleans()}
        ),
        max_size=3,
    )
)
def test_any_words_survive_both_formats(entries: list[dict[str, object]]) -> None:
    for suffix in (".toml", ".json"):
        told = from_text(to_text({"field": entries}, suffix), suffix)
        assert told.get("field", []) == entries


def test_a_field_of_a_file_is_there_for_the_chat(database_url: str) -> None:
    from bot.names import Names
    from store.database import connect

    settings = Settings(database_url=database_url)
    database = connect(database_url)
    try:
        names = Names()
        with Session(database.reader) as session:
            names.load(session)
        assert names.lexicon.custom is None
        imported(settings, from_text(FILE, ".toml"))
        with Session(database.reader) as session:
            names.follow(session)
        custom = names.lexicon.custom
        assert custom is not None
        assert {field.label for field in custom.fields} == {"年采购额", "年返点", "状态"}
    finally:
        database.close()
