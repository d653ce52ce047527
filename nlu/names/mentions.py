"""Customers in a message: by dictionary, by a part of the name, by likeness, and companies not yet known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from msgspec import Struct

from nlu.names.company import Spot, plausible, several, spots, starts_with_legal
from nlu.names.forms import CITIES, strip_legal
from nlu.names.lexicon import Hit, Lexicon, Name
from nlu.names.people import is_person
from nlu.patterns import lazy
from nlu.reading import Found, NamedCustomer
from nlu.text import fold_name, listed

MAX_SPOTS = 25  # places tried in one message
_NUMERAL = frozenset("0123456789一二三四五六七八九十百千万亿两几多")
_BEFORE_NUMERAL = _NUMERAL | frozenset("周期拜第初月")
_CROSSING = frozenset(listed("完美 优美 精美 健美 甜美 唯美 审美 欧美 南美 北美 赞美 中美 很美 真美 最美"))
_USED_BEFORE = lazy(r"(?:用|寄|走|发)了?$")
_USED_AFTER = lazy(r"快递|快件|单号|到付|寄|发(?:过去|出|走|了)|物流单|卡|账户|账号|[地的]?系统")
_RIVAL_BEFORE = lazy(
    r"(?:竞品|对手|友商|同行|竞争者|在用|用的是?|用着|替换|对比|比|不如|被|输给|选)(?:是|有|的是|家|了)?$"
)
_LISTED_BEFORE = lazy(r"(?:^|[,。;:、\s])([一-鿿a-z0-9]{2,10})[、和跟与及]$")
_LISTED_BEHIND = lazy(r"[、和跟与及]([一-鿿a-z0-9]{2,10})")
_SAYS = lazy(r"说|要(?!素)|想|嫌|觉得|反馈|表示|同意|答应|回复|来电")
_MET = lazy(r"\s*(?:$|[,。;]|见|聊|谈|看|送|签|做|演示|开会|讲|交流|吃)")
_WENT = lazy(
    r"(?:^|[,。;])\s*(?:[今昨前明后]天|周[一二三四五六日]|早上|上午|中午|下午|晚上|傍晚|又|再|还|也|然后|接着)+"
    r"(?:去|到|跑|见|约|找)?了?$"
)
_MINISTRY = lazy(r"科技$")
_IDIOM = lazy(r"千方百计|一万科长")
_COMMON = frozenset(
    (
        *CITIES,
        "今天",
        "明天",
        "今日",
        "大家",
        "我们",
        "他们",
        "公司",
        "客户",
        "项目",
        "中国",
        "时代",
        "新能源",
    )
)


class Mentions(Struct, frozen=True):
    """What the text says about customers. `candidates` where it does not settle one."""

    customers: tuple[NamedCustomer, ...] = ()
    candidates: tuple[NamedCustomer, ...] = ()

    def places(self) -> tuple[tuple[int, int], ...]:
        """Where the names stand."""
        return tuple((c.start, c.end) for c in (*self.customers, *self.candidates))


def find_customers(text: str, lexicon: Lexicon, owner: str = "") -> Mentions:
    """Customers in a text; `owner` is the key of the sender, whose own customers come first."""
    low = fold_name(text)
    named: list[NamedCustomer] = []
    open_: list[NamedCustomer] = []
    for hit in _exact(low, lexicon) or _spaced(low, lexicon):
        _settle(text, hit, Found.EXACT, owner, (named, open_))
    if not named and not open_:
        _other(text, low, lexicon, owner, (named, open_))
    if named and not open_:
        named += _listed(text, low, lexicon, named)
        named += _heard(text, low, lexicon, named)
    return Mentions(tuple(_distinct(named)), tuple(open_))


def named(name: Name, found: Found, text: str, start: int, end: int) -> NamedCustomer:
    """A known customer as it stands in the text."""
    return NamedCustomer(name.name, name.key, found, text[start:end], start, end)


def _settle(
    text: str, hit: Hit, found: Found, owner: str, into: tuple[list[NamedCustomer], list[NamedCustomer]]
) -> None:
    """Put the hit with the settled customers, or with the open ones when it fits several."""
    own = [name for name in hit.names if owner and name.owner == owner]
    names = own if len(own) == 1 else (*own, *(n for n in hit.names if n not in own))
    target = into[0] if len(names) == 1 else into[1]
    target.extend(named(name, found, text, hit.start, hit.end) for name in names)


def _exact(low: str, lexicon: Lexicon) -> list[Hit]:
    hits: list[Hit] = []
    done = 0
    for at in lexicon.places(low):
        if at < done:
            continue
        hit = next((h for h in lexicon.at(low, at) if _stands_alone(low, h.start, h.end)), None)
        if hit:
            hits.append(hit)
            done = hit.end
    if len(hits) > 1:
        hits = [h for h in hits if not _RIVAL_BEFORE.search(low, 0, h.start)] or hits
    return [h for h in hits if not _goes_on(low, h)]


def _spaced(low: str, lexicon: Lexicon) -> list[Hit]:
    """Names with a blank inside, as dictation leaves them: 华 润置地."""
    places = [i for i, char in enumerate(low) if char != " "]
    if len(places) == len(low) or len(low) > 200:
        return []
    hits = _exact("".join(low[i] for i in places), lexicon)
    return [Hit(places[h.start], places[h.end - 1] + 1, h.names) for h in hits]


def _stands_alone(low: str, start: int, end: int) -> bool:
    before, after = low[start - 1 : start] if start else "", low[end : end + 1]
    if (_ascii(before) and _ascii(low[start])) or (_ascii(after) and _ascii(low[end - 1])):
        return False
    if before and (
        (before in _BEFORE_NUMERAL and low[start] in _NUMERAL) or before + low[start] in _CROSSING
    ):
        return False
    if low.startswith(("科技部", "科技园", "科技局", "科技馆"), end - 2) and low[start:end].endswith("科技"):
        return False
    if _USED_BEFORE.search(low, max(0, start - 3), start) and _USED_AFTER.match(low, end):
        return False
    return not _IDIOM.match(low, start) and not low.startswith(("账户", "账号", "卡号"), end)


def _ascii(char: str) -> bool:
    return bool(char) and char.isascii() and char.isalnum()


def _goes_on(low: str, hit: Hit) -> bool:
    """Whether a longer company name stands there, which is none of those the form may mean."""
    more = starts_with_legal(low, hit.end)
    if not more or re.search(r"[的了和跟与在是去]", more[0]):
        return False
    return len(strip_legal(low[hit.start : more.end()])) > hit.end - hit.start


def _listed(text: str, low: str, lexicon: Lexicon, known: list[NamedCustomer]) -> list[NamedCustomer]:
    """Those that stand in a list with one that is known, by a part of their names: 华润、美的、顺丰."""
    found: list[NamedCustomer] = []
    taken = {place for one in known for place in range(one.start, one.end)}
    waiting = [(one.start, one.end) for one in known]
    while waiting and len(found) < MAX_SPOTS:
        start, end = waiting.pop()
        for hit in (_ending(low, _before(low, start), lexicon), _beginning(low, _behind(low, end), lexicon)):
            if hit is None or len(hit.names) != 1 or not taken.isdisjoint(range(hit.start, hit.end)):
                continue
            taken.update(range(hit.start, hit.end))
            found.append(named(hit.names[0], Found.PART, text, hit.start, hit.end))
            waiting.append((hit.start, hit.end))
    return found


def _before(low: str, start: int) -> tuple[int, int] | None:
    match = _LISTED_BEFORE.search(low, max(0, start - 14), start)
    return (match.start(1), match.end(1)) if match else None


def _behind(low: str, end: int) -> tuple[int, int] | None:
    match = _LISTED_BEHIND.match(low, end)
    return (match.start(1), match.end(1)) if match else None


_Place = tuple[int, int] | None


def _ending(low: str, place: _Place, lexicon: Lexicon) -> Hit | None:
    """The longest part of a name with which the stretch ends: what is before it tells of something else."""
    start, end = place or (0, 0)
    return _first_part(low, ((begin, end) for begin in range(start, end - 1)), lexicon)


def _beginning(low: str, place: _Place, lexicon: Lexicon) -> Hit | None:
    """The longest part of a name with which the stretch begins: behind the list it may go on."""
    start, end = place or (0, 0)
    return _first_part(low, ((start, stop) for stop in range(end, start + 1, -1)), lexicon)


def _first_part(low: str, places: Iterable[tuple[int, int]], lexicon: Lexicon) -> Hit | None:
    for start, end in places:
        if low[start:end] not in _COMMON and (hit := lexicon.part_at(low, start, end)):
            return hit
    return None


def _heard(text: str, low: str, lexicon: Lexicon, known: list[NamedCustomer]) -> list[NamedCustomer]:
    """Those that are visited or speak beside one that is known, by their brand: 美的要样品，恒通说太贵."""
    found: list[NamedCustomer] = []
    taken = {place for one in known for place in range(one.start, one.end)}
    if taken.issuperset(lexicon.brand_places(low)):
        return found
    for spot in islice(spots(low), MAX_SPOTS):
        brand = low[spot.start : spot.end]
        names = lexicon.brand(brand)
        if len(names) != 1 or brand in _COMMON or not taken.isdisjoint(range(spot.start, spot.end)):
            continue
        if spot.strong or spot.owner or _SAYS.match(low, spot.end) or _is_clause(low, spot):
            found.append(named(names[0], Found.PART, text, spot.start, spot.end))
    return found


def _is_clause(low: str, spot: Spot) -> bool:
    """Whether a clause says when or how somebody went there, and no more: 上午去美的，下午恒通."""
    return _MET.match(low, spot.end) is not None and _WENT.search(low, 0, spot.start) is not None


_Into = tuple[list[NamedCustomer], list[NamedCustomer]]


def _other(text: str, low: str, lexicon: Lexicon, owner: str, into: _Into) -> None:
    """Names by a part, by likeness, or new; the first place that gives one counts."""
    found = list(islice(spots(low), MAX_SPOTS))
    tries: tuple[Callable[[Spot], Hit | None], ...] = (
        lambda spot: _part(low, spot, lexicon),
        lambda spot: _like(low, spot, lexicon),
    )
    for kind, attempt in zip((Found.PART, Found.FUZZY), tries, strict=True):
        for spot in found:
            hit = attempt(spot)
            if hit and kind is Found.FUZZY:
                into[1].extend(named(name, kind, text, hit.start, hit.end) for name in hit.names)
                return
            if hit:
                _settle(text, hit, kind, owner, into)
                return
    for spot in found:
        if plausible(low[spot.start : spot.end], spot) and not is_person(low, spot.start, spot.end):
            into[0].extend(_new(text, start, end) for start, end in several(low, spot))
            return


def _new(text: str, start: int, end: int) -> NamedCustomer:
    return NamedCustomer(text[start:end], "", Found.NEW, text[start:end], start, end)


def _part(low: str, spot: Spot, lexicon: Lexicon) -> Hit | None:
    name = low[spot.start : spot.end]
    return None if name in _COMMON else lexicon.part_at(low, spot.start, spot.end)


def _like(low: str, spot: Spot, lexicon: Lexicon) -> Hit | None:
    name = strip_legal(low[spot.start : spot.end])
    if name in _COMMON or not (spot.strong or spot.owner or spot.formal or len(name) == len(low)):
        return None
    names = lexicon.like(name)
    return Hit(spot.start, spot.end, names) if names else None


def _distinct(named_: list[NamedCustomer]) -> list[NamedCustomer]:
    first: dict[str, NamedCustomer] = {}
    for customer in named_:
        first.setdefault(customer.key or customer.name, customer)
    return list(first.values())
