"""Questions: a customer's name, the schedule, a person; and words about the customer spoken of last."""

from __future__ import annotations

import re

from cards import help as helps
from cards import words
from cards.card import Card
from cards.customers import MOST_BUTTONS, choice_card
from crm import contacts, customers
from crm.errors import NotAllowed, UserMistake
from crm.rights import can_see
from handlers.customers import choose, more_page, offers_page, people_page, show, show_history, whom_to_show
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import without
from handlers.spoken import spoken_of
from handlers.tasks import day_of, list_of_day
from handlers.turn import Phrase, Turn
from nlu.entities import Time
from nlu.reading import Found, Intent, Reading

router = Router("questions")

LONGEST_QUERY = 30
MOST_TOGETHER = 3  # customers whose cards are shown at once
SCHEDULE = re.compile(r"安排|任务|待办|日程|计划|要做|提醒|什么事|忙什么|行程|见谁|见哪|有空")
QUESTION = re.compile(r"[?？]|多少|几[个家次]|哪[些个家]|谁|什么|怎么|吗$|排名|统计|业绩")
HISTORY = re.compile(r"全部跟进|跟进记录|最近跟进|历史|拜访记录|所有跟进")
WIDE = re.compile(
    r"哪些|哪几|谁|几家|多少家|客户有|的客户|客户数|业绩|排名|排行|统计|公海|所有|全部客户|团队|下属"
)
"""What a question has that is about more than one customer."""


@router.intent(Intent.QUERY, reads=True)
def query(turn: Turn, reading: Reading) -> Reply:
    """A customer's name, or a question about the schedule."""
    if _unnamed(reading) and (answer := _besides(turn, reading)) is not None:
        return answer
    who = whom_to_show(turn, reading)
    if 1 < len(who) <= MOST_TOGETHER and _all_meant(reading):
        return _together(turn, who)
    if len(who) == 1 and HISTORY.search(turn.incoming.text):
        return show_history(turn, who[0], 0)
    if len(who) == 1:
        return show(turn, who[0])
    if who:
        return choose(turn, "要看哪一家", customers.proposals_of(turn.ctx, who))
    said = _day_asked(turn, reading)
    if said is not None and not reading.customers and not reading.candidates:
        return Reply(cards=(list_of_day(turn, said),))
    return _searched(turn, reading)


def _all_meant(reading: Reading) -> bool:
    """Whether several customers are named and each of them for sure: 看看华星和美的."""
    sure = [c for c in reading.customers if c.key and c.text and c.found is not Found.FUZZY]
    return len({c.key for c in sure}) > 1 and "customer" not in reading.ambiguous and not reading.candidates


def _together(turn: Turn, who: list[int]) -> Reply:
    """The cards of several customers; of those that may not be seen no more is told than who has them."""
    shown: list[Card] = []
    refused: list[str] = []
    for one in who:
        try:
            shown += show(turn, one).cards
        except NotAllowed as refusal:
            refused.append(refusal.message)
    return Reply(text="\n".join(refused), cards=tuple(shown))


def _unnamed(reading: Reading) -> bool:
    """Whether the only customer of a question is the one spoken of before, and not named in it."""
    named = reading.customers
    return bool(named) and not reading.candidates and not any(one.text for one in named)


def _besides(turn: Turn, reading: Reading) -> Reply | None:
    """The answer to a question that is not about the customer spoken of before; None to one that may be."""
    said = _day_asked(turn, reading)
    if said is not None:
        return Reply(cards=(list_of_day(turn, said),))
    if reading.contact:
        return _of_person(turn, reading)
    text = turn.incoming.text.strip()
    return Reply(text=helps.cannot_answer(text)) if WIDE.search(text) else None


def _day_asked(turn: Turn, reading: Reading) -> Time | None:
    """The day whose list is asked for: named alone, or with a word for what is to be done."""
    said, text = day_of(reading), turn.incoming.text
    if said is None or SCHEDULE.search(text):
        return said
    alone = len(text.strip(" 的?？。")) <= said.span.end - said.span.start
    return said if alone else None


@router.phrase(
    r"(?:看看|查查|帮我看看)?(?:我|我们)?(?P<when>[一-鿿\d]{2,6}?)(?:我|我们)?(?:都|还|要|得)*(?:有|做|忙|干)?(?:啥|什么|哪些)"
    r"(?:事儿?|活儿?|安排|任务|待办|提醒|行程)?(?:要?做|没做|没办)?(?:吗|呢|没有)?\s*[?？]?",
    reads=True,
)
def schedule(turn: Turn, phrase: Phrase) -> Reply | None:
    """我下周都有啥; None where no time is named."""
    reading = turn.understand(phrase.given["when"])
    said = day_of(reading)
    if said is None or without(phrase.given["when"], [(said.span.start, said.span.end)]):
        return None
    if said.value.date() < turn.ctx.local.date() and (said.until or said.value) <= turn.ctx.local:
        return None
    return Reply(cards=(list_of_day(turn, said),))


