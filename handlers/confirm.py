"""Asking before writing: what was guessed is shown field by field, and a tap or a word puts it right.

The message that waits is in the inbox; what was answered so far rides on the buttons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from cards import confirm as cards
from cards import visits as visit_cards
from crm import customers, once, visits
from crm.customers import NewCustomer
from crm.errors import UserMistake
from handlers import held, recording, reminders, task_words
from handlers.confirm_fixes import fixes_of
from handlers.confirm_shown import TITLES, understood
from handlers.guesses import Answers, alternatives, answers_of, applied, called, guesses, time_answer
from handlers.learning import FIELDS, learn
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import Whom, customer_known
from handlers.turn import Pending, Press, Turn
from nlu.cases import changes, expected
from nlu.reading import Intent, Reading

router = Router("confirm")

OTHERS: Mapping[Intent, Callable[[Turn, Reading], Reply]] = {
    Intent.REMIND: reminders.remind,
    Intent.RESCHEDULE: task_words.reschedule,
}
"""What is gone on with once it is confirmed, besides records."""

OK = frozenset({"确认", "确认记录", "记", "记录", "记吧", "没问题", "可以"}) | held.YES
NOT = frozenset({"不记", "别记"}) | held.DROP
HINT = "哪里不对？直接说，例如：下午3点，或：金额56万，或：客户是华润燃气"
ANOTHER = re.compile(
    r"^(?:把|将|请假|休假|年假|销假|协作|申请|合并|打标签|标签|字段|权限|设备|对象|交接|搜|附件|报价|撤|提交|查重|绑定|新增)"
    r"|提醒我|叫我|代理|(?:事|任务|待办|安排)(?:情|项)?(?:都|全)"
)
"""What tells of another matter, although a time or an amount is named."""
LONGEST_FIX = 30  # characters; more is another message


@router.gate
def confirm_first(turn: Turn, reading: Reading) -> Reply | None:
    """Stop what a model proposed, and reminders and moves to a time that was guessed."""
    if reading.proposed:
        return ask(turn, turn.incoming.text, turn.ctx.inbox_id or 0, answers_of(reading), reading)
    if reading.intent in OTHERS and guesses(reading):
        return ask(turn, turn.incoming.text, turn.ctx.inbox_id or 0, {}, reading)
    return None


def write(
    turn: Turn, reading: Reading, text: str, customer_ids: tuple[int | None, ...], message: int = 0
) -> Reply:
    """Record a sentence for these customers at once, or ask first where something in it was guessed.

    `message` is the one that the sentence came in, where that is not this one.
    """
    if not guesses(reading):
        return recording.write(turn, reading, text, customer_ids, message)
    answers = {"customers": [i for i in customer_ids if i is not None]}
    return ask(turn, text, message or turn.ctx.inbox_id or 0, answers, reading)


def ask(turn: Turn, text: str, message: int, answers: Answers, reading: Reading) -> Reply:
    """Show what was understood, nothing is written."""
    turn.memory.ask("confirm.fix", {"held": message, "set": dict(answers)}, turn.now)
    return Reply(cards=(cards.confirm_card(understood(turn, text, message, answers, reading)),))


def doubt(turn: Turn, text: str, message: int, reading: Reading, who: Whom) -> Reply:
    """Ask whether the one customer that may be meant is meant, with all else that was understood."""
    (named,) = who.options
    answers = {"customers": [named.id], "intent": reading.intent.value, "doubt": who.new}
    if reading.method:
        answers["method"] = reading.method.value
    return ask(turn, text, message, answers, reading)


def ask_name(turn: Turn, message: int, text: str, name: str) -> Reply:
    """None of those proposed: the name is typed, or the one that was said is created."""
    turn.memory.ask("visit.customer", {"held": message, "ids": [], "new": name}, turn.now)
    card = visit_cards.unknown_card(name, message, text) if name else visit_cards.nobody_card(message, text)
    return Reply(text="那是哪家？直接回复客户名称就接着记录。", refresh=(card,))


@router.action("confirm.ok")
def ok(turn: Turn, press: Press) -> Reply:
    """确认记录, with what was chosen in the drop-downs."""
    message, answers = int(press.action.object_id), _unpacked(press.action.extra)
    text = held.text_of(turn, message)
    reading = held.read(turn, message, text)
    for key, chosen in press.fields.items():
        answers |= _choice(turn, reading, key, chosen)
    return _go_on(turn, text, message, answers)


@router.action("confirm.fix")
def fix(turn: Turn, press: Press) -> Reply:
    """改: ask what is wrong."""
    message = int(press.action.object_id)
    held.text_of(turn, message)
    turn.memory.ask("confirm.fix", {"held": message, "set": _unpacked(press.action.extra)}, turn.now)
    return Reply(text=HINT)


@router.action("confirm.no")
def no(turn: Turn, press: Press) -> Reply:
    """不记."""
    message = int(press.action.object_id)
    text = held.text_of(turn, message)
    turn.memory.pending = None
    return Reply(refresh=(cards.settled_card(cards.TITLE, text, message, "没有记录"),))


@router.answer("confirm.fix")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """确认, 不记 or what is wrong, typed; None where the message is about something else."""
    message, answers = int(pending.data["held"]), dict(pending.data["set"])
    said = held.said(turn)
    if said not in OK | NOT | held.NO and (len(said) > LONGEST_FIX or ANOTHER.search(said)):
        return None
    text = held.text_of(turn, message)
    if said in OK:
        return _go_on(turn, text, message, answers)
    if said in NOT:
        turn.memory.pending = None
        settled = cards.settled_card(cards.TITLE, text, message, "没有记录")
        return Reply(text="好，没有记录。", refresh=(settled,))
    if said in held.NO:
        return ask_name(turn, message, text, answers["doubt"]) if "doubt" in answers else Reply(text=HINT)
    reading = held.read(turn, message, text)
    fixed = fixes_of(turn, applied(reading, answers, turn.ctx.local), by_name="doubt" in answers)
    if not fixed:
        return None
    answers |= fixed
    if "customers" in fixed:
        answers.pop("new", None)
        answers.pop("choose", None)
        answers.pop("doubt", None)
    shown = ask(turn, text, message, answers, reading)
    return Reply(text="改好了，确认后写入。", refresh=shown.cards)


def _go_on(turn: Turn, text: str, message: int, answers: Answers) -> Reply:
    """Write what was agreed with, once."""
    first = once.first(turn.ctx.session, f"confirm:{message}", turn.now)
    if not first or visits.already(turn.ctx, text, message) is not None:
        raise UserMistake("这句话已经确认过了，没有再记一次。")
    reading = applied(held.read(turn, message, text), answers, turn.ctx.local)
    turn.memory.pending = None
    if reading.intent in OTHERS:
        told = replace(turn, incoming=replace(turn.incoming, text=text))
        reply = OTHERS[reading.intent](told, reading)
        done = "已确认"
    else:
        ids = _customers(turn, answers)
        reply = recording.write(turn, customer_known(reading), text, ids, message)
        done = "已确认，记录如下" if ids != (None,) else "没有说客户，先留成笔记"
    _learn(turn, text, message, answers, reading)
    settled = cards.settled_card(TITLES.get(reading.intent, cards.TITLE), text, message, done)
    return replace(reply, refresh=(*reply.refresh, settled))


def _customers(turn: Turn, answers: Answers) -> tuple[int | None, ...]:
    """The customers agreed on; a new one is created now."""
    ids = tuple(int(i) for i in answers.get("customers", ()))
    if not ids and answers.get("choose"):
        raise UserMistake("先选好是哪家客户，再点确认记录；也可以直接回复：客户是华润燃气")
    if not ids and answers.get("new"):
        return (customers.add(turn.ctx, NewCustomer(str(answers["new"]))).id,)
    return ids or (None,)


def _learn(turn: Turn, text: str, message: int, answers: Answers, right: Reading) -> None:
    """Keep what was put right, or agreed with where the grammar had nothing."""
    names = customers.full_names(turn.ctx, [int(i) for i in answers.get("customers", ())])
    chosen = [called(name, "1") for name in names] or (
        [called(str(answers["new"]), "")] if answers.get("new") else []
    )
    whole = right.but(customers=tuple(chosen) or right.customers, new_customer=bool(answers.get("new")))
    read, sent = held.read(turn, message, text), held.sent(turn, message)
    differs = changes(expected(read), expected(whole))
    fields = frozenset(differs) & {*FIELDS, "intent"}
    if fields:
        learn(turn, text=text, sent=sent, message_id=message, right=whole, fields=fields)


def _choice(turn: Turn, reading: Reading, key: str, chosen: tuple[str, ...]) -> dict[str, Any]:
    """What a drop-down's option means: a time by its place, a customer by its id."""
    option = chosen[0] if chosen else ""
    if not option.isdecimal():
        return {}
    if key == "customers":
        return {"customers": [int(option)]}
    times = alternatives(reading, turn.ctx.local)
    return {"next_time": time_answer(times[int(option)])} if int(option) < len(times) else {}


def _unpacked(extra: str) -> dict[str, Any]:
    return dict(orjson.loads(extra)) if extra else {}
