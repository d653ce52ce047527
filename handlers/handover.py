"""交接: somebody's work goes to colleagues, by card or by words."""

from __future__ import annotations

import re

from cards import handover as cards
from cards.card import Card
from cards.quotes import approval_card
from crm import colleagues, customers, quotes
from crm.colleagues import NAME, names_of
from crm.errors import UserMistake
from crm.handover import plans
from crm.handover.candidates import team_of
from crm.handover.carrying import Carried, carry_out
from crm.handover.views import HandoverView, view
from crm.rights import name_of
from handlers import held
from handlers.quoted import last_shown
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Reading
from store.tables import Handover, Member

router = Router("handover")
router.help(
    "交接 张伟", "把同事的客户、待办、报价按规则分给别人，先看方案再执行", "manager", "director", "admin"
)

EVERYTHING = frozenset({"全部", "所有", "全", "都", "全部客户", "所有客户", "其余", "所有的", "全部的"})
SAID = re.compile(r"(?:工作)?交接[\s:]|\S+\s+交接$")
"""Set apart like this, the word can mean nothing else."""
_PLAN = "handover.plan"
ADJUST = frozenset({"调整", "调整一下", "改一下", "我要调整"})
LATER = frozenset({"稍后", "稍后再说", "晚点", "晚点再说", "先放着", "以后再说"})
NOTHING_OPEN = "现在没有等你安排的交接。要交接谁的工作，说：交接 张伟"


@router.command("交接")
def waiting(turn: Turn, reading: Reading) -> Reply:
    """交接: what waits for the actor's decision."""
    found = plans.waiting_for(turn.ctx)
    if not found:
        return Reply(NOTHING_OPEN)
    return Reply(cards=tuple(_plan_card(turn, one, alone=len(found) == 1) for one in found))


@router.phrase(
    rf"(?:工作)?交接[\s:]*(?P<who>{NAME}?)(?:的?(?:客户|工作|全部))?",
    rf"(?P<who>{NAME}?)\s*(?:离职|要走|走了)?\s*交接",
)
def start(turn: Turn, phrase: Phrase) -> Reply | None:
    """交接 张伟: the split that the rule proposes."""
    name = phrase.given["who"]
    if not SAID.match(phrase.text) and not colleagues.named(turn.ctx.session, name):
        return None
    member = colleagues.one_of(turn.ctx.session, name, here=False)
    plans.need_manage(turn.ctx, member)
    row = plans.propose(turn.ctx, member)
    if row is None:
        return Reply(f"{member.name}名下没有要交接的客户、待办和报价。")
    return Reply(cards=(_plan_card(turn, row),))


@router.answer(_PLAN)
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """调整 or 稍后, typed under the card; anything else is another matter."""
    if held.said(turn) not in ADJUST | LATER or pending.data["member"] != turn.actor.id:
        return None
    turn.memory.pending = None
    return _by_button(turn, int(pending.data["handover"]))


@router.phrase("|".join(sorted(ADJUST | LATER)))
def under_the_card(turn: Turn, phrase: Phrase) -> Reply | None:
    """The same under a plan that came by itself: the newest card that was sent must be it."""
    about = last_shown(turn)
    return _by_button(turn, about[1]) if about is not None and about[0] == cards.about(0)[0] else None


