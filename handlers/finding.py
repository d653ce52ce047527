"""Searching follow-ups: 搜跟进 二期报价, 华星 跟进 里提过 预算, 谁提过 GA37."""

from __future__ import annotations

from cards import finding as cards
from crm import finding
from crm.customers import look_up
from crm.finding import Found, Wanted
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import Found as How
from nlu.reading import Reading

router = Router("finding")
router.help("搜跟进 二期报价", "在跟进记录里找这几个字，只找你能看到的")
router.help("谁提过 GA37", "哪些客户的跟进里说到过")

MORE = frozenset({"更早的", "更早", "再往前", "接着找", "下一页", "还有吗", "更多"})
_SEARCH = r"(?:搜索?|查找|检索)(?:一下)?"
_SAID = r"(?:提过|提到过?|说过|说到过?|聊过|聊到过?|谈过|谈到过?|讲过)"
_RECORDS = r"(?:跟进|拜访)(?:记录)?"


@router.phrase(
    rf"(?:{_SEARCH}|查)\s*{_RECORDS}(?:里|中)?\s*[:：]?\s*(?P<words>\S.*)",
    rf"{_RECORDS}(?:里|中)?\s*{_SEARCH}\s*[:：]?\s*(?P<words>\S.*)",
    reads=True,
)
def search(turn: Turn, phrase: Phrase) -> Reply | None:
    """搜跟进 二期报价. 查跟进 华星 asks for the customer's records instead."""
    words = phrase.given["words"]
    if phrase.text.startswith("查") and surely(turn, words) is not None:
        return None
    return _answer(turn, finding.wanted(words))


@router.phrase(
    rf"(?:谁|哪些?(?:家|个)?客户|哪些|哪家)(?:最近|以前|之前|曾经?)?{_SAID}\s*(?P<words>\S.*?)\s*[?？]?",
    reads=True,
)
def who(turn: Turn, phrase: Phrase) -> Reply | None:
    """谁提过 GA37."""
    return _answer(turn, finding.wanted(phrase.given["words"].removesuffix("吗")))


@router.phrase(
    rf"在?(?P<who>\S{{2,30}}?)\s*的?\s*{_RECORDS}\s*(?:(?:里面?|中)\s*(?:有没有|是否)?\s*{_SAID}"
    rf"|有没有\s*{_SAID}|提过|(?:里面?|中)?\s*{_SEARCH})"
    r"\s*[:：]?\s*(?P<words>\S.*?)\s*(?:吗|没有|没)?\s*[?？]?",
    rf"{_SEARCH}\s*(?P<who>\S{{2,30}}?)\s*的?\s*{_RECORDS}(?:里面?|中)?\s*(?P<words>\S.*)",
    reads=True,
)
def of_customer(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星 跟进 里提过 预算."""
    customer = surely(turn, phrase.given["who"])
    if customer is None:
        return None
    turn.memory.customer_id = customer
    return _answer(turn, finding.wanted(phrase.given["words"], customer))


@router.action("find.more", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更早的."""
    what = cards.unpacked(press.action.extra)
    found = finding.find(turn.ctx, what, int(press.action.object_id))
    return _shown(turn, what, found, first=False)


@router.answer("find.more")
def more_typed(turn: Turn, pending: Pending) -> Reply | None:
    """更早的, typed where there is no button."""
    if turn.incoming.text.strip(" 。.?？") not in MORE:
        return None
    what = cards.unpacked(str(pending.data["what"]))
    return _shown(turn, what, finding.find(turn.ctx, what, int(pending.data["before"])), first=False)


def _answer(turn: Turn, what: Wanted) -> Reply:
    return _shown(turn, what, finding.find(turn.ctx, what), first=True)


def _shown(turn: Turn, what: Wanted, found: Found, *, first: bool) -> Reply:
    said = " ".join(what.words)
    turn.memory.pending = None
    if found.before is not None:
        turn.memory.ask("find.more", {"what": cards.packed(what), "before": str(found.before)}, turn.now)
    if not found.hits and found.before is None:
        where = f"{found.customer}的跟进里" if found.customer else "你能看到的跟进里"
        late = "最近几分钟的记录可能还没编入，稍后可以再搜一次。" if found.behind else ""
        return Reply(text=f"{where}没有提到“{said}”。{late or '换个说法或更短的词再试试。'}")
    return Reply(cards=(cards.found_card(what, found, turn.ctx.local.date(), first=first),))


def surely(turn: Turn, said: str) -> int | None:
    """The one customer that these words name; None where they name none or several."""
    reading: Reading = turn.understand(said)
    sure = {int(one.key) for one in reading.customers if one.key and one.found is not How.FUZZY}
    if len(sure) == 1 and "customer" not in reading.ambiguous:
        return sure.pop()
    found = look_up(turn.ctx, said)
    return found.proposals[0].id if found.sure and found.proposals and found.proposals[0].mine else None
