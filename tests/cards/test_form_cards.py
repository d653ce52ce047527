"""Which forms a platform can show as a whole; the others are asked in the chat."""

from __future__ import annotations

import orjson
import pytest

from cards import forms
from cards.card import Action, Button, Card, Field, FieldKind, Option, Tone
from cards.render import dingtalk_form, wecom_shape
from cards.render.dingtalk import render

SUBMIT = Button("提交", Action("form.done", "1"), Tone.PRIMARY)


def choice(key: str, count: int = 3, kind: FieldKind = FieldKind.SELECT) -> Field:
    return Field(key, key, tuple(Option(str(n), f"选项{n}") for n in range(count)), kind)


def form(*fields: Field, buttons: tuple[Button, ...] = ()) -> Card:
    return Card("表", form=fields, submit=SUBMIT, buttons=buttons)


@pytest.mark.parametrize(
    ("card", "held"),
    [
        (form(choice("a")), True),
        (form(choice("a"), choice("b"), choice("c")), True),
        (form(choice("a"), choice("b"), choice("c"), choice("d")), False),
        (form(choice("a", 10)), True),
        (form(choice("a", 11)), False),
        (form(choice("a", 20, FieldKind.CHECK_MANY)), True),
        (form(choice("a", 3, FieldKind.CHECK_MANY), choice("b")), False),
        (form(choice("a"), Field("t", "说明", kind=FieldKind.TEXT)), False),
        (Card("列表", form=(choice("a"),), buttons=(SUBMIT,)), True),
        (Card("列表", form=(choice("a"), choice("b")), buttons=(SUBMIT,)), False),
    ],
)
def test_wecom_holds_a_few_choices_and_no_words(card: Card, held: bool) -> None:
    assert wecom_shape.holds_form(card) is held


@pytest.mark.parametrize(
    ("card", "held"),
    [
        (forms.customer_form("1"), True),
        (forms.quote_form("1", ()), True),
        (forms.visit_form("1", ()), True),
        (form(*(choice(str(n)) for n in range(9))), False),
        (form(choice("a", 31)), False),
        (Card("表", form=(choice("a"),)), False),
    ],
)
def test_the_dingtalk_template_holds_nearly_all(card: Card, held: bool) -> None:
    assert dingtalk_form.holds_form(card) is held


def test_fields_in_words_are_of_the_documented_types() -> None:
    card = forms.visit_form("1", [Option("#12", "华润置地")], {"customer": "#12"})
    values = render(card, sign=lambda _: "packed").values
    rows = {row["name"]: row for row in orjson.loads(values["form"])["fields"]}
    assert rows["customer"]["type"] == "TEXT"
    assert rows["customer"]["defaultValue"] == "华润置地"
    assert rows["customer"]["required"] is True
    assert rows["what"]["type"] == "TEXT_AREA"
    assert rows["at"] == {
        "name": "at",
        "label": "什么时候",
        "type": "DATETIME",
        "format": "yyyy-MM-dd HH:mm",
        "placeholder": "例如：下周三上午10点",
    }
    assert "required" not in rows["next"]
