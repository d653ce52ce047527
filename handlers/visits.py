"""Recording what took place: a sentence in, a card out; corrected and completed by talking on."""

from __future__ import annotations

import re
from dataclasses import replace

from cards import visits as cards
from cards import words
from cards.card import Card
from cards.tasks import task_card
from crm import task_lists, visits
from crm.errors import Conflict, UserMistake
from crm.rights import can_edit, name_of
from crm.visits import Draft, Recorded
from handlers import held, mentions
from handlers.confirm import write
from handlers.confirm_fixes import LISTS
from handlers.fixing import fix_of
from handlers.learning import learn_fix
from handlers.notes import keep, unclear
from handlers.recording import remember
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import in_words, whom
from handlers.task_words import DONE_WORDS, done_by_text
from handlers.turn import Pending, Phrase, Press, Turn
from handlers.whose import ask_whose
from nlu.reading import Intent, Reading
from store.tables import Customer

router = Router("visits")
router.help(
    "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示",
    "记一次跟进，联系人、金额、下一步和提醒一起记好",
    "sales",
    "manager",
    "director",
)
router.help("金额是56万不是58万", "更正刚才那条", "sales", "manager", "director")

KIND_ONLY = re.compile(
    r"(?:不是.{2,4}[，,\s]*)?(?:应该)?是(?:电话|微信|开会|会议|拜访)(?:[，,\s]*不是.{2,4})?[。.]?"
)
SAY_WHAT = "说说这次跟进，例如：今天电话联系了王总，预算58万，下周三上午10点去演示"
FIX_HINT = "要改什么？直接说，例如：金额56万，或：改到周四下午三点"
REPORTING = frozenset(
    {Intent.LOG_ACTIVITY, Intent.CHITCHAT, Intent.UPDATE_STAGE, Intent.PAYMENT, Intent.ORDER, Intent.CONTRACT}
)
"""What a message may mean and still be the report that was asked for."""

FIXING = frozenset({Intent.CORRECT, Intent.RESCHEDULE, Intent.CHITCHAT, Intent.QUERY, Intent.LOG_ACTIVITY})
"""What a message may mean and still say what to change."""

WENT = re.compile(r"拜访|走访|没见|没碰|没遇|去了|跑了|到了|去过")
SHORTEST_REPORT = 8  # characters; fewer that the grammar makes nothing of are no report
PUT_OFF = re.compile(r"^(?:推迟|延后|延期|晚点|稍后)")
A_WHOLE_REPORT = 30  # characters from which a message is no mere correction


@router.gate
def put_off(turn: Turn, reading: Reading) -> Reply | None:
    """拜访美的没见到人，改约后天: where nothing was planned there, it is a record with its next step."""
    named = [one for one in in_words(reading).customers if one.key]
    if reading.intent is not Intent.RESCHEDULE or len(named) != 1 or not WENT.search(turn.incoming.text):
        return None
    if task_lists.matching(turn.ctx, customer_id=int(named[0].key), words="", day=None):
        return None
    return record(turn, turn.understand(turn.incoming.text).but(intent=Intent.LOG_ACTIVITY))


@router.intent(Intent.LOG_ACTIVITY)
def record(turn: Turn, reading: Reading) -> Reply:
    """今天下午拜访了…: written at once, or asked about when the customer is not clear."""
    who = whom(turn.ctx, reading)
    if (
        not who.sure
        and turn.memory.activity_id is not None
        and KIND_ONLY.fullmatch(turn.incoming.text.strip())
    ):
        return correct(turn, reading)
    if not who.sure:
        return ask_whose(turn, reading, who, turn.incoming.text)
    if len(who.sure) == 1 and unclear(reading):
        return keep(turn, reading, turn.incoming.text, who.sure[0])
    mine, others = _by_right(turn, who.sure) if len(who.sure) > 1 else (who.sure, [])
    if not mine or not others:
        return write(turn, reading, turn.incoming.text, who.sure)
    told = "；".join(f"{one.name}由{name_of(turn.ctx, one.owner_id)}负责，没有给它记" for one in others)
    reply = write(turn, reading, turn.incoming.text, mine)
    return replace(reply, text="\n".join(filter(None, (reply.text, f"{told}。"))))


