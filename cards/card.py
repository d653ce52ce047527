"""The card as a value: what is shown and what can be pressed, before any platform has a say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a button or a heading looks."""

    PRIMARY = "primary"
    DANGER = "danger"
    SUCCESS = "success"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does: a handler's name and the record it is bound to.

    `version` is the record's version when the card was made, so that a late press is noticed;
    `extra` is a short argument of the handler's own.
    """

    name: str
    object_id: str = ""
    version: int = 0
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a card: a short name and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a form field."""

    id: str
    text: str


class FieldKind(StrEnum):
    """How a form field is filled: by choosing among its options, or in words of a certain sort."""

    SELECT = "select"
    CHECK_ONE = "check_one"
    CHECK_MANY = "check_many"
    TEXT = "text"
    COMPANY = "company"
    PERSON = "person"
    CUSTOMER = "customer"
    PHONE = "phone"
    AMOUNT = "amount"
    DISCOUNT = "discount"
    MOMENT = "moment"

    @property
    def is_choice(self) -> bool:
        """Whether it is filled by choosing and by nothing else."""
        return self in (FieldKind.SELECT, FieldKind.CHECK_ONE, FieldKind.CHECK_MANY)


LONGEST_WORDS = 60
"""Characters of a field that is filled in words, unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Field:
    """A form field. `selected` are ids of options chosen beforehand, or the words filled in beforehand.

    What is filled in words has no options, but for a customer, where they are proposals: their ids are
    those that `handlers.form_fields` gives. `optional` may stay empty; `example` shows what fits; `most`
    is how many characters words may have.
    """

    key: str
    title: str
    options: tuple[Option, ...] = ()
    kind: FieldKind = FieldKind.SELECT
    selected: tuple[str, ...] = ()
    optional: bool = False
    example: str = ""
    most: int = LONGEST_WORDS


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: an action for the bot, or a link (`url`, http or https).

    With both, the action is taken. `say` tells how to reach the same by typing, where no button can be
    shown: 回复 撤销.
    """

    text: str
    action: Action | None = None
    tone: Tone = Tone.PLAIN
    url: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A card, platform-neutral.

    `subtitle` stands under the title; `emphasis` is a big figure and the caption under it; `body` is
    free text of several lines; `quote` the words it is about; `form` with `submit` asks for choices;
    `done` replaces the buttons once the matter is settled (已由李经理通过); `link` opens when the card
    is tapped; `image` is an absolute URL. `about` is (object, id) of the record that the card belongs
    to: later changes of the record update every card about it. `followed` says that its reader waits for
    what others make of it: where a platform can change a card, it is shown as one that changes.
    """

    title: str
    subtitle: str = ""
    source: str = "跟进"
    tone: Tone = Tone.PLAIN
    emphasis: tuple[str, str] | None = None
    body: str = ""
    facts: tuple[Fact, ...] = ()
    quote: str = ""
    form: tuple[Field, ...] = ()
    submit: Button | None = None
    buttons: tuple[Button, ...] = ()
    note: str = ""
    link: str = ""
    image: str = ""
    done: str = ""
    about: tuple[str, str] | None = None
    followed: bool = False
