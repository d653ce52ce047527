"""Cards as plain text: for platforms and places that show no cards, and for cards with nothing to press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cards import limits
from cards.card import Button, Card, Field
from cards.fit import clean, clean_line, cut_bytes, usable_url
from cards.render.fill import Part, fill, utf8
from cards.render.left_out import LeftOut

_LINK_TAG = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The text of a card, and in Chinese what of the card is not in it."""

    text: str
    left_out: tuple[str, ...]


def render_text(card: Card) -> str:
    """The card as text of at most 2048 UTF-8 bytes; its last line says when something is missing."""
    return fit_text(card).text


def fit_text(card: Card) -> Fitted:
    """The same with the list of what is left out. Facts are lines, buttons what to type instead."""
    left = LeftOut()
    if card.image:
        left.miss("图片")
    if card.link and not usable_url(card.link):
        left.miss("链接")
    parts = [_literal(part) for part in _parts(card, left)]
    text = fill(parts, utf8(limits.WECOM_TEXT_BYTES), left)
    return Fitted(text or "跟进", left.phrases())


def wecom_text_payload(text: str) -> dict[str, object]:
    """The object under `text` in WeCom's `message/send`, cut at 2048 bytes between characters.

    WeCom makes links of `<a href>` in texts (https://developer.work.weixin.qq.com/document/path/90236);
    here the bracket is widened, so that such words from a user are read and not followed.
    """
    return {"content": cut_bytes(_LINK_TAG.sub("＜", clean(text)), limits.WECOM_TEXT_BYTES)}


def _literal(part: Part) -> Part:
    return Part(_LINK_TAG.sub("＜", part.text), part.what, part.rank, part.cuttable)


def _parts(card: Card, left: LeftOut) -> Iterator[Part]:
    """Everything the card says, in reading order."""
    yield Part(clean_line(card.title), "标题", 0, cuttable=True)
    yield Part(clean_line(card.done), "处理结果", 0, cuttable=True)
    yield Part(clean_line(card.subtitle), "副标题", 1, cuttable=True)
    if card.emphasis:
        figure, caption = (clean_line(text) for text in card.emphasis)
        yield Part(_fact_line(caption, figure), "数字", 1, cuttable=True)
    yield Part(clean(card.body), "正文", 4, cuttable=True)
    for fact in card.facts:
        yield Part(_fact_line(clean_line(fact.name), clean_line(fact.value)), "项信息", 3)
    if quote := clean(card.quote):
        yield Part(f"原话：{quote}", "引用", 6, cuttable=True)
    if not clean_line(card.done):
        yield from _form(card, left)
    yield from _buttons(card, left)
    if link := usable_url(card.link):
        yield Part(f"查看：{link}", "链接", 5)
    yield Part(clean(card.note), "备注", 7, cuttable=True)


def _form(card: Card, left: LeftOut) -> Iterator[Part]:
    """Choices: numbered lines when there is one field, otherwise a line for each field."""
    if len(card.form) == 1:
        field = card.form[0]
        if title := clean_line(field.title):
            yield Part(f"{title}：", "问题", 2, cuttable=True)
        for number, option in enumerate(field.options, start=1):
            yield Part(f"{number}. {clean_line(option.text)}", "个选项", 2)
        return
    for field in card.form:
        if field.options:
            yield Part(_choices(field), "个表单项", 2, cuttable=True)
        else:
            left.miss("个表单项")


def _choices(field: Field) -> str:
    return _fact_line(
        clean_line(field.title), " / ".join(clean_line(option.text) for option in field.options)
    )


def _buttons(card: Card, left: LeftOut) -> Iterator[Part]:
    """What to type instead of pressing, and where links lead; a settled card has its links only."""
    given = card.buttons if not card.submit else (card.submit, *card.buttons)
    settled = bool(clean_line(card.done))
    hints: list[str] = []
    for button in given:
        url = usable_url(button.url)
        if button.action and settled:
            continue
        if button.say:
            hints.append(_hint(button))
        elif url and not button.action:
            yield Part(_fact_line(clean_line(button.text), url), "个按钮", 5)
        else:
            left.miss("个按钮")
    for hint in dict.fromkeys(hints):
        yield Part(hint, "个按钮", 2)


def _hint(button: Button) -> str:
    """回复 撤销, or where the words do not name the button: 推迟一天：回复 推迟 1天."""
    say, text = clean_line(button.say), clean_line(button.text)
    return say if not text or text in say else f"{text}：{say}"


def _fact_line(name: str, value: str) -> str:
    return f"{name}：{value}" if name and value else name or value
