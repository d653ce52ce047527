"""The card that asks before anything is written: what was understood, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.card import Action, Button, Card, Fact, Field, Option, Tone

TITLE = "这样记对吗"
NOT_WRITTEN = "确认后才写入"


@dataclass(frozen=True, slots=True)
class Understood:
    """What waits for a yes. `facts` are (name, value), `guessed` names those that were guessed, `choices`
    (key, title, options) what else they may be; `held` is the message, `extra` what was answered so far.
    `doubt` is the customer that may be meant by the name that was `said`.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    text: str
    held: int
    extra: str = ""
    guessed: frozenset[str] = frozenset()
    choices: Sequence[tuple[str, str, Sequence[Option]]] = ()
    note: str = ""
    doubt: str = ""
    said: str = ""


def about(held: int) -> tuple[str, str]:
    """What binds the card to the message that waits."""
    return ("question", str(held))


def confirm_card(said: Understood) -> Card:
    """这样记对吗: nothing is written before 确认记录."""
    key = str(said.held)
    facts = [Fact(name, f"{value}（猜的）" if name in said.guessed else value) for name, value in said.facts]
    form = tuple(Field(name, title, tuple(options)) for name, title, options in said.choices)
    yes, reply = ("是", "回复 是") if said.doubt else ("确认记录", "回复 确认")
    ok = Button(yes, Action("confirm.ok", key, extra=said.extra), Tone.PRIMARY, say=reply)
    no = Button("不是", Action("visit.not", said.said, extra=key), say="回复 不是")
    return Card(
        title=f"是“{said.doubt}”吗" if said.doubt else said.title,
        tone=Tone.PRIMARY,
        facts=tuple(facts),
        body=NOT_WRITTEN,
        quote=said.text,
        form=form,
        submit=ok if form else None,
        buttons=(
            *(() if form else (ok,)),
            *((no,) if said.doubt else ()),
            Button("改", Action("confirm.fix", key, extra=said.extra), say="直接说，例如：下午3点"),
            Button("不记", Action("confirm.no", key), say="回复 不记"),
        ),
        note=said.note,
        about=about(said.held),
    )


def settled_card(title: str, text: str, held: int, done: str) -> Card:
    """The question once it has its answer."""
    return Card(title, quote=text, done=done, about=about(held))


def delete_card(what: str, target: int, held: int) -> Card:
    """确定删除吗: a deletion by words is always confirmed."""
    key = str(target)
    return Card(
        title="确定删除吗",
        tone=Tone.DANGER,
        body=f"要删的是：{what}",
        buttons=(
            Button("删除", Action("undo.sure", key, extra=str(held)), Tone.DANGER, say="回复 删除"),
            Button("不删", Action("undo.keep", key, extra=str(held)), say="回复 不删"),
        ),
        about=about(held),
    )


def unclear_card(text: str, held: int) -> Card:
    """Words that seem to be about business and say too little: what they may be."""
    key = str(held)
    return Card(
        title="这句没看懂，要怎么记",
        body="还没有写入。换个说法再发一遍也行，例如：今天电话联系了华润置地的王总，聊了报价",
        quote=text,
        buttons=(
            Button("记为拜访", Action("unclear.log", key, extra="visit"), Tone.PRIMARY, say="回复 记为拜访"),
            Button("记为电话", Action("unclear.log", key, extra="call"), say="回复 记为电话"),
            Button("设提醒", Action("unclear.remind", key), say="回复 设提醒"),
            Button("只留笔记", Action("visit.note", extra=key), say="回复 只记笔记"),
        ),
        about=about(held),
    )
