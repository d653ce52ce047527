"""撤销: by button, by the word, or by quoting the message that is meant."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from cards import confirm as confirm_cards
from cards import customers as customer_cards
from cards import quotes as quote_cards
from cards import tasks as task_cards
from cards import visits as visit_cards
from cards import words
from cards.card import Card
from crm import overview, quotes, task_lists, undo, visits
from crm.errors import UserMistake
from crm.undo import Undone
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Press, Turn
from nlu.reading import Intent, Reading
from store.tables import Activity, CardRow, Customer, Quote, Task, TaskStatus

router = Router("undo")
router.help("撤销", "撤回刚才那条记录；引用哪条消息就撤哪条，24小时内有效")

MOST_CARDS = 30


@router.action("undo")
def pressed(turn: Turn, press: Press) -> Reply:
    """撤销 on a card."""
    undone = undo.undo(turn.ctx, int(press.action.object_id or 0))
    settled = _refresh(turn, undone)
    return Reply(text="" if settled and not undone.already else _words(undone), refresh=settled)


@router.intent(Intent.UNDO)
def typed(turn: Turn, reading: Reading) -> Reply:
    """撤销: what the quoted message is about, otherwise the last record."""
    target = _quoted(turn) if turn.incoming.quoted.strip() else turn.memory.record
    if target is None:
        raise UserMistake("没有可以撤销的记录。要撤哪一条，引用那条消息回复“撤销”就行。")
    undone = undo.undo(turn.ctx, target)
    turn.memory.pending = None
    return Reply(text=_words(undone), refresh=_refresh(turn, undone))


def ask_delete(turn: Turn) -> Reply:
    """上一条删掉: shown what it is, and deleted when that is confirmed."""
    target = _quoted(turn) if turn.incoming.quoted.strip() else turn.memory.record
    if target is None:
        raise UserMistake("没有可以删除的记录。要删哪一条，引用那条消息回复“撤销”就行。")
    what = "、".join(undo.made_by(turn.ctx, target)) or "刚才那条记录"
    message = turn.ctx.inbox_id or 0
    turn.memory.ask("undo.sure", {"target": target, "held": message}, turn.now)
    return Reply(cards=(confirm_cards.delete_card(what, target, message),))


@router.action("undo.sure")
def deleted(turn: Turn, press: Press) -> Reply:
    """删除 on the card that asked."""
    return _delete(turn, int(press.action.object_id), int(press.action.extra or 0))


@router.action("undo.keep")
def kept(turn: Turn, press: Press) -> Reply:
    """不删."""
    turn.memory.pending = None
    return Reply(refresh=(_asked(int(press.action.extra or 0), "没有删除"),))


@router.answer("undo.sure")
def delete_answered(turn: Turn, pending: Pending) -> Reply | None:
    """删除 or 不删, typed."""
    said, message = held.said(turn), int(pending.data["held"])
    if said in held.YES | {"删除", "确认", "确认删除", "删", "删掉", "删吧"}:
        return _delete(turn, int(pending.data["target"]), message)
    if said in held.NO | held.DROP | {"不删"}:
        turn.memory.pending = None
        return Reply(text="好，没有删除。", refresh=(_asked(message, "没有删除"),))
    return None


def _delete(turn: Turn, target: int, message: int) -> Reply:
    undone = undo.undo(turn.ctx, target)
    turn.memory.pending = None
    return Reply(text=_words(undone), refresh=(*_refresh(turn, undone), _asked(message, "已删除")))


def _asked(message: int, done: str) -> Card:
    return confirm_cards.settled_card("删除", "", message, done)


def _quoted(turn: Turn) -> int | None:
    """The message that made the record which the quoted one is about."""
    quoted = " ".join(turn.incoming.quoted.split())
    own = (
        select(col(Activity.inbox_id))
        .where(col(Activity.author_id) == turn.actor.id, col(Activity.raw) == turn.incoming.quoted.strip())
        .order_by(col(Activity.id).desc())
        .limit(1)
    )
    said = turn.ctx.session.scalars(own).first()
    if said is not None:
        return said
    shown = (
        select(CardRow)
        .where(col(CardRow.member_id) == turn.actor.id)
        .order_by(col(CardRow.id).desc())
        .limit(MOST_CARDS)
    )
    for card in turn.ctx.session.scalars(shown):
        if card.title and card.title in quoted:
            return _made_by(turn, card)
    return turn.memory.record


def _made_by(turn: Turn, card: CardRow) -> int | None:
    """The message behind the record of a card: for one that was corrected, the correction."""
    record = int(card.object_id) if card.object_id.isdecimal() else 0
    if card.object == "activity":
        return visits.newest(turn.ctx, record).inbox_id
    row: Task | Quote | None = None
    if card.object == "task":
        row = turn.ctx.session.get(Task, record)
    elif card.object == "quote":
        row = turn.ctx.session.get(Quote, record)
    return card.inbox_id if row is None else row.inbox_id


def _words(undone: Undone) -> str:
    what = "、".join(undone.phrases) or "刚才那条"
    if undone.already:
        return f"{what}之前已经撤销了，没有再动。"
    return f"已撤销：{what}。"


def _refresh(turn: Turn, undone: Undone) -> tuple[Card, ...]:
    """Every card about what was taken back, as it stands now."""
    done = f"已撤销 {words.clock(turn.ctx.local)}"
    shown = [_activity_card(turn, i, done) for i in undone.activities]
    shown += [_task_card(turn, i, done) for i in undone.tasks]
    shown += [_contact_card(i, name, done) for i, name in undone.contacts]
    shown += [quote_cards.final_card(quotes.seen(turn.ctx, i), turn.ctx.local) for i in undone.quotes]
    if undone.customer_id is not None:
        shown.append(_customer_card(turn, undone.customer_id, done))
    by_record = {card.about: card for card in shown if card is not None}
    return tuple(by_record.values())


def _activity_card(turn: Turn, activity_id: int, done: str) -> Card | None:
    row = turn.ctx.session.get(Activity, activity_id)
    if row is None:
        return None
    standing = visits.standing(turn.ctx, turn.ctx.session.get(Activity, visits.root_of(turn.ctx, row)))
    if standing is None:
        return visit_cards.settled_card(visits.show(turn.ctx, row), turn.ctx.local.date(), done)
    return visit_cards.recorded_card(visits.show(turn.ctx, standing), turn.ctx.local.date())


def _task_card(turn: Turn, task_id: int, done: str) -> Card:
    item = task_lists.get(turn.ctx, task_id)
    if item.status == TaskStatus.OPEN:
        return task_cards.task_card(item, turn.ctx.local)
    return task_cards.settled_card(item, turn.ctx.local, done)


def _contact_card(contact_id: int, name: str, done: str) -> Card:
    return Card(f"联系人 · {name}", done=done, about=("contact", str(contact_id)))


def _customer_card(turn: Turn, customer_id: int, done: str) -> Card | None:
    customer = turn.ctx.session.get(Customer, customer_id)
    if customer is None:
        return None
    if customer.archived_at is not None:
        return Card(customer.name, done=done, about=customer_cards.about(customer_id))
    view = overview.overview(turn.ctx, customer_id)
    return customer_cards.overview_card(view, turn.ctx.local)
