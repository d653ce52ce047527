"""How something that waits to be confirmed is shown, field by field."""

from __future__ import annotations

from typing import Any

import orjson

from cards import confirm as cards
from cards import words
from cards.card import Option
from crm import customers
from handlers import reminders
from handlers.guesses import Answers, alternatives, applied, guesses
from handlers.said import customer_known, proposals, questions
from handlers.turn import Turn
from nlu.reading import Intent, Reading, When

TITLES = {Intent.REMIND: "这样提醒对吗", Intent.RESCHEDULE: "这样改对吗"}
NEXT = "下一步"
LEFT_OPEN = ("contact", "activity_time", "amount", "next_time", "next_action")


def understood(turn: Turn, text: str, message: int, answers: Answers, reading: Reading) -> cards.Understood:
    """What waits for a yes, ready to be shown. `reading` is that of the grammar, or a model's proposal."""
    shown = customer_known(applied(reading, answers, turn.ctx.local))
    open_ = guesses(reading) - (frozenset() if reading.proposed else frozenset(answers))
    choices = []
    times = () if "next_time" in answers else alternatives(reading, turn.ctx.local)
    if len(times) > 1:
        options = [Option(str(n), time_words(turn, t)) for n, t in enumerate(times)]
        choices.append(("next_time", f"“{times[0].text}”是", options))
    options = [Option(str(p.id), p.name) for p in proposals(turn.ctx, list(reading.candidates))]
    if reading.proposed and options and not answers.get("customers"):
        choices.append(("customers", "客户是", options))
    facts, names = _facts(turn, shown, answers, text), {"next_time": NEXT, "activity_time": "时间"}
    unread = f"未识别：{'、'.join(reading.unread)}" if reading.unread else ""
    return cards.Understood(
        title=_title(turn, shown, answers),
        facts=facts,
        text=text,
        held=message,
        extra=orjson.dumps(dict(answers)).decode() if answers else "",
        guessed=frozenset(names.get(name, "") for name in open_) if not reading.proposed else frozenset(),
        choices=choices,
        doubt=names_of(turn, answers) if "doubt" in answers else "",
        said=str(answers.get("doubt", "")),
        note="；".join([*questions(shown), *([unread] if unread else [])]),
    )


def _title(turn: Turn, shown: Reading, answers: Answers) -> str:
    title = TITLES.get(shown.intent, cards.TITLE)
    who = names_of(turn, answers)
    return f"{title} · {who}" if who else title


def names_of(turn: Turn, answers: Answers) -> str:
    """The customers agreed on, as people call them."""
    ids = [int(i) for i in answers.get("customers", ())]
    names = customers.short_names(turn.ctx, ids)
    if answers.get("new") and not ids:
        return f"{answers['new']}（新客户）"
    return "、".join(names[i] for i in ids if i in names)


def _facts(turn: Turn, shown: Reading, answers: Answers, text: str) -> list[tuple[str, str]]:
    """(name, value) of what would be written; what must be asked about stands in the note instead."""
    left: dict[str, Any] = {name: None for name in LEFT_OPEN if name in shown.ambiguous}
    sure = shown.but(**left)
    facts = [("客户", names_of(turn, answers)), ("联系人", sure.contact or "")]
    if sure.method:
        facts.append(("方式", words.KINDS[sure.method.value]))
    if sure.activity_time:
        facts.append(("时间", time_words(turn, sure.activity_time)))
    if sure.amount:
        facts.append(("金额", words.money_range(*sure.amount)))
    return [(name, value) for name, value in (*facts, _next_step(turn, sure, text)) if value]


def _next_step(turn: Turn, shown: Reading, text: str) -> tuple[str, str]:
    action = shown.next_action or ""
    if shown.intent is Intent.REMIND:
        action = reminders.title_of(text, shown)
    if shown.next_time:
        at = time_words(turn, shown.next_time) + ("前" if shown.deadline else "")
        return NEXT, f"{at} {action}".strip()
    return NEXT, action


def time_words(turn: Turn, when: When) -> str:
    """A time as it is written on cards."""
    return words.when(when.value, when.grain, when.part, turn.ctx.local.date())
