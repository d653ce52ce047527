"""Words about a customer that nothing else is done with yet: kept as a note, and said so."""

from __future__ import annotations

from dataclasses import replace

from cards import visits as cards
from cards.card import Action, Button, Card, Tone
from crm import visits
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
    notes = [f"已作为笔记{where}，{what}还没有开通", *remarks(bare.but(ambiguous=frozenset()), local)]
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
    kind, _ = KINDS[press.action.extra]
    before = visits.get(turn.ctx, int(press.action.object_id))
    now = visits.correct(
        turn.ctx,
        before.activity.id,
        visits.Draft(kind, KINDS[press.action.extra][1], parser=before.activity.parser),
    )
    remember(turn, now)
    return Reply(refresh=(cards.recorded_card(now, turn.ctx.local.date()),))


@router.action("note.remind")
def remind(turn: Turn, press: Press) -> Reply:
    """设提醒: the note stays, and only the time is missing."""
    recorded = visits.get(turn.ctx, int(press.action.object_id))
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
        Button(text, Action("note.as", key, version, name), Tone.PRIMARY) for name, (_, text) in KINDS.items()
    )
    more = (
        Button("设提醒", Action("note.remind", key, version)),
        Button("只留笔记", Action("note.keep", key, version)),
    )
    return replace(card, buttons=(*offered, *more, card.buttons[-1]))