def _by_right(turn: Turn, ids: tuple[int, ...]) -> tuple[tuple[int, ...], list[Customer]]:
    """Those of the customers for which the actor may record, and the others."""
    rows = [turn.ctx.session.get_one(Customer, one) for one in ids]
    others = [one for one in rows if not can_edit(turn.ctx, one)]
    return tuple(one.id for one in rows if one not in others), others


@router.action("visit.start")
def start(turn: Turn, press: Press) -> Reply:
    """记跟进 on a customer's card: the next message is recorded for that customer."""
    customer_id = int(press.action.object_id)
    turn.memory.customer_id = customer_id
    turn.memory.ask("visit.say", {"customer": customer_id}, turn.now)
    return Reply(text=SAY_WHAT)


@router.answer("visit.say")
def say(turn: Turn, pending: Pending) -> Reply | None:
    """The sentence about the customer whose card was pressed."""
    given_up = held.dropped(turn, "好，没有记录。")
    if given_up is not None:
        return given_up
    reading = turn.understand(turn.incoming.text)
    asked = pending.data["customer"]
    if asked is None:
        return _any_report(turn, reading)
    if reading.intent not in REPORTING or _names_another(turn, reading, int(asked)):
        return None
    return write(turn, reading, turn.incoming.text, (int(asked),))


def ask_report(turn: Turn) -> None:
    """Take the next sentence for a report, whoever it is about."""
    turn.memory.ask("visit.say", {"customer": None}, turn.now)


def _any_report(turn: Turn, reading: Reading) -> Reply | None:
    """The sentence that was asked for: a customer's name alone is whose it is, a report is recorded."""
    who = whom(turn.ctx, reading)
    if reading.intent is Intent.QUERY and len(who.sure) == 1 and _is_only_named(turn, reading):
        turn.memory.ask("visit.say", {"customer": who.sure[0]}, turn.now)
        return Reply(text=SAY_WHAT)
    told = reading.intent is not Intent.CHITCHAT or len(turn.incoming.text.strip()) >= SHORTEST_REPORT
    if reading.intent not in REPORTING or not told:
        return None
    turn.memory.pending = None
    if not who.sure:
        return ask_whose(turn, reading, who, turn.incoming.text)
    return write(turn, reading, turn.incoming.text, who.sure)


def _is_only_named(turn: Turn, reading: Reading) -> bool:
    """Whether the customer's name is all that was said."""
    return any(one.text and one.text == turn.incoming.text.strip() for one in reading.customers)


@router.action("visit.fix")
def fix(turn: Turn, press: Press) -> Reply:
    """修改: ask what to change."""
    recorded = visits.get(turn.ctx, int(press.action.object_id))
    turn.memory.ask("visit.fix", {"activity": recorded.activity.id}, turn.now)
    turn.memory.activity_id = recorded.activity.id
    return Reply(text=FIX_HINT)


@router.answer("visit.fix")
def fixed(turn: Turn, pending: Pending) -> Reply | None:
    """What is to be changed; None where the message is about something else."""
    given_up = held.dropped(turn, "好，没有改。")
    if given_up is not None:
        return given_up
    reading = turn.understand(turn.incoming.text)
    text = turn.incoming.text.strip()
    if reading.intent not in FIXING or PUT_OFF.match(text):
        return None
    if text in LISTS and "action" not in pending.data:  # 今天 asks for the list, unless a day was asked for
        return None
    try:
        recorded = visits.get(turn.ctx, int(pending.data["activity"]))
    except Conflict:  # taken back meanwhile: nothing is left to change
        turn.memory.pending = None
        return None
    if reading.intent is not Intent.CORRECT and _another_report(turn, reading, recorded):
        return None
    wanted = fix_of(turn, reading, recorded)
    if wanted is None:
        return None
    if wanted.next_time and not wanted.next_action:
        wanted = replace(wanted, next_action=str(pending.data.get("action", "")))
    return apply_fix(turn, recorded, wanted)


