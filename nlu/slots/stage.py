"""The stage of a deal, by its name or by how salespeople say that it was won or lost."""

from __future__ import annotations

import re

from nlu.patterns import cue, lazy
from nlu.scene import Scene

_NAMED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("lost", lazy(r"输单|丢单|丢标|失单|流失|战败|关闭")),
    ("won", lazy(r"赢单|成交|签单|中标|已签约|签约成功|赢了")),
    ("negotiation", lazy(r"商务谈判|谈判|商务阶段|议价|谈价")),
    ("proposal", lazy(r"方案报价|方案阶段|报价阶段|方案|提案|报价|投标")),
    ("needs", lazy(r"需求确认|需求调研|需求分析|需求|调研|立项")),
    ("contact", lazy(r"初步接触|初次接触|接触|初步沟通|意向|线索|建联")),
)
_LOST = cue(
    r"黄了|黄掉|丢了|丢单|输了|输单|没中标|没中|飞了|凉了|泡汤|没戏|流标|废标|(?:选|定|用|签|"
    r"给)了?(?:别家|别人|竞品|对手|友商|其他家)|被[^,。;]{1,8}(?:抢|拿|截|撬)(?:走|了|下)|不做了|(?:项目|"
    r"单子)[^,。;]{0,4}(?:取消|终止|砍)了?|不(?:跟我们|和我们)?合作了|落标|丢标|战败"
)
_WON = cue(
    r"(?:单|项目|单子|生意|合作)成了|成交(?!价|额|量|率)|赢单|赢了|拿下(?!来?吗)|中标(?!价|通知)|搞定了|"
    r"签单了|定下来了|赢下|(?:我们|咱们?)(?:中|赢)了|(?:选|定)(?:择|了|定)*(?:用)?(?:了)?(?:我们|"
    r"咱们)(?!的?(?:对手|竞品|的))|签下来了?$|到手了|啃下来"
)
_MOVE = cue(
    r"(?:推进|推|进入|进展|转|升|改|变更|更新|调整|调|移|跳|进|到)(?:到了?|至|成|为|入|"
    r"了)?(?P<name>[^,。;\d]{0,3}(?:阶段)?[^,。;\d]{1,8})|阶段(?:改?[为是到成:]|"
    r"\s)*(?P<other>[^,。;\d]{2,10})|(?P<third>[^,。;\d了]{2,6})阶段"
)
_NOT_YET = lazy(
    r"(?:能|会|可能|争取|希望|有望|力争|预计|如果|要是|没|还没|未|快|差点|马上|明天|下周|不|别|怕|担心|"
    r"可以|准备|想)[^,。;]{0,6}$|率$"
)
_QUESTION = lazy(r"吗|没有\??$|\?")


def named_stage(words: str) -> str | None:
    """The stage that a name means: 商务谈判 is negotiation."""
    for stage, pattern in _NAMED:
        if pattern.search(words):
            return stage
    return None


def outcome(scene: Scene) -> str | None:
    """won or lost, where the text says that it happened."""
    text = scene.bare
    for stage, pattern in (("lost", _LOST), ("won", _WON)):
        for match in scene.finds(pattern):
            if not _NOT_YET.search(text, 0, match.start()) and not _QUESTION.match(text, match.end()):
                return stage
    return None


def moved_to(scene: Scene) -> str | None:
    """The stage that the text moves a deal to: 推进到商务谈判, 进入方案阶段."""
    text = scene.bare
    for match in scene.finds(_MOVE):
        words = match["name"] or match["other"] or match["third"]
        near = text[max(0, match.start() - 5) : match.end()]
        moved = "阶段" in near or match[0].startswith(
            ("推进", "进入", "转", "推", "变更", "更新", "升", "移", "跳")
        )
        stage = named_stage(words) if moved else None
        if stage and (match["name"] is None or "阶段" in near or _STAGE_WORD.search(words)):
            return stage
    return None


_STAGE_WORD = lazy(r"赢单|输单|丢单|成交|谈判|接触|需求确认|需求调研|方案|报价|投标|立项|签约|中标|需求")
