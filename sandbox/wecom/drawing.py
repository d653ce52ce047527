"""A card as the client shows it: advisory lengths cut, choices preset, and the events a tap may cause."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from sandbox.state import CardState
from sandbox.wecom import limits
from sandbox.wecom.shape import JsonObject, flag, obj, rows, text

_MANY = 99


def draw(card: JsonObject, advisory: Mapping[str, int] = limits.ADVISORY) -> JsonObject:
    """A copy of a checked card with over-long texts cut; "cut" lists the fields it happened to."""
    drawn = copy.deepcopy(card)
    drawn["cut"] = [path for path, limit in advisory.items() if _cut(drawn, path.split("."), limit)]
    return drawn


def first_state(card: JsonObject) -> CardState:
    """The state of a fresh copy: preset choices, and greyed where the card says so (`replace_text`)."""
    replaced = text(card, "replace_text")
    state = CardState(disabled=bool(replaced), replace_text=replaced or None)
    for select in selections(card):
        options = rows(select, "option_list", (0, _MANY))
        state.selected[text(select, "question_key")] = [text(select, "selected_id") or text(options[0], "id")]
    box = obj(card, "checkbox")
    if box is not None:
        checked = [text(one, "id") for one in rows(box, "option_list", (0, _MANY)) if flag(one, "is_checked")]
        state.selected[text(box, "question_key")] = checked
    return state


def selections(card: JsonObject) -> list[JsonObject]:
    """The card's drop-down lists: those of a multiple card, or the one over the buttons."""
    single = obj(card, "button_selection")
    return rows(card, "select_list", (0, _MANY)) + ([single] if single else [])


def keys(card: JsonObject) -> dict[str, str]:
    """Everything that, when pressed, sends template_card_event: key to what is written on it."""
    pressable = [*rows(card, "button_list", (0, _MANY)), obj(card, "submit_button") or {}]
    return {
        text(one, "key"): text(one, "text") for one in pressable if one.get("key") and not one.get("type")
    }


def menu_keys(card: JsonObject) -> dict[str, str]:
    """The menu in the card's corner: key to what is written there."""
    menu = obj(card, "action_menu") or {}
    return {text(one, "key"): text(one, "text") for one in rows(menu, "action_list", (0, _MANY))}


def _cut(owner: object, path: list[str], limit: int) -> bool:
    if isinstance(owner, list):
        return sum(_cut(one, path, limit) for one in owner) > 0  # every row is cut, not only the first
    if not isinstance(owner, dict):
        return False
    name, rest = path[0], path[1:]
    value = owner.get(name)
    if rest:
        return _cut(value, rest, limit)
    if not isinstance(value, str) or len(value) <= limit:
        return False
    owner[name] = value[: limit - 1] + "…"
    return True
