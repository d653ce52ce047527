"""What a template card must look like (page 90236): the five types, their fields, their limits.

Anything that breaks an enforced rule is refused; what a type does not have is refused as well, because the
client would not show it. Advisory lengths are no matter here: `drawing.py` cuts them as the client does.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.wecom import limits
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, absent, bad, flag, needed, number, obj, rows, text

INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]+")
_COMMON = frozenset({"card_type", "source", "main_title", "task_id"})
_NOTICE = _COMMON | {"action_menu", "quote_area", "horizontal_content_list", "card_action"}
FIELDS: dict[str, frozenset[str]] = {
    "text_notice": _NOTICE | {"emphasis_content", "sub_title_text", "jump_list"},
    "news_notice": _NOTICE | {"jump_list", "card_image", "image_text_area", "vertical_content_list"},
    "button_interaction": _NOTICE | {"sub_title_text", "button_selection", "button_list"},
    "vote_interaction": _COMMON | {"checkbox", "submit_button"},
    "multiple_interaction": _COMMON | {"select_list", "submit_button"},
}


def check_card(card: JsonObject, *, update: bool = False, menu: tuple[int, int] = limits.ACTION_MENU) -> str:
    """Check a whole card and return its type. Raises Refused (40058, 42014, 42018, 42019, 42020).

    An `update` has no task_id and may carry `replace_text` and `disable`.
    """
    kind = needed(card, "card_type")
    if kind not in FIELDS:
        raise bad("card_type", f"must be one of {sorted(FIELDS)}")
    extra = {"replace_text"} if update else set()
    if strange := {name for name, value in card.items() if not absent(value)} - FIELDS[kind] - extra:
        raise bad(f"template_card.{min(strange)}", f"{kind} has no such field")
    _check_head(card, kind)
    _check_menu(card, menu)
    for check in (_check_quote, _check_lists, _check_action, _check_pictures, *_PARTS[kind]):
        check(card)
    _check_unique(card)
    text(card, "replace_text")
    if not update:
        check_task_id(card, kind)
    return kind


def check_task_id(card: JsonObject, kind: str) -> None:
    """The shape of a task_id. That it is new, the register knows. Raises Refused (42014)."""
    task_id = card.get("task_id") or ""
    required = kind in INTERACTIVE or not absent(card.get("action_menu"))
    if not task_id and not required:
        return
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
        raise Refused(Code.BAD_TASK_ID, "task_id: 0-9 A-Z a-z _ - @ are allowed")
    if len(task_id.encode()) > limits.TASK_ID_BYTES:
        raise Refused(Code.BAD_TASK_ID, f"task_id: at most {limits.TASK_ID_BYTES} bytes")


def _check_head(card: JsonObject, kind: str) -> None:
    source = obj(card, "source") or {}
    text(source, "icon_url", "source.")
    text(source, "desc", "source.")
    number(source, "desc_color", 0, (0, 1, 2, 3), "source.")
    title = obj(card, "main_title") or {}
    text(title, "desc", "main_title.")
    subtitle = text(card, "sub_title_text")
    if kind != "text_notice" or not subtitle.strip():
        needed(title, "title", "main_title.")
    else:
        text(title, "title", "main_title.")
    emphasis = obj(card, "emphasis_content") or {}
    text(emphasis, "title", "emphasis_content.")
    text(emphasis, "desc", "emphasis_content.")


def _check_menu(card: JsonObject, bounds: tuple[int, int]) -> None:
    menu = obj(card, "action_menu")
    if menu is None:
        return
    text(menu, "desc", "action_menu.")
    for entry in rows(menu, "action_list", bounds, "action_menu."):
        needed(entry, "text", "action_menu.action_list.")
        _check_key(entry, "action_menu.action_list.")


def _check_quote(card: JsonObject) -> None:
    quote = obj(card, "quote_area")
    if quote is not None:
        _check_jump(quote, "quote_area.", (0, 1, 2))
        text(quote, "title", "quote_area.")
        text(quote, "quote_text", "quote_area.")


def _check_lists(card: JsonObject) -> None:
    for row in rows(card, "horizontal_content_list", limits.HORIZONTAL_LIST):
        where = "horizontal_content_list."
        needed(row, "keyname", where)
        text(row, "value", where)
        field = {1: "url", 2: "media_id", 3: "userid"}.get(number(row, "type", 0, (0, 1, 2, 3), where))
        if field:
            needed(row, field, where)
    for row in rows(card, "jump_list", limits.JUMP_LIST):
        needed(row, "title", "jump_list.")
        _check_jump(row, "jump_list.", (0, 1, 2))
    for row in rows(card, "vertical_content_list", limits.VERTICAL_LIST):
        needed(row, "title", "vertical_content_list.")
        text(row, "desc", "vertical_content_list.")


def _check_action(card: JsonObject) -> None:
    action = obj(card, "card_action")
    if card["card_type"] in ("text_notice", "news_notice"):
        if action is None:
            raise bad("card_action", "is missing")
        number(action, "type", -1, (1, 2), "card_action.")
    if action is not None:
        _check_jump(action, "card_action.", (0, 1, 2))


def _check_pictures(card: JsonObject) -> None:
    image, area = obj(card, "card_image"), obj(card, "image_text_area")
    if card["card_type"] == "news_notice" and image is None and area is None:
        raise bad("card_image", "card_image or image_text_area is needed")
    if image is not None:
        needed(image, "url", "card_image.")
        ratio = image.get("aspect_ratio", limits.ASPECT_RATIO[0])
        low, high = limits.ASPECT_RATIO
        if isinstance(ratio, bool) or not isinstance(ratio, int | float) or not low <= ratio <= high:
            raise bad("card_image.aspect_ratio", f"{low} to {high} is allowed")
    if area is not None:
        _check_jump(area, "image_text_area.", (0, 1, 2))
        needed(area, "image_url", "image_text_area.")


def _check_buttons(card: JsonObject) -> None:
    selection = obj(card, "button_selection")
    if selection is not None:
        _check_selection(selection, "button_selection.")
    for button in rows(card, "button_list", limits.BUTTON_LIST):
        if not text(button, "text", "button_list.").strip():
            raise bad("button_list.text", "is missing", Code.NO_BUTTON_NAME)
        low, high = limits.BUTTON_STYLE
        number(button, "style", low, tuple(range(low, high + 1)), "button_list.")
        if number(button, "type", 0, (0, 1), "button_list.") == 1:
            needed(button, "url", "button_list.")
        else:
            _check_key(button, "button_list.")


def _check_checkbox(card: JsonObject) -> None:
    box = obj(card, "checkbox")
    if box is None:
        raise bad("checkbox", "is missing")
    needed(box, "question_key", "checkbox.", max_bytes=limits.KEY_BYTES)
    options = rows(box, "option_list", limits.CHECKBOX_OPTIONS, "checkbox.")
    _check_options(options, "checkbox.option_list.")
    checked = sum(flag(one, "is_checked", "checkbox.option_list.") for one in options)
    if number(box, "mode", 0, (0, 1), "checkbox.") == 0 and checked > 1:
        raise bad("checkbox", "mode 0 takes one checked option")
    flag(box, "disable", "checkbox.")


def _check_selects(card: JsonObject) -> None:
    for select in rows(card, "select_list", limits.SELECT_LIST):
        _check_selection(select, "select_list.")


def _check_submit(card: JsonObject) -> None:
    button = obj(card, "submit_button")
    if button is None:
        raise bad("submit_button", "is missing")
    needed(button, "text", "submit_button.")
    _check_key(button, "submit_button.")


def _check_selection(select: JsonObject, where: str) -> None:
    needed(select, "question_key", where, max_bytes=limits.KEY_BYTES)
    text(select, "title", where)
    flag(select, "disable", where)
    options = rows(select, "option_list", limits.SELECTION_OPTIONS, where)
    _check_options(options, where + "option_list.")
    chosen = text(select, "selected_id", where)
    if chosen and chosen not in [one["id"] for one in options]:
        raise bad(where + "selected_id", "names no option")


def _check_options(options: list[JsonObject], where: str) -> None:
    ids = [needed(one, "id", where, max_bytes=limits.OPTION_ID_BYTES) for one in options]
    for one in options:
        needed(one, "text", where)
    if len(set(ids)) != len(ids):
        raise bad(where + "id", "given twice")


def _check_jump(row: JsonObject, where: str, allowed: tuple[int, ...]) -> None:
    field = {1: "url", 2: "appid"}.get(number(row, "type", 0, allowed, where))
    if field:
        needed(row, field, where)


def _check_key(row: JsonObject, where: str) -> None:
    key = text(row, "key", where)
    if not key:
        raise bad(where + "key", "is missing", Code.NO_KEY)
    if len(key.encode()) > limits.KEY_BYTES:
        raise bad(where + "key", f"at most {limits.KEY_BYTES} bytes", Code.BAD_KEY)


def _check_unique(card: JsonObject) -> None:
    menu = obj(card, "action_menu") or {}
    buttons = rows(card, "button_list", (0, limits.BUTTON_LIST[1]))
    pressable = buttons + rows(menu, "action_list", (0, limits.PASSIVE_ACTION_MENU[1]))
    keys = [key for one in pressable if (key := text(one, "key"))]
    if len(set(keys)) != len(keys):
        raise bad("key", "given twice", Code.BAD_KEY)
    questions = [one["question_key"] for one in rows(card, "select_list", (0, limits.SELECT_LIST[1]))]
    if len(set(questions)) != len(questions):
        raise bad("question_key", "given twice")


_PARTS: dict[str, tuple[Callable[[JsonObject], None], ...]] = {
    "text_notice": (),
    "news_notice": (),
    "button_interaction": (_check_buttons,),
    "vote_interaction": (_check_checkbox, _check_submit),
    "multiple_interaction": (_check_selects, _check_submit),
}
