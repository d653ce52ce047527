"""The client's side of a card: which buttons it shows, how a form is checked and sent.

Pages form-variables, event-callback-card; the buttons of the vendor's own templates as in its client.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from sandbox.dingtalk.cards import Params
from sandbox.dingtalk.company import Template
from sandbox.dingtalk.shape import JsonObject, loaded

DISABLED = "disabled"
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


class CannotPress(ValueError):
    """What a person tried is not possible in the client; says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it is shown. Without `url` a press is a callback with `action_id` and `params`."""

    label: str
    action_id: str = ""
    params: Mapping[str, object] | None = None
    url: str = ""
    enabled: bool = True
    color: str = ""


def buttons(template: Template, seen: Params) -> list[Button]:
    """All buttons of a card as one person sees it: the template's own, then those from its variable."""
    fixed = [Button(filled(one.label, seen), one.action_id, dict(one.params)) for one in template.fixed]
    rows = _listed(seen.get(template.buttons, ""))
    return [*fixed, *(_looped(template, one) if template.button_id else _button(one) for one in rows)]


def chosen(shown: list[Button], action: str, params: Mapping[str, object]) -> Button:
    """The button that has this id, and these parameters where several share it. Raises CannotPress."""
    same = [one for one in shown if one.action_id == action]
    fit = [one for one in same if params.items() >= (one.params or {}).items()] if len(same) > 1 else same
    if len(fit) != 1:
        raise CannotPress("卡片上没有这个按钮" if not fit else "有几个这样的按钮")
    return fit[0]


