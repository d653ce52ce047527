"""A contact card (vCard) sent in the chat becomes a contact, once it is known whose."""

from __future__ import annotations

from cards import contacts as contact_cards
from cards import vcards as cards
from crm import contacts, customers, identities, vcards
from crm.contacts import Birthday, News
from crm.customers import NewCustomer
from crm.errors import Conflict, UserMistake
from crm.identities import Kind, Said
from crm.vcards import VCard
from handlers import held
from handlers.adding import suspected
from handlers.named import find_named
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Intent

router = Router("vcards")

LONGEST = 4000  # characters; what a chat message holds
LONGEST_NAME = 30
MOST_OPTIONS = 3
NEW = held.CREATE | {"新建客户"}


@router.phrase(r".*BEGIN\s*:\s*VCARD.*", longest=LONGEST)
def received(turn: Turn, phrase: Phrase) -> Reply | None:
    """BEGIN:VCARD …: shown, and asked whose contact it is."""
    person = vcards.read(turn.incoming.text)
    if person is None:
        return Reply(text="这张名片里没有姓名，没有记。直接说也行：联系人 华星科技 李娜 采购经理 13912345678")
    options, known = _options(turn, person)
    message = turn.ctx.inbox_id or 0
    turn.memory.ask("vcard.whose", {"held": message, "ids": [one for one, _ in options]}, turn.now)
    return Reply(cards=(cards.whose_card(person, options, message, known),))


def _options(turn: Turn, person: VCard) -> tuple[list[tuple[int, str]], str]:
    """Customers that it may belong to: by a number on it, by the company, the one last spoken of."""
    known, ids = "", []
    for kind, value in ((Kind.PHONE, person.phone), (Kind.EMAIL, person.email), (Kind.WECHAT, person.wechat)):
        norm = identities.normal(kind, value)
        holder = identities.find(turn.ctx, Said(kind, value, norm)) if norm else None
        if holder is not None:
            whose = holder.customer if holder.mine else "一家客户"
            known = known or f"这个{identities.NAMES[kind]}已登记在{whose}（负责人{holder.owner}）。"
            ids += [holder.customer_id] if holder.mine else []
    if person.company:
        suspects = suspected(turn, person.company)
        ids += [one.proposal.id for one in suspects if one.proposal.mine]
        others = [one for one in suspects if one.same and not one.proposal.mine]
        if others:
            first = others[0].proposal
            known = known or f"{first.name}已存在，负责人{first.owner}。"
    if turn.memory.customer_id is not None:
        ids.append(turn.memory.customer_id)
    proposals = customers.proposals_of(turn.ctx, list(dict.fromkeys(ids)))
    return [(one.id, one.name) for one in proposals if one.mine][:MOST_OPTIONS], known


@router.action("vcard.to")
def to(turn: Turn, press: Press) -> Reply:
    """记到 …."""
    return _write(turn, held.held_id(press), int(press.action.object_id))


@router.action("vcard.new")
def new(turn: Turn, press: Press) -> Reply:
    """新建客户: the company on the card."""
    return _create(turn, held.held_id(press))


@router.action("vcard.no")
def no(turn: Turn, press: Press) -> Reply:
    """不记."""
    turn.memory.pending = None
    return Reply(refresh=(cards.settled_card(held.held_id(press), "没有记"),))


@router.answer("vcard.whose")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number or the name of a customer, 新建 or 不记, typed."""
    said, message = held.said(turn), int(pending.data["held"])
    ids: list[int] = pending.data["ids"]
    if said.isdecimal() and 1 <= int(said) <= len(ids):
        return _write(turn, message, ids[int(said) - 1])
    if said in held.YES and len(ids) == 1:
        return _write(turn, message, ids[0])
    if said in NEW:
        return _create(turn, message)
    if said in held.DROP | held.NO | {"不记", "别记"}:
        turn.memory.pending = None
        return Reply(text="好，没有记。", refresh=(cards.settled_card(message, "没有记"),))
    if len(said) > LONGEST_NAME or turn.understand(turn.incoming.text).intent is not Intent.QUERY:
        return None
    found = find_named(turn, turn.incoming.text)
    return _write(turn, message, found[0]) if len(found) == 1 else None


def _person(turn: Turn, message: int) -> VCard:
    person = vcards.read(held.text_of(turn, message))
    if person is None:
        raise UserMistake("这张名片已经过期了，请再发一次。")
    return person


def _create(turn: Turn, message: int) -> Reply:
    person = _person(turn, message)
    if not person.company:
        raise UserMistake("名片上没有公司，直接回复客户名称就记到那家。")
    try:
        customer = customers.add(turn.ctx, NewCustomer(person.company))
    except Conflict as error:
        raise Conflict(f"{error.message}点“记到…”或回复客户名称，就把这个人记过去。") from error
    return _write(turn, message, customer.id)


def _write(turn: Turn, message: int, customer_id: int) -> Reply:
    person = _person(turn, message)
    customer = customers.get(turn.ctx, customer_id, to_change=True)
    contact = contacts.find_or_add(turn.ctx, customer, person.name, person.title, person.phone)
    born = person.birthday
    contacts.tell(
        turn.ctx,
        contact,
        News(
            title=person.title,
            email=person.email if identities.EMAIL.fullmatch(person.email) else "",
            wechat=person.wechat,
            note=person.note,
            birthday=Birthday("solar", born[1], born[2], born[0]) if born else None,
        ),
    )
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    turn.memory.pending = None
    called = customers.short_names(turn.ctx, [customer.id])[customer.id]
    card = contact_cards.contact_card(
        contact, called, turn.ctx.inbox_id or 0, contacts.elsewhere(turn.ctx, contact)
    )
    return Reply(cards=(card,), refresh=(cards.settled_card(message, f"记到{called}"),))
