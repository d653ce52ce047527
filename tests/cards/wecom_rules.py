"""What WeCom takes, written down a second time from the vendor's page and apart from `cards.limits`.

https://developer.work.weixin.qq.com/document/path/90236. Advisory lengths count as broken here: a card
of ours should never need the client's scissors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

ALLOWED = {
    "text_notice": "quote_area emphasis_content sub_title_text horizontal_content_list jump_list card_action",
    "news_notice": "quote_area horizontal_content_list jump_list card_action card_image"
    " vertical_content_list",
    "button_interaction": "quote_area sub_title_text horizontal_content_list card_action"
    " button_selection button_list",
    "vote_interaction": "checkbox submit_button",
    "multiple_interaction": "select_list submit_button",
}
REQUIRED = {
    "text_notice": "main_title card_action",
    "news_notice": "main_title card_action card_image",
    "button_interaction": "main_title button_list",
    "vote_interaction": "main_title checkbox submit_button",
    "multiple_interaction": "main_title select_list submit_button",
}
LENGTHS = {
    "source.desc": 20,
    "main_title.title": 36,
    "main_title.desc": 44,
    "emphasis_content.title": 14,
    "emphasis_content.desc": 22,
    "sub_title_text": 160,
    "horizontal_content_list.keyname": 5,
    "horizontal_content_list.value": 30,
    "jump_list.title": 18,
    "vertical_content_list.title": 38,
    "vertical_content_list.desc": 160,
    "button_list.text": 10,
    "submit_button.text": 10,
    "button_selection.option_list.text": 16,
    "select_list.option_list.text": 16,
    "checkbox.option_list.text": 17,
}
COUNTS = {
    "horizontal_content_list": (1, 6),
    "jump_list": (1, 3),
    "vertical_content_list": (1, 4),
    "button_list": (1, 6),
    "button_selection.option_list": (1, 10),
    "checkbox.option_list": (1, 20),
    "select_list": (1, 3),
    "select_list.option_list": (1, 10),
}
NEEDED = (
    "main_title.title",
    "horizontal_content_list.keyname",
    "jump_list.title",
    "vertical_content_list.title",
    "button_list.text",
    "submit_button.text",
    "submit_button.key",
)


def broken(card: dict[str, Any], *, update: bool = False) -> list[str]:
    """Every rule that the template card breaks, in words; empty when it is right."""
    return [
        *_wrong_fields(card, update),
        *_wrong_lengths(card),
        *_wrong_keys(card),
        *_wrong_choices(card),
        *_wrong_links(card),
        *_wrong_characters(card),
    ]


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value with its path; places in a list are not part of the path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        yield f"{path}#", len(value)
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def _wrong_fields(card: dict[str, Any], update: bool) -> Iterator[str]:
    kind = card["card_type"]
    interactive = kind.endswith("interaction")
    allowed = {"card_type", "source", "main_title", *ALLOWED[kind].split()}
    allowed |= ({"replace_text"} if interactive else set()) if update else {"task_id"}
    required = set(REQUIRED[kind].split()) | ({"task_id"} if interactive and not update else set())
    yield from (f"{kind} has no {name}" for name in card.keys() - allowed)
    yield from (f"{kind} needs {name}" for name in required - card.keys())
    if kind in ("vote_interaction", "multiple_interaction") and "desc_color" in card.get("source", {}):
        yield f"{kind} has no source colour"
    if not update and not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", card.get("task_id", "")):
        yield "task_id is malformed"


def _wrong_lengths(card: dict[str, Any]) -> Iterator[str]:
    for path, value in leaves(card):
        if path.endswith("#"):
            low, high = COUNTS[path[:-1]]
            if not low <= int(str(value)) <= high:
                yield f"{path[:-1]} has {value} entries"
        if isinstance(value, str) and len(value) > LENGTHS.get(path, 10_000):
            yield f"{path} has {len(value)} characters"
        if path in NEEDED and not str(value).strip():
            yield f"{path} is empty"


def _wrong_keys(card: dict[str, Any]) -> Iterator[str]:
    keys = [str(value) for path, value in leaves(card) if path.split(".")[-1] in ("key", "question_key")]
    if len(set(keys)) != len(keys):
        yield "a key stands twice"
    yield from (f"key of {len(key.encode())} bytes" for key in keys if not 0 < len(key.encode()) <= 1024)
    for button in card.get("button_list", []):
        if ("url" in button) != (button.get("type", 0) == 1) or ("key" in button) == ("url" in button):
            yield "a button leads nowhere"
        if button["style"] not in (1, 2, 3, 4):
            yield "a button has no such style"


def _wrong_choices(card: dict[str, Any]) -> Iterator[str]:
    drop_downs = [*card.get("select_list", []), *filter(None, [card.get("button_selection")])]
    box = card.get("checkbox")
    for choice in [*drop_downs, *([box] if box else [])]:
        ids = [option["id"] for option in choice["option_list"]]
        if len(set(ids)) != len(ids) or not all(0 < len(one.encode()) <= 128 for one in ids):
            yield "option ids are not unique, or of a wrong length"
        if choice.get("selected_id", ids[0]) not in ids:
            yield "selected_id names no option"
    if box and box["mode"] == 0 and sum(option["is_checked"] for option in box["option_list"]) > 1:
        yield "mode 0 with several ticked"


def _wrong_links(card: dict[str, Any]) -> Iterator[str]:
    action = card.get("card_action")
    if action and not (action["type"] == 1 and action["url"]):
        yield "card_action leads nowhere"
    if not 1.3 <= card.get("card_image", {}).get("aspect_ratio", 1.3) <= 2.25:
        yield "the picture's shape is not allowed"
    for path, value in leaves(card):
        if path.split(".")[-1] == "url" and not re.match("https?://", str(value)):
            yield f"{path} is no link"


def _wrong_characters(card: dict[str, Any]) -> Iterator[str]:
    for path, value in leaves(card):
        if isinstance(value, str) and unshowable(value, breaks=path in ("sub_title_text", BODY_OF_NEWS)):
            yield f"{path} has a character that no client shows"


BODY_OF_NEWS = "vertical_content_list.desc"


def unshowable(text: str, *, breaks: bool) -> bool:
    """Whether the text has control characters, half characters, or marks that turn its direction."""
    if breaks:
        text = text.replace("\n", "")
    turning = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    return any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") or one in turning for one in text)
