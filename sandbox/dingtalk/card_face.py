"""How a card looks to one person, as JSON for the page: its face, its form, its buttons."""

from __future__ import annotations

from sandbox.dingtalk.card_client import DISABLED, buttons, filled, form_fields
from sandbox.dingtalk.cards import Params
from sandbox.dingtalk.company import Block, Template
from sandbox.dingtalk.shape import JsonObject, loaded

BUTTON, FORM = "b", "form"  # how the page names what is pressed: b0, b1 …; form


def face(template: Template, seen: Params) -> JsonObject:
    """`blocks` from top to bottom, `buttons` with a key each, `form` where there is one."""
    drawn = buttons(template, seen)
    card: JsonObject = {
        "card_type": "dingtalk",
        "blocks": [{"kind": one.kind, "text": text} for one, text in _blocks(template, seen)],
        "buttons": [
            {"key": f"{BUTTON}{place}", "text": one.label, "url": one.url, "enabled": one.enabled}
            for place, one in enumerate(drawn)
        ],
    }
    fields = [one for one in form_fields(template, seen) if one.get("hidden") is not True]
    if fields:
        card["form"] = {
            "key": FORM,
            "fields": fields,
            "submit": seen.get(template.form_button) or "提交",
            "enabled": seen.get(template.form_status) != DISABLED,
        }
    return card


def title_of(template: Template, seen: Params) -> str:
    """The first words on the card."""
    return next((text for _, text in _blocks(template, seen)), "卡片")


def _blocks(template: Template, seen: Params) -> list[tuple[Block, str]]:
    own = {template.form, template.form_status, template.form_button, template.buttons}
    free = (Block("text", f"${{{name}}}") for name in seen if name not in own)
    blocks = template.blocks or tuple(free)
    found = [(one, filled(one.content, seen).strip()) for one in blocks]
    return [(one, text) for one, text in found if text and not _is_json(text)]


def form_values(template: Template, seen: Params, selected: dict[str, list[str]]) -> dict[str, object]:
    """What the page's fields hold (always lists of texts) as the values of the form's fields."""
    kinds = {str(one.get("name")): str(one.get("type")) for one in form_fields(template, seen)}
    found: dict[str, object] = {}
    for name, given in selected.items():
        kind = kinds.get(name, "")
        if kind in ("MULTI_SELECT", "MULTI_CHECKBOX_GROUP", "TEXT_ARRAY"):
            found[name] = given
        elif kind in ("CHECKBOX", "SWITCH"):
            found[name] = given[:1] == ["true"]
        else:
            found[name] = given[0] if given else ""
    return found


def _is_json(text: str) -> bool:
    return loaded(text) is not None or (text[:1] == "[" and loaded(f'{{"list":{text}}}') is not None)
