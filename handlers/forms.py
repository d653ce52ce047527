"""A form in the chat, question by question, where the platform cannot show it.

Any card with a form and a submit button may be asked like this: its fields are kept with the pending
question, and at the end the handler of its submit button gets what was filled in as if the card had been.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cards import forms as cards
from cards.card import LONGEST_WORDS, Card, Field, FieldKind
from crm.errors import NotAllowed, Refusal, UserMistake
from handlers import held
from handlers.form_fields import Value, Which, beside, read
from handlers.form_state import ASKED, Form
from handlers.offered import OFFERED, chosen
from handlers.reply import Reply
from handlers.router import Route, Router, phrase_text
from handlers.turn import Memory, Pending, Press, Turn
from nlu.reading import Intent

BACK: Final = frozenset({"上一步", "上一题", "返回", "后退", "回上一步"})
SKIP: Final = frozenset({"跳过", "下一题", "略过", "没有", "无", "不填", "不改", "暂无"})
QUIT: Final = frozenset({"取消", "算了", "不填了", "不用了", "退出", "撤销", "不报了", "不记了", "不建了"})
OVER: Final = "这张表已经填完或者取消了，要再来一次就重新发一遍。"
ELSEWHERE: Final = frozenset(
    {Intent.HELP, Intent.UNDO, Intent.APPROVE, Intent.REMIND, Intent.LOG_ACTIVITY, Intent.QUOTE}
)
"""What a message may mean that is no answer, where its words would not fit anyway."""
COMMANDS: Final = re.compile(
    r"/.*|今天|明天|本周|这周|帮助|待办|日程|客户|我的客户|菜单|报价|记跟进|新增客户|新建客户|[?？]"
)
"""Words that are commands and never the answer to a question."""
LONGEST_NAME: Final = 20  # characters from which words that mean something else are no name
ANYTHING: Final = "随便写的几个字"  # a form that takes this takes any words
NAMES: Final = frozenset({FieldKind.COMPANY, FieldKind.PERSON, FieldKind.CUSTOMER, FieldKind.TEXT})
SHORT: Final = NAMES - {FieldKind.TEXT} | {FieldKind.AMOUNT, FieldKind.DISCOUNT, FieldKind.PHONE}
"""Kinds whose answer may say what is asked later as well."""


def begin(memory: Memory, card: Card, message: int, now: datetime, *, member: int) -> Card:
    """Ask in the chat for the form of a card that has a submit button; the first question.

    What is filled in beforehand is not asked again. `message` is the one being answered, `member` who fills
    in: in a group the others may go on talking.
    """
    action = card.submit.action if card.submit else None
    if action is None or not card.form:
        raise ValueError("no form to fill in")
    fields = [replace(one, selected=()) for one in card.form]
    form = Form(str(message), card.title, action, fields, member=member)
    for one in card.form:
        if one.selected:
            texts = {option.id: option.text for option in one.options}
            shown = "、".join(texts.get(value, value) for value in one.selected)
            form.fill(one, Value(one.selected, shown))
    return _asking(form, memory, now)


def filled(turn: Turn, card: Card, press: Press) -> dict[str, str] | Reply:
    """What was filled in by field, "" for nothing; several choices are joined by commas.

    What is missing or does not fit is asked for in the chat: the answer is that question. `card` is the
    form as it was shown, with nothing filled in.
    """
    form = Form(str(turn.ctx.inbox_id or 0), card.title, press.action, list(card.form), member=turn.actor.id)
    wrong = ""
    for place, one in enumerate(form.fields):
        try:
            if any(text.strip() for text in press.fields.get(one.key, ())):
                form.fill(one, read(turn, one, tuple(press.fields[one.key])))
            elif one.optional:
                form.passed.append(one.key)
        except Refusal as refusal:
            wrong = wrong or refusal.message
        except Which as which:
            form.fields[place] = replace(one, options=which.options)
    if form.open() is None:
        return {one.key: ",".join(form.given.get(one.key, ())) for one in form.fields}
    return Reply(text=wrong, cards=(_asking(form, turn.memory, turn.now),))


def form_router(others: Iterable[Router]) -> Router:
    """The router of forms in the chat: it calls what the other features do when a form is submitted."""
    every = list(others)
    clerk = _Clerk(
        {name: route for one in every for name, route in one.actions.items()},
        frozenset(word for one in every for word in one.commands),
        tuple(form for one in every for form, _ in one.phrases if not form.fullmatch(ANYTHING)),
    )
    router = Router("forms")
    router.answer(ASKED)(clerk.answer)
    router.answer(OFFERED)(clerk.choose)
    router.action("form.pick", "form.choose", "form.back", "form.skip", "form.quit")(clerk.pressed)
    return router


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Takes the answers. `actions` are what forms are submitted to; `commands` and `fixed` are no answers."""

    actions: Mapping[str, Route]
    commands: frozenset[str] = frozenset()
    fixed: tuple[re.Pattern[str], ...] = ()

    def answer(self, turn: Turn, pending: Pending) -> Reply | None:
        """What was typed, or the words of a button."""
        form, said = Form.of(pending.data), held.said(turn)
        if form.member != turn.actor.id:
            return None
        if said in QUIT:
            return _quit(turn, form)
        if said in BACK:
            return _back(turn, form)
        if said in SKIP and not any(one.text == said for one in form.asked.options):
            return self._skip(turn, form)
        if _no_answer(turn, form.asked):
            return None
        return self._take(turn, form, (turn.incoming.text,))

    def choose(self, turn: Turn, pending: Pending) -> Reply | None:
        """完成 2, of a list."""
        return chosen(self.actions, turn, pending)

    def pressed(self, turn: Turn, press: Press) -> Reply:
        """A button of a question."""
        form = _current(turn, press)
        if form is None:
            gone = cards.stale_card(press.action.object_id, press.action.version)
            return Reply(text=OVER, refresh=(gone,))
        if form.member != turn.actor.id:
            raise NotAllowed("这张表是别的同事在填，要填就自己发一遍，例如：新增客户")
        if form.at != press.action.version:
            settled = cards.stale_card(form.id, press.action.version)
            return Reply(text="这一题已经过去了，现在问的是：", cards=(form.question(),), refresh=(settled,))
        step = {"form.back": _back, "form.skip": self._skip, "form.quit": _quit}.get(press.action.name)
        if step is not None:
            return step(turn, form)
        given = (press.action.extra,) if press.action.extra else press.fields.get(cards.ANSWER, ())
        if not given:
            raise UserMistake(f"先选好“{form.asked.title}”，再点确定。")
        return self._take(turn, form, given) or Reply()

    def _take(self, turn: Turn, form: Form, given: tuple[str, ...]) -> Reply | None:
        """Read an answer; None where it does not fit and means something else."""
        one, is_typed = form.asked, not turn.incoming.action
        try:
            value = read(turn, one, given)
        except Which as which:
            form.fields[form.at] = replace(one, options=which.options)
            return Reply(cards=(_again(turn, form),))
        except Refusal as refusal:
            if is_typed and self._means_else(turn):
                return None
            form.keep(turn.memory, turn.now)
            return Reply(text=f"{refusal.message}\n不填了就回复 取消")
        settled = form.answered(f"已填：{value.shown}")
        form.fill(one, value)
        if one.kind in SHORT and is_typed:
            _fill_besides(turn, form)
        return self._go_on(turn, form, settled)

    def _means_else(self, turn: Turn) -> bool:
        """Whether what does not fit is another matter: a command, a fixed form, a whole sentence."""
        text = turn.incoming.text
        if turn.understand(text).intent in ELSEWHERE:
            return True
        return text.strip() in self.commands or any(form.fullmatch(phrase_text(text)) for form in self.fixed)

    def _go_on(self, turn: Turn, form: Form, settled: Card) -> Reply:
        """The next question, or what the form was for."""
        refresh = (settled,) if turn.incoming.action else ()
        if form.open() is not None:
            return Reply(cards=(_asking(form, turn.memory, turn.now, first=False),), refresh=refresh)
        turn.memory.pending = None
        reply = self.actions[form.action.name].run(turn, Press(form.action, form.given)) or Reply()
        return replace(reply, refresh=(*reply.refresh, *refresh))

    def _skip(self, turn: Turn, form: Form) -> Reply:
        one = form.asked
        if one.key not in form.given:
            if not one.optional:
                form.keep(turn.memory, turn.now)
                example = f"，例如：{one.example}" if one.example else ""
                return Reply(text=f"“{one.title}”要填了才行{example}，不填了就回复 取消")
            form.passed.append(one.key)
        return self._go_on(turn, form, form.answered("已跳过"))


