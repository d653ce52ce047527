"""What every card of the project is on every platform, as files that a reader of a change can compare.

After an intended change run `python -m tests.cards.regenerate`, and read the difference before committing
it. A new card needs a sample in `tests/cards/built/`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import orjson
import pytest

from cards.render import wecom
from handlers.features import registry
from tests.cards import samples
from tests.cards.built.every import EVERY, FEATURES, builders
from tests.cards.gold import FOLDER, TEMPLATE_FILE, WAYS, path, sign, template_text
from tests.cards.wecom_rules import broken


@pytest.mark.parametrize("sample", EVERY)
@pytest.mark.parametrize("way", WAYS)
def test_card_on_its_platform(way: str, sample: str) -> None:
    assert WAYS[way][1](EVERY[sample]) == path(way, sample).read_text(encoding="utf-8")


def test_template_file() -> None:
    assert template_text() == TEMPLATE_FILE.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    wanted = {TEMPLATE_FILE, *(path(way, name) for way in WAYS for name in EVERY)}
    assert {one for one in FOLDER.rglob("*.*") if one.is_file()} - wanted == set()


@pytest.mark.parametrize("sample", EVERY)
def test_what_a_card_becomes_keeps_wecoms_rules(sample: str) -> None:
    update = orjson.loads(orjson.dumps(wecom.render_update(EVERY[sample], sign=sign)))
    assert broken(update, update=True) == []


def test_every_builder_has_a_sample() -> None:
    """By what the samples call: a card that is not shown here would reach its first reader untested."""
    called = {function for module in (*FEATURES, samples) for function in _called(module)}
    missing = [f"{one.__module__}.{one.__name__}" for one in builders() if one not in called]
    assert missing == []


def test_builders_are_found() -> None:
    assert len(builders()) > 25


def _called(module: ModuleType) -> Iterator[Callable[..., object]]:
    """The functions that a module calls by name, or as the attribute of a module."""
    assert module.__file__
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found = _named(module, node.func)
            if callable(found):
                yield found


def _named(module: ModuleType, node: ast.expr) -> object:
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(getattr(module, node.value.id, None), node.attr, None)
    return None


@pytest.mark.parametrize("sample", [name for name in EVERY if not name.startswith("shapes.")])
def test_every_button_leads_somewhere(sample: str) -> None:
    card = EVERY[sample]
    buttons = (*card.buttons, *((card.submit,) if card.submit else ()))
    named = {button.action.name for button in buttons if button.action is not None}
    assert named - set(registry().actions) == set()