@router.phrase(
    rf"(?:把)?(?P<who>\S.{{0,39}}?)\s*(?:改给|改成|转给|交给|分给|归|给)\s*(?P<to>{NAME})",
)
def give(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 给李娜, 全部给李娜: while a hand-over waits for the actor."""
    found = plans.waiting_for(turn.ctx)
    to = next(iter(colleagues.named(turn.ctx.session, phrase.given["to"])), None) if found else None
    if to is None:
        return None
    said = phrase.given["who"].removesuffix("的客户").strip()
    if said in EVERYTHING:
        row = _only(turn, found)
        return _given(turn, row, colleagues.one_of(turn.ctx.session, phrase.given["to"]), None, "全部")
    for one in found:
        customer = _customer_in(turn, one, said)
        if customer is not None:
            to = colleagues.one_of(turn.ctx.session, phrase.given["to"])
            return _given(turn, one, to, customer[0], customer[1])
    return None


@router.command("按此交接", "确认交接", "执行交接")
def go_by_word(turn: Turn, reading: Reading) -> Reply:
    """按此交接: the one that waits."""
    return _carried(turn, carry_out(turn.ctx, _only(turn, _some(turn)).id))


@router.action("handover.go")
def go(turn: Turn, press: Press) -> Reply:
    """按此交接."""
    return _carried(turn, carry_out(turn.ctx, _id(press), press.action.version))


@router.action("handover.later")
def later(turn: Turn, press: Press) -> Reply:
    """稍后: nothing is lost until then, and every working morning it comes again."""
    return _later(turn, plans.load(turn.ctx, _id(press)))


@router.command("稍后交接")
def later_by_word(turn: Turn, reading: Reading) -> Reply:
    """稍后, typed."""
    return _later(turn, _only(turn, _some(turn)))


@router.action("handover.drop")
def drop(turn: Turn, press: Press) -> Reply:
    """不交接."""
    return _dropped(turn, plans.load(turn.ctx, _id(press)))


@router.command("不交接", "取消交接方案")
def drop_by_word(turn: Turn, reading: Reading) -> Reply:
    """不交接, typed."""
    return Reply("好，没有交接，都没有动。", refresh=_dropped(turn, _only(turn, _some(turn))).refresh)


@router.action("handover.adjust")
def adjust(turn: Turn, press: Press) -> Reply:
    """调整: choose what goes to whom."""
    row = plans.load(turn.ctx, _id(press))
    return Reply(cards=(_adjust_card(turn, row, int(press.action.extra or 0)),))


@router.command("调整交接")
def adjust_by_word(turn: Turn, reading: Reading) -> Reply:
    """调整, typed."""
    return Reply(cards=(_adjust_card(turn, _only(turn, _some(turn)), 0),))


@router.action("handover.set")
def chosen(turn: Turn, press: Press) -> Reply:
    """改 on that card."""
    row = plans.load(turn.ctx, _id(press), press.action.version)
    what, who = (next(iter(press.fields.get(key, ())), "") for key in (cards.CUSTOMER_KEY, cards.TO_KEY))
    skip = int(press.action.extra or 0)
    if what == cards.MORE:
        return Reply(refresh=(_adjust_card(turn, row, skip + cards.MOST_OPTIONS - 2),))
    if not what or not who:
        raise UserMistake("客户和给谁都要选，再点“改”。也可以直接说：全部给李娜")
    to = turn.ctx.session.get_one(Member, int(who))
    customer_id = None if what == cards.ALL else int(what)
    name = "全部" if customer_id is None else _short(turn, customer_id)
    reply = _given(turn, row, to, customer_id, name, again=False)
    return Reply(reply.text, refresh=(*reply.refresh, _adjust_card(turn, row, skip)))


def _by_button(turn: Turn, handover_id: int) -> Reply:
    """What the button does whose words were typed."""
    row = plans.load(turn.ctx, handover_id)
    return Reply(cards=(_adjust_card(turn, row, 0),)) if held.said(turn) in ADJUST else _later(turn, row)


def _later(turn: Turn, row: Handover) -> Reply:
    name = name_of(turn.ctx, row.member_id)
    return Reply(f"好，先放着，明早再提醒。这期间{name}的待办提醒会发给你。随时可以说：交接 {name}")


def _dropped(turn: Turn, row: Handover) -> Reply:
    shown = view(turn.ctx, row)
    plans.drop(turn.ctx, row)
    return Reply(refresh=(cards.dropped_card(shown, "没有交接，都没有动"),))


def _carried(turn: Turn, done: Carried) -> Reply:
    """Everybody hears what is theirs now; who has to decide gets the request."""
    turn.memory.record = turn.ctx.inbox_id
    turn.memory.pending = None
    today = turn.ctx.local.date()
    notices = [
        Notice(share.to_id, cards.received_card(done.view, share, today, _words(turn, done.view, share.name)))
        for share in done.view.shares
    ]
    notices += [
        Notice(one.to_id, approval_card(quotes.to_decide(turn.ctx, one.object_id)))
        for one in done.moved
        if one.object == quotes.OBJECT
    ]
    card = cards.done_card(done.view, done.asked)
    own = tuple(one.card for one in notices if one.member_id == turn.actor.id and one.card is not None)
    others = tuple(one for one in notices if one.member_id != turn.actor.id)
    people = "、".join(share.name for share in done.view.shares)
    text = f"{done.view.name}的交接办好了，{people}已收到各自的清单。" if people else "办好了。"
    return Reply(f"{text}要撤回，回复 撤销", cards=own, notices=others, refresh=(card,))


def _words(turn: Turn, done: HandoverView, who: str) -> str:
    return cards.draft_words(turn.ctx.business.organisation, who, done.name)


def _given(
    turn: Turn, row: Handover, to: Member, customer_id: int | None, name: str, *, again: bool = True
) -> Reply:
    """The card with its new split; typed, it comes again below."""
    row = plans.load(turn.ctx, row.id)
    plans.give(turn.ctx, row, to, customer_id)
    card = _plan_card(turn, row)
    return Reply(f"好，{name}给{to.name}。", cards=(card,) if again else (), refresh=(card,))


def _plan_card(turn: Turn, row: Handover, *, alone: bool = True) -> Card:
    """The plan; where it is the only one shown, its buttons can be typed: 调整."""
    if alone:
        turn.memory.ask(_PLAN, {"handover": row.id, "member": turn.actor.id}, turn.now)
    return cards.plan_card(view(turn.ctx, row), turn.ctx.local.date())


def _adjust_card(turn: Turn, row: Handover, skip: int) -> Card:
    """The customers of a page, and those who may get them: the peers, the manager, the actor."""
    team = team_of(turn.ctx, turn.ctx.session.get_one(Member, row.member_id))
    shown = view(turn.ctx, row)
    ids = dict.fromkeys((*(one.to_id for one in shown.shares), *team.peers, *team.managers, turn.actor.id))
    names = names_of(turn.ctx, ids)
    return cards.adjust_card(shown, [(one, names[one]) for one in ids], skip)


def _customer_in(turn: Turn, row: Handover, said: str) -> tuple[int, str] | None:
    """(id, name) of the customer that is meant, where it is part of the hand-over."""
    shown = view(turn.ctx, row)
    inside = {
        one: name
        for share in shown.shares
        for one, name in zip(share.customer_ids, share.customers, strict=False)
    }
    exact = [one for one, name in inside.items() if said == name]
    if len(exact) == 1:
        return exact[0], inside[exact[0]]
    every = {one for share in shown.shares for one in share.customer_ids}
    found = [p for p in customers.look_up(turn.ctx, said).proposals if p.id in every]
    return (found[0].id, _short(turn, found[0].id)) if len(found) == 1 else None


def _short(turn: Turn, customer_id: int) -> str:
    return customers.short_names(turn.ctx, [customer_id])[customer_id]


def _some(turn: Turn) -> list[Handover]:
    """What waits for the actor. Raises `UserMistake` where nothing does."""
    found = plans.waiting_for(turn.ctx)
    if not found:
        raise UserMistake(NOTHING_OPEN)
    return found


def _only(turn: Turn, found: list[Handover]) -> Handover:
    """The one that waits for the actor. Raises `UserMistake` where there are several."""
    asked = [one for one in found if one.manager_id == turn.actor.id]
    if len(asked) == 1:
        return asked[0]
    if len(found) > 1:
        raise UserMistake("有几份交接在等你安排，请在对应的卡片上点，发“交接”可以再看一遍。")
    return found[0]


def _id(press: Press) -> int:
    return int(press.action.object_id or 0)
