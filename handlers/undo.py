"""撤销 and 恢复: by button, by the word, by quoting the message that is meant, several at once."""

from __future__ import annotations

from cards import confirm as confirm_cards
from cards import undo as cards
from cards.card import Card
from crm import undo
from crm.errors import Conflict, UserMistake
from crm.rights import Right, need
from crm.undo import Clashes, Undone
from handlers import held
from handlers.closing import closed, settled
from handlers.quoted import source
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from handlers.undone import refreshed, sentence, told_to_author
from nlu.reading import Intent, Reading

router = Router("undo")
router.help("撤销", "撤回刚才那条，再说一次就再往前撤一条；引用哪条消息就撤哪条")
router.help("撤销刚才两条", "一次撤回几条")
router.help("恢复", "把刚撤销的找回来")

MOST_AT_ONCE = 10
FIGURES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
REST = frozenset({"仍然撤销其余", "撤销其余", "仍然撤销", "其余撤销", "撤其余的"})
STOP = frozenset({"不撤了", "不撤销", "先不撤"})


@router.action("undo")
def pressed(turn: Turn, press: Press) -> Reply:
    """撤销 on a card."""
    target = int(press.action.object_id or 0)
    try:
        undone = undo.undo(turn.ctx, target)
    except Clashes as clashes:
        return _in_the_way(turn, clashes)
    settled = refreshed(turn, undone)
    text = "" if settled and not undone.already else sentence(turn, undone)
    return Reply(text=text, refresh=settled, notices=told_to_author(turn, undone))


@router.intent(Intent.UNDO)
def typed(turn: Turn, reading: Reading) -> Reply:
    """撤销: what the quoted message is about, the open question, the last record, then the one before it."""
    if turn.incoming.quoted.strip():
        return _take_back(turn, _quoted(turn))
    dropped = closed(turn)
    if dropped is not None:
        return dropped
    found = undo.last_messages(turn.ctx, 1, turn.memory.record)
    if found:
        return _take_back(turn, found[0], named=found[0] != turn.memory.record)
    if turn.memory.record is None:
        raise UserMistake("没有可以撤销的记录。要撤哪一条，引用那条消息回复“撤销”就行。")
    return _take_back(turn, turn.memory.record)


@router.phrase(
    r"(?:撤销|撤回|回退|取消)\s*(?:我)?(?:刚才|最近|最后|前面|上面|刚刚|之前)?(?:的|那)?\s*"
    r"(?P<count>[一二两三四五六七八九十]|\d{1,3})\s*(?:条|次|步|个操作)(?:记录|操作)?"
)
def several(turn: Turn, phrase: Phrase) -> Reply | None:
    """撤销刚才两条: one after the other, until one stands in the way."""
    count = FIGURES.get(phrase.given["count"]) or int(phrase.given["count"])
    if count > MOST_AT_ONCE:
        raise UserMistake(f"一次最多撤销{MOST_AT_ONCE}条，例如：撤销刚才{MOST_AT_ONCE}条")
    found = undo.last_messages(turn.ctx, count, turn.memory.record)
    if not found:
        raise UserMistake("没有可以撤销的记录。要撤哪一条，引用那条消息回复“撤销”就行。")
    turn.memory.pending = None
    said: list[str] = []
    shown: tuple[Card, ...] = ()
    for message in found:
        try:
            undone = undo.undo(turn.ctx, message)
        except Conflict as conflict:
            said.append(f"停在这里：{conflict.message}")
            break
        said.append(sentence(turn, undone, named=True))
        shown += refreshed(turn, undone)
    if len(found) < count:
        said.append(f"往前没有更多可以撤销的了，一共{len(found)}条。")
    return Reply(text="\n".join(said), refresh=shown)


@router.command("恢复", "恢复撤销", "取消撤销", "反撤销", "重做", "撤销恢复", "还原")
def restored(turn: Turn, reading: Reading) -> Reply:
    """恢复: what was taken back last is there again."""
    try:
        undone = undo.redo(turn.ctx)
    except Clashes as clashes:
        return _in_the_way(turn, clashes)
    turn.memory.pending = None
    turn.memory.record = undone.inbox_id
    text = f"{sentence(turn, undone)}要再撤，回复“撤销”。"
    return Reply(text=text, refresh=refreshed(turn, undone), notices=told_to_author(turn, undone))


@router.action("undo.rest")
def rest_pressed(turn: Turn, press: Press) -> Reply:
    """撤销其余: everything that nobody has changed since."""
    return _rest(turn, int(press.action.object_id))


@router.action("undo.stop")
def stopped(turn: Turn, press: Press) -> Reply:
    """不撤了."""
    turn.memory.pending = None
    return Reply(refresh=(cards.answered_card(int(press.action.object_id), "没有撤销"),))


@router.answer("undo.rest")
def rest_answered(turn: Turn, pending: Pending) -> Reply | None:
    """仍然撤销其余 or 不撤了, typed."""
    said, target = held.said(turn), int(pending.data["target"])
    if said in REST | held.YES:
        return _rest(turn, target)
    if said in STOP | held.NO | held.DROP:
        turn.memory.pending = None
        return Reply(text="好，没有撤销。", refresh=(cards.answered_card(target, "没有撤销"),))
    return None


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


def _quoted(turn: Turn) -> int:
    found = source(turn)
    if found is None:
        raise UserMistake("没有认出引用的是哪一条，没有动。引用你发的那句话或我回的卡片，再回复“撤销”。")
    return found


def _take_back(turn: Turn, target: int, *, named: bool = False) -> Reply:
    """Undo one message, or show what stands in the way."""
    try:
        undone = undo.undo(turn.ctx, target)
    except Clashes as clashes:
        return _in_the_way(turn, clashes)
    asked = settled(turn, turn.memory.pending) if turn.memory.pending is not None else ()
    turn.memory.pending = None
    text, shown = _told(turn, undone, named=named), (*refreshed(turn, undone), *asked)
    return Reply(text=text, refresh=shown, notices=told_to_author(turn, undone))


def _told(turn: Turn, undone: Undone, *, named: bool) -> str:
    hint = "" if undone.already else "要找回来，回复“恢复”。"
    return sentence(turn, undone, named=named) + (hint if not undone.redone else "")


def _in_the_way(turn: Turn, clashes: Clashes) -> Reply:
    """What clashes, field by field; where something can be undone all the same, the button for it."""
    if not clashes.rest and any(clash.reason for clash in clashes.clashes):
        raise clashes
    if clashes.rest:
        turn.memory.ask("undo.rest", {"target": clashes.inbox_id}, turn.now)
    today = turn.ctx.local.date()
    return Reply(cards=(cards.clash_card(clashes.clashes, clashes.rest, clashes.inbox_id, today),))


def _rest(turn: Turn, target: int) -> Reply:
    undone = undo.undo(turn.ctx, target, rest=True)
    turn.memory.pending = None
    settled = cards.answered_card(target, "其余已撤销")
    shown = (*refreshed(turn, undone), settled)
    return Reply(text=sentence(turn, undone), refresh=shown, notices=told_to_author(turn, undone))


def _delete(turn: Turn, target: int, message: int) -> Reply:
    need(turn.ctx, Right.DELETE)
    undone = undo.undo(turn.ctx, target)
    turn.memory.pending = None
    shown = (*refreshed(turn, undone), _asked(message, "已删除"))
    return Reply(text=sentence(turn, undone), refresh=shown, notices=told_to_author(turn, undone))


def _asked(message: int, done: str) -> Card:
    return confirm_cards.settled_card("删除", "", message, done)
