"""Working together on a customer: let a colleague in, ask to be let in, see who is in."""

from __future__ import annotations

from datetime import datetime

from cards import rights as cards
from cards.card import Card
from crm import collaborators, customers
from crm.collaborators import READ, WRITE
from crm.colleagues import one_of
from crm.errors import UserMistake
from crm.rights import name_of
from handlers.named import customer_named, find_named
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Phrase, Press, Turn
from handlers.until import until
from nlu.reading import Found
from store.tables import Customer, Member

router = Router("collaborators")
router.help("协作 华润置地 李娜 可写 到月底", "让同事一起跟这家客户，到期自动收回", "sales", "manager")
router.help("申请协作 恒瑞医药", "别人的客户，申请一起跟", "sales", "manager")

EXAMPLE = "协作 华星 李娜 可写 到月底"
RIGHTS = {"可写": WRITE, "可改": WRITE, "修改": WRITE, "可看": READ, "可读": READ, "只读": READ, "查看": READ}
_RIGHT = rf"(?P<right>{'|'.join(RIGHTS)})?"
_UNTIL = r"(?P<until>(?:到|至|截止).{2,20}|[\d一两二三四五六七八九十半]{1,3}个?(?:天|周|星期|月)|长期)?"
_MEMBER = r"(?P<member>[^\s到至]{2,12}?)"


@router.phrase(
    rf"(?:加|添加)?协作人?\s*(?P<who>\S+?)\s+{_MEMBER}\s*{_RIGHT}\s*{_UNTIL}",
    rf"(?:让|叫|请)\s*{_MEMBER}\s*(?:一起)?协作\s*(?P<who>\S+?)\s*{_RIGHT}\s*{_UNTIL}",
    rf"(?:给)?(?P<who>\S+?)\s*(?:加|添加)协作人?\s*{_MEMBER}\s*{_RIGHT}\s*{_UNTIL}",
)
def share(turn: Turn, phrase: Phrase) -> Reply:
    """协作 华星 李娜 可写 到月底."""
    given = phrase.given
    customer = _customer(turn, given["who"])
    member = one_of(turn.ctx.session, given["member"])
    return _share(turn, customer, member, RIGHTS.get(given["right"], READ), until(turn, given["until"]))


@router.action("collaborator.grant")
def grant(turn: Turn, press: Press) -> Reply:
    """加协作 on the card that says whom an @ could not reach."""
    member = turn.ctx.session.get(Member, int(press.action.extra))
    if member is None or not member.active:
        raise UserMistake("这位同事已经不在了。")
    return _share(turn, customers.get(turn.ctx, int(press.action.object_id)), member, READ, None)


def _share(turn: Turn, customer: Customer, member: Member, right: str, ends: datetime | None) -> Reply:
    ctx = turn.ctx
    shared = collaborators.share(ctx, customer, member, right, ends)
    if shared.changed:
        turn.memory.record = ctx.inbox_id
    turn.memory.customer_id = customer.id
    local = ctx.wall(ends) if ends else None
    card = cards.shared_card(shared, local, ctx.local.date(), ctx.inbox_id or 0)
    how = f"{cards.RIGHT_WORDS[shared.worker.right]}，{cards.until_words(local, ctx.local.date())}"
    told = f"{turn.actor.name}请你一起跟{customer.name}（{how}），发“{customer.name}”看客户卡片。"
    if not shared.changed:
        return Reply(cards=(card,))
    settled = cards.request_card(shared, done=f"已由{turn.actor.name}同意（{how}）")
    return Reply(cards=(card,), notices=_notices(turn, member.id, text=told), refresh=(settled,))


@router.phrase(r"取消协作\s*(?P<who>\S+)(?:\s+(?P<member>\S+))?")
def end(turn: Turn, phrase: Phrase) -> Reply:
    """取消协作 华星 李娜; without a name one's own."""
    customer = _customer(turn, phrase.given["who"])
    session, name = turn.ctx.session, phrase.given["member"]
    member = one_of(session, name, here=False) if name else session.get_one(Member, turn.actor.id)
    shared = collaborators.end(turn.ctx, customer, member)
    turn.memory.record = turn.ctx.inbox_id
    text = f"{member.name}不再协作{customer.name}了。要恢复回复 撤销"
    told = f"{customer.name}的协作已由{turn.actor.name}取消。"
    return Reply(text=text, notices=_notices(turn, shared.worker.member_id, text=told))