@router.phrase(
    r"(?:金额|预算|总价)(?:大概|大约|约|差不多)?\s*(?:改成|改为|是|:)?\s*(?:大概|大约|约)?\s*"
    r"[\d.,一二两三四五六七八九十百千]+\s*(?:多|来)?\s*(?:[万千百亿元块wk]+)?\s*(?:左右|上下)?[。.]?"
)
def amount_alone(turn: Turn, phrase: Phrase) -> Reply | None:
    """金额56万: that of the record spoken of last."""
    if turn.memory.activity_id is None:
        return None
    recorded = visits.get(turn.ctx, turn.memory.activity_id)
    wanted = fix_of(turn, turn.understand(turn.incoming.text), recorded)
    return None if wanted is None else apply_fix(turn, recorded, wanted)


@router.intent(Intent.CORRECT)
def correct(turn: Turn, reading: Reading) -> Reply:
    """金额是56万不是58万: the record spoken of last. 完成 演示 is about a task."""
    if DONE_WORDS.match(turn.incoming.text.strip()):
        return done_by_text(turn, reading)
    if turn.memory.activity_id is None:
        raise UserMistake("没有刚记录的跟进可以改。先说是哪一次，例如：今天拜访了华润置地的王总，金额56万")
    recorded = visits.get(turn.ctx, turn.memory.activity_id)
    wanted = fix_of(turn, reading, recorded)
    if wanted is None:
        turn.memory.ask("visit.fix", {"activity": recorded.activity.id}, turn.now)
        return Reply(text=f"没看出要改什么。{FIX_HINT.removeprefix('要改什么？')}")
    return apply_fix(turn, recorded, wanted)


def apply_fix(turn: Turn, recorded: Recorded, wanted: Draft) -> Reply:
    """Correct the record and show it as it stands now, on every card about it."""
    now = visits.correct(turn.ctx, recorded.activity.id, wanted)
    learn_fix(turn, recorded, wanted, now)
    remember(turn, now)
    local = turn.ctx.local
    refreshed: list[Card] = [cards.recorded_card(now, local.date())]
    if now.task is not None:
        refreshed.append(task_card(now.task, local))
    said = mentions.tell(turn, [now], wanted.raw)
    told = "".join(f"{note}。" for note in said.notes)
    return Reply(
        text=f"{_fixed_words(turn, now, wanted)}{told}",
        cards=said.cards,
        notices=said.notices,
        refresh=tuple(refreshed),
    )


def _fixed_words(turn: Turn, now: Recorded, wanted: Draft) -> str:
    today = turn.ctx.local.date()
    changes = []
    if wanted.customer_id is not None:
        changes.append(f"客户 {now.called}")
    if wanted.contact and now.contact:
        changes.append(f"联系人 {now.contact.name}")
    if wanted.amount is not None:
        changes.append(f"金额 {words.money_range(*wanted.amount)}")
    if wanted.when is not None:
        row = now.activity
        changes.append(f"时间 {words.when(now.happened, row.happened_grain, row.happened_part, today)}")
    if (wanted.next_time or wanted.next_action) and now.task:
        changes.append(f"下一步 {cards.next_step_words(now.task, today)}")
    what = "，".join(changes) or words.KINDS.get(now.activity.kind, "跟进")
    return f"已更正{now.called}这条：{what}。改错了回复“撤销”。"


def _another_report(turn: Turn, reading: Reading, recorded: Recorded) -> bool:
    """Whether a whole new report was sent instead of an answer."""
    if _names_another(turn, reading, recorded.activity.customer_id):
        return True
    text = turn.incoming.text.strip()
    return len(text) >= A_WHOLE_REPORT or bool(reading.customers and reading.activity_time and reading.method)


def _names_another(turn: Turn, reading: Reading, customer_id: int | None) -> bool:
    """Whether the message is about another customer than this one."""
    if not (reading.customers or reading.candidates):
        return False
    who = whom(turn.ctx, reading)
    named = who.sure or tuple(p.id for p in who.options)
    return bool(who.new) or bool(named and customer_id not in named)
