"""客户 华星 级别 A 来源 展会 行业 制造, 华星的上级公司是华星集团, 华星是李总介绍的."""

from __future__ import annotations

from collections.abc import Mapping

from cards import particulars as cards
from crm import contacts, customers, identities, particulars
from crm.errors import UserMistake
from crm.particulars import IDENTITIES, Particulars
from handlers.named import customer_named, find_named
from handlers.particular_words import LABEL, NAMES_SOMEBODY, SHORT_LABEL, are_values, pairs
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn

router = Router("particulars")
router.help(
    "客户 华润置地 级别 A 来源 展会 行业 地产 地区 上海",
    "记级别、来源、行业、地区、上级公司、介绍人",
    "sales",
    "manager",
)
router.help("美的的上级公司是华润置地 / 美的是华润燃气介绍的", "记集团关系和转介绍", "sales", "manager")

EXAMPLE = "客户 华星科技 级别 A 来源 展会 行业 制造 地区 苏州"
REFERRED = "转介绍"


@router.phrase(
    rf"客户[:：\s]+(?P<who>[^\s,，:：]+)[\s,，:：]+(?P<rest>(?:{LABEL}).+)",
    rf"(?:把|将|给)?\s*(?P<who>[^\s,，是]{{2,30}}?)[\s,，]+(?P<rest>(?:{LABEL})[\s:：是为改].+)",
    rf"(?:把|将|给)?\s*(?P<who>[^\s,，是]{{2,30}}?)的?(?P<rest>(?:{LABEL})(?:改成|改为|是|为|[:：])\s*\S.*)",
)
def tell(turn: Turn, phrase: Phrase) -> Reply | None:
    """客户 华星 级别 A 来源 展会; 华星 来源 展会; 华星的行业是制造."""
    said = pairs(phrase.given["rest"])
    if said is None:
        return None
    if not phrase.text.startswith("客户"):
        found = find_named(turn, phrase.given["who"])
        if len(found) != 1:
            return None
        return _tell(turn, found[0], said)
    return _tell(turn, customer_named(turn, phrase.given["who"], EXAMPLE), said)


@router.phrase(
    rf"(?P<who>[^\s,，是]{{2,30}}?)的?(?P<rest>(?:{SHORT_LABEL})[^\s,，]{{1,10}}(?:[\s,，、]+(?:{SHORT_LABEL})[^\s,，]{{1,10}})*)",
    r"(?P<who>[^\s,，]{2,30}?)(?:属于|是)(?P<industry>[一-鿿]{2,6}?)行业的?",
)
def tell_shortly(turn: Turn, phrase: Phrase) -> Reply | None:
    """浦江冷链来源展会, 华星行业地产, 华星属于制造行业: words run together, where each is one of its kind."""
    industry = phrase.given.get("industry", "")
    said = {"industry": industry} if industry else pairs(phrase.given["rest"])
    if said is None or not are_values(turn.ctx, said):
        return None
    found = find_named(turn, phrase.given["who"])
    return _tell(turn, found[0], said) if len(found) == 1 else None


def _tell(turn: Turn, customer_id: int, said: Mapping[str, str]) -> Reply:
    ids = {name: customer_named(turn, value) for name, value in said.items() if name in NAMES_SOMEBODY}
    return _write(
        turn,
        customer_id,
        Particulars(
            level=said.get("level", ""),
            source=said.get("source", ""),
            industry=said.get("industry", ""),
            region=said.get("region", ""),
            lifecycle=said.get("lifecycle", ""),
            parent_id=ids.get("parent_id"),
            referrer_id=ids.get("referrer_id"),
            tax_no=said.get("tax_no", ""),
            member_no=said.get("member_no", ""),
            note=said.get("note", ""),
        ),
    )


@router.phrase(
    r"(?P<who>\S{2,30}?)\s*是(?:由|通过|经)?\s*(?P<whom>\S{2,30}?)\s*(?:那边)?(?:介绍|推荐|转介绍)(?:过来|来|给我们)?的?(?:客户)?"
)
def referred(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星是蓝海介绍的, 华星是李总介绍的: a customer, or somebody at one."""
    found = find_named(turn, phrase.given["who"])
    if len(found) != 1:
        return None
    whom = phrase.given["whom"]
    person = turn.understand(whom)
    alone = person.contact == whom
    companies = [] if alone else [one for one in find_named(turn, whom) if one != found[0]]
    at = contacts.known_by(turn.ctx, person.contact, person.contact_title or "") if person.contact else []
    employers = {customer.id for _, customer in at} - {found[0]}
    referrer = companies[0] if len(companies) == 1 else employers.pop() if len(employers) == 1 else None
    note = f"{whom}介绍" if referrer is None or not companies else ""
    news = Particulars(source=REFERRED, referrer_id=referrer, note=note)
    return _write(turn, found[0], news)


@router.phrase(
    r"(?P<who>\S{2,30}?)\s*是(?:我)?(?:从|在|通过)?\s*(?P<source>\S{2,12}?)(?:上|那里|那边)?(?:来|认识|加|获取|得知)的(?:客户)?"
)
def came_from(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星是展会来的."""
    source = particulars.known_source(turn.ctx, phrase.given["source"])
    found = find_named(turn, phrase.given["who"]) if source else []
    return _write(turn, found[0], Particulars(source=source)) if len(found) == 1 else None


def _write(turn: Turn, customer_id: int, news: Particulars) -> Reply:
    customer = customers.get(turn.ctx, customer_id, to_change=True)
    if not news.given():
        raise UserMistake(f"要记什么？例如：{EXAMPLE}")
    particulars.tell(turn.ctx, customer, news)
    turn.memory.customer_id, turn.memory.record = customer.id, turn.ctx.inbox_id
    turn.memory.pending = None
    kinds = tuple(IDENTITIES.values())
    known = {
        identities.NAMES[identities.Kind(one.kind)]: one.value
        for one in identities.of_customer(turn.ctx, customer.id)
        if one.kind in kinds
    }
    names = particulars.names_of(turn.ctx, customer)
    return Reply(cards=(cards.told_card(customer, names, known, turn.ctx.inbox_id or 0),))