def _listed(written: str) -> list[JsonObject]:
    try:
        found = orjson.loads(written or "[]")
    except orjson.JSONDecodeError:
        return []
    if isinstance(found, dict):
        found = found.get("msgButtons", [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _looped(template: Template, one: JsonObject) -> Button:
    """A button drawn by a loop: it calls back when it has something to send, else it opens its address."""
    params = {name: one[name] for name in template.button_params if one.get(name)}
    if params:
        return _drawn(one, template.button_id, params)
    return _drawn(one, url=str(one.get("url", "")))


def _button(one: JsonObject) -> Button:
    """Both ways of writing: `{text, id, request}` or `{text, url}`, and `{text, event: {type, params}}`."""
    event = one.get("event")
    if isinstance(event, dict):
        given = event.get("params")
        inner = given if isinstance(given, dict) else {}
        if event.get("type") == "openLink":
            return _drawn(one, url=str(inner.get("url", "")))
        return _drawn(one, str(inner.get("actionId", "")), inner.get("params"))
    if one.get("request") is True:
        return _drawn(one, str(one.get("id", "")), one.get("params"))
    return _drawn(one, url=str(one.get("url", "")))


def _drawn(one: JsonObject, action_id: str = "", params: object = None, url: str = "") -> Button:
    sent = params if isinstance(params, dict) else {}
    enabled = one.get("status") != DISABLED
    return Button(str(one.get("text", "")), action_id, sent, url, enabled, str(one.get("color", "")))


def filled(label: str, seen: Params) -> str:
    """A text with the variables it names filled in."""
    return _VARIABLE.sub(lambda found: seen.get(found.group(1), ""), label)


def form_fields(template: Template, seen: Params) -> list[JsonObject]:
    """The fields of the card's form, hidden ones too; empty without a form."""
    schema = loaded(seen.get(template.form, "")) if template.form else None
    fields = (schema or {}).get("fields")
    return [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []


def submit(template: Template, seen: Params, values: Mapping[str, object]) -> tuple[str, JsonObject]:
    """The action id and the parameters of a submitted form. Raises CannotPress.

    Checked as the client checks: required fields, choices, dates; empty optional fields are left out,
    hidden ones come back as they were.
    """
    fields = form_fields(template, seen)
    if not fields:
        raise CannotPress("卡片上没有表单")
    if seen.get(template.form_status) == DISABLED:
        raise CannotPress("表单已不能提交")
    names = {str(one.get("name")) for one in fields}
    if unknown := set(values) - names:
        raise CannotPress(f"表单里没有：{'、'.join(sorted(unknown))}")
    sent: JsonObject = {}
    for one in fields:
        value = _value(one, values)
        if value not in (None, "", [], {}):
            sent[str(one.get("name"))] = value
        elif one.get("required") is True:
            raise CannotPress(str(one.get("requiredMsg") or f"请填写{one.get('label') or one.get('name')}"))
    params: JsonObject = {template.form_id: sent}
    if template.form_echo:
        params[template.form_echo] = loaded(seen[template.form])
    return template.form_id, params


def _value(field: JsonObject, values: Mapping[str, object]) -> object:
    name = str(field.get("name"))
    if name not in values:
        return field.get("defaultValue")
    if field.get("hidden") is True or field.get("readOnly") is True:
        raise CannotPress(f"{field.get('label') or name} 不能填写")
    given = values[name]
    if given in (None, ""):
        return None
    return _READERS.get(str(field.get("type")), _as_text)(field, given)


def _as_text(_field: JsonObject, given: object) -> object:
    return str(given)


def _as_bool(field: JsonObject, given: object) -> object:
    if not isinstance(given, bool):
        raise CannotPress(f"{field.get('label') or field.get('name')} 只能勾选或不勾选")
    return given


def _as_number(field: JsonObject, given: object) -> object:
    if not re.fullmatch(r"-?\d+(\.\d+)?", str(given)):
        raise CannotPress(f"{field.get('label') or field.get('name')} 应为数字")
    return given


def _as_date(field: JsonObject, given: object) -> object:
    words = str(given)
    kind = field.get("type")
    date, _, time = words.partition(" ")
    fits = {
        "DATE": bool(_DATE.fullmatch(words)),
        "TIME": bool(_TIME.fullmatch(words)),
        "DATETIME": bool(_DATE.fullmatch(date)) and bool(_TIME.fullmatch(time)),
    }
    if not fits.get(str(kind), False):
        raise CannotPress(f"{field.get('label') or field.get('name')} 的格式不对")
    return words


def _options(field: JsonObject) -> list[str]:
    options = field.get("options")
    rows = options if isinstance(options, list) else []
    return [str(one.get("value")) for one in rows if isinstance(one, dict)]


def _index(field: JsonObject, given: object) -> int:
    options = _options(field)
    if str(given) not in options:
        raise CannotPress(f"{field.get('label') or field.get('name')} 没有这个选项")
    return options.index(str(given))


def _many(field: JsonObject, given: object) -> list[int]:
    if not isinstance(given, list | tuple):
        raise CannotPress(f"{field.get('label') or field.get('name')} 应为多个选项")
    return sorted(_index(field, one) for one in given)


def _select(field: JsonObject, given: object) -> object:
    return {"index": _index(field, given), "value": str(given)}


def _multi_select(field: JsonObject, given: object) -> object:
    chosen = _many(field, given)
    return {"index": chosen, "value": [_options(field)[one] for one in chosen]} if chosen else None


def _group(field: JsonObject, given: object) -> object:
    return _options(field)[_index(field, given)]


def _multi_group(field: JsonObject, given: object) -> object:
    return [_options(field)[one] for one in _many(field, given)]


def _text_array(_field: JsonObject, given: object) -> object:
    return [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)]


_READERS: dict[str, Callable[[JsonObject, object], object]] = {
    "NUMBER": _as_number,
    "DATE": _as_date,
    "TIME": _as_date,
    "DATETIME": _as_date,
    "CHECKBOX": _as_bool,
    "SWITCH": _as_bool,
    "SELECT": _select,
    "MULTI_SELECT": _multi_select,
    "CHECKBOX_GROUP": _group,
    "MULTI_CHECKBOX_GROUP": _multi_group,
    "TEXT_ARRAY": _text_array,
}
