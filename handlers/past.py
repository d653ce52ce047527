"""How a customer stands, or stood on a day that is past: 华星什么情况, 上周五华星是什么状态."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from cards import timeline as cards
from crm import customers, history
from crm.errors import UserMistake
from handlers import held
from handlers.customers import show
from handlers.reply import Reply
from handlers.router import Router
from handlers.spoken import THIS_ONE
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.past import Asked, standing_asked
from nlu.reading import Found

router = Router("past")
router.help("昨天华润置地什么情况", "回到那一天看客户：负责人、级别、待办、报价，和此后的变化")

THE_LAST = "这家客户什么情况"
MOST_OPTIONS = 4
MOST_SEARCHED = 3  # names that are looked for in the database
_STATE = r"(?:状态|状况|情况|样子?|阶段|级别|等级|怎么样|怎样|咋样|如何|进展|进度|步)"


class _Meant(NamedTuple):
    """Who is meant by a reading of the question; `rank` 0 for the very name, more where it is less sure."""

    rank: int
    ids: tuple[int, ...]
    asked: Asked


@router.phrase(
    rf".{{2,55}}{_STATE}(?:是什么|是啥|是哪个|到哪一?步?|[了的啊呀呢吗嘛])*(?:来着)?[?？。!！]?",
    r".{0,50}(?:谁|哪位|哪个).{0,50}",
    r"(?:请|帮我|麻烦)*(?:看|查|回到|退回|倒回).{2,50}",
    reads=True,
)
def then(turn: Turn, phrase: Phrase) -> Reply | None:
    """上周五华星是什么状态: one customer, now or at a time that is past; None for everything else."""
    meant = _meant(turn, standing_asked(phrase.text, turn.ctx.local))
    if meant is None:
        return None
    moment, ids = meant.asked.moment, meant.ids
    if moment is None:
        return show(turn, ids[0]) if len(ids) == 1 else None
    if len(ids) > 1:
        ids = tuple(one.id for one in customers.proposals_of(turn.ctx, ids) if one.mine)
    if len(ids) == 1:
        return _shown(turn, ids[0], moment)
    return _which(turn, meant.asked.name, ids[:MOST_OPTIONS], moment) if ids else None


def _which(turn: Turn, said: str, ids: tuple[int, ...], moment: datetime) -> Reply:
    """Ask which of several is meant."""
    options = list(customers.short_names(turn.ctx, ids).items())
    turn.memory.ask("past.which", {"ids": [one for one, _ in options], "at": moment.isoformat()}, turn.now)
    return Reply(cards=(cards.which_card(said, options, moment, turn.ctx.local.date()),))


@router.answer("past.which")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """The number of one of them, typed; anything else is no answer."""
    chosen = held.chosen(turn, pending.data["ids"])
    if chosen is None:
        return None
    turn.memory.pending = None
    return _shown(turn, chosen, datetime.fromisoformat(pending.data["at"]))


@router.action("past", reads=True)
def chosen(turn: Turn, press: Press) -> Reply:
    """One of several customers of the same short name; `extra` is the moment."""
    try:
        moment = datetime.fromisoformat(press.action.extra)
    except ValueError:
        raise UserMistake("这个按钮已经失效了，再问一遍就行，例如：上周五华润置地是什么状态") from None
    return _shown(turn, int(press.action.object_id), moment)


def _shown(turn: Turn, customer_id: int, moment: datetime) -> Reply:
    turn.memory.customer_id = customer_id
    past = history.as_of(turn.ctx, customer_id, moment)
    return Reply(cards=(cards.past_card(past, turn.ctx.local),))


def _meant(turn: Turn, asked: tuple[Asked, ...]) -> _Meant | None:
    """The reading whose name is a customer's: the surest, then the longest name."""
    found = [*_known(turn, asked)]
    if not found:
        named = [one for one in asked if one.name and one.moment is not None]
        found = [*_searched(turn, sorted(named, key=lambda one: -len(one.name))[:MOST_SEARCHED])]
    return min(found, key=lambda one: (one.rank, -len(one.asked.name)), default=None)


def _known(turn: Turn, asked: tuple[Asked, ...]) -> Iterator[_Meant]:
    """Those whose name stands in the lexicon, or is nobody's: then the customer last spoken of is meant."""
    names = dict.fromkeys(one.name for one in asked)
    ids = {name: _ids(turn, name) for name in names}
    for one in asked:
        rank, found = ids[one.name]
        if found:
            yield _Meant(rank, found, one)


def _ids(turn: Turn, name: str) -> tuple[int, tuple[int, ...]]:
    if not name or THIS_ONE.fullmatch(name):  # in a group that is about a customer, that one
        spoken = turn.understand(THE_LAST).customers
        return 1, tuple(int(one.key) for one in spoken if one.key)
    reading = turn.understand(name)
    told = [
        one
        for one in (*reading.customers, *reading.candidates)
        if one.key and one.found is not Found.FUZZY and one.text.strip() == name
    ]
    rank = 0 if told and all(one.found is Found.EXACT for one in told) else 2
    return rank, tuple(dict.fromkeys(int(one.key) for one in told))


def _searched(turn: Turn, asked: list[Asked]) -> Iterator[_Meant]:
    """Those whose name the database knows: a part from the middle, or written in another way."""
    for one in asked:
        found = customers.look_up(turn.ctx, one.name)
        if found.sure and found.proposals[0].mine:
            yield _Meant(3, (found.proposals[0].id,), one)