@router.phrase(
    r"(?:谁在协作|协作人?)\s*(?P<who>\S+)",
    r"(?P<who>\S+?)\s*的?(?:协作人(?:有谁|是谁)?|谁在协作|有谁协作|谁在一起跟)\s*[?？]?",
    reads=True,
)
def workers(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星的协作人."""
    found = find_named(turn, phrase.given["who"])
    if len(found) != 1:
        return None
    ctx, customer = turn.ctx, customers.get(turn.ctx, found[0])
    turn.memory.customer_id = customer.id
    listed = [(w, ctx.wall(w.until) if w.until else None) for w in collaborators.of_customer(ctx, customer)]
    owner = name_of(ctx, customer.owner_id)
    return Reply(cards=(cards.workers_card(customer.name, owner, listed, ctx.local.date()),))


@router.phrase(r"申请协作\s*(?P<who>\S+)(?:\s+(?P<reason>.+))?")
def ask(turn: Turn, phrase: Phrase) -> Reply:
    """申请协作 华星."""
    who = phrase.given["who"]
    found = customers.look_up(turn.ctx, who)
    ids = [found.proposals[0].id] if found.sure else _called(turn, who)
    if len(ids) != 1:
        raise UserMistake(f"没有找到客户“{who}”，写全称再说一遍，例如：申请协作 恒瑞医药")
    return _ask(turn, ids[0], phrase.given["reason"])


def _called(turn: Turn, who: str) -> list[int]:
    """The customers that are called so by a part of their name, whoever may see them."""
    heard = turn.understand(who)
    known = [one for one in heard.customers if one.key and one.found is not Found.FUZZY]
    return [int(one.key) for one in known if one.text.strip() == who]


@router.action("collaborator.ask")
def asked(turn: Turn, press: Press) -> Reply:
    """申请协作 on the card that names the owner."""
    return _ask(turn, int(press.action.object_id), "")


def _ask(turn: Turn, customer_id: int, reason: str) -> Reply:
    customer = turn.ctx.session.get(Customer, customer_id)
    if customer is None or customer.archived_at is not None:
        raise UserMistake("这家客户已经不在了。")
    shared = collaborators.ask(turn.ctx, customer)
    turn.memory.record = turn.ctx.inbox_id
    text = f"已向{shared.owner}申请协作{customer.name}，对方同意后会告诉你。"
    return Reply(
        text=text, notices=_notices(turn, customer.owner_id, card=cards.request_card(shared, reason))
    )


@router.phrase(r"(?:拒绝|不同意)协作\s*(?P<who>\S+)\s+(?P<member>\S+)")
def refuse_by_word(turn: Turn, phrase: Phrase) -> Reply:
    """拒绝协作 华星 李娜."""
    customer = _customer(turn, phrase.given["who"])
    member = one_of(turn.ctx.session, phrase.given["member"], here=False)
    return _settled(turn, collaborators.asked_by(turn.ctx, customer, member), None)


@router.action("collaborator.read")
def allow_reading(turn: Turn, press: Press) -> Reply:
    """同意查看."""
    return _decide(turn, press, READ)


@router.action("collaborator.write")
def allow_writing(turn: Turn, press: Press) -> Reply:
    """同意修改."""
    return _decide(turn, press, WRITE)


@router.action("collaborator.refuse")
def refuse(turn: Turn, press: Press) -> Reply:
    """拒绝."""
    return _decide(turn, press, None)


def _decide(turn: Turn, press: Press, right: str | None) -> Reply:
    action = press.action
    return _settled(turn, int(action.object_id), right, action.version)


def _settled(turn: Turn, collaborator_id: int, right: str | None, version: int = 0) -> Reply:
    shared = collaborators.decide(turn.ctx, collaborator_id, right, version)
    turn.memory.record = turn.ctx.inbox_id
    name, customer = shared.worker.name, shared.customer.name
    if right is None:
        done, told = (
            f"已由{turn.actor.name}拒绝",
            f"{turn.actor.name}没有同意协作{customer}，有需要直接找对方商量。",
        )
    else:
        how = cards.RIGHT_WORDS[right]
        done = f"已由{turn.actor.name}同意（{how}）"
        told = f"{turn.actor.name}同意你协作{customer}（{how}），发“{customer}”看客户卡片。"
    text = f"{name}协作{customer}：{done}。要改主意回复 撤销"
    settled = cards.request_card(shared, done=done)
    return Reply(text=text, refresh=(settled,), notices=_notices(turn, shared.worker.member_id, text=told))


def _customer(turn: Turn, words: str) -> Customer:
    return customers.get(turn.ctx, customer_named(turn, words, EXAMPLE))


def _notices(turn: Turn, member_id: int, card: Card | None = None, text: str = "") -> tuple[Notice, ...]:
    """For one member, unless it is who speaks."""
    return (Notice(member_id, card, text),) if member_id != turn.actor.id else ()
