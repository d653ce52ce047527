"""What a message says of the organisation's own fields and kinds of records, where it is plainly about them.

华星 设备型号偏好 B sets a field, 华星的年采购额是多少 asks for one, 年采购额大于100万的客户 asks for a
list, and 样机借用 新增 华星 GA37 归还日期 12月1日 adds a record. A sentence that merely mentions a field is
left to the rest of the grammar. Figures and days come out in plain form (1200000, 2026-12-01); what cannot
be read stays as it was said, for whoever checks it. Never raises.
"""

from __future__ import annotations

import re

from nlu.names.custom import CustomNames, KnownField
from nlu.patterns import lazy
from nlu.reading import CustomAsk, CustomSaid, CustomWhat, Intent, NamedCustomer, Reading
from nlu.scene import Scene
from nlu.slots.custom_values import condition, plain
from nlu.text import fold_name

_OBJECTS = {
    "客户": "customer",
    "公司": "customer",
    "联系人": "contact",
    "跟进": "activity",
    "记录": "activity",
}
_NUMBER = lazy(r"(?<![a-z0-9])(?:[a-z]{2,6}-\d{4}-\d{4,}|e\d{4,})(?![a-z0-9])")
_NUMBERED = lazy(rf"(?:设备\s*)?{_NUMBER.pattern}")
_CONNECTOR = lazy(
    r"(?:请|帮我|麻烦|把|将|给|修改|更新|设置|填写?|录入|登记|改|的|这家|那家|该|刚才(?:那[条次个])?|上一条|[\s,;:。、])*"
)
_OBJECT_WORD = lazy(r"客户|公司|联系人|跟进|记录")
_IS = lazy(r"(?:改成|改为|改到|设为|设成|定为|换成|调到|等于|填|是|为|[\s:=])+")
_ASKED = lazy(r"(?:是|有|填的)?(?:多少|什么|啥|哪个|哪一个|几|多大)?[?吗呢\s。]*")
_END = lazy(r"[\s,;;、。.!]+$")
_FIND = lazy(
    r"(?:请|帮我|麻烦|查一?下?|查询|看看|看一?下|找一?下?|找出|列出|列一?下|筛选?|给我|有?哪些|所有|全部|我的|客户|中|里|的|[\s,;:。、])*"
)
_UNFILLED = lazy(r"(?:没有?填写?|未填写?|没写|缺少?)(?:了)?$")
_LISTED = r"(?:的?(?:列表|名单|清单|有哪些|有多少|都?有谁))?[?。\s]*$"
_TAIL = lazy(rf"(?P<of>的)?(?P<object>客户|公司|联系人){_LISTED}")
_VERB = r"新增|新建|登记|添加|录入|加一?[条个]|记一?[条个]"
_CALLED = lazy(r"(?:我的?|所有|全部|查一?下?|看看|看一?下|列出|查询)*")
_TRIED = 3  # labels that may turn out to be words of the head: 设备 E0001 保养周期 6
_LONGEST_GLUED = 20  # characters of a text that may follow its label without anything between


