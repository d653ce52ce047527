"""A card's form as the value of the generic template's `form` variable [form-variables].

Choices are SELECT and MULTI_SELECT, whose answers are documented: `{"index", "value"}`. The packed action
travels in a field of its own: hidden under a submit button, or a choice of 操作 where the card has
several buttons and no submit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import orjson

from cards import limits_dingtalk as limits
from cards.card import LONGEST_WORDS, Action, Button, Card, Field, FieldKind, Option
from cards.fit import byte_length, clean, clean_line, cut, distinct
from cards.render.left_out import LeftOut

Json = dict[str, object]
Sign = Callable[[Action], str]

ACTION_FIELD: Final = "genjin_action"
"""Name of the form field that holds the packed action."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form as a JSON text, the words on its button, and whether its choices took over the buttons."""

    schema: str = '{"fields":[]}'
    button: str = ""
    holds_buttons: bool = False

    @property
    def shown(self) -> bool:
        """Whether there is a form at all."""
        return bool(self.button)


def form_of(card: Card, sign: Sign, left: LeftOut) -> Form:
    """The card's form; empty where it has none, or nothing to submit it with."""
    fields = _usable(card.form, left)
    submit = card.submit if card.submit and card.submit.action else None
    actions = tuple(one for one in card.buttons if one.action and clean_line(one.text))
    if not fields or not (submit or actions):
        left.miss("个表单项", len(fields))
        return Form()
    rows = [_row(one, left, required=len(fields) == 1 and submit is not None) for one in fields]
    if submit and submit.action:
        rows.insert(0, _hidden(sign(submit.action)))
        return Form(_fitted(rows, left), _label(submit))
    if len(actions) == 1 and actions[0].action:
        rows.insert(0, _hidden(sign(actions[0].action)))
        return Form(_fitted(rows, left), _label(actions[0]), holds_buttons=True)
    rows.append(_choice_of(actions, sign))
    return Form(_fitted(rows, left), "确定", holds_buttons=True)


def _label(button: Button) -> str:
    return cut(clean_line(button.text) or "提交", limits.BUTTON_TEXT)


def _hidden(packed: str) -> Json:
    return {"name": ACTION_FIELD, "type": "TEXT", "hidden": True, "defaultValue": packed}


def _choice_of(buttons: Sequence[Button], sign: Sign) -> Json:
    """The buttons as one more choice: a form has a single button, and only that one sends what was chosen."""
    made = {sign(one.action): clean_line(one.text) for one in buttons if isinstance(one.action, Action)}
    texts = distinct(list(made.values()), limits.OPTION_TEXT)
    options = [{"value": packed, "text": text} for packed, text in zip(made, texts, strict=True)]
    first = options[: limits.BUTTONS]
    return {
        "name": ACTION_FIELD,
        "label": "操作",
        "type": "SELECT",
        "required": True,
        "requiredMsg": "请选择要做什么",
        "options": first,
        "defaultValue": {"index": 0, "value": first[0]["value"]},
    }


def holds_form(card: Card) -> bool:
    """Whether the template shows the whole form, with every choice, and what submits it."""
    form = form_of(card, lambda _action: "x" * limits.OPTION_ID_BYTES, LeftOut())
    if not form.shown or any(len(one.options) > limits.OPTIONS for one in card.form):
        return False
    shown = {row["name"] for row in orjson.loads(form.schema)["fields"]}
    return all(one.key in shown for one in card.form)


_LINE: Final[Json] = {"type": "TEXT"}
_LINES: Final[Json] = {"type": "TEXT_AREA", "minRows": 2, "maxRows": 6}
_SORTS: Final[dict[FieldKind, Json]] = {
    FieldKind.MOMENT: {"type": "DATETIME", "format": "yyyy-MM-dd HH:mm"},
}
"""What is not simply typed [form-variables]."""


def _typed(field: Field, title: str) -> Json:
    """A field to be filled in words; a long one in several lines."""
    sort = _SORTS.get(field.kind) or (_LINE if field.most <= LONGEST_WORDS else _LINES)
    hint = clean_line(field.example)
    given = next((text for one in field.selected if (text := clean_line(_words(field, one)))), "")
    return {
        "name": field.key,
        "label": cut(title, limits.FIELD_TITLE),
        **sort,
        **({"placeholder": f"例如：{cut(hint, limits.OPTION_TEXT)}"} if hint else {}),
        **({"defaultValue": cut(given, field.most)} if given else {}),
        **({} if field.optional else {"required": True, "requiredMsg": "请先填写"}),
    }


def _words(field: Field, given: str) -> str:
    """What a value given beforehand is called, where it is one of the proposals."""
    return next((one.text for one in field.options if one.id == given), given)


def _row(field: Field, left: LeftOut, *, required: bool) -> Json:
    title = clean_line(field.title)
    if len(title) > limits.FIELD_TITLE:
        left.shorten(f"“{cut(title, 12)}”标题")
    if not field.kind.is_choice:
        return _typed(field, title)
    shown = field.options[: limits.OPTIONS]
    left.miss("个选项", len(field.options) - len(shown))
    full = [clean_line(option.text) for option in shown]
    if any(len(text) > limits.OPTION_TEXT for text in full):
        left.shorten(f"“{cut(title, 12)}”选项")
    texts = distinct(full, limits.OPTION_TEXT)
    row: Json = {
        "name": field.key,
        "label": cut(title, limits.FIELD_TITLE),
        "type": "MULTI_SELECT" if field.kind is FieldKind.CHECK_MANY else "SELECT",
        "options": [{"value": one.id, "text": text} for one, text in zip(shown, texts, strict=True)],
        **({"required": True, "requiredMsg": "请先选择"} if required else {}),
    }
    chosen = [place for place, option in enumerate(shown) if option.id in field.selected]
    if chosen and field.kind is FieldKind.CHECK_MANY:
        row["defaultValue"] = {"index": chosen, "value": [shown[place].id for place in chosen]}
    elif chosen:
        row["defaultValue"] = {"index": chosen[0], "value": shown[chosen[0]].id}
    return row


def _fitted(rows: list[Json], left: LeftOut) -> str:
    """As JSON within the limit; the last fields go first. The one with the action always stays."""
    while True:
        schema = orjson.dumps({"fields": rows}).decode()
        extra = [row for row in rows if row["name"] != ACTION_FIELD]
        if byte_length(schema) <= limits.PARAM_JSON_BYTES or not extra:
            return schema
        rows.remove(extra[-1])
        left.miss("个表单项")


def _usable(form: Sequence[Field], left: LeftOut) -> tuple[Field, ...]:
    """Fields with options, each key once, none with the name that we use ourselves."""
    usable: dict[str, Field] = {}
    for field in form:
        options = _options(field, left)
        fits = _is_id(field.key, limits.KEY_BYTES) and field.key != ACTION_FIELD
        filled = options or not field.kind.is_choice
        if filled and fits and field.key not in usable and len(usable) < limits.FIELDS:
            usable[field.key] = replace(field, options=options)
        else:
            left.miss("个表单项")
    return tuple(usable.values())


def _options(field: Field, left: LeftOut) -> tuple[Option, ...]:
    usable: dict[str, Option] = {}
    for option in field.options:
        if clean_line(option.text) and _is_id(option.id, limits.OPTION_ID_BYTES):
            usable.setdefault(option.id, option)
    left.miss("个选项", len(field.options) - len(usable))
    return tuple(usable.values())


def _is_id(text: str, limit: int) -> bool:
    return bool(text) and byte_length(text) <= limit and clean(text) == text and "\n" not in text
