"""Contact cards (vCard) sent in the chat, as text or as a file, become contacts, once it is known whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cards import contacts as contact_cards
from cards import vcards as cards
from cards.card import Card
from cards.vcards import Held
from crm import contacts, customers, identities, reveals, vcards
from crm.contacts import Birthday, News
from crm.custom import values
from crm.customers import NewCustomer
from crm.errors import Conflict, UserMistake
from crm.identities import Kind, Said
from crm.vcards import VCard
from handlers import held
from handlers.adding import suspected
from handlers.incoming import Fault
from handlers.incoming import Kind as Came
from handlers.named import find_named
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Intent, Reading

router = Router("vcards")
router.help("名片", "通讯录里分享的联系人（.vcf 文件或文字，一张或多张）发来就能记成联系人")

LONGEST = 4000  # characters; what a chat message holds
LONGEST_NAME = 30
MOST_OPTIONS = 3
NEW = held.CREATE | {"新建客户"}
NONE_OF_THEM = frozenset({"都不记", "全部不记", "全不记", "都不要"})
SAY_IT = "直接说也行：联系人 华星科技 李娜 采购经理 13912345678"
NO_NAME = f"这张名片里没有姓名，没有记。{SAY_IT}"
UNREADABLE = f"这个文件里没有读到名片，没有记。请在通讯录里重新分享联系人（.vcf），{SAY_IT}"
FAULTS: dict[str, str] = {
    Fault.LARGE: f"名片文件超过512KB，没有读。请在通讯录里一次分享几位联系人，{SAY_IT}",
    Fault.LOST: f"名片文件没取到，请再发一次，{SAY_IT}",
}


@router.command("名片", "发名片", "名片文件", reads=True)
def how(turn: Turn, reading: Reading) -> Reply:
    """名片: how contact cards are sent."""
    return Reply(
        text=f"在手机通讯录里选联系人，分享为名片文件（.vcf）发给我，一张或多张都行，我会问记到哪家客户。{SAY_IT}"
    )


@router.phrase(r".*BEGIN\s*:\s*VCARD.*", longest=LONGEST)
def received(turn: Turn, phrase: Phrase) -> Reply | None:
    """BEGIN:VCARD …: shown, and asked whose contact it is."""
    return _begun(turn, turn.incoming.text, NO_NAME)


def of_file(turn: Turn) -> Reply | None:
    """The same for a file, whose cards are the message's text by now; None for a file of another kind."""
    incoming = turn.incoming
    if incoming.kind is not Came.FILE:
        return None
    if incoming.text:
        held.keep_text(turn, incoming.text)
        return _begun(turn, incoming.text, UNREADABLE)
    files = [one for one in incoming.attachments if one.fault or one.name.lower().endswith(".vcf")]
    return Reply(text=FAULTS.get(files[0].fault, UNREADABLE)) if files else None


def _begun(turn: Turn, text: str, otherwise: str) -> Reply:
    people = vcards.read_all(text)
    if not people:
        return Reply(text=otherwise)
    more = text.count("BEGIN:VCARD") > vcards.MOST_CARDS
    words = f"一次最多看{vcards.MOST_CARDS}张名片，其余的请另外发。" if more else ""
    return Reply(text=words, cards=(_asked(turn, people, Held(turn.ctx.inbox_id or 0, 0, len(people))),))


def _asked(turn: Turn, people: Sequence[VCard], one: Held) -> Card:
    """The card that asks for the person at this place; what is typed next may be the answer."""
    person = people[one.place]
    options, known = _options(turn, person)
    data = {"held": one.message, "place": one.place, "ids": [customer for customer, _ in options]}
    turn.memory.ask("vcard.whose", data, turn.now)
    return cards.whose_card(person, options, one, known)


def _settled(turn: Turn, one: Held, done: str) -> Reply:
    """The question is settled; the next card of the same message is asked about."""
    turn.memory.pending = None
    people = vcards.read_all(held.text_of(turn, one.message))
    following = Held(one.message, one.place + 1, len(people))
    asked = (_asked(turn, people, following),) if following.place < len(people) else ()
    return Reply(cards=asked, refresh=(cards.settled_card(one, done),))


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
    return _write(turn, _pressed(press), int(press.action.object_id))


@router.action("vcard.new")
def new(turn: Turn, press: Press) -> Reply:
    """新建客户: the company on the card."""
    return _create(turn, _pressed(press))


@router.action("vcard.no")
def no(turn: Turn, press: Press) -> Reply:
    """不记."""
    return _settled(turn, _pressed(press), "没有记")


def _pressed(press: Press) -> Held:
    message, _, place = press.action.extra.partition(".")
    return Held(int(message or 0), int(place or 0))


@router.answer("vcard.whose")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number or the name of a customer, 新建 or 不记, typed."""
    said, one = held.said(turn), Held(int(pending.data["held"]), int(pending.data.get("place", 0)))
    ids: list[int] = pending.data["ids"]
    chosen = held.chosen(turn, ids)
    if chosen is not None:
        return _write(turn, one, chosen)
    if said in held.YES and len(ids) == 1:
        return _write(turn, one, ids[0])
    if said in NEW:
        return _create(turn, one)
    if said in NONE_OF_THEM:
        turn.memory.pending = None
        return Reply(text="好，都没有记。", refresh=(cards.settled_card(one, "没有记"),))
    if said in held.DROP | held.NO | {"不记", "别记"}:
        return replace(_settled(turn, one, "没有记"), text="好，没有记。")
    if len(said) > LONGEST_NAME or turn.understand(turn.incoming.text).intent is not Intent.QUERY:
        return None
    found = find_named(turn, turn.incoming.text)
    return _write(turn, one, found[0]) if len(found) == 1 else None


def _person(turn: Turn, one: Held) -> VCard:
    people = vcards.read_all(held.text_of(turn, one.message))
    if one.place >= len(people):
        raise UserMistake("这张名片已经过期了，请再发一次。")
    return people[one.place]


def _create(turn: Turn, one: Held) -> Reply:
    person = _person(turn, one)
    if not person.company:
        raise UserMistake("名片上没有公司，直接回复客户名称就记到那家。")
    try:
        customer = customers.add(turn.ctx, NewCustomer(person.company))
    except Conflict as error:
        raise Conflict(f"{error.message}点“记到…”或回复客户名称，就把这个人记过去。") from error
    return _write(turn, one, customer.id)


def _write(turn: Turn, one: Held, customer_id: int) -> Reply:
    person = _person(turn, one)
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
    called = customers.short_names(turn.ctx, [customer.id])[customer.id]
    seen, own = reveals.as_seen(turn.ctx, contact), values.lines(turn.ctx, "contact", contact)
    others = contacts.elsewhere(turn.ctx, contact)
    card = contact_cards.contact_card(seen, called, turn.ctx.inbox_id or 0, others, own)
    reply = _settled(turn, one, f"记到{called}")
    return replace(reply, cards=(card, *reply.cards))
