"""People in a message: by surname and title (王总), by full name where words introduce one, 小李, 老王."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from nlu.names.words import (
    COMMON_SURNAMES,
    COMPOUND,
    NOT_GIVEN,
    NOT_NAMES,
    SHORT_TITLE_GUARD,
    SURNAMES,
    TITLES,
)
from nlu.patterns import lazy

_TOP = "王李张刘陈杨赵吴周徐孙朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭"
_SURNAME = rf"(?:{'|'.join(COMPOUND)}|[{''.join(sorted(SURNAMES))}])"
_GIVEN = rf"(?![{re.escape(''.join(sorted(NOT_GIVEN)))}])[\u4e00-\u9fff]"
_TITLE = "|".join(sorted(TITLES, key=len, reverse=True))
TITLED = lazy(rf"(?P<who>{_SURNAME}(?P<given>(?:{_GIVEN}){{0,2}}?))(?P<gap> ?)(?P<title>{_TITLE})")
_FULL = lazy(
    rf"(?:张三|李四|王五|赵六|(?P<two>{'|'.join(COMPOUND)})(?:{_GIVEN}){{1,2}}|"
    rf"[{''.join(sorted(SURNAMES))}](?:{_GIVEN}){{1,2}})"
)
_NICK = lazy(rf"[小老阿](?P<s>[{''.join(sorted(COMMON_SURNAMES))}])(?![一-鿿]?[总姐哥董])")
_AFTER_NAME = lazy(r" {0,2}(?P<title>" + _TITLE + r")(?![一-鿿]*(?:电话|的))?")
_INTRODUCED = lazy(
    r"(?:联系人|对接人|负责人|接口人|经办人|收件人|新任|采购|老板|财务|法人|前台|店长|会员|客户叫|"
    r"联系的是|换成了?|改成了?|改为|换了|叫做?)"
    r"[是为叫:, ]{0,2}"
)
_NOTED = lazy(r"(?<=\s)(?:电话|微信|拜访|见面|面谈)\s+")
_BESIDE = lazy(
    r"(?:拜访了?|联系了?|约了?|见[了着到]?|找了?|陪了?|请了?|跟|和|与|给|让|问了?|向|对|帮|陪着|转给|"
    r"交给|把|催|叫|提醒|扣除|会员|[扣送]|安排|通知|派|请)"
)
_OWNED = lazy(r"(?:的|那边的?|这边的?|公司的?|[一-鿿]{1,4}(?:部|处|科|室|中心)的?)?")
_ABOUT = lazy(
    r"(?:的?(?:生日|电话|手机|微信|号码|邮箱|爱好|职务)|喜欢|爱喝|爱吃|换工作|离职|升|调到|调去|"
    r"的?(?:会员|积分)|还有|有多少|(?=,(?:\d{4}年|\d{1,2}月|农历|阴历))|(?=今天|昨天|刚|\d{1,2}月|"
    r"\d{4}年|农历|阴历|正月|腊月)|"
    r"(?=(?:[明后]天|大后天|[上下这本]{1,2}个?[周月星礼]|[周星礼]|过)[^,。;]{0,6}生日)|兑换|消费|使用|"
    r"用(?=\d)|"
    r"是[^,。;]{1,6}(?:的|总|经理|老板))"
)
_SPLIT_AFTER = lazy(
    r"明天|明早|明晚|明年|明后|现在|马上|那|都|今|早上|中午|晚上|年前|年后|安排|预算|同意|确认|满意|觉得|"
    r"认为|表示|答复|负责|跟进|对接|维护|周[一二三四五六日天末]|下周|本周|星期|礼拜|月底|处理|"
    r"[补加扣减送充](?=\d)|消费|兑换|"
    r"使用|积分"
)
_SIDES = "对甲乙双多各我他官"
_SIDE = frozenset(side + "方" for side in _SIDES)
_NOT_NICKS = frozenset({"小单", "小车", "小米", "小康", "小金", "老方"})
_DIGIT = frozenset("0123456789一二两三四五六七八九十百千万几")


class Person(Struct, frozen=True):
    """A person at text[start:end]: as addressed, and the title alone (empty for 小李 and full names)."""

    name: str
    title: str
    start: int
    end: int


def find_people(
    text: str, taken: Iterable[tuple[int, int]] = (), known: Iterable[str] = (), after: Iterable[int] = ()
) -> tuple[Person, ...]:
    """People in a folded text outside the places `taken`, in their order.

    `known` are full names that are believed anywhere; `after` are the ends of customers' names, behind which
    a full name is believed.
    """
    used = list(taken)
    for start, end in used:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    found: list[Person] = []
    for person in (*_titled(text), *_known(text, known), *_full(text, after), *_nicks(text)):
        if not any(person.start < end and start < person.end for start, end in used):
            used.append((person.start, person.end))
            found.append(person)
    return tuple(sorted(found, key=lambda person: person.start))


def _titled(text: str) -> Iterator[Person]:
    at = 0
    while match := TITLED.search(text, at):
        at = match.start() + 1
        if _titled_ok(text, match):
            at = match.end()
            given, title = match["given"], match["title"]
            if given:
                yield Person(match["who"], title, match.start(), match.end())
            elif not match["gap"]:
                yield Person(match["who"] + title, title, match.start(), match.end())


def _titled_ok(text: str, match: re.Match[str]) -> bool:
    who, title, start, end = match["who"], match["title"], match.start(), match.end()
    if who + title in NOT_NAMES or who[:2] in NOT_NAMES:
        return False
    if text[end : end + 1] and text[end] in SHORT_TITLE_GUARD.get(title, ""):
        return False
    if title in ("导", "局", "处", "科", "院", "行", "所", "叔", "姨", "婶") and who not in _TOP:
        return False
    before = text[start - 1 : start]
    if before and before in "本上下每这那" and who == "周":
        return False
    if who == "区" and before and before in "地片大小园社":
        return False
    if who == "方" and before and before in _SIDES:
        return False
    return not (before in _DIGIT and who in "万时单元季")


def _known(text: str, known: Iterable[str]) -> Iterator[Person]:
    for name in known:
        if len(name) >= 2 and (place := text.find(name)) >= 0:
            yield Person(name, "", place, place + len(name))


def _full(text: str, after: Iterable[int]) -> Iterator[Person]:
    for match in _INTRODUCED.finditer(text):
        yield from _full_at(text, match.end(), SURNAMES)
    for end in after:
        owned = _OWNED.match(text, end)
        places = [owned.end()] if owned and owned.end() > end else []
        for place in (*places, end + (text[end : end + 1] == " "), end):
            yield from _full_at(text, place, COMMON_SURNAMES)
    for match in (*_BESIDE.finditer(text), *_NOTED.finditer(text)):
        yield from _full_at(text, match.end(), COMMON_SURNAMES)
    for match in _ABOUT.finditer(text):
        for start in range(max(0, match.start() - 3), match.start() - 1):
            name = text[start : match.start()]
            alone = start == 0 or not "一" <= text[start - 1] <= "鿿"
            if alone and name[0] in COMMON_SURNAMES and name[:2] not in NOT_NAMES and _FULL.fullmatch(name):
                yield Person(name, "", start, match.start())


def _full_at(text: str, place: int, surnames: frozenset[str]) -> Iterator[Person]:
    match = _FULL.match(text, place)
    if (
        not match
        or match[0][:2] in NOT_NAMES
        or text[max(0, place - 1) : place + 1] in _SIDE
        or (not match["two"] and text[place] not in surnames)
    ):
        return
    end = match.end()
    least = place + (3 if match["two"] else 2)
    if end > least and (_SPLIT_AFTER.match(text, end - 1) or text[end - 1 : end + 1] in NOT_NAMES):
        end -= 1
    title = _AFTER_NAME.match(text, end)
    name = text[place:end]
    if title and title["title"] not in SHORT_TITLE_GUARD:
        yield Person(name, title["title"], place, title.end())
    else:
        yield Person(name, "", place, end)


def _nicks(text: str) -> Iterator[Person]:
    for match in _NICK.finditer(text):
        word = text[match.start("s") : match.start("s") + 2]
        if not {match[0], word} & NOT_NAMES and match[0] not in _NOT_NICKS:
            yield Person(match[0], "", match.start(), match.end())


def starts_person(text: str, place: int) -> bool:
    """Whether a person, by surname and title, stands right at the place."""
    match = TITLED.match(text, place)
    return match is not None and _titled_ok(text, match)


def is_person(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is a person by surname and title and nothing else."""
    match = TITLED.match(text, start)
    return match is not None and match.end() == end and _titled_ok(text, match)
