"""The clauses of a message, and whether a stretch of it reports what was or plans what will be."""

from __future__ import annotations

from msgspec import Struct

from nlu.patterns import lazy

_BREAK = lazy(
    r"(?=[,。;!?、\s])(?:(?<!\d),|(?<=\d),(?!\d{3})|[。;!?\n、]+|(?<=[一-鿿])\s+(?=[一-鿿])|\s{2,})"
)
_REPORT = lazy(
    r"(?<!为)了(?!解|结)|(?<![通路经超不])过(?!去|来|几|两|会|一|段|年|节|程|期|户)|刚(?!好)|已经?(?!知)|"
    r"聊|见面|通话|没人接|没去成|没见|来电|走访|当面|碰[了面]|说|反馈|回复说"
)
_PLAN = lazy(
    r"再(?!三)|约(?!\d)|准备|打算|计划|提醒|叫我|改[到成在期约]|推[迟到]|延[期到]|挪到|提前到|下次|到时|"
    r"定在|记得|别忘|等(?!了|级|等|人)|争取|预计|预约|"
    r"之?前(?!天|台|期|几|两|面|年|后|往|来|去)|以内|将|催|带过|拜托|说好|定好|招标|上线|开标|到账|验收|"
    r"交货|发货|签约|出结果|上会|评审|截止"
)
_MAYBE = lazy(
    r"要(?!求|了|素)|会(?!议|上|了)|过去|过来|去(?!了|过|年|趟|掉)|给|让|需要|希望|安排|来(?!了|过|电|"
    r"年)|付款|交|签|开会|复查|演示|见|继续|送|上门"
)
_TOLD = lazy(r"说|答应|承诺|表示|让|通知|要求|希望|约|定|预计|计划|等|安排|打算|准备|催")

_AGREED = lazy(r"约|说好|定好|定了|安排|改[到成]")


class Clause(Struct, frozen=True):
    """A stretch between two pauses: text[start:end]."""

    start: int
    end: int


def split_clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a folded text: at punctuation, and at spaces between Chinese words (dictated text)."""
    clauses: list[Clause] = []
    start = 0
    for pause in _BREAK.finditer(text):
        if text[start : pause.start()].strip():
            clauses.append(Clause(start, pause.start()))
        start = pause.end()
    if text[start:].strip():
        clauses.append(Clause(start, len(text)))
    return tuple(clauses)


def clause_at(clauses: tuple[Clause, ...], place: int) -> Clause:
    """The clause that holds the place, or the nearest one before it."""
    found = Clause(0, 0)
    for clause in clauses:
        if clause.start > place:
            break
        found = clause
    return found


def reports(text: str) -> bool:
    """Whether the words report something (了, 过, 刚, 聊 …)."""
    return _REPORT.search(text) is not None


def plans(text: str) -> bool:
    """Whether the words plan something for certain (再, 约, 提醒, 改到, 前 …)."""
    return _PLAN.search(text) is not None


def ahead(left: str, right: str, earlier: str = "") -> bool | None:
    """Whether a time between these words of its clause is one to come; None where they do not say.

    `earlier` is the clause before, when nothing stands before the time in its own.
    """
    report, plan = _REPORT.search(right), _PLAN.search(right)
    if report or plan:
        return plan is not None and (report is None or plan.start() < report.start())
    if _PLAN.search(left) or _TOLD.search(left):
        return True
    if _REPORT.search(left):
        return False
    return True if _AGREED.search(earlier) else None


def may_plan(right: str) -> bool:
    """Whether the words behind a time would do for a plan, if nothing else says otherwise (去, 要, 给 …)."""
    return _MAYBE.search(right) is not None
