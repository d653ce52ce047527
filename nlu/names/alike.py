"""Whether two company names may well be the same company, and what makes one think so."""

from __future__ import annotations

from nlu.names.forms import CITIES, brand_of, core_of, weak_forms, without_place
from nlu.names.fuzzy import likeness, sounds

LIKELY = 80.0  # ratio of 0..100 from which names that differ in several places are alike
ONE_OFF = 0.7


def alike(one: str, other: str) -> str:
    """What makes the two alike, in a few Chinese words; empty where nothing does."""
    a, b = core_of(one), core_of(other)
    if len(a) < 2 or len(b) < 2:
        return ""
    if a == b:
        return "只差后缀或括号"
    bare_a, bare_b = without_place(a), without_place(b)
    if bare_a == bare_b:
        return "只差地名"
    if _abbreviates(a, b) or _abbreviates(b, a):
        return "像是简称"
    if sounds(bare_a) == sounds(bare_b):
        return "读音相同"
    return "名称相近" if _close(bare_a, bare_b) else ""


def forms_to_try(name: str) -> tuple[str, ...]:
    """Shorter forms under which the same company may be known already, the longest first."""
    core = core_of(name)
    forms = {core, *weak_forms(core)} - {name}
    return tuple(sorted((f for f in forms if len(f) >= 2 and f not in CITIES), key=lambda f: (-len(f), f)))


def _abbreviates(short: str, long: str) -> bool:
    """华星 for 华星科技 and for 苏州华星科技, 苏州华星 for both, but 苏州华星 not for 上海华星科技."""
    bare, rest, brand = without_place(long), without_place(short), brand_of(long)
    same_place = long.startswith(short) or bare == long or rest == short
    return same_place and rest == brand != bare


def _close(a: str, b: str) -> bool:
    """One character off, or most of it the same; the same line of business alone says nothing."""
    from rapidfuzz import fuzz

    brand_a, brand_b = brand_of(a), brand_of(b)
    if len(brand_a) <= 2 and len(brand_b) <= 2 and brand_a != brand_b:
        return likeness(a, b) >= ONE_OFF and len(set(brand_a) & set(brand_b)) > 0
    return likeness(a, b) >= ONE_OFF or fuzz.ratio(a, b) >= LIKELY
