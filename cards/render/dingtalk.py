"""Cards as the variables of the project's generic DingTalk template: buttons and a form, imported once.

Every value of cardParamMap is a string [instructions-for-filling-in-api-card-data]. All variables are
given each time, so that an update by key leaves nothing of the card before. What does not fit is named in
`Params.left_out`, and the part of the card that it belongs to says how much is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import orjson

from cards import limits_dingtalk as limits
from cards.card import Button, Card, Fact, Tone
from cards.fit import byte_length, clean_line, cut, cut_bytes, usable_url
from cards.render.dingtalk_form import Form, Json, Sign, form_of
from cards.render.fill import Part, Place, fill
from cards.render.left_out import LeftOut
from cards.render.markdown import LINE, literal, literal_line, picture, quoted

VARIABLES: Final = (
    "lastMessage",
    "source",
    "title",
    "subtitle",
    "body",
    "facts",
    "note",
    "done",
    "buttons",
    "form",
    "has_form",
    "form_status",
    "form_btn_text",
)
"""The template's variables. `body`, `facts` and `note` are markdown, `buttons` and `form` JSON."""

BUTTON_KEYS: Final = ("text", "color", "action", "url")
"""What an entry of `buttons` has: `action` is packed and comes back in the callback's params."""

COLOURS: Final = {Tone.PRIMARY: "blue", Tone.SUCCESS: "blue", Tone.DANGER: "red", Tone.PLAIN: "gray"}
"""Colours of a button in the card builder."""


@dataclass(frozen=True, slots=True)
class Params:
    """The template's variables, and in Chinese what of the card they do not show."""

    values: dict[str, str]
    left_out: tuple[str, ...]


def render(card: Card, *, sign: Sign) -> Params:
    """The card as template variables; the same for a new card and for the change of an old one."""
    done = clean_line(card.done)
    if done:
        card = replace(card, form=(), submit=None, buttons=tuple(b for b in card.buttons if not b.action))
    left, of_body, of_facts = LeftOut(), LeftOut(), LeftOut()
    title = _line(clean_line(card.title) or clean_line(card.source) or "跟进", limits.TITLE, "标题", left)
    form = form_of(card, sign, left)
    values = {
        "lastMessage": cut(f"{title} {clean_line(card.subtitle)}".strip(), limits.TITLE),
        "source": _line(card.source, limits.SOURCE, "来源", left),
        "title": title,
        "subtitle": _line(card.subtitle, limits.SUBTITLE, "副标题", left),
        "body": fill(list(_body(card, of_body)), markdown_place(), of_body),
        "facts": fill(list(fact_parts(card.facts, of_facts)), markdown_place(), of_facts),
        "done": _line(done, limits.SUBTITLE, "处理结果", left),
        "buttons": _buttons(card, form, sign, left),
        "form": form.schema,
        "has_form": "true" if form.shown else "",
        "form_status": "normal",
        "form_btn_text": form.button,
    }
    note = Part(literal(card.note), "备注", 0, cuttable=True)
    values["note"] = fill([note], markdown_place(), left)
    return Params(values, (*of_body.phrases(), *of_facts.phrases(), *left.phrases()))


def markdown_place(limit: int = limits.PARAM_VALUE_BYTES) -> Place:
    """Room for markdown, in UTF-8 bytes, one part a line."""
    return Place(limit, separator=LINE, size=byte_length, shorten=cut_bytes, worth=24)


def fact_parts(facts: tuple[Fact, ...], left: LeftOut) -> Iterator[Part]:
    """Facts as lines with a bold name."""
    for fact in facts:
        name, value = clean_line(fact.name), clean_line(fact.value)
        if len(name) > limits.FACT_NAME or len(value) > limits.FACT_VALUE:
            left.shorten(f"“{cut(name, limits.FACT_NAME)}”")
        name, value = cut(name, limits.FACT_NAME), cut(value, limits.FACT_VALUE)
        if name and value:
            yield Part(f"**{literal_line(name)}**：{literal_line(value)}", "项信息", 2)
        else:
            yield Part(literal_line(name or value), "项信息", 2)


def figure(card: Card, left: LeftOut) -> str:
    """The big figure, bold, and what it is."""
    number, caption = (clean_line(text) for text in card.emphasis or ("", ""))
    if max(len(number), len(caption)) > limits.SUBTITLE:
        left.shorten("数字")
    number, caption = literal_line(cut(number, limits.SUBTITLE)), literal_line(cut(caption, limits.SUBTITLE))
    return f"**{number}** {caption}".strip() if number else caption


def _body(card: Card, left: LeftOut) -> Iterator[Part]:
    """Picture, figure, words and quote."""
    shown = picture(card.image)
    if card.image and not shown:
        left.miss("图片")
    yield Part(shown, "图片", 4)
    yield Part(figure(card, left), "数字", 0)
    yield Part(literal(card.body), "正文", 1, cuttable=True)
    yield Part(quoted(card.quote), "引用", 3, cuttable=True)


def _line(text: str, limit: int, what: str, left: LeftOut) -> str:
    line = clean_line(text)
    if len(line) > limit:
        left.shorten(what)
    return cut(line, limit)


def _buttons(card: Card, form: Form, sign: Sign, left: LeftOut) -> str:
    """The buttons as JSON; those of a form without a submit of its own are in the form already."""
    given = [one for one in card.buttons if not (form.holds_buttons and one.action)]
    if card.submit and not form.shown:
        given.insert(0, card.submit)
    shown: list[Json] = []
    keys: set[object] = set()
    for button in given:
        entry = _entry(button, sign, left)
        if entry is None or entry["action"] in keys or len(shown) == limits.BUTTONS:
            left.miss("个按钮")
            continue
        keys.update({entry["action"]} - {""})
        shown.append(entry)
    _link(card, shown, left)
    while byte_length(packed := orjson.dumps(shown).decode()) > limits.PARAM_JSON_BYTES:
        shown.pop()
        left.miss("个按钮")
    return packed


def _entry(button: Button, sign: Sign, left: LeftOut) -> Json | None:
    text, url = clean_line(button.text), usable_url(button.url)
    if not text or not (button.action or url):
        return None
    if len(text) > limits.BUTTON_TEXT:
        left.shorten(f"按钮“{cut(text, 12)}”")
    action = sign(button.action) if button.action else ""
    shown = cut(text, limits.BUTTON_TEXT)
    return {"text": shown, "color": COLOURS[button.tone], "action": action, "url": "" if action else url}


def _link(card: Card, shown: list[Json], left: LeftOut) -> None:
    """Where a tap on the card would lead, as one more button."""
    url = usable_url(card.link)
    if not card.link or any(entry["url"] == url for entry in shown if url):
        return
    if not url or len(shown) == limits.BUTTONS:
        left.miss("链接")
        return
    shown.append({"text": "查看详情", "color": "gray", "action": "", "url": url})
