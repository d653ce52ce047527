"""请假 with a deputy, and 销假."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cards import away as cards
from crm import away, colleagues
from crm.away import EXAMPLE, Absence
from crm.colleagues import NAME
from crm.errors import UserMistake
from handlers import held
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.entities import Duration, Time
from nlu.reading import Reading
from store.tables import Member

router = Router("away")
router.help("请假 12月1日到12月5日 代理 李娜", "请假期间的提醒和审批也发给代理人；提前回来回复“销假”")

LEAVE = r"(?:请[个一]?(?:年|事|病|产|婚|丧|陪产|调休)?假|休[个一]?(?:年|产|婚)?假|年假|事假|病假|外出|出差)"
DEPUTY = r"(?:(?:由|请|让|叫)\s*)?"
DOES = r"(?:代理|代班|代办|顶班|代我|替我)"
ENDS = " ,，;；.。:：的我在从要打算准备"
TILL = re.compile(r"^\s*(?:请假|休假)?\s*(?:一直)?(?:到|至)")
FILLING = re.compile(r"一直|开始|回来|[到至起从共休请假了吧我在,，。.;；:\s]")
DAY = timedelta(days=1)
LONGEST_NAME = 24


@router.phrase(
    rf"(?P<head>.{{0,40}}?){LEAVE}(?P<tail>.{{0,40}}?)[\s,;.]*{DEPUTY}{DOES}(?:人)?[\s:是]*(?P<deputy>{NAME})",
    rf"(?P<head>.{{0,40}}?){LEAVE}(?P<tail>.{{0,40}}?)[\s,;.]+{DEPUTY}(?P<deputy>{NAME}?)\s*(?:来)?{DOES}",
)
def begin(turn: Turn, phrase: Phrase) -> Reply | None:
    """请假 12月1日到12月5日 代理 李娜, 张伟 休假到下周五 代理李娜."""
    member, when = _whose(turn, phrase.given["head"])
    if member is None:
        return None
    deputy = colleagues.one_of(turn.ctx.session, phrase.given["deputy"])
    return _begun(turn, member, deputy, f"{when} {phrase.given['tail']}")


@router.phrase(rf"我?\s*{LEAVE}(?P<tail>.{{1,40}})")
def without_deputy(turn: Turn, phrase: Phrase) -> Reply | None:
    """请假到周五: who acts meanwhile is asked."""
    if _span(turn, phrase.given["tail"], alone=True) is None:
        return None
    turn.memory.ask("away.deputy", {"tail": phrase.given["tail"]}, turn.now)
    return Reply("请假期间由谁代理？回复同事的名字，例如：李娜")


@router.answer("away.deputy")
def deputy_named(turn: Turn, pending: Pending) -> Reply | None:
    """The name of the deputy."""
    given_up = held.dropped(turn, "好，没有登记请假。")
    if given_up is not None:
        return given_up
    name = re.sub(r"代理人?|[\s，,。]", "", turn.incoming.text)
    if not colleagues.named(turn.ctx.session, name):
        return None
    turn.memory.pending = None
    member = turn.ctx.session.get_one(Member, turn.actor.id)
    return _begun(turn, member, colleagues.one_of(turn.ctx.session, name), str(pending.data["tail"]))


@router.command("请假", "我要请假", "休假", "代理")
def asked(turn: Turn, reading: Reading) -> Reply:
    """请假: what is noted, and how to note it."""
    found = away.standing_of(turn.ctx, turn.actor.id)
    today = turn.ctx.local.date()
    lines = [f"{one.name}：{cards.span(one, today)}，由{one.deputy}代理" for one in found]
    return Reply("\n".join([*lines, f"要登记请假，{EXAMPLE}"]))


@router.command("销假", "我回来了", "提前销假")
def back(turn: Turn, reading: Reading) -> Reply:
    """销假."""
    return _back(turn, turn.ctx.session.get_one(Member, turn.actor.id))


@router.phrase(rf"销假\s*(?P<who>{NAME})", rf"(?:给|帮|替)?(?P<who>{NAME}?)\s*(?:提前)?销假")
def back_of(turn: Turn, phrase: Phrase) -> Reply | None:
    """销假 张伟, by who is above him."""
    if not colleagues.named(turn.ctx.session, phrase.given["who"]):
        return None
    return _back(turn, colleagues.one_of(turn.ctx.session, phrase.given["who"]))


@router.action("away.end")
def end(turn: Turn, press: Press) -> Reply:
    """销假."""
    row = away.get(turn.ctx.session, int(press.action.object_id or 0))
    return _back(turn, turn.ctx.session.get_one(Member, row.member_id))


def _begun(turn: Turn, member: Member, deputy: Member, when: str) -> Reply:
    found = _span(turn, when)
    if found is None:
        raise UserMistake(f"从什么时候到什么时候？{EXAMPLE}")
    one = away.start(turn.ctx, member, deputy, found)
    turn.memory.record = turn.ctx.inbox_id
    turn.memory.pending = None
    today, mine = turn.ctx.local.date(), member.id == turn.actor.id
    notices = []
    if deputy.id != turn.actor.id:
        notices.append(Notice(deputy.id, text=cards.deputy_words(one, today)))
    if not mine:
        words = f"{turn.actor.name}给你登记了请假：{cards.span(one, today)}，由{one.deputy}代理。"
        notices.append(Notice(member.id, text=words))
    card = cards.away_card(one, today, inbox_id=turn.ctx.inbox_id, mine=mine)
    return Reply(cards=(card,), notices=tuple(notices))


def _back(turn: Turn, member: Member) -> Reply:
    ended = away.end(turn.ctx, member)
    if not ended:
        whose = "你" if member.id == turn.actor.id else member.name
        return Reply(f"{whose}现在没有登记请假。要登记，{EXAMPLE}")
    turn.memory.record = turn.ctx.inbox_id
    notices = told(ended)
    mine = member.id == turn.actor.id
    deputies = "、".join(dict.fromkeys(one.deputy for one in ended))
    words = f"好，已销假，{deputies}不再代理。" if mine else f"好，{member.name}已销假，{deputies}不再代理。"
    done = f"已销假 {turn.ctx.local:%H:%M}"
    return Reply(
        words,
        notices=tuple(one for one in notices if one.member_id != turn.actor.id),
        refresh=tuple(cards.over_card(one, done) for one in ended),
    )


def told(ended: list[Absence]) -> list[Notice]:
    """What both hear."""
    found: dict[tuple[int, bool], Notice] = {}
    for one in ended:
        found[one.deputy_id, True] = Notice(one.deputy_id, text=cards.back_words(one, deputy=True))
        found[one.member_id, False] = Notice(one.member_id, text=cards.back_words(one, deputy=False))
    return list(found.values())


def _whose(turn: Turn, head: str) -> tuple[Member | None, str]:
    """Who is away, and what else stood before: a time. None where somebody outside is spoken of."""
    said = re.sub(r"^(?:给|帮|替)", "", head.strip()).strip(ENDS)
    me = turn.ctx.session.get_one(Member, turn.actor.id)
    for length in range(min(len(said), LONGEST_NAME), 1, -1):
        if colleagues.named(turn.ctx.session, said[:length]):
            rest = said[length:]
            member = colleagues.one_of(turn.ctx.session, said[:length])
            return (member, rest) if _only_times(turn, rest) else (None, "")
    return (me, said) if _only_times(turn, said) else (None, "")


def _times(turn: Turn, text: str) -> list[Time | Duration]:
    read = turn.understand(text).entities if text else ()
    return [one for one in read if isinstance(one, Time | Duration)]


def _only_times(turn: Turn, words: str) -> bool:
    """Whether nothing but times is said."""
    left = words
    for one in _times(turn, words):
        left = left.replace(one.span.text, "")
    return not FILLING.sub("", left)


def _span(turn: Turn, words: str, *, alone: bool = False) -> tuple[datetime, datetime | None] | None:
    """From when till when, aware; till 销假 where nothing is said, unless a time must stand `alone`."""
    text = words.strip(ENDS)
    found = _times(turn, text)
    if not found:
        return None if alone or text else (turn.now, None)
    if alone and not _only_times(turn, text):
        return None
    times = [one for one in found if isinstance(one, Time)]
    length = next((one.seconds for one in found if isinstance(one, Duration)), None)
    now = turn.ctx.local
    begin = now if not times or TILL.match(text) else max(times[0].value, now)
    if length is None:
        until = times[-1].until
    else:  # three days are today and the two after it
        whole = length >= DAY.total_seconds()
        first = datetime.combine(begin.date(), datetime.min.time()) if whole else begin
        until = first + timedelta(seconds=length)
    return turn.ctx.at(begin), turn.ctx.at(until)
