"""The customers of the record, the ones to choose from, and the question to ask where it is open."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from nlu.intents import cues
from nlu.names.forms import strip_legal
from nlu.names.lexicon import Lexicon
from nlu.names.mentions import named
from nlu.patterns import lazy
from nlu.reading import Found, Intent, NamedCustomer
from nlu.scene import Scene

_I = Intent
_NEEDED = frozenset(
    {
        _I.LOG_ACTIVITY,
        _I.UPDATE_STAGE,
        _I.QUOTE,
        _I.PAYMENT,
        _I.ORDER,
        _I.CONTRACT,
        _I.CLAIM,
        _I.RELEASE,
        _I.TRANSFER,
        _I.UPDATE_CUSTOMER,
        _I.ADD_CUSTOMER,
    }
)
_FOLLOWS = frozenset(
    {
        _I.QUERY,
        _I.CORRECT,
        _I.RESCHEDULE,
        _I.UPDATE_STAGE,
        _I.TAG,
        _I.CLAIM,
        _I.RELEASE,
        _I.TRANSFER,
        _I.QUOTE,
    }
)
_KNOWN_ONLY = frozenset(
    {_I.CANCEL, _I.CORRECT, _I.POINTS, _I.HELP, _I.APPROVE, _I.UPDATE_CONTACT, _I.RESCHEDULE, _I.REMIND}
)
_NEW_NAME = lazy(
    r"[\s:,]*(?:叫做?|是|名称?)?[\s:,]*(?P<name>[^\s,。;:、!?]{2,40}?)(?=[\s,。;:、!?]|联系人|对接人|"
    r"负责人|联系方式|电话|手机|地址|行业|来源|预算|的?(?:老板|采购|[王李张刘陈]总)|$)"
)
_LATIN_NAME = lazy(
    r"[\s:,]*(?P<name>[A-Za-z][A-Za-z0-9&.' \-]{1,40}?)(?=\s*(?:[,。;:、!?]|联系人|电话|[一-鿿]|$))"
)
_NEGATED = lazy("不是$")
_SHOWN = 5


class Chosen(Struct, frozen=True):
    """The customers; where it is open, the candidates and the question."""

    customers: tuple[NamedCustomer, ...] = ()
    candidates: tuple[NamedCustomer, ...] = ()
    reason: str = ""
    is_new: bool = False


def choose_customers(scene: Scene, intent: Intent, lexicon: Lexicon) -> Chosen:
    """The customers that the record is about."""
    if intent is _I.ADD_CUSTOMER:
        return _added(scene, lexicon)
    customers, candidates = scene.mentions.customers, scene.mentions.candidates
    if intent in _KNOWN_ONLY or (intent is _I.QUERY and len(scene.text) > 20):
        customers = tuple(c for c in customers if c.found is not Found.NEW)
    if intent is _I.CORRECT and len(customers) > 1:
        customers = tuple(c for c in customers if not _NEGATED.search(scene.text, 0, c.start)) or customers
    last = scene.context.last_customer
    if not customers and not candidates and last:
        here = replace(last, text="", start=0, end=0)
        if intent in _FOLLOWS:
            return Chosen((here,))
        if intent in _NEEDED:
            return Chosen(candidates=(here,), reason=f"说的是{last.name}吗")
    reason = ""
    if candidates and not customers:
        reason = _which(candidates)
    elif not customers and intent in _NEEDED:
        reason = "说的是哪一家客户"
    new = any(c.found is Found.NEW for c in customers)
    return Chosen(customers, candidates, reason, new)


def _which(candidates: tuple[NamedCustomer, ...]) -> str:
    said, names = candidates[0].text, [_short(c.name) for c in candidates[:_SHOWN]]
    if candidates[0].found is Found.FUZZY:
        return (
            f"没有找到“{said}”，是{'、'.join(names)}吗"
            if len(names) == 1
            else f"没有找到“{said}”，是{'、'.join(names)}中的哪一家"
        )
    return f"“{said}”对应{'、'.join(names)}，是哪一家"


def _short(name: str) -> str:
    return strip_legal(re.sub(r"[(（][^()（）]*[)）]", "", name))


def _added(scene: Scene, lexicon: Lexicon) -> Chosen:
    """The name typed behind 新增客户, whether or not a part of it is known already."""
    start = scene.command.rest if scene.command else 0
    if scene.command is None:
        cue = cues.ADD.search(scene.text)
        start = cue.end() if cue else 0
    match = _LATIN_NAME.match(scene.text, start) or _NEW_NAME.match(scene.text, start)
    if not match or re.match(r"吗|怎么|如何", match["name"]):
        new = tuple(c for c in scene.mentions.customers)
        return Chosen(new, (), "" if new else "新客户叫什么名字", any(c.found is Found.NEW for c in new))
    name, place = match["name"], (match.start("name"), match.end("name"))
    known = lexicon.exactly(name)
    if known:
        return Chosen((named(known[0], Found.EXACT, scene.text, *place),))
    return Chosen((NamedCustomer(name, "", Found.NEW, name, *place),), is_new=True)
