"""Cards as WeCom messages: a template card of the type that loses least, or a text where none fits.

Shapes: https://developer.work.weixin.qq.com/document/path/90236 (send), /94888 (update). Limits are in
`cards.limits`. What a type cannot hold is folded into its body as far as there is room; the rest is
named in `Rendered.left_out`, and the card itself says how much is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from cards import limits
from cards.card import Action, Button, Card
from cards.fit import clean_line, usable_url
from cards.render import wecom_parts as parts
from cards.render.fill import Part, characters, fill
from cards.render.left_out import LeftOut
from cards.render.text import fit_text
from cards.render.wecom_parts import Draft, Json, Sign
from cards.render.wecom_shape import CardType, Shape, shape_of

_SETTLED = Action("settled")
"""The key of a button that only shows how a matter ended and cannot be pressed."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message for WeCom: its `msgtype`, and the object that goes under that name.

    `left_out` names in Chinese what is not shown; `plain` is the text when the card became one.
    """

    payload: Json
    left_out: tuple[str, ...] = ()
    plain: str | None = None
    msgtype: str = "template_card"


def render(card: Card, *, task_id: str, sign: Sign, body_limit: int = limits.BODY) -> Rendered:
    """The card as a template card, or as a text when it has nothing to press.

    `task_id` must never have been used in the app (ValueError when malformed); `sign` packs an action
    into a key. `body_limit` is `limits.BODY_AIBOT` for the AI bot. A card that is done has no buttons.
    """
    if not re.fullmatch(limits.TASK_ID, task_id):
        raise ValueError(f"not a task_id: {task_id!r}")
    if clean_line(card.done):
        links = tuple(button for button in card.buttons if not button.action)
        card = replace(card, form=(), submit=None, buttons=links)
    left = LeftOut()
    shape = shape_of(card, left)
    if shape.kind is None:
        fitted = fit_text(card)
        return Rendered({"content": fitted.text}, fitted.left_out, fitted.text, "text")
    template = _template(Draft(card, sign, left), shape, body_limit)
    return Rendered({**template, "task_id": task_id}, left.phrases())


def render_update(card: Card, *, sign: Sign, body_limit: int = limits.BODY) -> Json:
    """The template card that takes the place of one already sent; it carries no task_id.

    When `done` is set, the choices are locked and `done` stands where the buttons were. A card with
    nothing left to press keeps one such button, because an update cannot turn a card into a text.
    """
    left = LeftOut()
    shape = shape_of(card, left)
    done = clean_line(card.done)
    settled = bool(done)
    if shape.kind is None:
        ending = Button(done or "已更新", _SETTLED)
        card, settled = replace(card, done=ending.text), True
        shape = Shape(CardType.BUTTON, buttons=(ending,))
    locked = settled and shape.kind in (CardType.BUTTON, CardType.VOTE, CardType.MULTIPLE)
    draft = Draft(card, sign, left, settled=locked)
    replaced = {"replace_text": draft.short(card.done, limits.REPLACE_TEXT, "处理结果")} if locked else {}
    return {**_template(draft, shape, body_limit), **replaced}


def message(touser: str, agent_id: int, rendered: Rendered) -> bytes:
    """The body of `message/send`: always the same bytes for the same message.

    `touser` is one userid or several joined by `|`. WeCom drops a repeat of the same content to the same
    receivers within 4 hours, so a retry must send these bytes, and two messages that are both meant
    must differ (a template card does by its task_id).
    """
    return orjson.dumps(
        {
            "touser": touser,
            "msgtype": rendered.msgtype,
            "agentid": agent_id,
            rendered.msgtype: rendered.payload,
            "enable_id_trans": 0,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": limits.DUPLICATE_INTERVAL,
        }
    )


def update(userids: Sequence[str], agent_id: int, template_card: Json, response_code: str = "") -> Json:
    """The body of `message/update_template_card`, for at most 1000 members.

    The response code comes from sending or from a click and works once; it may be added when it is known.
    """
    code = {"response_code": response_code} if response_code else {}
    return {
        "userids": list(userids),
        "agentid": agent_id,
        **code,
        "enable_id_trans": 0,
        "template_card": template_card,
    }


def _template(draft: Draft, shape: Shape, body_limit: int) -> Json:
    if shape.kind is CardType.BUTTON:
        return _button_card(draft, shape, body_limit)
    if shape.kind is CardType.NEWS_NOTICE:
        return _news(draft, shape)
    if shape.kind is CardType.TEXT_NOTICE:
        return _notice(draft, shape, body_limit)
    return _form(draft, shape)


def _button_card(draft: Draft, shape: Shape, body_limit: int) -> Json:
    """Buttons under a body, with rows and one drop-down."""
    draft.keys.update(field.key for field in shape.fields)
    facts = (*parts.emphasis_as_fact(draft.card), *draft.card.facts)
    head = {**parts.source(draft, coloured=True), **parts.main_title(draft), **parts.quote_area(draft)}
    rows = parts.rows(draft, facts)
    choice: Json = {}
    if shape.fields:
        choice = {"button_selection": parts.drop_down(draft, shape.fields[0])}
    buttons = parts.buttons(draft, shape.buttons)
    return {
        "card_type": shape.kind,
        **head,
        **_if_any("sub_title_text", parts.body_text(draft, body_limit)),
        **rows,
        **_card_action(shape.link),
        **choice,
        "button_list": buttons,
    }


def _notice(draft: Draft, shape: Shape, body_limit: int) -> Json:
    """Something to know, with a link to more."""
    head = {**parts.source(draft, coloured=True), **parts.main_title(draft), **parts.quote_area(draft)}
    figure = parts.emphasis(draft, limits.EMPHASIS, limits.EMPHASIS_DESC)
    rows = parts.rows(draft, draft.card.facts)
    jumps = parts.jumps(draft, shape.buttons)
    return {
        "card_type": shape.kind,
        **head,
        **({"emphasis_content": figure} if figure else {}),
        **_if_any("sub_title_text", parts.body_text(draft, body_limit)),
        **rows,
        **jumps,
        **_card_action(shape.link),
    }


def _news(draft: Draft, shape: Shape) -> Json:
    """A picture with words under it; the body is one entry of its list."""
    head = {**parts.source(draft, coloured=True), **parts.main_title(draft), **parts.quote_area(draft)}
    figure = parts.emphasis(draft, limits.VERTICAL_TITLE, limits.VERTICAL_DESC)
    rows = parts.rows(draft, draft.card.facts)
    jumps = parts.jumps(draft, shape.buttons)
    body = parts.body_text(draft, limits.VERTICAL_DESC)
    entries = [figure] if figure else []
    if body:
        entries.append({"title": "说明", "desc": body})
    return {
        "card_type": shape.kind,
        **head,
        "card_image": {"url": usable_url(draft.card.image), "aspect_ratio": limits.IMAGE_RATIO},
        **({"vertical_content_list": entries} if entries else {}),
        **rows,
        **jumps,
        **_card_action(shape.link),
    }


def _form(draft: Draft, shape: Shape) -> Json:
    """Boxes to tick, or drop-downs, with a submit button. Whatever else the card says shares the subtitle."""
    voting = shape.kind is CardType.VOTE
    if voting:
        inputs: Json = {"checkbox": parts.checkbox(draft, shape.fields[0])}
    else:
        inputs = {"select_list": [parts.drop_down(draft, field) for field in shape.fields]}
    source = parts.source(draft, coloured=False)
    title = parts.title_text(draft)
    submit: Json = {}
    if shape.submit and shape.submit.action:
        submit = {"text": parts.button_text(draft, shape.submit), "key": draft.sign(shape.submit.action)}
    desc = fill(_desc_parts(draft, shape.fields[0].title if voting else ""), _DESC, draft.left)
    return {
        "card_type": shape.kind,
        **source,
        "main_title": {"title": title, **_if_any("desc", desc)},
        **inputs,
        "submit_button": submit,
    }


_DESC = characters(limits.TITLE_DESC, "；")


def _desc_parts(draft: Draft, question: str) -> list[Part]:
    """Everything a form card has to say beside its title and choices."""
    card = draft.card
    done = "" if draft.settled else card.done
    facts = [
        Part(parts.fact_line(clean_line(fact.name), clean_line(fact.value)), "项信息", 2)
        for fact in (*parts.emphasis_as_fact(card), *card.facts)
        if clean_line(fact.name) or clean_line(fact.value)
    ]
    asked = "" if question == card.title else clean_line(question)
    return [
        Part(clean_line(done), "处理结果", 0, cuttable=True),
        Part(asked, "问题", 0, cuttable=True),
        Part(clean_line(card.subtitle), "副标题", 1, cuttable=True),
        *facts,
        Part(clean_line(card.body), "正文", 3, cuttable=True),
        Part(clean_line(card.quote), "引用", 4, cuttable=True),
        Part(clean_line(card.note), "备注", 5, cuttable=True),
        *draft.body,
    ]


def _card_action(link: str) -> Json:
    return {"card_action": {"type": 1, "url": link}} if link else {}


def _if_any(name: str, text: str) -> Json:
    return {name: text} if text else {}
