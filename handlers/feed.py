"""动态 实时 / 动态 汇总 / 动态 关闭: how a manager hears of his people's follow-ups."""

from __future__ import annotations

from cards import feed as cards
from crm import feed
from crm.errors import UserMistake
from crm.feed import Mode
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Press, Turn
from nlu.reading import Reading

router = Router("feed")
router.help(
    "动态 实时", "下属一记跟进就告诉你；动态 汇总 每天傍晚一次，动态 关闭 不再发", "manager", "director"
)

WORDS = {
    "实时": Mode.LIVE,
    "即时": Mode.LIVE,
    "开启": Mode.LIVE,
    "打开": Mode.LIVE,
    "汇总": Mode.DIGEST,
    "每天": Mode.DIGEST,
    "每日": Mode.DIGEST,
    "日报": Mode.DIGEST,
    "关闭": Mode.OFF,
    "关掉": Mode.OFF,
    "关": Mode.OFF,
    "不看": Mode.OFF,
    "取消": Mode.OFF,
}
_WORD = "|".join(WORDS)
DONE = {
    Mode.LIVE: "好，下属一记跟进就发给你，两分钟内的合成一条。",
    Mode.DIGEST: "好，每天傍晚发一次当天的汇总，当天没有就不发。",
    Mode.OFF: "好，不再发动态。想看时回复 动态 汇总。",
}


@router.command("动态", "团队动态", reads=True)
def show(turn: Turn, reading: Reading) -> Reply:
    """动态: what is chosen."""
    if not feed.has_people(turn.ctx):
        raise UserMistake("动态是带团队的人看下属跟进用的，你现在没有下属，不用设置。")
    return Reply(cards=(cards.setting_card(feed.mode_of(turn.ctx)),))


@router.phrase(
    rf"(?:团队|跟进)?动态\s*(?:改[成为]|设[成为]|用|要)?\s*(?P<mode>{_WORD})",
    rf"(?P<mode>{_WORD})\s*(?:团队|跟进)?动态",
)
def choose(turn: Turn, phrase: Phrase) -> Reply:
    """动态 实时."""
    return _chosen(turn, WORDS[phrase.given["mode"]])


@router.action("feed.mode")
def pressed(turn: Turn, press: Press) -> Reply:
    """One of the choices on the card."""
    return _chosen(turn, Mode(press.action.object_id))


def _chosen(turn: Turn, mode: Mode) -> Reply:
    feed.set_mode(turn.ctx, mode)
    return Reply(text=DONE[mode])
