"""The next step in the fewest words of the text that say what to do: 演示, 发合同, 打电话."""

from __future__ import annotations

from nlu.clauses import Clause
from nlu.entities import Money, Phone, Time
from nlu.intents.cues import MOVE
from nlu.patterns import lazy
from nlu.reading import Intent
from nlu.scene import Scene
from nlu.slots.times import Times

_ASK = lazy(
    r"(?:(?:记得|到时候?|帮忙?|请|麻烦|要|你|再|设个?|定个?|建个?)*(?:提醒|叫|喊|通知|告诉)(?:一下|"
    r"下)?(?:我们?|咱们?|自己)?(?:一下|一声|下(?!班|单|午|周|个))?|别忘了?|记得|^闹钟|^待办|^任务)[:,\s]*"
)
_LEAD = lazy(
    r"^(?:[\s,:的之从]|那[个条次]|这[个条次]|把|将(?!来)|以?前(?!台|期|面)|以内|内|之前|左右|再|去|"
    r"过去|过来|来|要|得|我们?|咱们?|他们?|她们?|对方|客户|您|你|准备|打算|计划|预计|争取|会(?!议|面|展|"
    r"诊)|可以|可能|应该|大概|就|先|到点|帮忙|帮我|麻烦|请|一起|必须|一定|"
    r"需要|希望|想|该|给他们?|给她|给对方|给客户|跟他们?|和他们?|跟对方|跟客户|找他们?|"
    r"约他们?(?=[一-鿿])|向他们?|让我们?|叫我们?|在[^,。;]{1,6}?(?=开|见|聊|谈|吃|签)|让他们?|上午|下午|"
    r"晚上|到|我方)+"
)
_TAIL = lazy(
    r"(?:[\s,。;!?~]|吧|啊|哦|呢|哈|了|一下|过去|过来|出来|出去|给他们?|给她|给对方|给客户|给我们?|就行|"
    r"即可|好|的)+$"
)
_MOVE_OBJECT = lazy(
    r"(?:把|将)(?P<what>[^,。;]{1,12}?)(?P<do>发|带|寄|送|给|交|拿|签|提交|提|做|改|确认|准备|定|填|补|"
    r"出|打印|整理|落实|敲定|解决|处理|谈|催|办|写|收|付|结|回传|传)(?:给|过去|过来|出来|去|来|好|掉|完|"
    r"上|到|了|下来|一下)*[^,。;]{0,4}$"
)
_GIVE = lazy(r"(?:给|跟|和|向|与|找|约|对|陪)?[\x01\x02]+(?:的|那边的?|公司的?|那里)?")
_ONLY_NAME = lazy(r"(?P<do>拜访|联系|约|找|催|回访|见|跟进|问|陪|请|看望|对接|接)(?:[\x01\x02]+的?)+$")
_MOVED = lazy(
    r"(?:往后推?|改|推迟|延期|延|挪|提前|推|调|变更|顺延|更改|换)(?:期|到|成|至|在|了|为|好|约)*\s*$|(?:约|"
    r"定|安排)(?:到|在|了|好)+\s*$|(?:时间|的?(?:提醒|会|安排|预约|日程)(?=$))|没去成|没见成|取消了?|"
    r"临时|有事"
)
_PLACE = lazy(r"^\s*(?:在|去|到)?[^,。;]{0,8}(?:楼|店|馆|厅|室|酒店|饭店|会所|公司|厂)$|^\s*在")
_AGAIN = lazy(
    r"[\s,:]*(?:让我们?|叫我们?|我们?|他们?|说)?(?P<do>再?(?:来|去|打|约|谈|聊|见|联系|过去|"
    r"过来))(?:一?趟|一下|一次|吧|了|他们?)*"
)
_AGREED = lazy(r"约\s*$")
_AGREED_ON = lazy(r"约了?好?了?(?:在|到)?\s*$")
_SET = lazy(r"(?:约|定|安排)了?好?了?(?:在|到)?\s*$")
_NAMES = lazy(r"[\x01\x02]+的?")
_BLANK = lazy(r"\s+")
_FIGURES = (Money, Phone)
_FILLER = lazy(r"[的了吧啊呢哦和跟与\s]*")
_STOPS = lazy(r"[,。;!?\n]")


def next_action(scene: Scene, times: Times, intent: Intent) -> str | None:
    """What is to be done, or None where the text does not say."""
    if times.source is None:
        return _undated(scene, intent)
    clause = scene.clause_at(times.source.span.start)
    after = _trim(scene, times.source.span.end, max(clause.end, times.source.span.end))
    before = _trim(scene, clause.start, times.source.span.start, keep_end=True)
    if intent is Intent.RESCHEDULE:
        return _clean(_MOVED.sub("", before)) or _clean(_MOVED.sub("", after))
    agreed = "约" if _AGREED.search(before) else ""
    for words in (after, agreed, _following(scene, clause), _before(before), _preceding(scene, clause)):
        found = _clean(words)
        if found:
            return found
    return None


def planned_stretch(scene: Scene, times: Times) -> tuple[int, int] | None:
    """The stretch of text that speaks of the next step: from its time to the end of its clause."""
    if times.source is None:
        return None
    clause = scene.clause_at(times.source.span.start)
    later = [t.span.start for t in times.taken if t.span.start > times.source.span.start]
    return times.source.span.start, min([max(clause.end, times.source.span.end), *later])


def _undated(scene: Scene, intent: Intent) -> str | None:
    if intent not in (Intent.REMIND, Intent.RESCHEDULE):
        return None
    text = scene.masked
    if intent is Intent.RESCHEDULE:
        move = MOVE.search(text)
        return _clean(_MOVED.sub("", text[: move.start()] if move else text))
    asked = _ASK.search(text)
    return _clean(_STOPS.split(text[asked.end() :])[0]) if asked else None


def _trim(scene: Scene, start: int, end: int, *, keep_end: bool = False) -> str:
    """A stretch without other times in it, up to the first sum or phone number."""
    text = scene.masked
    for entity in scene.entities:
        span = entity.span
        if span.start < start or span.end > end:
            continue
        if isinstance(entity, _FIGURES) and not keep_end:
            end = min(end, span.start)
        elif isinstance(entity, Time):
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text[start:end]


def _following(scene: Scene, clause: Clause) -> str:
    later = [c for c in scene.clauses if c.start >= clause.end]
    for one in later[:2]:
        words = _trim(scene, one.start, one.end)
        if not _PLACE.match(words):
            return words
    return ""


def _preceding(scene: Scene, clause: Clause) -> str:
    earlier = [c for c in scene.clauses if c.end <= clause.start]
    return _trim(scene, earlier[-1].start, earlier[-1].end) if earlier else ""


def _before(words: str) -> str:
    """Before the time: 约了 周四 says 约; otherwise what stands there."""
    if _AGREED_ON.search(words) and _clean(_AGREED_ON.sub("", words)) is None:
        return "约"
    return _SET.sub("", words)


def _clean(words: str) -> str | None:
    words = _ASK.sub("", words)
    only = _ONLY_NAME.search(words)
    if only:
        return only["do"]
    words = _GIVE.sub("", words)
    moved = _MOVE_OBJECT.search(words)
    if moved:
        words = moved["do"] + moved["what"].strip("的 ")
    words = _STOPS.split(words.strip(" ,。;:"))[0]
    again = _AGAIN.fullmatch(words)
    words = again["do"] if again else _TAIL.sub("", _LEAD.sub("", words)).strip()
    words = _NAMES.sub("", words)
    words = _BLANK.split(words)[0] if words else words
    return words[:16] if words and not _FILLER.fullmatch(words) else None
