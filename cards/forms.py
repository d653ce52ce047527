"""Forms: those of the project, and a form's questions one by one where the platform shows no form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cards.card import Action, Button, Card, Field, FieldKind, Option, Tone

MOST_AS_BUTTONS: Final = 3
"""Options that become buttons of their own beside 上一步, 跳过 and 取消; more become a drop-down."""
ANSWER: Final = "answer"
CHOOSE: Final = "回复序号"
PROPOSED: Final = "（点选或直接说名称）"

LEVELS: Final = tuple(Option(one, f"{one}级") for one in "ABCD")
SUBMITS: Final = (Option("yes", "提交审批"), Option("no", "先存草稿"))


def customer_form(form: str, known: Mapping[str, str] | None = None) -> Card:
    """新增客户. `form` tells it from others; `known` are values by field."""
    fields = (
        Field("name", "客户名称", kind=FieldKind.COMPANY, example="苏州汇川技术"),
        Field("contact", "联系人", kind=FieldKind.PERSON, optional=True, example="李娜", most=20),
        Field("phone", "联系人电话", kind=FieldKind.PHONE, optional=True, example="13812345678"),
        Field("level", "客户级别", LEVELS, optional=True),
    )
    submit = Button("新增", Action("customer.create", form), Tone.PRIMARY)
    return Card("新增客户", form=_filled(fields, known or {}), submit=submit, about=_whole(form))


def quote_form(form: str, proposed: Sequence[Option], known: Mapping[str, str] | None = None) -> Card:
    """报价. `proposed` are customers to choose from, others may be named."""
    fields = (
        Field("customer", "给哪个客户报价", tuple(proposed), FieldKind.CUSTOMER, example="华润置地"),
        Field("amount", "报多少", kind=FieldKind.AMOUNT, example="58万", most=20),
        Field("discount", "打几折", kind=FieldKind.DISCOUNT, optional=True, example="9折", most=10),
        Field("submit", "提交审批吗", SUBMITS),
    )
    submit = Button("报价", Action("quote.make", form), Tone.PRIMARY)
    return Card("报价", form=_filled(fields, known or {}), submit=submit, about=_whole(form))


def visit_form(form: str, proposed: Sequence[Option], known: Mapping[str, str] | None = None) -> Card:
    """记跟进."""
    fields = (
        Field("customer", "跟进了哪个客户", tuple(proposed), FieldKind.CUSTOMER, example="华润置地"),
        Field(
            "what",
            "聊了什么",
            kind=FieldKind.TEXT,
            example="下午拜访了王总，聊了二期报价，预算大概58万",
            most=1000,
        ),
        Field("next", "下一步做什么", kind=FieldKind.TEXT, optional=True, example="去演示"),
        Field("at", "什么时候", kind=FieldKind.MOMENT, optional=True, example="下周三上午10点", most=30),
    )
    submit = Button("记录", Action("visit.filled", form), Tone.PRIMARY)
    return Card("记跟进", form=_filled(fields, known or {}), submit=submit, about=_whole(form))


def submitted_card(form: str, title: str) -> Card:
    """A form that was shown as a whole, once it is submitted."""
    return Card(title, done="已提交", about=_whole(form))


def question_card(
    title: str, form: str, at: int, total: int, field: Field, *, shown: str = "", known: str = ""
) -> Card:
    """One field of a form as a question. `form` names the form, `at` counts its fields from 0.

    `shown` is what the field holds by now, `known` what the first question tells of the others.
    """
    offers, choice = _offers(form, at, field)
    body = [
        known,
        f"现在是：{shown}，不改就回复 跳过" if shown else "",
        "" if field.kind.is_choice or not field.example else f"例如：{field.example}",
        *([f"{n}. {one.text}" for n, one in enumerate(field.options, start=1)] if offers else ()),
    ]
    return Card(
        title=f"第{at + 1}/{total}题：{field.title}",
        subtitle=title,
        tone=Tone.PRIMARY,
        body="\n".join(line for line in body if line),
        form=(choice,) if choice else (),
        submit=_submit(form, at) if choice else None,
        buttons=(*offers, *_ways(form, at, skippable=field.optional or bool(shown))),
        about=about(form, at),
    )


def answered_card(title: str, form: str, at: int, total: int, field: Field, done: str) -> Card:
    """The question once it has its answer."""
    heading = f"第{at + 1}/{total}题：{field.title}"
    return Card(heading, subtitle=title, done=done, about=about(form, at))


def stale_card(form: str, at: int) -> Card:
    """A question that nobody asks any more."""
    return Card("这一题", done="已经过去了", about=about(form, at))


def spoken(card: Card) -> Card:
    """A card of choices with buttons, where nothing can be pressed: each button says what to type."""
    buttons = tuple(
        replace(one, say=f"例如：{one.text} 1") if one.action and not one.say else one for one in card.buttons
    )
    return replace(card, buttons=buttons)


def about(form: str, at: int) -> tuple[str, str]:
    """What binds a question's card to its place in the form."""
    return ("form", f"{form}:{at}")


def similar_card(name: str, alike: Sequence[str], form: str, packed: str) -> Card:
    """A name much like another: created only when that is meant. `packed` is the form as filled in."""
    yes = Action("customer.create_anyway", form, extra=packed)
    return Card(
        title=f"已经有相近的客户：{'、'.join(alike)}",
        body=f"还没有新建“{name}”。",
        buttons=(
            Button("仍然新建", yes, Tone.PRIMARY, say="回复 仍然新建"),
            Button("不建了", Action("customer.uncreated", form), say="回复 不建了"),
        ),
        about=("customer_form", form),
    )


def similar_answered_card(form: str, done: str) -> Card:
    """The same once it was decided."""
    return Card("已经有相近的客户", done=done, about=("customer_form", form))


def _whole(form: str) -> tuple[str, str]:
    return ("form", form)


def _filled(fields: tuple[Field, ...], known: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(_with(one, known[one.key]) if known.get(one.key) else one for one in fields)


def _with(field: Field, value: str) -> Field:
    return replace(field, selected=(value,))


def _offers(form: str, at: int, field: Field) -> tuple[tuple[Button, ...], Field | None]:
    """The options as buttons where there are few, else a drop-down or boxes."""
    if not field.options:
        return (), None
    if field.kind is not FieldKind.CHECK_MANY and len(field.options) <= MOST_AS_BUTTONS:
        return tuple(
            Button(one.text, Action("form.pick", form, at, one.id), Tone.PRIMARY, say=f"回复 {n}")
            for n, one in enumerate(field.options, start=1)
        ), None
    kind = FieldKind.CHECK_MANY if field.kind is FieldKind.CHECK_MANY else FieldKind.SELECT
    kept = tuple(one for one in field.selected if any(one == option.id for option in field.options))
    title = field.title if field.kind.is_choice else f"{field.title}{PROPOSED}"
    return (), Field(ANSWER, title, field.options, kind, kept)


def _submit(form: str, at: int) -> Button:
    return Button("确定", Action("form.choose", form, at), Tone.PRIMARY, say=CHOOSE)


def _ways(form: str, at: int, *, skippable: bool) -> tuple[Button, ...]:
    back = Button("上一步", Action("form.back", form, at), say="回复 上一步")
    skip = Button("跳过", Action("form.skip", form, at), say="回复 跳过")
    quit_ = Button("取消", Action("form.quit", form, at), say="回复 取消")
    return (*((back,) if at else ()), *((skip,) if skippable else ()), quit_)
