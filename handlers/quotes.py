"""Quotes in the chat: make one, submit it, decide it by card or by words."""

from __future__ import annotations

from dataclasses import replace

from cards import quotes as card
from crm import once, quotes
from crm.approvals import Verdict
from crm.deputies import deputies
from crm.errors import Conflict
from crm.quotes import QuoteDraft, QuoteView
from handlers import held
from handlers.quote_words import (
    Wanted,
    answered,
    ask_amount,
    choice,
    chosen_card,
    customer_of,
    missing,
    names_customer,
    only_a_name,
    price_alone,
)
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Pending, Press, Turn
from nlu.reading import Intent, Reading
from store.tables import QuoteStatus

router = Router("quotes")
router.help("报价 华润置地 58万 9折 提交", "报价并提交给直属上级审批；不写“提交”先存草稿", "sales", "manager")
router.help("同意 Q0001 / 驳回 Q0001 折扣太低", "审批报价，也可以在卡片上点", "manager", "director")

NO_REASON = frozenset({"跳过", "不用", "不用了", "算了", "没有", "无"})
OTHER_BUSINESS = frozenset(
    {Intent.QUERY, Intent.HELP, Intent.UNDO, Intent.APPROVE, Intent.REMIND, Intent.ADD_CUSTOMER}
)
OTHER_WORDS = frozenset(
    {"今天", "明天", "本周", "撤销", "帮助", "好", "好的", "嗯", "收到", "知道了", "谢谢", "ok", "OK"}
)


@router.intent(Intent.QUOTE)
def quote(turn: Turn, reading: Reading) -> Reply:
    """报价 华润置地 58万 9折 提交: a draft, or at once for approval."""
    wanted = Wanted.of(reading, turn.incoming.text)
    customer_id = customer_of(reading)
    if customer_id is None:
        return choice(turn, reading, wanted)
    return make(turn, customer_id, wanted)


@router.action("quote.pick")
def picked(turn: Turn, press: Press) -> Reply:
    """One of several customers that fit was chosen."""
    customer_id = int(press.action.object_id)
    message, _, wanted = press.action.extra.partition(" ")
    if not once.first(turn.ctx.session, f"quote.pick:{turn.actor.id}:{message}", turn.now):
        return Reply("这份报价刚才已经选过客户了。要再报一份，重新说一句就行")
    reply = make(turn, customer_id, Wanted.unpack(wanted))
    return replace(reply, refresh=(*reply.refresh, chosen_card(turn, message, customer_id)))


@router.answer("quote.customer")
def customer_answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number of a choice, or a name."""
    turn.memory.pending = None
    customer_id = held.chosen(turn, pending.data["ids"]) or only_a_name(turn)
    if customer_id is None:
        return None
    return make(turn, customer_id, Wanted.unpack(pending.data["wanted"]))


@router.answer("quote.amount")
def amount_answered(turn: Turn, pending: Pending) -> Reply | None:
    """58万, or 58万 9折. Words without an amount leave the question open, a customer's name ends it."""
    wanted = answered(turn, Wanted.unpack(pending.data["wanted"]))
    if wanted is None and names_customer(turn.understand(turn.incoming.text)):
        turn.memory.pending = None
    return make(turn, int(pending.data["customer_id"]), wanted) if wanted else None


@router.answer("quote.discount")
def price_answered(turn: Turn, pending: Pending) -> Reply | None:
    """9折 behind a draft is its discount, 改成28万 its price; 9折提交 also sends it off."""
    said = price_alone(turn)
    quote_id = int(pending.data["quote_id"])
    if said is None or not quotes.is_draft(turn.ctx, quote_id):
        return None
    changed = quotes.repriced(turn.ctx, quote_id, amount=said.amount, discount=said.discount)
    turn.memory.record, turn.memory.customer_id = turn.ctx.inbox_id, changed.customer_id
    if said.submit:
        turn.memory.pending = None
        return submitted(turn, quote_id)
    return Reply(cards=(card.draft_card(changed),))


@router.intent(Intent.APPROVE)
def decide_by_words(turn: Turn, reading: Reading) -> Reply:
    """同意 Q0001 理由…, 驳回 Q0001 折扣太低."""
    if not reading.number or reading.verdict not in {one.value for one in Verdict}:
        return _which(turn)
    verdict = Verdict(reading.verdict)
    quote_id = quotes.by_number(turn.ctx, reading.number)
    try:
        decided = quotes.decide(turn.ctx, quote_id, verdict, reading.comment or "")
    except Conflict as late:
        raise Conflict(f"报价 {reading.number} {late.message}") from late
    return _decided(turn, decided, pressed=False)


@router.action("quote.approve")
def approve(turn: Turn, press: Press) -> Reply:
    """The manager says yes."""
    done = quotes.decide(turn.ctx, _id(press), Verdict.APPROVE, version=press.action.version)
    return _decided(turn, done, pressed=True)


@router.action("quote.reject")
def reject(turn: Turn, press: Press) -> Reply:
    """The manager says no; the reason may follow, and need not."""
    done = quotes.decide(turn.ctx, _id(press), Verdict.REJECT, version=press.action.version)
    return _decided(turn, done, pressed=True)


@router.answer("quote.reason")
def reason(turn: Turn, pending: Pending) -> Reply | None:
    """Why it was rejected, said afterwards; asked once, and never in the way of anything else."""
    turn.memory.pending = None
    text = turn.incoming.text.strip()
    if text in NO_REASON:
        return Reply("好的，不补充理由")
    if not text or text in OTHER_WORDS or text.startswith("/"):
        return None
    reading = turn.understand(text)
    if names_customer(reading) or reading.number or reading.intent in OTHER_BUSINESS:
        return None
    told = quotes.add_reason(turn.ctx, int(pending.data["quote_id"]), text)
    words = f"{_decider(told)}补充了驳回报价 {told.number} 的理由：{text}"
    return Reply(f"理由已转给{told.owner.called}", notices=(Notice(told.owner.id, text=words),))


