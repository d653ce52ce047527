"""Which of WeCom's five template cards a card becomes, and which of its parts that one can hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from cards import limits
from cards.card import Button, Card, Field, FieldKind, Option
from cards.fit import byte_length, clean, clean_line, usable_url
from cards.render.left_out import LeftOut


class CardType(StrEnum):
    """The types of template card (https://developer.work.weixin.qq.com/document/path/90236)."""

    TEXT_NOTICE = "text_notice"
    NEWS_NOTICE = "news_notice"
    BUTTON = "button_interaction"
    VOTE = "vote_interaction"
    MULTIPLE = "multiple_interaction"


@dataclass(frozen=True, slots=True)
class Shape:
    """The type and what takes part in it. `kind` is None when no template card can hold the card.

    `buttons` are those to press, or for the two notices the links; a single choice above buttons is in
    `fields`; `link` is where a tap on the card leads.
    """

    kind: CardType | None
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()
    submit: Button | None = None
    link: str = ""


def shape_of(card: Card, left: LeftOut) -> Shape:
    """The type that loses least of the card; what it cannot hold is added to `left`."""
    fields = _usable_fields(card.form, left)
    buttons = _usable_buttons(card.buttons, left)
    submit = card.submit if card.submit and card.submit.action else None
    link = usable_url(card.link)
    shape = (
        _form_shape(card, fields, submit, buttons)
        if submit and fields
        else _plain_shape(card, fields, buttons, link)
    )
    _count_the_rest(card, shape, len(fields), len(buttons), left)
    return shape


def holds_form(card: Card) -> bool:
    """Whether a template card shows the whole form, with every choice, and what goes with it."""
    most = dict.fromkeys(FieldKind, limits.SELECT_OPTIONS) | {FieldKind.CHECK_MANY: limits.CHECK_OPTIONS}
    left = LeftOut()
    shape = shape_of(replace(card, buttons=()) if card.submit else card, left)
    whole = [one for one in card.form if len(one.options) <= most[one.kind]]
    return shape.kind is not None and len(shape.fields) == len(whole) == len(card.form)


def _form_shape(card: Card, fields: tuple[Field, ...], submit: Button, buttons: tuple[Button, ...]) -> Shape:
    """A form with a submit button; one drop-down beside other things goes above buttons, which hold more."""
    drop_downs = tuple(field for field in fields if field.kind is not FieldKind.CHECK_MANY)
    only = fields[0] if len(fields) == 1 else None
    if only and only.kind is FieldKind.SELECT and (buttons or _has_more_than_title(card)):
        return Shape(CardType.BUTTON, fields, (submit, *buttons), None, usable_url(card.link))
    if fields[0].kind is FieldKind.CHECK_MANY or (only and only.kind is FieldKind.CHECK_ONE):
        return Shape(CardType.VOTE, fields[:1], submit=submit)
    return Shape(CardType.MULTIPLE, drop_downs[: limits.SELECTS], submit=submit)


def _plain_shape(card: Card, fields: tuple[Field, ...], buttons: tuple[Button, ...], link: str) -> Shape:
    """A card without a form of its own: buttons, links, or nothing to press at all."""
    links = tuple(button for button in buttons if not button.action)
    if len(links) < len(buttons) or len(links) > limits.JUMPS:
        choices = tuple(field for field in fields if field.kind is not FieldKind.CHECK_MANY)
        chosen = choices[:1] if len(links) < len(buttons) else ()
        return Shape(CardType.BUTTON, chosen, buttons, None, link)
    target = link or (links[0].url if links else "")
    if not target:
        return Shape(None)
    kind = CardType.NEWS_NOTICE if usable_url(card.image) else CardType.TEXT_NOTICE
    return Shape(kind, (), links, None, target)


def _count_the_rest(card: Card, shape: Shape, fields: int, buttons: int, left: LeftOut) -> None:
    """What the chosen type has no place for."""
    given = buttons + (card.submit is not None)
    left.miss("个按钮", given - len(shape.buttons) - (shape.submit is not None))
    left.miss("个表单项", fields - len(shape.fields))
    if card.link and not shape.link:
        left.miss("链接")
    if card.image and shape.kind is not CardType.NEWS_NOTICE:
        left.miss("图片")


def _has_more_than_title(card: Card) -> bool:
    return bool(card.facts or card.body or card.quote or card.emphasis or card.note or card.link)


def _usable_buttons(buttons: Iterable[Button], left: LeftOut) -> tuple[Button, ...]:
    """Buttons with a text that lead somewhere."""
    given = tuple(buttons)
    usable = tuple(
        button for button in given if clean_line(button.text) and (button.action or usable_url(button.url))
    )
    left.miss("个按钮", len(given) - len(usable))
    return usable


def _usable_fields(fields: Iterable[Field], left: LeftOut) -> tuple[Field, ...]:
    """Fields with at least one option, each key once."""
    usable: dict[str, Field] = {}
    for field in fields:
        options = _usable_options(field, left) if field.kind.is_choice else ()
        if options and field.key not in usable and _is_key(field.key, limits.KEY_BYTES):
            usable[field.key] = replace(field, options=options)
        else:
            left.miss("个表单项")
    return tuple(usable.values())


def _usable_options(field: Field, left: LeftOut) -> tuple[Option, ...]:
    """Options whose id can travel and stands once, and which have a text."""
    usable: dict[str, Option] = {}
    for option in field.options:
        if clean_line(option.text) and _is_key(option.id, limits.OPTION_ID_BYTES):
            usable.setdefault(option.id, option)
    left.miss(options_of(field), len(field.options) - len(usable))
    return tuple(usable.values())


def options_of(field: Field) -> str:
    """How options of this field are named when some are missing."""
    title = clean_line(field.title)
    return f"个“{title}”选项" if title else "个选项"


def _is_key(text: str, limit: int) -> bool:
    return bool(text) and byte_length(text) <= limit and clean(text) == text and "\n" not in text
