"""What comes after a hand-over: words for the customers, and taking it back."""

from __future__ import annotations

from cards import handover as cards
from cards.card import Card
from crm.handover import drafts, plans, undoing
from crm.handover.undoing import Undone
from crm.handover.views import view
from crm.rights import name_of
from handlers import held
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Reading
from store.tables import Handover

router = Router("handed_over")

REST = frozenset({"撤回其余", "撤销其余", "仍然撤销其余", "仍然撤销", "其余撤回", "撤"})
STOP = frozenset({"不撤了", "不撤", "不撤销", "不撤回"})


@router.action("handover.draft", reads=True)
def draft(turn: Turn, press: Press) -> Reply:
    """给客户的话: a message for each customer, to be copied."""
    return _drafts(turn, turn.ctx.session.get_one(Handover, _id(press)))


@router.command("给客户的话", reads=True)
def draft_by_word(turn: Turn, reading: Reading) -> Reply:
    """给客户的话, typed: of the hand-over that came last."""
    row = drafts.last_received(turn.ctx)
    return _drafts(turn, row) if row is not None else Reply("最近没有交接给你的客户。")


def _drafts(turn: Turn, row: Handover) -> Reply:
    told = drafts.for_receiver(turn.ctx, row)
    if not told:
        return Reply("这次交接里没有你的客户了。")
    lines = [f"【{one.customer}】{_draft(turn, row, one.greeting)}" for one in told]
    return Reply("可以复制发给客户：\n" + "\n".join(lines))


@router.phrase(r"(?:撤销|撤回|取消)(?:刚才的)?交接", r"撤销|撤回")
def take_back(turn: Turn, phrase: Phrase) -> Reply | None:
    """撤销, where a hand-over was carried out last."""
    quoted = turn.incoming.quoted
    record = turn.memory.record
    row = undoing.done_by(turn.ctx, record) if record is not None else None
    if row is None or (quoted and "交接" not in quoted):
        return None
    return _taken_back(turn, undoing.take_back(turn.ctx, row.id))


@router.action("handover.undo")
def undo(turn: Turn, press: Press) -> Reply:
    """撤销交接."""
    return _taken_back(turn, undoing.take_back(turn.ctx, _id(press)))


@router.action("handover.rest")
def rest(turn: Turn, press: Press) -> Reply:
    """撤回其余: without what was changed since."""
    return _taken_back(turn, undoing.take_back(turn.ctx, _id(press), rest=True))


@router.action("handover.keep")
def keep(turn: Turn, press: Press) -> Reply:
    """不撤了."""
    return _kept(turn, _id(press))


@router.answer("handover.rest")
def rest_by_word(turn: Turn, pending: Pending) -> Reply | None:
    """撤回其余, or 不撤了."""
    said, handover_id = held.said(turn), int(pending.data["handover"])
    if said in REST:
        return _taken_back(turn, undoing.take_back(turn.ctx, handover_id, rest=True))
    return _kept(turn, handover_id, "好，没有撤回。") if said in STOP | held.DROP else None


def _kept(turn: Turn, handover_id: int, words: str = "") -> Reply:
    turn.memory.pending = None
    about = ("handover_back", str(handover_id))
    return Reply(words, refresh=(Card("交接没有撤回", done="没有撤回", about=about),))


def _draft(turn: Turn, row: Handover, greeting: str) -> str:
    former = name_of(turn.ctx, row.member_id)
    return cards.draft_words(turn.ctx.business.organisation, turn.actor.name, former, greeting)


def _taken_back(turn: Turn, back: Undone) -> Reply:
    if not back.finished:
        turn.memory.ask("handover.rest", {"handover": back.handover_id}, turn.now)
        return Reply(cards=(cards.conflict_card(back),))
    turn.memory.pending = None
    row = turn.ctx.session.get_one(Handover, back.handover_id)
    receivers = {one.to_id for one in plans.items_of(turn.ctx.session, row.id) if one.to_id is not None}
    shown = view(turn.ctx, row)
    text = f"{back.name}的交接已撤回，{back.count} 项都回到{back.name}名下。"
    if back.conflicts:
        text = f"已撤回 {back.count} 项，后来改过的 {len(back.conflicts) + back.more} 项保持现在的样子。"
    if back.outside:
        text += f"企业微信里已发起的 {back.outside} 位外部联系人不会自动转回。"
    if back.groups:
        text += f"已经换了群主的 {back.groups} 个客户群不会自动转回。"
    told = f"{turn.actor.name}撤回了{back.name}的交接，转给你的都已回到原处。"
    return Reply(
        text,
        notices=tuple(Notice(one, text=told) for one in sorted(receivers) if one != turn.actor.id),
        refresh=(
            cards.plan_card(shown, turn.ctx.local.date()),
            *(cards.taken_back_card(back, one) for one in sorted(receivers)),
            Card("交接已撤回", done="已撤回", about=("handover_back", str(row.id))),
        ),
    )


def _id(press: Press) -> int:
    return int(press.action.object_id or 0)
