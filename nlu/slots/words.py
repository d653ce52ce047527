"""Small fields said in words: verdicts and numbers, colleagues, points, tags, kinds of ticket, phones."""

from __future__ import annotations

import re

from nlu.entities import Number, Phone
from nlu.names.people import find_people
from nlu.patterns import lazy
from nlu.reading import Intent
from nlu.scene import Scene

REJECT = lazy(r"不同意|不通过|不批|不行|驳回|拒绝|拒了|打回|退回|否决|不予|没通过|毙了|重新?报")
APPROVE = lazy(r"同意|通过|批准|批了|准了|没问题|可以|ok|OK|Ok|照办|照此|过了|批")
NUMBER = lazy(r"(?<![A-Za-z0-9])[A-Za-z]{1,4}-?\d{2,}(?:-\d+)*(?![A-Za-z0-9])")
_VERDICT_SAID = lazy(
    r"^(?:审批|我|就|都|可以|这[个单份]|那[个单份])*(?:不同意|不通过|不予通过|不批|同意|通过|批准|批了|"
    r"准了|驳回|拒绝|拒了|打回|退回|否决|没问题|可以|照办|ok|OK|Ok)(?:去|吧|了|掉|一下|这[个单份])*"
)
_FILLER = lazy(r"(?:审批|这[个单份]|那[个单份]|报价单?|合同|申请|单子|了|吧|的|一下|理由|原因|因为|意见|是)+")
SERIAL = lazy(r"(?<![A-Za-z0-9])[A-Za-z]{1,4}-?\d{4,}(?:-\d+)*(?![A-Za-z0-9])")
_TICKET: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("complaint", lazy(r"投诉|差评|态度(?:很|太|不|恶)|很不满|非常不满|不满意|发火|要说法|索赔|太差")),
    ("suggestion", lazy(r"建议|提议|希望(?:增加|能加|你们能|改进|可以增)|意见")),
    (
        "repair",
        lazy(
            r"报修|维修|坏了|坏掉|故障|不亮|漏[水油电气]|死机|打不开|开不了机|不工作|异响|卡住|卡死|黑屏|蓝屏|"
            r"停机|失灵|没反应|报错|修一?下|要修|上门修|跳闸|不制冷|不制热|不转|断电|掉线|连不上|登不上|登录不了|"
            r"宕机|瘫痪|充不[进上了]|烧了|裂了|破损|冒烟|不能用|用不了"
        ),
    ),
    ("inquiry", lazy(r"咨询|请教|问一?下|询问|怎么(?:用|开|弄|操作|设置|安装|退|换)|想了解|想问")),
)
_HAND_OVER = lazy(
    r"(?:转给|移交给?|交接给|转交给?|交给|转到|转移给|分配?给|划给|划到|过户给|让给|派给|给到|"
    r"归)(?:了)?(?:同事|我们的?)?\s*"
)
_TASK_FOR = lazy(r"^\s*(?:@|提醒|让|安排|叫|请|通知|派|要|给|转告|催)(?:一下|下)?(?:同事|我们的?)?\s*")
_CALLED = lazy(r"\s*(?:打|回|拨)(?:一?[个通次])?(?:电话|语音)")
_COLLEAGUE = lazy(
    r"[一-鿿]{2,4}?(?=[吧了哦啊,。;!\s]|来?跟进|负责|维护|处理|对接|名下|那里|那边|跟|管|$)|"
    r"[A-Za-z][A-Za-z.]{1,20}"
)
_TAG_AFTER = lazy(
    r"(?:标签|打标|标记|标注)(?:改成|改为|加上|加|添加|设为|设成|换成|是|为|成|上|:|"
    r"\s)+(?P<tags>[^。;]+)|(?:标记|标注|标|打标)(?:为|成|上)(?P<more>[^。;]+)"
)
_TAG_BEFORE = lazy(
    r"(?:去掉|删掉|删除|移除|取消|撕掉|打|贴|加|添加|加上|打上|贴上|标|设|弄|新增|挂)(?:上|了|一?下|"
    r"一?个|个)*[“\"'「《]?(?P<tags>[^,。;“”\"'「」]{1,20}?)[”\"'」》]?(?:的|这个|两个|几个)*标签"
)
TAG_GONE = lazy("去掉|删掉|删除|移除|取消|撕掉")
_TAG_SPLIT = lazy(r"[\s,、/|;+]+|(?<=[一-鿿])和(?=[一-鿿])|以及")
_TAG_TRIM = lazy(r"^(?:一?个|上|了|“|\"|')+|(?:的|吧|标签|客户标签|”|\"|'|了)+$")
_POINTS = lazy(r"积分|会员分|个?分(?![钟店公部析期公行]|别|一|之)")


