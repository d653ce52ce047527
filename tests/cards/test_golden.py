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

from cards.card import Card
from cards.render import wecom
from handlers.features import registry
from tests.cards import samples
from tests.cards.built.every import BUILT, EVERY, FEATURES, builders
from tests.cards.gold import FOLDER, TEMPLATE_FILE, WAYS, path, sign, template_text
from tests.cards.wecom_rules import broken


@pytest.mark.parametrize("way", WAYS)
def test_every_card_on_its_platform(way: str, subtests: pytest.Subtests) -> None:
    for sample, card in EVERY.items():
        made, wanted = WAYS[way][1](card), path(way, sample).read_text(encoding="utf-8")
        if made != wanted:
            with subtests.test(sample):
                assert made == wanted


def test_template_file() -> None:
    assert template_text() == TEMPLATE_FILE.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    wanted = {TEMPLATE_FILE, *(path(way, name) for way in WAYS for name in EVERY)}
    assert {one for one in FOLDER.rglob("*.*") if one.is_file()} - wanted == set()


def test_what_a_card_becomes_keeps_wecoms_rules() -> None:
    updates = {sample: orjson.dumps(wecom.render_update(card, sign=sign)) for sample, card in EVERY.items()}
    found = {sample: broken(orjson.loads(update), update=True) for sample, update in updates.items()}
    assert {sample: rules for sample, rules in found.items() if rules} == {}


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


def test_every_button_leads_somewhere() -> None:
    known = set(registry().actions)
    nowhere = {sample: _actions(card) - known for sample, card in BUILT.items()}
    assert {sample: names for sample, names in nowhere.items() if names} == {}


def _actions(card: Card) -> set[str]:
    """The names of all that the card's buttons call."""
    buttons = (*card.buttons, *((card.submit,) if card.submit else ()))
    return {button.action.name for button in buttons if button.action is not None}
