"""Values of own fields in plain form, and the conditions of a list: 120万 is 1200000, 没填 is empty."""

from __future__ import annotations

from datetime import timedelta

from nlu.entities import Money, Number, Time
from nlu.extract import extract
from nlu.names.custom import KnownField
from nlu.patterns import lazy
from nlu.reading import CustomSaid
from nlu.scene import Scene
from nlu.text import fold_name

_FIGURES = lazy(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?")
_ISO = lazy(r"\d{4}-\d{1,2}-\d{1,2}")
_ROUND = lazy(r"[约大概左右差不多元块钱整台个套件人天间辆张家\s,;。]*")
_LONG = frozenset({"month", "week", "weekend", "quarter", "half", "year", "days", "part_of_month"})
_DAYS = frozenset({"day", "minute", "part_of_day"})
_BETWEEN = lazy(
    r"(?:在|是|为|介于)?\s*(?P<low>.+?)\s*(?:到|至|~|和|-(?!\d{1,2}-))\s*(?P<high>.+?)\s*(?:之间|之内|内)?"
)
_BEFORE = (
    ("from", lazy(r"(?:大于等于|不少于|不低于|不小于|不早于|至少|起码|>=|≥)")),
    ("up_to", lazy(r"(?:小于等于|不超过|不大于|不高于|不多于|不晚于|至多|最多|<=|≤)")),
    ("over", lazy(r"(?:大于|超过|高于|多于|晚于|超|>)")),
    ("under", lazy(r"(?:小于|少于|低于|早于|不到|不足|不满|<)")),
    ("not", lazy(r"(?:不是|不为|不等于|不选|!=|≠|非)")),
    ("is", lazy(r"(?:是|为|等于|选了?|填了?|叫|在|=|:)+")),
)
_BEHIND = (
    ("from", lazy(r"(?:及|或)?以上$|往上$")),
    ("up_to", lazy(r"(?:及|或)?以下$|以内$|之内$")),
    ("under", lazy(r"之前$|以前$|前$")),
    ("over", lazy(r"之后$|以后$|后$")),
)
_EMPTY = lazy(r"(?:还|都)?(?:没有?填写?|未填写?|没写|为空|是?空的?|空着|空白|没有?值?)(?:了|过)?")
_FILLED = lazy(r"(?:已经?)?(?:填写?了?|填过|有值|不为空|有)(?:的)?")
_JOINT = lazy(r"^[\s,;、]+|(?:并且|而且|同时|以及|且|并|和|[\s,;、。])+$")
_LISTED = lazy(r"[、,，;；/和及]")
_ORDERED = frozenset({"number", "money", "date"})


def plain(field: KnownField, said: str, scene: Scene) -> str | None:
    """A value in the form that a field of its kind is kept by; None where it is none."""
    said = said.strip()
    if field.kind in ("choice", "choices"):
        return _chosen(field, said)
    if field.kind in ("number", "money"):
        return _figure(field, said, scene)
    if field.kind == "date":
        stretch = _stretch(said, scene)
        return stretch[0] if stretch is not None and stretch[0] == stretch[1] else None
    return said if field.kind != "text" else None


def condition(field: KnownField, words: str, scene: Scene) -> CustomSaid | None:
    """大于100万, B, 12月1日之前, 没填: how a field is asked for; None where that cannot be told."""
    said = _JOINT.sub("", _JOINT.sub("", words)).removesuffix("的").strip()
    if not said or len(said) > 60:
        return None
    if _EMPTY.fullmatch(said) and fold_name(said) not in {fold_name(o) for o in field.options}:
        return CustomSaid(field.key, field.label, op="empty")
    if _FILLED.fullmatch(said):
        return CustomSaid(field.key, field.label, op="filled")
    if field.kind in _ORDERED:
        return _ordered(field, said, scene)
    op, value = _operator(said)
    if op not in ("is", "not"):
        op, value = "is", said
    return CustomSaid(field.key, field.label, op=op, value=value.replace("或者", "、").replace("或", "、"))


def _operator(said: str) -> tuple[str, str]:
    """The comparison in words and what stands beside it."""
    for op, pattern in _BEFORE:
        found = pattern.match(said)
        if found is not None:
            return op, said[found.end() :].strip()
    for op, pattern in _BEHIND:
        found = pattern.search(said)
        if found is not None:
            return op, said[: found.start()].strip()
    return "is", said


def _ordered(field: KnownField, said: str, scene: Scene) -> CustomSaid | None:
    for part in (said, said.removeprefix("在")):
        both = _BETWEEN.fullmatch(part)
        if both is not None:
            first, last = _bounds(field, both["low"], scene), _bounds(field, both["high"], scene)
            if first is not None and last is not None:
                return CustomSaid(field.key, field.label, op="between", value=first[0], high=last[1])
    op, words = _operator(said)
    if op == "is" and field.kind == "date":
        op, words = _operator(words) if words != said else (op, words)
    bounds = _bounds(field, words, scene)
    if bounds is None:
        return CustomSaid(field.key, field.label, op=op, value=words) if words != said else None
    low, high = bounds
    if low != high and op == "is":
        return CustomSaid(field.key, field.label, op="between", value=low, high=high)
    value = high if op in ("over", "up_to") else low
    return CustomSaid(field.key, field.label, op=op, value=value)


def _bounds(field: KnownField, said: str, scene: Scene) -> tuple[str, str] | None:
    """The first and the last value that words may mean: 12月 is a month, 100万 itself twice."""
    said = said.strip()
    if field.kind == "date":
        return _stretch(said, scene)
    value = _figure(field, said, scene)
    return None if value is None else (value, value)


def _figure(field: KnownField, said: str, scene: Scene) -> str | None:
    """A number, or an amount in yuan."""
    if _FIGURES.fullmatch(said):
        return said.replace(",", "")
    for entity in extract(said, scene.now, scene.calendar):
        if isinstance(entity, Money) and entity.low == entity.high and entity.currency == "CNY":
            value = f"{entity.low // 100}.{entity.low % 100:02d}".removesuffix(".00")
        elif isinstance(entity, Number):
            value = f"{entity.value:.4f}".rstrip("0").rstrip(".")
        else:
            continue
        if _ROUND.fullmatch(said[: entity.span.start] + said[entity.span.end :]):
            return value
    return None


def _stretch(said: str, scene: Scene) -> tuple[str, str] | None:
    """The first and the last day that words mean."""
    if _ISO.fullmatch(said):
        return said, said
    for entity in extract(said, scene.now, scene.calendar):
        if not isinstance(entity, Time) or entity.guessed & {"vague"}:
            continue
        if not _ROUND.fullmatch(said[: entity.span.start] + said[entity.span.end :]):
            continue
        first = entity.value.date()
        if entity.grain in _DAYS:
            return first.isoformat(), first.isoformat()
        if entity.grain in _LONG:
            return first.isoformat(), (entity.until - timedelta(days=1)).date().isoformat()
    return None


def _chosen(field: KnownField, said: str) -> str | None:
    """An option as it is kept, or several in a list."""
    known = {fold_name(option): option for option in field.options}
    found = known.get(fold_name(said))
    if found is not None:
        return found
    if field.kind == "choice":
        return None
    parts = [part.strip() for part in _LISTED.split(said)]
    chosen = [known.get(fold_name(part)) for part in parts if part]
    return "、".join(one for one in chosen if one) if chosen and all(chosen) else None
