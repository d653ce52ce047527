"""Cards as DingTalk markdown, for organisations that have not imported the template, and for free replies.

What a button does is said by a tap (`dtmd://`), by typing, or opened as a link; nothing calls back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cards import limits_dingtalk as limits
from cards.card import Button, Card, Field
from cards.fit import clean_line, cut, usable_url
from cards.render.dingtalk import fact_parts, figure, markdown_place
from cards.render.fill import Part, fill
from cards.render.left_out import LeftOut
from cards.render.markdown import literal, literal_line, picture, quoted, tap, words_to_say


@dataclass(frozen=True, slots=True)
class Markdown:
    """A message: `title` for the list of conversations, `links` (text, address) to open as buttons."""

    title: str
    text: str
    links: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()


def render_markdown(card: Card, *, taps: bool) -> Markdown:
    """The card as markdown of at most 7,000 bytes. `taps` where a tap can speak: in single chats."""
    left = LeftOut()
    title = clean_line(card.title) or clean_line(card.source) or "跟进"
    if len(title) > limits.TITLE:
        left.shorten("标题")
    buttons = _Buttons(card, taps, left)
    parts = [Part(f"### {literal_line(cut(title, limits.TITLE))}", "标题", 0)]
    parts += _words(card, left)
    if not clean_line(card.done):
        parts += _form(card, left, taps=taps)
    parts += buttons.parts()
    parts.append(Part(literal(card.note), "备注", 7, cuttable=True))
    text = fill(parts, markdown_place(limits.TEXT_BYTES), left)
    return Markdown(cut(title, limits.TITLE), text, buttons.links, left.phrases())


def can_be_said(card: Card) -> bool:
    """Whether everything on the card is reached by typing or opening a link, and nobody waits for it to
    change: then it need not be a card.
    """
    given = (*card.buttons, *((card.submit,) if card.submit else ()))
    return not card.form and not card.followed and all(one.say or not one.action for one in given)


def _words(card: Card, left: LeftOut) -> Iterator[Part]:
    """Everything that is only read."""
    done = literal_line(card.done)
    yield Part(f"**{done}**" if done else "", "处理结果", 0)
    yield Part(literal_line(card.subtitle), "副标题", 1, cuttable=True)
    shown = picture(card.image)
    if card.image and not shown:
        left.miss("图片")
    yield Part(shown, "图片", 6)
    yield Part(figure(card, left), "数字", 1)
    yield Part(literal(card.body), "正文", 3, cuttable=True)
    yield from fact_parts(card.facts, left)
    yield Part(quoted(card.quote), "引用", 6, cuttable=True)


def _form(card: Card, left: LeftOut, *, taps: bool) -> Iterator[Part]:
    """Choices: numbered lines for one field, a line for each of several."""
    usable = [field for field in card.form if field.options]
    left.miss("个表单项", len(card.form) - len(usable))
    if len(usable) != 1:
        for field in usable:
            yield Part(_choices(field), "个表单项", 2, cuttable=True)
        return
    field = usable[0]
    spoken = taps and card.submit is not None and "序号" in card.submit.say
    yield Part(literal_line(field.title), "问题", 2, cuttable=True)
    for number, option in enumerate(field.options, start=1):
        text = f"{number}）{cut(clean_line(option.text), limits.FACT_VALUE)}"
        yield Part(tap(text, str(number)) if spoken else literal_line(text), "个选项", 2)


def _choices(field: Field) -> str:
    texts = " / ".join(clean_line(option.text) for option in field.options)
    return literal_line(f"{clean_line(field.title)}：{texts}")


class _Buttons:
    """Sorts the buttons into what is tapped or typed and what is opened."""

    def __init__(self, card: Card, taps: bool, left: LeftOut) -> None:  # noqa: FBT001 - one caller, above
        self._taps = taps
        self._left = left
        self._said: dict[str, None] = {}
        self._links: list[tuple[str, str]] = []
        settled = bool(clean_line(card.done))
        for button in (*((card.submit,) if card.submit else ()), *card.buttons):
            if not (settled and button.action):
                self._sort(button)
        if card.link:
            self._open("查看详情", card.link, "链接")

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Text and address of what is opened."""
        return tuple(self._links)

    def parts(self) -> Iterator[Part]:
        """What is tapped or typed, a line each."""
        return (Part(said, "个按钮", 2) for said in self._said)

    def _sort(self, button: Button) -> None:
        text, words = cut(clean_line(button.text), limits.BUTTON_TEXT), words_to_say(button.say)
        if self._taps and words and text:
            self._said[tap(text, words)] = None
        elif hint := clean_line(button.say):
            self._said[literal_line(hint if not text or text in hint else f"{text}：{hint}")] = None
        else:
            self._open(button.text, button.url, "个按钮")

    def _open(self, text: str, url: str, what: str) -> None:
        text, url = cut(clean_line(text), limits.BUTTON_TEXT), usable_url(url)
        if url and any(url == address for _, address in self._links):
            return
        if text and url and len(self._links) < limits.LINK_BUTTONS:
            self._links.append((text, url))
        else:
            self._left.miss(what)
