"""Words about a customer that nothing else is done with yet: kept as a note, and said so."""

from __future__ import annotations

from dataclasses import replace

from cards import visits as cards
from cards.card import Action, Button, Card, Tone
from crm import visits
from crm.errors import UserMistake
from crm.visits import ActivityKind, Recorded
from handlers.recording import remember
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import draft, remarks
from handlers.turn import Press, Turn
from nlu.reading import Intent, Reading

router = Router("notes")

NOT_YET = {
    Intent.UPDATE_CUSTOMER: "客户资料修改",
    Intent.UPDATE_STAGE: "商机阶段",
    Intent.PAYMENT: "回款登记",
    Intent.ORDER: "订单登记",
    Intent.CONTRACT: "合同登记",
    Intent.TICKET: "工单",
    Intent.POINTS: "积分",
    Intent.CLAIM: "公海领取",
    Intent.RELEASE: "退回公海",
}
"""What cannot be done yet, as it is called when that is said."""

KINDS = {"visit": (ActivityKind.VISIT, "记为拜访"), "call": (ActivityKind.CALL, "记为电话")}


def keep(turn: Turn, reading: Reading, text: str, customer_id: int | None) -> Reply:
    """Keep the sentence as a note, without any field of it; offer what else it may be."""
    local = turn.ctx.local
    bare = reading.but(next_time=None, amount=None, activity_time=None, contact=None, customers=())
    noted = replace(
        draft(bare, text, customer_id, local, ActivityKind.NOTE), kind=ActivityKind.NOTE, contact=""
    )
    recorded = visits.record(turn.ctx, noted)
    remember(turn, recorded)
    what = NOT_YET.get(reading.intent)
    if what is None:
        return Reply(cards=(_with_meanings(turn, recorded),))
    where = f"记在{recorded.called}名下" if recorded.called else "留下"
    missing = f"{what}还没有开通"
    if reading.intent is Intent.UPDATE_CUSTOMER:
        missing = f"要改资料这样说：客户 {recorded.called or '华润置地'} 来源 展会 行业 物流"
    notes = [f"已作为笔记{where}，{missing}", *remarks(bare.but(ambiguous=frozenset()), local)]
    return Reply(cards=(cards.recorded_card(recorded, local.date(), "；".join(notes)),))


def unclear(reading: Reading) -> bool:
    """Whether a sentence about a customer tells neither what took place nor anything to write down."""
    told = (
        reading.method,
        reading.contact,
        reading.amount,
        reading.next_time,
        reading.next_action,
        reading.activity_time,
        reading.stage,
        reading.phone,
    )
    return reading.intent is Intent.LOG_ACTIVITY and not any(told) and not reading.ambiguous


@router.action("note.as")
def as_record(turn: Turn, press: Press) -> Reply:
    """记为拜访, 记为电话: the note becomes a record."""
    return Reply(refresh=(_become(turn, int(press.action.object_id), *KINDS[press.action.extra]),))


@router.command("记为拜访", "记成拜访", "记为电话", "记成电话")
def typed(turn: Turn, reading: Reading) -> Reply:
    """The same, typed: the record spoken of last."""
    if turn.memory.activity_id is None:
        raise UserMistake("没有刚记的笔记。直接说就行，例如：今天拜访了华润置地，聊了报价")
    name = "visit" if turn.incoming.text.strip().endswith("拜访") else "call"
    card = _become(turn, turn.memory.activity_id, *KINDS[name])
    return Reply(cards=(card,), refresh=(card,))


@router.command("只留笔记")
def typed_note(turn: Turn, reading: Reading) -> Reply:
    """只留笔记, typed."""
    return Reply(text="好，就留成笔记。")


@router.command("设提醒", "设个提醒")
def typed_remind(turn: Turn, reading: Reading) -> Reply:
    """设提醒, typed: for the note recorded last."""
    recorded = visits.get(turn.ctx, turn.memory.activity_id) if turn.memory.activity_id else None
    if recorded is None or recorded.activity.kind != ActivityKind.NOTE:
        raise UserMistake("提醒你做什么、什么时候？例如：明天上午10点提醒我给王总打电话")
    return _ask_when(turn, recorded)


def _become(turn: Turn, activity_id: int, kind: ActivityKind, said: str) -> Card:
    before = visits.get(turn.ctx, activity_id)
    now = visits.correct(
        turn.ctx, before.activity.id, visits.Draft(kind, said, parser=before.activity.parser)
    )
    remember(turn, now)
    return cards.recorded_card(now, turn.ctx.local.date())


@router.action("note.remind")
def remind(turn: Turn, press: Press) -> Reply:
    """设提醒: the note stays, and only the time is missing."""
    return _ask_when(turn, visits.get(turn.ctx, int(press.action.object_id)))


def _ask_when(turn: Turn, recorded: Recorded) -> Reply:
    turn.memory.ask("remind.when", {"text": recorded.activity.raw}, turn.now)
    return Reply(text="什么时候提醒？例如：明天上午10点，或：30分钟后")


@router.action("note.keep")
def just_a_note(turn: Turn, press: Press) -> Reply:
    """只留笔记: nothing is left to choose."""
    recorded = visits.get(turn.ctx, int(press.action.object_id))
    return Reply(refresh=(cards.recorded_card(recorded, turn.ctx.local.date()),))


def _with_meanings(turn: Turn, recorded: Recorded) -> Card:
    """The note's card with what the words may also mean."""
    key, version = str(recorded.activity.id), recorded.activity.version
    card = cards.recorded_card(recorded, turn.ctx.local.date(), "没说是拜访还是电话，先留成笔记")
    offered = tuple(
        Button(text, Action("note.as", key, version, name), Tone.PRIMARY, say=f"回复 {text}")
        for name, (_, text) in KINDS.items()
    )
    more = (
        Button("设提醒", Action("note.remind", key, version), say="回复 设提醒"),
        Button("只留笔记", Action("note.keep", key, version), say="回复 只留笔记"),
    )
    return replace(card, buttons=(*offered, *more, card.buttons[-1]))
