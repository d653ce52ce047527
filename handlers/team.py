"""张伟这个月拜访了几次, 团队今天怎么样: what colleagues have done, for whoever may see it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from cards.feed import digest_card
from crm import colleagues, feed
from crm.errors import NotAllowed, UserMistake
from crm.tally import customers_of, may_count, shares, tally
from crm.visits import ActivityKind
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn
from nlu.entities import Time

router = Router("team")
router.help("张伟这个月拜访了几次", "数一数同事记了多少，也可以问电话、跟进、几家客户", "manager", "director")
router.help("团队今天怎么样", "你的人今天记了哪些跟进", "manager", "director")
router.help(
    "张伟这周跟了哪些客户", "同事一段时间里记了几条、是哪几家；“团队上周情况”看全部", "manager", "director"
)

KINDS = {
    "拜访": (ActivityKind.VISIT,),
    "电话": (ActivityKind.CALL,),
    "跟进": (),
}
_DONE = r"(?P<done>拜访|跑|见|跟进|联系|打|通)"
_MEASURE = r"(?P<measure>次|趟|回|家|个|位|通|条)?"
_OBJECT = r"(?P<object>客户|拜访|电话|跟进|记录)?"
_PEOPLE = re.compile(r"(?:我们?的?|咱们?的?)?(?:团队|下属|部门|小组|手下)|大家|我们")
_SELF = re.compile(r"我|我自己|本人|我本人")
_FILLERS = re.compile(r"一共|总共|共计|到底|同事|都|[的,，\s]")
_TEAM = r"(?:我们?的?|咱们?的?)?(?:团队|下属|部门|小组|手下)(?:的?人|们)?的?"
_HOW = (
    r"(?:(?:的?跟进|的?拜访)?的?(?:怎么样|怎样|如何|情况|表现|进展|跟进|动态|汇总|日报|总结)|干得?怎么样|都?(?:干|做|跟进|拜访)了?"
    r"(?:些|点)?(?:什么|啥|哪些客户?|谁|几次|多少)?|有什么(?:进展|动态))?"
)


@router.phrase(
    rf"(?:看看?|查看?|问下)?{_TEAM}(?:今天|今日){_HOW}\s*[了呢吗]?\s*[?？]?",
    rf"(?:看看?|查看?)?(?:今天|今日){_TEAM}{_HOW}\s*[了呢吗]?\s*[?？]?",
    reads=True,
)
def today(turn: Turn, phrase: Phrase) -> Reply:
    """团队今天怎么样: what his people have recorded today."""
    ctx = turn.ctx
    if not feed.has_people(ctx):
        return Reply(text="你现在没有下属，看不到团队的汇总。看自己的安排发：今天")
    start = ctx.at(datetime.combine(ctx.local.date(), time()))
    day = feed.of_day(ctx, feed.below(ctx.actor.id, feed.superiors(ctx.session)), start)
    if not day.total:
        return Reply(text="今天你的团队还没有记跟进。")
    return Reply(cards=(digest_card(day, ctx.local.date()),))


@router.phrase(
    rf"(?P<who>.{{1,30}}?){_DONE}(?:了|过)*(?:多少|几){_MEASURE}{_OBJECT}(?:了)?\s*[呢啊]?\s*[?？]?",
    r"(?P<who>.{1,30}?)(?P<done>拜访|电话|跟进)(?:了)?(?:次数|数量|总数)(?:是|有)?(?:多少|几次)?\s*[?？]?",
    reads=True,
)
def count(turn: Turn, phrase: Phrase) -> Reply | None:
    """张伟这个月拜访了几次; None where nobody of that name works here."""
    said = next((one for one in turn.understand(phrase.text).entities if isinstance(one, Time)), None)
    front = phrase.given["who"]
    who = _FILLERS.sub("", front.replace(said.span.text, "") if said else front)
    found = _whom(turn, who)
    if found is None:
        return None
    name, members = found
    kind = _kind(phrase)
    start, end, when = _period(turn, said)
    done = tally(turn.ctx, members, KINDS[kind], start, end)
    if not done.records:
        return Reply(text=f"{name}{when}还没有{kind}记录。")
    about = f"，{done.customers}家客户" if done.customers else ""
    verb = {"拜访": "拜访了{}次", "电话": "打了{}次电话", "跟进": "记了{}条跟进"}[kind]
    return Reply(text=f"{name}{when}{verb.format(done.records)}{about}。")


@router.phrase(
    rf"(?P<who>{_TEAM}.{{1,8}}?)(?:跟进|拜访)?的?(?:怎么样|怎样|如何|情况|表现|进展|汇总|总结)\s*[了呢吗]?\s*[?？]?",
    r"(?P<who>.{1,30}?)(?:都|一共)?(?:在?(?:干|做|忙)|跑|跟进?|拜访|见|联系)了?(?:些|点)?(?:什么|啥|嘛|谁|哪些(?:客户)?|哪几家(?:客户)?)了?"
    r"\s*[呢啊]?\s*[?？]?",
    reads=True,
)
def done(turn: Turn, phrase: Phrase) -> Reply | None:
    """张伟这周跟了哪些客户, 团队这周情况; None where nobody of that name works here."""
    said = next((one for one in turn.understand(phrase.text).entities if isinstance(one, Time)), None)
    front = phrase.given["who"]
    found = _whom(turn, _FILLERS.sub("", front.replace(said.span.text, "") if said else front))
    if found is None:
        return None
    name, members = found
    start, end, when = _period(turn, said)
    whole = tally(turn.ctx, members, (), start, end)
    if not whole.records:
        return Reply(text=f"{name}{when}还没有记跟进。")
    counted = ((kind, tally(turn.ctx, members, KINDS[kind], start, end).records) for kind in ("拜访", "电话"))
    parts = "、".join(f"{kind}{count}次" for kind, count in counted if count)
    lines = [f"{name}{when}记了{whole.records}条跟进{f'，其中{parts}' if parts else ''}。"]
    if len(members) > 1:
        people = shares(turn.ctx, members, start, end)
        lines.append("各人：" + "、".join(f"{one} {count}条" for one, count in people))
    about = customers_of(turn.ctx, members, start, end)
    if about:
        more = f"等{whole.customers}家" if whole.customers > len(about) else ""
        lines.append(f"客户：{'、'.join(about)}{more}")
    return Reply(text="\n".join(lines))


def _whom(turn: Turn, who: str) -> tuple[str, list[int]] | None:
    """How they are called, and the members that are counted. Raises `NotAllowed`, `UserMistake`."""
    if not who or _SELF.fullmatch(who):
        return "你", [turn.actor.id]
    if _PEOPLE.fullmatch(who):
        if not feed.has_people(turn.ctx):
            raise UserMistake("你现在没有下属，数不了团队的。数自己的可以说：我这个月拜访了几次")
        return "你的团队", feed.below(turn.actor.id, feed.superiors(turn.ctx.session))
    if not colleagues.named(turn.ctx.session, who):
        return None
    member = colleagues.one_of(turn.ctx.session, who, here=False)
    if not may_count(turn.ctx, member.id):
        raise NotAllowed(f"{member.name}的跟进数只有本人和上级能看，想了解可以直接问{member.name}。")
    return ("你" if member.id == turn.actor.id else member.name), [member.id]


def _kind(phrase: Phrase) -> str:
    done, object_ = phrase.given["done"], phrase.given.get("object", "")
    if "电话" in (done, object_) or done in ("打", "通"):
        return "电话"
    return "拜访" if "拜访" in (done, object_) or done in ("跑", "见") else "跟进"


def _period(turn: Turn, said: Time | None) -> tuple[datetime, datetime, str]:
    """From, to before (local), and how it is called; this month where no time was said."""
    now = turn.ctx.local
    if said is None:
        return datetime(now.year, now.month, 1), now + timedelta(minutes=1), "这个月"  # noqa: DTZ001 - local, naive
    end = said.until or said.value + timedelta(days=1)
    return said.value, end, said.span.text