def _asking(form: Form, memory: Memory, now: datetime, *, first: bool = True) -> Card:
    """Ask for the first field that is open; for the last one where none is, so that it can be looked at."""
    place = form.open()
    form.at = len(form.fields) - 1 if place is None else place
    form.keep(memory, now)
    return form.question(first=first)


def _again(turn: Turn, form: Form) -> Card:
    form.keep(turn.memory, turn.now)
    return form.question()


def _back(turn: Turn, form: Form) -> Reply:
    if form.at == 0:
        return Reply(text="这已经是第一题。", cards=(_again(turn, form),))
    settled = form.answered("回到上一步")
    form.at -= 1
    if form.asked.key in form.passed:
        form.passed.remove(form.asked.key)
    return Reply(cards=(_again(turn, form),), refresh=(settled,) if turn.incoming.action else ())


def _quit(turn: Turn, form: Form) -> Reply:
    turn.memory.pending = None
    refresh = (form.answered("已取消"),) if turn.incoming.action else ()
    return Reply(text=f"好，“{form.title}”没有填，什么都没有写。", refresh=refresh)


def _current(turn: Turn, press: Press) -> Form | None:
    """The form that a pressed button belongs to, while it is being filled in."""
    pending = turn.memory.pending
    if pending is None or pending.name != ASKED or pending.data["id"] != press.action.object_id:
        return None
    return Form.of(pending.data)


def _fill_besides(turn: Turn, form: Form) -> None:
    """Take what the answer says of later fields too: 华润置地 58万 9折."""
    for one in form.fields[form.at + 1 :]:
        if one.key not in form.given and (value := beside(turn, one, turn.incoming.text)) is not None:
            form.fill(one, value)


def _no_answer(turn: Turn, one: Field) -> bool:
    """Whether the message is a command, or a whole report where a name was asked for."""
    text = turn.incoming.text.strip()
    if COMMANDS.fullmatch(text):
        return True
    if one.kind not in NAMES or one.most > LONGEST_WORDS or len(text) <= LONGEST_NAME:
        return False
    return turn.understand(text).intent in ELSEWHERE