class _Spot:
    """A label in the text: text[start:end]."""

    __slots__ = ("end", "start", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end = match.span()
        self.word = match[0]


def read_custom(scene: Scene, names: CustomNames) -> Reading | None:
    """The message as one about own fields or records; None where it is not plainly so."""
    text = fold_name(scene.text)
    spots = [_Spot(match) for match in names.any_name.finditer(text)]
    if not spots:
        return None
    asked = _of_object(scene, names, text, spots) or _listing(scene, names, text, spots)
    for first in range(min(len(spots), _TRIED)):
        asked = asked or _setting(scene, names, text, spots[first:])
    if asked is None:
        return None
    ask, head_end = asked
    person = next((p for p in scene.people if p.end <= head_end), None)
    return Reading(
        Intent.CUSTOM_QUERY if ask.what in (CustomWhat.LIST, CustomWhat.RECORDS) else Intent.CUSTOM,
        customers=_until(scene.mentions.customers, head_end),
        candidates=_until(scene.mentions.candidates, head_end),
        contact=person.name if person is not None else None,
        contact_title=person.title if person is not None else None,
        custom=ask,
    )


def _until(named: tuple[NamedCustomer, ...], end: int) -> tuple[NamedCustomer, ...]:
    return tuple(one for one in named if one.end <= end)


def _without(scene: Scene, text: str, start: int, end: int) -> str:
    """A part of the text without the customers and people in it."""
    places = [*scene.mentions.places(), *((p.start, p.end) for p in scene.people)]
    for low, high in places:
        low, high = max(low, start), min(high, end)
        if low < high:
            text = text[:low] + " " * (high - low) + text[high:]
    return text[start:end]


def _setting(scene: Scene, names: CustomNames, text: str, spots: list[_Spot]) -> tuple[CustomAsk, int] | None:
    """[客户] 华星 [的] 设备型号偏好 [是] B[, 年采购额 120万]: nothing else may stand before the label."""
    head_end = spots[0].start
    head = _without(scene, text, 0, head_end)
    number = _NUMBER.search(head)
    word = _OBJECT_WORD.search(head)
    rest = _OBJECT_WORD.sub(" ", _NUMBERED.sub(" ", head))
    if not _CONNECTOR.fullmatch(rest):
        return None
    wanted = _wanted(scene, names, word[0] if word else "", head_end, number[0] if number else "")
    fields = _fields(names, spots, wanted)
    if not fields:
        return None
    asks = len(fields) == 1 and _ASKED.fullmatch(text[fields[0][1].end :])
    if asks:
        field = fields[0][0]
        what = CustomAsk(CustomWhat.ASK, field.object, (CustomSaid(field.key, field.label),))
        return _numbered(what, number), head_end
    said = _values(scene, text, fields)
    if said is None or (not head.strip() and not scene.mentions.places() and not _separated(text, fields[0])):
        return None
    return _numbered(CustomAsk(CustomWhat.SET, fields[0][0].object, said), number), head_end


def _separated(text: str, found: tuple[KnownField, _Spot]) -> bool:
    """Whether something stands between a label and its value: a blank, 是, a colon."""
    return _IS.match(text, found[1].end) is not None


def _numbered(ask: CustomAsk, number: re.Match[str] | None) -> CustomAsk:
    return ask.but(number=number[0].upper()) if number is not None else ask


def _wanted(scene: Scene, names: CustomNames, word: str, head_end: int, number: str) -> tuple[str, ...]:
    """The kinds of records that the head may mean, the likeliest first."""
    if number:
        return tuple(one.key for one in names.objects) if "-" in number else ("asset",)
    person = any(p.end <= head_end for p in scene.people)
    if word and not (word in ("客户", "公司") and person):
        return ("customer", "contact") if _OBJECTS[word] == "customer" else (_OBJECTS[word],)
    return ("contact", "customer") if person else ("customer", "contact", "activity")


def _fields(
    names: CustomNames, spots: list[_Spot], wanted: tuple[str, ...]
) -> list[tuple[KnownField, _Spot]]:
    """The labels of the kind that the first one belongs to."""
    first = names.labelled(spots[0].word, wanted) if spots else None
    if first is None:
        return []
    known = [(names.labelled(spot.word, (first.object,)), spot) for spot in spots]
    return [(field, spot) for field, spot in known if field is not None]


def _values(scene: Scene, text: str, fields: list[tuple[KnownField, _Spot]]) -> tuple[CustomSaid, ...] | None:
    """What is said of each field; None where that is no plain value."""
    found: list[CustomSaid] = []
    ends = [spot.start for _, spot in fields[1:]] + [len(text)]
    for (field, spot), end in zip(fields, ends, strict=True):
        lead = _IS.match(text, spot.end, end)
        start = lead.end() if lead else spot.end
        value = _END.sub("", scene.text[start:end])
        if not value.strip():
            return None
        read = plain(field, value, scene)
        if lead is None and read is None and (field.kind != "text" or len(value) > _LONGEST_GLUED):
            return None
        found.append(CustomSaid(field.key, field.label, value=read if read is not None else value.strip()))
    return tuple(found)


def _listing(scene: Scene, names: CustomNames, text: str, spots: list[_Spot]) -> tuple[CustomAsk, int] | None:
    """年采购额大于100万的客户: labels with conditions, and what is wanted behind."""
    tail = _tail(names, text)
    last = tail.start() if tail is not None else len(text)
    head = text[: spots[0].start]
    unfilled = _UNFILLED.search(head)
    if not _FIND.fullmatch(_UNFILLED.sub("", head)):
        return None
    if tail is None and not (head.strip() and _FIND.fullmatch(head)):
        return None
    object_ = _tail_object(names, tail)
    fields = _fields(names, [s for s in spots if s.end <= last], (object_,))
    if not fields:
        return None
    ends = [spot.start for _, spot in fields[1:]] + [last]
    said: list[CustomSaid] = []
    for (field, spot), end in zip(fields, ends, strict=True):
        words = "没填" if unfilled and not said else scene.text[spot.end : end]
        one = condition(field, words, scene)
        if one is None:
            return None
        said.append(one)
    return CustomAsk(CustomWhat.LIST, object_, tuple(said), mine="我的" in head), 0


def _tail(names: CustomNames, text: str) -> re.Match[str] | None:
    """的客户 at the end, or 的 and the name of a kind of the organisation's own."""
    found = _TAIL.search(text)
    if found is not None:
        return found if found["of"] or found.end() > found.end("object") else None
    for one in names.objects:
        own = re.search(rf"的?(?P<object>{re.escape(one.name.lower())}){_LISTED}", text)
        if own is not None and own.start() > 0:
            return own
    return None


def _tail_object(names: CustomNames, tail: re.Match[str] | None) -> str:
    word = tail["object"] if tail is not None else "客户"
    own = names.object_named(word)
    return own.key if own is not None else _OBJECTS[word]


def _of_object(
    scene: Scene, names: CustomNames, text: str, spots: list[_Spot]
) -> tuple[CustomAsk, int] | None:
    """样机借用 新增 华星 GA37 归还日期 12月1日; 样机借用 and 样机借用 华星 list."""
    own = names.object_named(spots[0].word)
    if own is None:
        return None
    before = _without(scene, text, 0, spots[0].start).strip(" 的")
    after = text[spots[0].end :]
    adds = re.match(rf"\s*(?:{_VERB})\s*", after)
    if adds is None and re.fullmatch(rf"(?:给|为)?\s*(?:{_VERB})", before):
        adds, before = re.match(r"\s*", after), ""
    if not _CALLED.fullmatch(before):
        return None
    if adds is None:
        left = _without(scene, text, spots[0].end, len(text))
        if not re.fullmatch(rf"[\s的]*{_LISTED}", left):
            return None
        return CustomAsk(CustomWhat.RECORDS, own.key, mine=before.startswith("我")), len(text)
    start = spots[0].end + adds.end()
    fields = [(f, s) for s in spots[1:] if (f := names.labelled(s.word, (own.key,))) is not None]
    free_end = fields[0][1].start if fields else len(text)
    said = _values(scene, text, fields) if fields else ()
    if said is None:
        return None
    free = " ".join(_without(scene, scene.text, start, free_end).split()).strip(" ,;:、。的")
    return CustomAsk(CustomWhat.ADD, own.key, said, free=free), free_end
