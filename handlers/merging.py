"""合并 华星科技 到 华星科技(上海): shown first, done when that is confirmed, undone as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cards import customers as customer_cards
from cards import merging as cards
from crm import customers, merging, overview
from crm.errors import UserMistake
from crm.merging import Choice, Preview
from handlers import held
from handlers.adding import suspected
from handlers.named import customer_named, find_named
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn

router = Router("merging")
router.help("查重 华润置地 / 查重", "看有没有重复建档的客户", "sales", "manager")
router.help(
    "合并 华润燃气 到 华润置地",
    "两家其实是一家：先预览，确认后跟进、任务、报价全部转过去，可撤销",
    "sales",
    "manager",
)

EXAMPLE = "合并 华星科技 到 华星科技(上海)"
MOST_CHECKED = 30
MOST_LINES = 10
CHECKED = re.compile(r"查重|疑似重复")
SURE = frozenset({"确认", "确认合并", "合并", "合并吧"}) | held.YES
SWAP = frozenset({"换个方向", "换过来", "反过来", "换方向"})
NOT = frozenset({"不合并", "别合并"}) | held.DROP | held.NO
USE = re.compile(r"(?P<field>[^\s用是:：]{2,10}?)\s*(?:用|是|选|改成|改为|[:：]|\s)\s*(?P<value>\S.{0,30})")


@router.phrase(
    r"合并\s*(?:客户)?\s*(?P<loser>[^\s，。]\S*?)\s*(?:合并)?(?:到|进|至|并入|->|→)\s*(?P<winner>[^\s，。]\S*)",
    r"合并\s*(?:客户)?\s+(?P<loser>\S+)\s+(?:(?:和|与|跟|到|进)\s*)?(?P<winner>\S+)",
    r"(?:把|将)\s*(?P<loser>\S+?)\s*(?:合并|并)(?:到|进|至|入)\s*(?P<winner>\S+?)(?:里|里面|去)?",
    r"(?P<loser>\S+?)\s*(?:并入|合并到|合并进|合并至)\s*(?P<winner>\S+)",
)
def ask(turn: Turn, phrase: Phrase) -> Reply | None:
    """合并 … 到 …: what would happen. Other sentences with 并到 in them name no two customers."""
    said = (phrase.given["loser"], phrase.given["winner"])
    if not phrase.text.startswith("合并") and not all(find_named(turn, words) for words in said):
        return None
    loser, winner = (customer_named(turn, words, EXAMPLE) for words in said)
    return _show(turn, merging.preview(turn.ctx, loser, winner), turn.ctx.inbox_id or 0, {})


@router.phrase(
    r"(?:查重|疑似重复|有没有重复)[:：\s]*(?P<who>\S.*)", r"(?P<who>\S+)\s*(?:查重|有没有重复的?)", reads=True
)
def twins(turn: Turn, phrase: Phrase) -> Reply | None:
    """查重 华星: which customers may be the same one."""
    found = find_named(turn, phrase.given["who"])
    if not found and CHECKED.match(phrase.text):
        return _unknown(turn, phrase.given["who"])
    if len(found) != 1:
        return None
    customer = customers.get(turn.ctx, found[0])
    turn.memory.customer_id = customer.id
    others = suspected(turn, customer.name, itself=customer.id)
    return Reply(cards=(cards.twins_card(customer, others),))


def _unknown(turn: Turn, name: str) -> Reply:
    """查重 of a name that no customer has: those much like it, or that there are none."""
    alike = [f"{one.called}（{one.why}，负责人{one.proposal.owner}）" for one in suspected(turn, name)]
    said = "、".join(alike[:MOST_LINES])
    if said:
        return Reply(text=f"没有叫“{name}”的客户，像的有：{said}")
    return Reply(text=f"没有叫“{name}”的客户，也没有像的。要建就回复：新增客户 {name}")


@router.command("查重", reads=True)
def all_twins(turn: Turn, reading: object) -> Reply:
    """查重: among the customers that one followed last."""
    lines: list[str] = []
    seen: set[tuple[int, int]] = set()
    for mine in customers.latest(turn.ctx, MOST_CHECKED):
        found = suspected(turn, mine.name, itself=mine.id)
        others = [one for one in found if (one.proposal.id, mine.id) not in seen]
        seen |= {(mine.id, one.proposal.id) for one in others}
        lines += [f"{mine.name} ↔ {one.called}（{one.why}，负责人{one.proposal.owner}）" for one in others]
    if not lines:
        return Reply(text=f"最近跟进的{MOST_CHECKED}家里没有疑似重复。查一家：查重 华润置地")
    return Reply(text="\n".join(["疑似重复：", *lines[:MOST_LINES], f"是同一家就合并，例如：{EXAMPLE}"]))


@router.action("merge.ask")
def pressed(turn: Turn, press: Press) -> Reply:
    """合并 on the card of customers that may be the same."""
    loser, winner = int(press.action.object_id), int(press.action.extra)
    return _show(turn, merging.preview(turn.ctx, loser, winner), turn.ctx.inbox_id or 0, {})


@router.command("合并")
def how(turn: Turn, reading: object) -> Reply:
    """合并 alone."""
    return Reply(text=f"哪家并到哪家？先说要并掉的，再说保留的，例如：{EXAMPLE}")


def _show(turn: Turn, shown: Preview, message: int, chosen: dict[str, str]) -> Reply:
    data = {
        "loser": shown.loser.id,
        "winner": shown.winner.id,
        "versions": [shown.loser.version, shown.winner.version],
        "held": message,
        "chosen": chosen,
    }
    turn.memory.ask("merge.sure", data, turn.now)
    return Reply(cards=(cards.preview_card(shown, message, chosen),))


@router.action("merge.do")
def do(turn: Turn, press: Press) -> Reply:
    """确认合并, with what was chosen for each field."""
    asked = _asked(press)
    shown = merging.preview(turn.ctx, asked.loser, asked.winner) if asked.places else None
    chosen = _chosen(asked, shown) if shown is not None else {}
    return _merge(turn, asked.loser, asked.winner, asked.versions, asked.message, chosen)


@router.action("merge.use")
def use(turn: Turn, press: Press) -> Reply:
    """级别用A on the card: whose value a field gets."""
    asked = _asked(press)
    shown = merging.preview(turn.ctx, asked.loser, asked.winner)
    if asked.versions != (shown.loser.version, shown.winner.version):
        chosen: dict[str, str] = {}  # what the card showed is not so any more
    else:
        chosen = _chosen(asked, shown)
    return Reply(refresh=_show(turn, shown, asked.message, chosen).cards)


@router.action("merge.swap")
def swap(turn: Turn, press: Press) -> Reply:
    """换个方向: the other one is kept."""
    asked = _asked(press)
    reply = _show(turn, merging.preview(turn.ctx, asked.winner, asked.loser), asked.message, {})
    return Reply(refresh=reply.cards)


@router.action("merge.no")
def no(turn: Turn, press: Press) -> Reply:
    """不合并."""
    turn.memory.pending = None
    return Reply(refresh=(cards.settled_card(held.held_id(press), "没有合并"),))


@router.answer("merge.sure")
def answered(turn: Turn, pending: Pending) -> Reply | None:
    """确认, 不合并, 换个方向, or 级别用A, typed."""
    said, data = held.said(turn), pending.data
    loser, winner, message = int(data["loser"]), int(data["winner"]), int(data["held"])
    if said in SURE:
        versions = (int(data["versions"][0]), int(data["versions"][1]))
        return _merge(turn, loser, winner, versions, message, dict(data["chosen"]))
    if said in NOT:
        turn.memory.pending = None
        return Reply(text="好，没有合并。", refresh=(cards.settled_card(message, "没有合并"),))
    if said in SWAP:
        return _show(turn, merging.preview(turn.ctx, winner, loser), message, {})
    return _choose(turn, pending)


def _choose(turn: Turn, pending: Pending) -> Reply | None:
    """级别用A: whose value a field gets."""
    found = USE.fullmatch(turn.incoming.text.strip())
    if found is None:
        return None
    data = pending.data
    shown = merging.preview(turn.ctx, int(data["loser"]), int(data["winner"]))
    clash = next((c for c in shown.clashes if c.title == found["field"]), None)
    if clash is None:
        return None
    value = found["value"].strip().removesuffix("级")
    if value not in (clash.winner, clash.loser, "保留方", "并入方"):
        raise UserMistake(
            f"{clash.title}只有“{clash.winner}”和“{clash.loser}”可选，例如：{clash.title}用{clash.loser}"
        )
    whose = Choice.LOSER if value in (clash.loser, "并入方") else Choice.WINNER
    return _show(turn, shown, int(data["held"]), {**data["chosen"], clash.field: whose.value})


def _merge(
    turn: Turn, loser: int, winner: int, versions: tuple[int, int], message: int, chosen: dict[str, str]
) -> Reply:
    choices = {field: Choice(one) for field, one in chosen.items() if one in tuple(Choice)}
    done = merging.merge(turn.ctx, loser, winner, choices, versions)
    turn.memory.customer_id, turn.memory.record = done.winner.id, turn.ctx.inbox_id
    turn.memory.pending = None
    view = overview.overview(turn.ctx, done.winner.id)
    return Reply(
        cards=(cards.merged_card(done, turn.ctx.inbox_id or 0),),
        refresh=(
            cards.settled_card(message, f"已合并到{done.winner.name}"),
            customer_cards.overview_card(view, turn.ctx.local),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a button of the preview was about; `places` count the differences that the loser decides."""

    loser: int
    winner: int
    versions: tuple[int, int]
    message: int
    places: frozenset[int]


def _asked(press: Press) -> _Asked:
    winner, loser_version, winner_version, message, *rest = press.action.extra.split(":")
    places = frozenset(int(one) for one in "".join(rest).split(",") if one)
    versions = (int(loser_version), int(winner_version))
    return _Asked(int(press.action.object_id), int(winner), versions, int(message), places)


def _chosen(asked: _Asked, shown: Preview) -> dict[str, str]:
    """By field, that the loser's value is kept."""
    return {one.field: Choice.LOSER.value for n, one in enumerate(shown.clashes) if n in asked.places}
