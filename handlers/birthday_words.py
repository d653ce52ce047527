"""Birthdays by words: who has one soon, and what the birthday card's buttons do, typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cards.birthdays import birthday_card, done_card, greeting, list_words
from crm import birthdays
from crm.birthdays import Celebrant
from crm.errors import UserMistake
from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Turn
from nlu.anniversaries import LUNAR, Anniversary, Born, candidates, upcoming
from nlu.reading import Reading
from store.tables import Contact

router = Router("birthday_words")
router.help("生日", "接下来30天谁过生日", "sales", "manager")

AHEAD = 30  # days
WHO = r"[\s:,]*(?P<who>[^\s,。]{0,20}?)\s*(?:的)?"
ANOTHER = frozenset({"换一句", "再换一句", "再换一个", "换一个", "换"})


@dataclass(frozen=True, slots=True)
class Today:
    """Somebody whose birthday is today, kept by which calendar, in which of its years."""

    whose: Celebrant
    year: int
    lunar: bool


@router.command(
    *("生日", "最近生日", "近期生日", "生日提醒", "生日列表", "最近谁过生日", "谁快过生日了", "谁过生日"),
    *(
        "本月生日",
        "这个月生日",
        "本月谁过生日",
        "这个月谁过生日",
        "今天谁过生日",
        "快过生日的客户",
        "最近过生日的客户",
    ),
    reads=True,
)
def soon(turn: Turn, reading: Reading) -> Reply:
    """生日: those of one's own customers' people, the nearest first."""
    today = turn.ctx.local.date()
    last = today + timedelta(days=AHEAD)
    found = []
    for contact, customer in birthdays.own_born_on(turn.ctx, candidates(today, AHEAD + 1)):
        coming = _next_of(contact, today)
        if coming is not None and coming.day <= last:
            whose = birthdays.celebrant(turn.ctx.session, contact, customer)
            found.append((coming.day, whose, contact.birthday_kind == LUNAR))
    if not found:
        return Reply("接下来30天你的客户里没有记着的生日。这样记：华润置地的王总生日农历腊月初八")
    found.sort(key=lambda one: one[0])
    return Reply(list_words(found, today))


@router.phrase(rf"(?:已经?送(?:了|过)?(?:生日)?祝福了?|祝福(?:已经?)?送(?:了|过了)){WHO}")
def done(turn: Turn, phrase: Phrase) -> Reply:
    """已送祝福 王总."""
    one = _which(turn, phrase.given["who"], "已送祝福")
    whose, news = birthdays.greeted(turn.ctx, one.whose.contact_id, str(one.year))
    if not news:
        return Reply(f"{whose.who}的祝福今年已经送过了")
    turn.memory.record = turn.ctx.inbox_id
    card = done_card(whose, one.year, f"已送祝福 {turn.ctx.local:%H:%M}", lunar=one.lunar)
    return Reply(f"好，记下了：已给{whose.who}送生日祝福。", refresh=(card,))


@router.phrase(rf"(?:再?换一[句条])(?:祝福)?{WHO}")
def another(turn: Turn, phrase: Phrase) -> Reply:
    """换一句 王总."""
    return _next(turn, _which(turn, phrase.given["who"], "换一句"), 1)


@router.phrase(rf"(?:发我)?(?:祝福)?原文{WHO}", rf"发我祝福语?{WHO}", reads=True)
def text(turn: Turn, phrase: Phrase) -> Reply:
    """发我原文 王总."""
    return Reply(greeting(_which(turn, phrase.given["who"], "发我原文").whose))


@router.answer("care.more")
def more(turn: Turn, pending: Pending) -> Reply | None:
    """换一句 and 发我原文 again, of the same person."""
    said, count = held.said(turn), int(pending.data["turn"])
    whose = birthdays.of_contact(turn.ctx, int(pending.data["contact"]))
    first, _, who = said.partition(" ")
    if who.strip() not in ("", whose.who):
        return None
    if first in ANOTHER:
        return _next(turn, Today(whose, int(pending.data["year"]), bool(pending.data["lunar"])), count + 1)
    return Reply(greeting(whose, count)) if first in ("发我原文", "原文") else None


def _next(turn: Turn, one: Today, count: int) -> Reply:
    kept = {"contact": one.whose.contact_id, "turn": count, "year": one.year, "lunar": one.lunar}
    turn.memory.ask("care.more", kept, turn.now)
    card = birthday_card(one.whose, one.year, lunar=one.lunar, turn=count)
    return Reply(greeting(one.whose, count), refresh=(card,))


def _which(turn: Turn, who: str, verb: str) -> Today:
    """Whose birthday of today is meant. Raises `UserMistake` where that is nobody's, or not clear."""
    today = turn.ctx.local.date()
    found = []
    for contact, customer in birthdays.own_born_on(turn.ctx, candidates(today, 1)):
        coming = _next_of(contact, today)
        if coming is None or coming.day != today:
            continue
        whose = birthdays.celebrant(turn.ctx.session, contact, customer)
        if not who or whose.who in who or contact.name in who:
            found.append(Today(whose, coming.year, contact.birthday_kind == LUNAR))
    exact = [one for one in found if one.whose.customer in who]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise UserMistake(f"今天没有{f'叫“{who}”的' if who else ''}联系人过生日。看最近的生日，回复 生日")
    names = "、".join(f"{one.whose.who}（{one.whose.customer}）" for one in found)
    first = found[0].whose
    raise UserMistake(f"今天过生日的有{names}。说一下是谁，例如：{verb} {first.customer}{first.who}")


def _next_of(contact: Contact, today: date) -> Anniversary | None:
    born = Born(contact.birthday_kind, contact.birth_month, contact.birth_day, contact.birth_leap)
    return upcoming(born, today)
