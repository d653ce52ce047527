"""How a card looks to one person, as JSON for the page: its face, its form, its buttons.

Controls have the shapes that the page has for WeCom's cards, so that it draws and reads them alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.dingtalk.card_client import DISABLED, Button, buttons, filled, form_fields
from sandbox.dingtalk.cards import Params
from sandbox.dingtalk.company import Block, Template
from sandbox.dingtalk.shape import JsonObject, loaded
from sandbox.state import CardState

BUTTON, FORM = "b", "form"  # how the page names what is pressed: b0, b1 …; form
_STYLES = {"blue": 1, "red": 2, "green": 3, "gray": 4, "grey": 4}
_LISTS = ("MULTI_SELECT", "MULTI_CHECKBOX_GROUP")
_CHOICES = ("SELECT", "CHECKBOX_GROUP")
_TICKS = ("CHECKBOX", "SWITCH")


def face(template: Template, seen: Params) -> tuple[JsonObject, CardState]:
    """The card, and whether it is done with: `blocks` from top to bottom, then form and buttons.

    The form's fields are in `select_list`, `checkboxes` and `inputs`, each with its `place` in the form.
    """
    drawn = buttons(template, seen)
    card: JsonObject = {
        "card_type": "dingtalk",
        "blocks": [_drawn(one, text) for one, text in _blocks(template, seen)],
        "button_list": button_list(drawn),
    }
    fields = [one for one in form_fields(template, seen) if one.get("hidden") is not True]
    if not fields:
        return card, CardState()
    frozen = seen.get(template.form_status) == DISABLED
    words = seen.get(template.form_button) or "提交"
    controls: dict[str, list[JsonObject]] = {"select_list": [], "checkboxes": [], "inputs": []}
    for place, one in enumerate(fields):
        name, control = _control(one, frozen=frozen)
        controls[name].append({**control, "place": place})
    card |= controls
    card["order"] = [str(one.get("name")) for one in fields]
    card["submit_button"] = {"text": words, "key": FORM}
    return card, CardState(disabled=frozen, replace_text=words if frozen else None)


def button_list(drawn: Sequence[Button]) -> list[JsonObject]:
    """Buttons as the page has them; an ordinary address opens there, everything else is pressed."""
    found = []
    for place, one in enumerate(drawn):
        button: JsonObject = {"text": one.label, "key": f"{BUTTON}{place}"}
        button["style"] = _STYLES.get(one.color, 1) if one.enabled else 4
        if not one.enabled:
            button["disabled"] = True
        if one.url.startswith(("http://", "https://")):
            button |= {"type": 1, "url": one.url}
        found.append(button)
    return found


def title_of(template: Template, seen: Params) -> str:
    """The first words on the card."""
    return next((text for _, text in _blocks(template, seen)), "卡片")


def form_values(template: Template, seen: Params, selected: dict[str, list[str]]) -> dict[str, object]:
    """What the page's fields hold (always lists of texts) as the values of the form's fields."""
    kinds = {str(one.get("name")): str(one.get("type")) for one in form_fields(template, seen)}
    found: dict[str, object] = {}
    for name, given in selected.items():
        kind = kinds.get(name, "")
        if kind in (*_LISTS, "TEXT_ARRAY"):
            found[name] = given
        elif kind in _TICKS:
            found[name] = given[:1] == ["true"]
        else:
            found[name] = given[0] if given else ""
    return found


def _blocks(template: Template, seen: Params) -> list[tuple[Block, str]]:
    own = {template.form, template.form_status, template.form_button, template.buttons}
    free = (Block("text", f"${{{name}}}") for name in seen if name not in own)
    blocks = template.blocks or tuple(free)
    found = [(one, filled(one.content, seen).strip()) for one in blocks]
    return [(one, text) for one, text in found if text and not _is_json(text)]


def _control(field: JsonObject, *, frozen: bool) -> tuple[str, JsonObject]:
    kind = field.get("type")
    if kind in _CHOICES:
        return "select_list", _select(field, frozen=frozen)
    if kind in (*_LISTS, *_TICKS):
        return "checkboxes", _box(field, frozen=frozen)
    return "inputs", _input(field, frozen=frozen)


def _drawn(block: Block, text: str) -> JsonObject:
    drawn: JsonObject = {"kind": block.kind, "text": text}
    if block.look:
        drawn["look"] = block.look
    return drawn if not block.below else {**drawn, "below": True}


def _select(field: JsonObject, *, frozen: bool) -> JsonObject:
    first = _defaults(field)[:1]
    options = [{"id": "", "text": "请选择"}, *_options(field)] if not first else _options(field)
    return {**_head(field, frozen=frozen), "option_list": options, "selected_id": first[0] if first else ""}


def _box(field: JsonObject, *, frozen: bool) -> JsonObject:
    """Several choices; a tick is one choice of `true`."""
    default = field.get("defaultValue")
    ticked = set(_defaults(field)) if field.get("type") in _LISTS else {"true"} if default is True else set()
    options = _options(field) or [{"id": "true", "text": str(field.get("label") or field.get("name"))}]
    listed = [{**one, "is_checked": one["id"] in ticked} for one in options]
    return {**_head(field, frozen=frozen), "mode": 1, "option_list": listed}


def _input(field: JsonObject, *, frozen: bool) -> JsonObject:
    words = field.get("placeholder") or field.get("format") or ""
    head = {**_head(field, frozen=frozen), "placeholder": words, "kind": field.get("type")}
    return {**head, "value": "，".join(_defaults(field))}


def _head(field: JsonObject, *, frozen: bool) -> JsonObject:
    name = str(field.get("name"))
    title, fixed = field.get("label") or name, frozen or field.get("readOnly") is True
    words = field.get("requiredMsg")
    head: JsonObject = {"question_key": name, "title": title, "disable": fixed}
    return {**head, "required": field.get("required") is True, "required_text": words or f"请填写{title}"}


def _options(field: JsonObject) -> list[JsonObject]:
    rows = field.get("options")
    listed = rows if isinstance(rows, list) else []
    return [{"id": str(one.get("value")), "text": one.get("text")} for one in listed if isinstance(one, dict)]


def _defaults(field: JsonObject) -> list[str]:
    value = field.get("defaultValue")
    if isinstance(value, dict):
        value = value.get("value")
    if value in (None, ""):
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _is_json(text: str) -> bool:
    return loaded(text) is not None or (text[:1] == "[" and loaded(f'{{"list":{text}}}') is not None)
