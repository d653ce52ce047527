"""Which of the sums in a message matters: never a rival's price, a unit price or what was corrected."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct, field

from nlu.entities import Money, Number, Percent
from nlu.patterns import lazy
from nlu.reading import Intent
from nlu.scene import Scene


class Role(IntEnum):
    """What a sum is, the weightier the higher."""

    RIVAL = 0
    UNIT = 1
    OLD = 2
    REST = 3
    PARTIAL = 4
    PLAIN = 5
    BUDGET = 6
    QUOTE = 7
    DEAL = 8
    RESULT = 9


class Amount(Struct):
    """The amount taken, in fen, and why it is open."""

    value: tuple[int, int] | None = None
    reason: str = ""
    taken: list[Money | Number] = field(default_factory=list)


_RIVAL = lazy(
    r"竞品|竞对|对手|友商|别家|别人家?|同行|另一家|另外一家|其他家|其它家|他家|别的(?:供应商|厂家|公司)|"
    r"竞争(?:者|公司)|市面上|市场价"
)
_OURS = lazy(r"我们|咱们?|我方|我司|我报|预算|成交|客户|对方|他们")
_UNIT_LEFT = lazy(
    r"单价(?:是|为|报|降到|[:：])?\s*$|(?:每|一|1)(?:台|套|个|件|吨|米|人|年|月|平米?|公斤|箱|瓶|单|点|"
    r"席|份|次|只|块|斤|盒|辆|张)(?:报|是|要|卖|给|才|只要)?\s*$|均价(?:是)?\s*$"
)
_UNIT_RIGHT = lazy(
    r"\s*(?:/|每|一(?!共|起|下))\s*(?:台|套|个(?!月)|件|吨|米|人|平|公斤|箱|瓶|单|点|席|份|次|只|块|斤|"
    r"盒|辆|张)|的?单价"
)
_OLD_LEFT = lazy(
    r"(?:不是|并非|而非|不再是|不到|没到|从|由|原来|原价|原先|之前|上次|去年|本来|底价不能低于)(?:的|是|"
    r"报价?|报的是?|要|说)*\s*$"
)
_OLD_RIGHT = lazy(
    r"\s*(?:改成|改为|改到|降到|降为|降成|变成|调到|调成|涨到|谈到|砍到|压到|→|->|写错了?|错了|不对)"
)
_REST_LEFT = lazy(
    r"(?:还剩|剩下?|还欠|还差|欠|差|未付|未回|返点|佣金|提成|运费|(?<!含)税费?|押金|便宜了?|贵了?|高出?了?|"
    r"低了?|少了?|多了?|优惠了?|减了?|降了?|省了?|让利)(?:我们|的|是)*\s*$"
)
_PARTIAL_LEFT = lazy(
    r"(?:首付款?|首款|定金|订金|预付款?|首笔|尾款|余款|进度款|质保金|[一二三]期款|保证金|到货款|验收款|"
    r"第[一二三]笔款?)[^,。;]{0,7}$"
)
_PARTIAL_RIGHT = lazy(r"\s*的?(?:首付|首款|定金|订金|预付|尾款|余款|进度款|保证金|质保金)")
_RESULT_LEFT = lazy(
    r"(?:折后价?|打完折|打折后|优惠后|折完|折下来|最终价?|最后价格?|实付|净价|折)(?:是|为|就是|等于|给到|"
    r"[:：])?\s*$"
)
_DEAL_LEFT = lazy(
    r"(?:总价|总额|总金额|合计|总计|一共|总共|共计|成交价?|合同额|合同金额|合同价|签了|签下|谈下来|拿下|"
    r"中标价?|金额|货款)[^,。;\d]{0,5}$"
)
_DEAL_RIGHT = lazy(r"\s*(?:的价格)?(?:成交|拿下|签了|签下|签的|中标|谈妥|敲定|定了|搞定)")
_QUOTE_LEFT = lazy(r"(?:报价单?|报了|报的|报给|报|方案价|开价)[^,。;]{0,6}$")
_BUDGET_LEFT = lazy(r"(?:预算|盘子|体量|规模|额度)[^,。;]{0,6}$")
_BUDGET_RIGHT = lazy(r"\s*(?:左右|上下|多)?的?(?:预算|盘子|体量|规模)")
_RECEIVED = lazy(
    r"到账了?|收到了?|回款了?|打了|付了|付款了?|打款了?|转了|汇了|打来|打过来|转来|入账|到了|交了|缴了|"
    r"结了|结清|收款|收了|回了"
)
_MONEY_INTENTS = frozenset({Intent.QUOTE, Intent.PAYMENT, Intent.ORDER, Intent.CONTRACT})
_PART_TALK = lazy(r"首付|首款|定金|预付|尾款|余款|分[两二三四]期|[一二三]期款")
_COUNTED = lazy(
    r"\s*(?:台|套|个(?!亿)|件|吨|人|次|天|年|月|号|日|点|折|%|％|期|箱|只|层|米|平|家|位|楼|分|公里|积分|"
    r"辆|张|份|块板)"
)


def choose_amount(scene: Scene, intent: Intent) -> Amount:
    """The amount of the record; open where several partial sums or a price and a quantity leave it so."""
    sums = _sums(scene)
    if not sums:
        return _foreign(scene) or _plain_number(scene, intent)
    roles = [(role_of(scene, at, sums), m) for at, m in enumerate(sums)]
    amount = _chosen(scene, intent, roles)
    amount.taken.extend(m for role, m in roles if role is Role.OLD)
    return amount


def _sums(scene: Scene) -> list[Money]:
    """The sums in yuan, with figures that only the words beside them make a sum: 38万成交."""
    sums = [
        m for m in scene.of(Money) if m.currency == "CNY" and (len(m.span.text) > 1 or m.span.text.isdigit())
    ]
    for number in scene.of(Number):
        span = number.span
        said = span.text[-1] in "万亿wWkK" and _DEAL_RIGHT.match(scene.bare, span.end)
        if said and not any(m.span.start < span.end and span.start < m.span.end for m in scene.of(Money)):
            fen = round(number.value * 100)
            sums.append(Money(span, fen, fen))
    return sorted(sums, key=lambda m: m.span.start)


def _chosen(scene: Scene, intent: Intent, roles: list[tuple[Role, Money]]) -> Amount:
    if intent is Intent.PAYMENT:
        return _received(scene, roles)
    top = max(role for role, _ in roles)
    best = [m for role, m in roles if role is top]
    if top is Role.UNIT:
        return Amount(reason="只说了单价，总价是多少")
    if top is Role.PARTIAL and len(best) > 1:
        return _taken(best[0], "有几笔分开的金额，总额是多少")
    if top in (Role.RIVAL, Role.OLD, Role.REST):
        return Amount()
    return _taken(best[-1] if top >= Role.QUOTE else best[0])


def role_of(scene: Scene, at: int, sums: list[Money]) -> Role:
    """What the sum is, by the words before and after it."""
    span = sums[at].span
    start = max(sums[at - 1].span.end if at else 0, span.start - 20)
    left, right = _sentence(scene.bare[start : span.start]), scene.bare[span.end : span.end + 8]
    for role, pattern, words in (
        (Role.UNIT, _UNIT_LEFT, left),
        (Role.OLD, _OLD_LEFT, left),
        (Role.REST, _REST_LEFT, left),
        (Role.RESULT, _RESULT_LEFT, left),
    ):
        if pattern.search(words):
            return role
    if _is_rival(left):
        return Role.RIVAL
    return _own_role(left, right, last=at + 1 == len(sums))


def _own_role(left: str, right: str, *, last: bool) -> Role:
    if _UNIT_RIGHT.match(right):
        return Role.UNIT
    if _OLD_RIGHT.match(right) and not last:
        return Role.OLD
    for role, before, after in (
        (Role.PARTIAL, _PARTIAL_LEFT, _PARTIAL_RIGHT),
        (Role.DEAL, _DEAL_LEFT, _DEAL_RIGHT),
        (Role.QUOTE, _QUOTE_LEFT, None),
        (Role.BUDGET, _BUDGET_LEFT, _BUDGET_RIGHT),
    ):
        if before.search(left) or (after is not None and after.match(right)):
            return role
    return Role.PLAIN


def _is_rival(left: str) -> bool:
    rival = ours = -1
    for match in _RIVAL.finditer(left):
        rival = match.end()
    for match in _OURS.finditer(left):
        ours = match.end()
    return rival > ours


def _sentence(words: str) -> str:
    for stop in "。;\n":
        words = words.rpartition(stop)[2]
    return words


def _received(scene: Scene, roles: list[tuple[Role, Money]]) -> Amount:
    """For a receipt: the sum beside the words that say that money came."""
    live = [(role, m) for role, m in roles if role not in (Role.RIVAL, Role.UNIT, Role.OLD, Role.REST)]
    if not live:
        return Amount()
    beside = [m for _, m in live if _near(scene, m)]
    if len(beside) == 1 or (beside and len(live) > 1):
        return _taken(beside[0])
    if len(live) > 1:
        return _taken(live[0][1], "有几笔金额，这次到账的是哪一笔")
    return _taken(live[0][1])


def _near(scene: Scene, money: Money) -> bool:
    clause = scene.clause_at(money.span.start)
    left = scene.bare[max(clause.start, money.span.start - 10) : money.span.start]
    right = scene.bare[money.span.end : min(clause.end, money.span.end + 6)]
    return bool(_RECEIVED.search(left) or _RECEIVED.search(right))


def _taken(money: Money, reason: str = "") -> Amount:
    if money.vague and not reason:
        reason = f"“{money.span.text}”具体是多少"
    return Amount((money.low, money.high), reason, [money])


def _foreign(scene: Scene) -> Amount | None:
    others = scene.of(Money)
    return Amount(reason=f"“{others[0].span.text}”折合人民币是多少") if others else None


def _plain_number(scene: Scene, intent: Intent) -> Amount:
    """A bare figure in a command about money: 回款 万科 200000."""
    if intent not in _MONEY_INTENTS or scene.command is None:
        return Amount()
    for number in scene.of(Number):
        counted = _COUNTED.match(scene.text, number.span.end)
        if number.value >= 100 and not counted and number.span.start >= scene.command.rest:
            fen = round(number.value * 100)
            return Amount((fen, fen), taken=[number])
    return Amount()


def choose_discount(scene: Scene) -> Percent | None:
    """The discount that stands at the end: 九折不行，要八五折 is 0.85."""
    found: Percent | None = None
    for percent in scene.of(Percent):
        left = scene.bare[max(0, percent.span.start - 12) : percent.span.start]
        if percent.discount and not (_OLD_LEFT.search(left) or _is_rival(_sentence(left))):
            found = percent
    return found
