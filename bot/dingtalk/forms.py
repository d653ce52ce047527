"""What comes back from a card: the params of a button, and the values of a form [event-callback-card,
form-variables].

SELECT gives `{"index", "value"}`, MULTI_SELECT lists of both, CHECKBOX true or false; the others are not
shown by the vendor, so texts, numbers and lists are all taken. Empty optional fields are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from cards.render.dingtalk_form import ACTION_FIELD
from cards.render.dingtalk_template import FORM_ID

_ACTION: Final = "action"
_MOST_VALUES: Final = 200
_DEEPEST: Final = 4


def pressed(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The params of a callback; `content` is JSON text, in older pages `value`. None where there are none."""
    for name in ("content", "value"):
        content = _object(body.get(name))
        private = _object(content.get("cardPrivateData")) if content else None
        params = _object(private.get("params")) if private else None
        if params is not None:
            return params
    return None


def chosen(params: Mapping[str, Any]) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The packed action and the chosen values by field."""
    form = _object(params.get(FORM_ID))
    if form is None:
        return next(iter(_values(params.get(_ACTION))), ""), {}
    fields = {str(name).replace("\0", ""): _values(value) for name, value in form.items()}
    action = next(iter(fields.pop(ACTION_FIELD, ())), "")
    return action, {name: values for name, values in fields.items() if values}


def _values(value: object, depth: int = _DEEPEST) -> tuple[str, ...]:
    """One value or several, as texts; nothing for what is empty."""
    if depth == 0:
        return ()
    if isinstance(value, dict):
        return _values(value.get("value"), depth - 1)
    if isinstance(value, list):
        return tuple(text for one in value[:_MOST_VALUES] for text in _values(one, depth - 1))
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    if isinstance(value, str | int | float):
        text = str(value).replace("\0", "")
        return (text,) if text else ()
    return ()


def _object(value: object) -> dict[str, Any] | None:
    """A JSON object, given as such or as text."""
    if isinstance(value, str) and value:
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    return value if isinstance(value, dict) else None