def verdict_of(scene: Scene) -> tuple[str, str | None, str | None]:
    """The verdict, the comment and the number of an answer to an approval."""
    text = scene.text
    number = NUMBER.search(text)
    rest = text.replace(number[0], " ", 1) if number else text
    verdict = "reject" if REJECT.search(rest) else "approve"
    parts = (_VERDICT_SAID.sub("", part).strip() for part in re.split(r"[\s,。;:/]+", rest))
    comment = "，".join(part for part in parts if part and not _FILLER.fullmatch(part))
    return verdict, comment or None, number[0].upper() if number else None


def ticket_kind(scene: Scene) -> str | None:
    """repair, complaint, inquiry or suggestion."""
    return next((kind for kind, pattern in _TICKET if pattern.search(scene.bare)), None)


def receiver(scene: Scene) -> str | None:
    """The colleague to whom something is handed: 转给李明, 交给小王."""
    for match in _HAND_OVER.finditer(scene.bare):
        found = _colleague_at(scene, match.end())
        if found:
            return found
    return None


def doer(scene: Scene) -> str | None:
    """The colleague who is to do something: 让小李明天…, 提醒张伟…"""
    match = _TASK_FOR.match(scene.bare)
    if not match:
        return None
    for person in scene.people:
        if match[0].strip() == "给" and _CALLED.match(scene.bare, person.end):
            continue  # 给小李打电话 is the writer's own to do
        if person.start == match.end() and (not person.title or person.name in scene.colleagues):
            return person.name
    return next((name for name in scene.colleagues if scene.bare.startswith(name, match.end())), None)


def _colleague_at(scene: Scene, place: int) -> str | None:
    known = [name for name in scene.colleagues if scene.bare.startswith(name, place)]
    if known:
        return max(known, key=len)
    person = next((p for p in scene.people if p.start == place), None)
    if person:
        return person.name
    match = _COLLEAGUE.match(scene.bare, place)
    return match[0] if match and not re.match(r"[我你他她客对公]", match[0]) else None


def tags_of(scene: Scene) -> tuple[str, ...]:
    """The tags that are put on a customer."""
    text = scene.bare
    for person in scene.people:
        text = text[: person.start] + "\x01" * (person.end - person.start) + text[person.end :]
    if scene.command and scene.command.intent is Intent.TAG:
        said = text[scene.command.rest :]
    else:
        matches = (_TAG_BEFORE.search(text), _TAG_AFTER.search(text))
        found = (_split_tags(m["tags"] or m.groupdict().get("more") or "") for m in matches if m)
        return next(filter(None, found), ())
    return _split_tags(said)


def _split_tags(said: str) -> tuple[str, ...]:
    said = re.sub(r"\x01+(?:的|那边)?", " ", said)
    tags = (
        _TAG_TRIM.sub("", tag) for tag in _TAG_SPLIT.split(re.sub(r"^(?:给|为|把|将|上|:|\s)+", "", said))
    )
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def points_of(scene: Scene) -> Number | None:
    """The number of points given or redeemed: the one beside 积分."""
    numbers = [n for n in scene.of(Number) if n.value == int(n.value)]
    phones = [p.span for p in scene.of(Phone)]
    numbers = [n for n in numbers if not any(p.start <= n.span.start < p.end for p in phones)]
    if not numbers:
        return None
    marks = [m.start() for m in _POINTS.finditer(scene.text)]
    if not marks:
        return numbers[0]
    return min(numbers, key=lambda n: min(_gap(n, mark) for mark in marks))


def _gap(number: Number, mark: int) -> int:
    """How far a number stands from the word 积分; before it counts nearer than behind."""
    return (mark - number.span.end) * 2 if number.span.end <= mark else (number.span.start - mark) * 2 + 1


def phone_of(scene: Scene) -> Phone | None:
    """The phone number; the new one where an old one is replaced."""
    phones = scene.of(Phone)
    if len(phones) > 1 and re.search(r"改|换|变", scene.text[phones[0].span.end : phones[-1].span.start]):
        return phones[-1]
    return phones[0] if phones else None


def has_person_after(scene: Scene, place: int) -> bool:
    """Whether a person stands right at the place."""
    return any(person.start == place for person in find_people(scene.text))