@router.command(
    *(
        "客户",
        "我的客户",
        "客户列表",
        "客户名单",
        "我有哪些客户",
        "我的客户有哪些",
        "我名下的客户",
        "我的客户列表",
    ),
)
def own(turn: Turn, reading: Reading) -> Reply:
    """我的客户: the last spoken to first."""
    return latest(turn)


def latest(turn: Turn) -> Reply:
    """One's own customers to choose from, by button or number."""
    found = customers.latest(turn.ctx, MOST_BUTTONS)
    if not found:
        return Reply("您名下还没有客户。说一句拜访了谁，或发：新增客户 公司名称，就有了。")
    turn.memory.ask("customer.which", {"ids": [one.id for one in found]}, turn.now)
    return Reply(cards=(choice_card("最近跟进的客户，点开看", found),))


@router.command("全部跟进", "跟进记录", "所有跟进", "拜访记录", reads=True)
def history(turn: Turn, reading: Reading) -> Reply:
    """全部跟进, of the customer spoken of last."""
    return show_history(turn, _spoken_of(turn, "全部跟进"), 0)


@router.command("更多", "更多资料", reads=True)
def more(turn: Turn, reading: Reading) -> Reply:
    """更多."""
    return more_page(turn, _spoken_of(turn, "更多"), 0)


@router.command("联系人", "联系方式", reads=True)
def people(turn: Turn, reading: Reading) -> Reply:
    """联系人."""
    return people_page(turn, _spoken_of(turn, "联系人"), 0)


@router.command("客户报价", "全部报价", "他们的报价", reads=True)
def offers(turn: Turn, reading: Reading) -> Reply:
    """全部报价."""
    return offers_page(turn, _spoken_of(turn, "报价单"), 0)


def _spoken_of(turn: Turn, what: str) -> int:
    customer_id = spoken_of(turn)
    if customer_id is None:
        raise UserMistake(f"看哪一家的？例如：华润置地 {what}")
    return customer_id


@router.phrase(
    r"(?P<who>.{2,30}?)(?:的(?:电话|微信|邮箱|生日)|的?(?:手机号码?|手机|电话号码|联系电话|微信号))"
    r"(?:是)?(?:多少|什么|几号|哪天|什么时候)?\s*[?？]?",
    reads=True,
)
def reach(turn: Turn, phrase: Phrase) -> Reply | None:
    """华润置地王总的手机号: the people of the customer; None where more than names is said."""
    who = phrase.given["who"]
    reading = turn.understand(who)
    named = [c for c in reading.customers if c.text and c.key and c.found is not Found.FUZZY]
    rest = who
    for said in (*(one.text for one in named), reading.contact or ""):
        rest = rest.replace(said, "")
    if rest.strip(" 的，,") or "customer" in reading.ambiguous:
        return None
    if len(named) == 1:
        return people_page(turn, int(named[0].key), 0)
    return _of_person(turn, reading) if reading.contact and not named else None


def _of_person(turn: Turn, reading: Reading) -> Reply | None:
    """陈总生日什么时候: the customer where he is, unless that is the one spoken of before."""
    name = reading.contact or ""
    known = contacts.known_by(turn.ctx, name, reading.contact_title or "")
    ids = list(dict.fromkeys(customer.id for _, customer in known if can_see(turn.ctx, customer)))
    if turn.memory.customer_id in ids:
        return None
    if not ids:
        return Reply(text=f"没有找到联系人“{name}”，带上客户名称说一遍试试，例如：华润置地的王总")
    if len(ids) == 1:
        return show(turn, ids[0])
    return choose(turn, f"是哪家的{name}", customers.proposals_of(turn.ctx, ids))


def _searched(turn: Turn, reading: Reading) -> Reply:
    """A name that the message's grammar did not know: search for it."""
    text = turn.incoming.text.strip()
    name = next((c.name for c in reading.customers if c.found is Found.NEW), text)
    if len(name) > LONGEST_QUERY:
        return Reply(text=helps.not_understood(text))
    found = customers.look_up(turn.ctx, name)
    if found.sure and found.proposals[0].mine:
        return show(turn, found.proposals[0].id)
    if found.proposals:
        return choose(turn, f"没有“{words.one_line(name, 12)}”，是不是", list(found.proposals))
    if QUESTION.search(text):
        return Reply(text=helps.cannot_answer(text))
    if reading.new_customer:
        return Reply(text=f"没有找到“{name}”。要新建就回复：新增客户 {name}")
    return Reply(text=helps.not_understood(text))
