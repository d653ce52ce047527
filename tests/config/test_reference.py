"""The page for administrators says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.reference import names, table, undescribed, with_table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"


def test_every_setting_is_described() -> None:
    assert undescribed() == []


def test_the_page_has_the_table_as_it_is_now() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "run: python -m config.reference docs/operations.md"


def test_no_default_is_a_secret() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (\S*) ?\|", table(), re.MULTILINE)
    assert len(rows) == len(names())
    assert all(
        not default for name, default in rows if re.search("SECRET|TOKEN|KEY$", name) and "ROUTE" not in name
    )


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_table("nothing")


def test_the_example_names_settings_that_exist() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    written = re.findall(r"^(?:# ?)?(GENJIN_\w+)=", example, re.MULTILINE)
    known = {re.sub(r"__MAIN__", "__X__", name) for name in names()}
    assert written
    assert [name for name in written if re.sub(r"__[A-Z0-9]+__", "__X__", name) not in known] == []
