"""The pieces of a template card as JSON (https://developer.work.weixin.qq.com/document/path/90236)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cards import limits
from cards.card import Action, Button, Card, Fact, Field, FieldKind, Option, Tone
from cards.fit import clean, clean_line, cut, distinct
from cards.render.fill import Part, characters, fill
from cards.render.left_out import LeftOut
from cards.render.wecom_shape import options_of

Json = dict[str, object]
Sign = Callable[[Action], str]

_SOURCE_COLOURS = {Tone.PLAIN: 0, Tone.PRIMARY: 1, Tone.DANGER: 2, Tone.SUCCESS: 3}
"""source.desc_color: 0 grey, 1 black, 2 red, 3 green."""

_BUTTON_STYLES = {Tone.PRIMARY: 1, Tone.DANGER: 2, Tone.SUCCESS: 3, Tone.PLAIN: 4}
"""button_list.style: 1 blue, 2 red, 3 green, 4 grey."""

FOLDED, NOTE, SPARE = 2, 3, 4
"""Ranks in the body after the first words: facts without a row, the note, full texts of what is cut."""


@dataclass(slots=True)
class Draft:
    """One card on its way to JSON: what was left out so far, and what is to go into the body."""

    card: Card
    sign: Sign
    left: LeftOut
    settled: bool = False
    body: list[Part] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def short(self, text: str, limit: int, what: str) -> str:
        """The text as one line of at most `limit` characters; what is cut goes to the body in full."""
        line = clean_line(text)
        if len(line) > limit:
            self.body.append(Part(line, what, SPARE, spare=True))
        return cut(line, limit)

    def label(self, text: str, limit: int, what: str) -> str:
        """The same for labels, whose full text would make no sense elsewhere."""
        line = clean_line(text)
        if len(line) > limit:
            self.left.shorten(what)
        return cut(line, limit)


def source(draft: Draft, *, coloured: bool) -> Json:
    """The small line on top; empty without a source."""
    name = draft.label(draft.card.source, limits.SOURCE, "来源")
    if not name:
        return {}
    colour = {"desc_color": _SOURCE_COLOURS[draft.card.tone]} if coloured else {}
    return {"source": {"desc": name, **colour}}


def title_text(draft: Draft) -> str:
    """The title, which most types require."""
    title = clean_line(draft.card.title) or clean_line(draft.card.source) or "跟进"
    return draft.short(title, limits.TITLE, "标题")


def main_title(draft: Draft) -> Json:
    """Title and subtitle."""
    title: Json = {"title": title_text(draft)}
    if desc := draft.short(draft.card.subtitle, limits.TITLE_DESC, "副标题"):
        title["desc"] = desc
    return {"main_title": title}


def quote_area(draft: Draft) -> Json:
    """The words that the card is about."""
    words = draft.short(draft.card.quote, limits.QUOTE, "引用")
    return {"quote_area": {"type": 0, "quote_text": words}} if words else {}


def emphasis(draft: Draft, figure_limit: int, caption_limit: int) -> Json:
    """The big figure with its caption."""
    if not draft.card.emphasis:
        return {}
    figure = draft.short(draft.card.emphasis[0], figure_limit, "数字")
    caption = draft.short(draft.card.emphasis[1], caption_limit, "数字说明")
    return {"title": figure, **({"desc": caption} if caption else {})} if figure else {}


def emphasis_as_fact(card: Card) -> tuple[Fact, ...]:
    """The big figure where a type has no place for one."""
    if not card.emphasis or not clean_line(card.emphasis[0]):
        return ()
    return (Fact(card.emphasis[1], card.emphasis[0]),)


def rows(draft: Draft, facts: Sequence[Fact]) -> Json:
    """Facts as rows; those beyond the sixth, and those without a name, become lines of the body."""
    shown: list[Json] = []
    for fact in facts:
        name, value = clean_line(fact.name), clean_line(fact.value)
        if not (name or value):
            continue
        if not name or len(shown) == limits.ROWS:
            draft.body.append(Part(fact_line(name, value), "项信息", FOLDED))
            continue
        if len(name) > limits.ROW_NAME or len(value) > limits.ROW_VALUE:
            draft.body.append(Part(fact_line(name, value), f"“{cut(name, 12)}”", SPARE, spare=True))
        shown.append({"keyname": cut(name, limits.ROW_NAME), "value": cut(value, limits.ROW_VALUE)})
    return {"horizontal_content_list": shown} if shown else {}


def fact_line(name: str, value: str) -> str:
    """A fact as a line of text."""
    return f"{name}：{value}" if name else value


def body_text(draft: Draft, limit: int) -> str:
    """The body, what was folded into it, the note, and at the end how much of the card is missing."""
    card = draft.card
    done = "" if draft.settled else clean_line(card.done)
    first = [
        Part(done, "处理结果", 0, cuttable=True),
        Part(clean(card.body), "正文", 1, cuttable=True),
    ]
    note = Part(clean(card.note), "备注", NOTE, cuttable=True)
    return fill([*first, *draft.body, note], characters(limit), draft.left)


def buttons(draft: Draft, given: Sequence[Button]) -> list[Json]:
    """Buttons that the bot answers (type 0) and links (type 1); keys stand once in a card."""
    shown: list[Json] = []
    for button in given:
        key = draft.sign(button.action) if button.action else ""
        if len(shown) == limits.BUTTONS or key in draft.keys:
            draft.left.miss("个按钮")
            continue
        text = button_text(draft, button)
        style = _BUTTON_STYLES[button.tone]
        if key:
            draft.keys.add(key)
            shown.append({"text": text, "style": style, "key": key})
        else:
            shown.append({"type": 1, "text": text, "style": style, "url": button.url})
    return shown


def button_text(draft: Draft, button: Button) -> str:
    """What stands on a button."""
    text = clean_line(button.text) or "提交"
    return draft.label(text, limits.BUTTON_TEXT, f"按钮“{cut(text, 12)}”")


def jumps(draft: Draft, links: Sequence[Button]) -> Json:
    """Links under a notice."""
    if not links:
        return {}
    draft.left.miss("个按钮", len(links) - limits.JUMPS)
    shown = [
        {"type": 1, "title": draft.label(link.text, limits.JUMP_TITLE, "链接名称"), "url": link.url}
        for link in links[: limits.JUMPS]
    ]
    return {"jump_list": shown}


def drop_down(draft: Draft, given: Field) -> Json:
    """A drop-down, alone above buttons or as one of several."""
    shown = given.options[: limits.SELECT_OPTIONS]
    chosen = [option.id for option in shown if option.id in given.selected]
    what = f"“{cut(clean_line(given.title), 12)}”标题"
    return {
        "question_key": given.key,
        "title": draft.label(given.title, limits.SELECT_TITLE, what),
        **({"disable": True} if draft.settled else {}),
        **({"selected_id": chosen[0]} if chosen else {}),
        "option_list": _options(draft, given, shown, limits.SELECT_TEXT),
    }


def checkbox(draft: Draft, given: Field) -> Json:
    """Boxes to tick: one (mode 0) or several (mode 1)."""
    shown = given.options[: limits.CHECK_OPTIONS]
    many = given.kind is FieldKind.CHECK_MANY
    chosen = [option.id for option in shown if option.id in given.selected]
    ticked = set(chosen if many else chosen[:1])
    options = _options(draft, given, shown, limits.CHECK_TEXT)
    return {
        "question_key": given.key,
        "option_list": [{**option, "is_checked": option["id"] in ticked} for option in options],
        **({"disable": True} if draft.settled else {}),
        "mode": 1 if many else 0,
    }


def _options(draft: Draft, given: Field, shown: Sequence[Option], limit: int) -> list[Json]:
    """Options within the limit, still told apart after a cut; records what is missing."""
    draft.left.miss(options_of(given), len(given.options) - len(shown))
    full = [clean_line(option.text) for option in shown]
    if any(len(text) > limit for text in full):
        draft.left.shorten(f"“{cut(clean_line(given.title), 12)}”选项")
    texts = distinct(full, limit)
    return [{"id": option.id, "text": text} for option, text in zip(shown, texts, strict=True)]