@router.action("quote.submit")
def submit(turn: Turn, press: Press) -> Reply:
    """The draft goes to the manager."""
    sent = quotes.submit(turn.ctx, _id(press), press.action.version)
    return Reply(notices=_asked(turn, sent), refresh=(card.pending_card(sent),))


@router.action("quote.withdraw")
def withdraw(turn: Turn, press: Press) -> Reply:
    """The author takes the quote back."""
    back = quotes.withdraw(turn.ctx, _id(press), press.action.version)
    text = _again(back) if back.standing is not None else ""
    return Reply(text, refresh=(card.final_card(back, turn.ctx.local),))


def submitted(turn: Turn, quote_id: int) -> Reply:
    """The draft goes to the manager because that was typed."""
    sent = quotes.submit(turn.ctx, quote_id)
    turn.memory.record = turn.ctx.inbox_id
    asked = "、".join(one.called for one in (sent.standing.waiting if sent.standing else ()))
    text = f"报价 {sent.number} 已提交，等{asked or '上级'}审批。要撤回，回复 撤回 {sent.number}"
    return Reply(text, notices=_asked(turn, sent), refresh=(card.pending_card(sent),))


def withdrawn(turn: Turn, quote_id: int) -> Reply:
    """The author takes the quote back by typing."""
    back = quotes.withdraw(turn.ctx, quote_id)
    turn.memory.record = turn.ctx.inbox_id
    return Reply(_again(back), refresh=(card.final_card(back, turn.ctx.local),))


def _again(back: QuoteView) -> str:
    return f"报价 {back.number} 已撤回，可以重新报：报价 {back.customer} 金额 折扣 提交"


def make(turn: Turn, customer_id: int, wanted: Wanted) -> Reply:
    """Make the quote, or ask for what is still missing."""
    turn.memory.customer_id = customer_id
    turn.memory.pending = None
    name = quotes.short_name(turn.ctx.session, customer_id)
    question = missing(wanted, name)
    if question or wanted.amount is None:
        ask_amount(turn, customer_id, wanted)
        return Reply(question)
    full = QuoteDraft(customer_id, wanted.amount, wanted.discount or quotes.FULL, wanted.note)
    made = quotes.draft(turn.ctx, full)
    turn.memory.record = turn.ctx.inbox_id
    if not wanted.submit:
        turn.memory.ask("quote.discount", {"quote_id": made.id}, turn.now)
        return Reply(cards=(card.draft_card(made),))
    sent = quotes.submit(turn.ctx, made.id)
    return Reply(cards=(card.pending_card(sent),), notices=_asked(turn, sent))


def _asked(turn: Turn, sent: QuoteView) -> tuple[Notice, ...]:
    """Whoever is asked, and the deputy of who is away."""
    waiting = [one.id for one in sent.standing.waiting] if sent.standing else []
    acting = deputies(turn.ctx.session, waiting, turn.now).values()
    everybody = dict.fromkeys((*waiting, *(one for one in acting if one != turn.actor.id)))
    whole = sent if sent.whole else quotes.to_decide(turn.ctx, sent.id)
    return tuple(Notice(one, card.approval_card(whole)) for one in everybody)


def _decided(turn: Turn, done: QuoteView, *, pressed: bool) -> Reply:
    """Everybody's cards are settled with what the author may see, and he hears of it."""
    if done.status is QuoteStatus.PENDING:
        return Reply(f"您的意见已记下，报价 {done.number} 还要等其他审批人")
    yes = done.status is QuoteStatus.APPROVED
    verb, comment = ("同意" if yes else "驳回"), (done.standing.comment if done.standing else "")
    told = quotes.seen(turn.ctx, done.id)
    total = f"，{card.total_words(told)}" if card.total_words(told) else ""
    words = f"{_decider(done)}{verb}了报价 {done.number}（{done.customer}{total}）"
    if comment:
        words += f"，{'意见' if yes else '理由'}：{comment}"
    text = "" if pressed else f"已{verb}报价 {done.number}，{done.owner.called}会收到通知"
    if not yes and not comment:
        turn.memory.ask("quote.reason", {"quote_id": done.id}, turn.now)
        text = f"已驳回报价 {done.number}。想告诉{done.owner.called}原因，直接回复一句就行"
    notice = Notice(done.owner.id, text=words)
    return Reply(text, notices=(notice,), refresh=(card.final_card(told, turn.ctx.local),))


def _decider(decided: QuoteView) -> str:
    """Who decided, as spoken of."""
    by = decided.standing.by if decided.standing else None
    return by.called if by else "审批人"


def _which(turn: Turn) -> Reply:
    """No number was named: show what waits."""
    waiting = quotes.waiting_for(turn.ctx, turn.actor.id)
    if not waiting:
        return Reply("现在没有等您审批的报价")
    if len(waiting) == 1:
        return Reply(cards=(card.approval_card(waiting[0]),))
    lines = [f"{one.number} {one.customer} {card.total_words(one)}（{one.owner.called}）" for one in waiting]
    return Reply("\n".join(["有几份报价等您审批，说一下编号，例如：同意 " + waiting[0].number, *lines]))


def _id(press: Press) -> int:
    return int(press.action.object_id)
