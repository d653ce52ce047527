"""Amounts of money, in fen: 58万, ¥36,000, 八十到一百万, 三百多万, 五元三毛, 盘子五百个."""

from __future__ import annotations

from decimal import Decimal

from nlu.entities import Money, Span
from nlu.figures import Figure
from nlu.numerals import BIG_UNITS, CHARS, DIGITS, SMALL_UNITS
from nlu.patterns import lazy

_CODES = {
    "CNY": "人民币|元|块钱|块|rmb|cny|¥",
    "USD": r"美元|美金|美刀|usd|us\$|\$|刀",
    "EUR": "欧元|eur|€",
    "GBP": "英镑|gbp|£",
    "JPY": "日元|日币|日圆|jpy",
    "HKD": r"港元|港币|港纸|hkd|hk\$",
    "TWD": "新台币|台币",
    "AUD": "澳元|澳币",
    "CAD": "加元|加币",
    "CHF": "瑞士法郎|瑞郎",
    "KRW": "韩元|韩币",
    "SGD": "新加坡元|新加坡币|新元|坡币",
    "THB": "泰铢",
    "RUB": "卢布",
    "INR": "印度卢比|卢比",
    "MYR": "林吉特|令吉|马币",
    "MOP": "澳门元|澳门币",
    "VND": "越南盾",
    "NGN": "奈拉",
    "AED": "迪拉姆",
}
_CURRENCY = {word: code for code, words in _CODES.items() for word in words.replace("\\", "").split("|")}
_ALL = "|".join(f"(?:{words})" for code, words in _CODES.items() if code != "CNY") + "|" + _CODES["CNY"]
_NOT_COINS = r"(?![具片锋叉工架素旦件月宝宵老首首凶器代化]|桥)"
_AFTER = lazy(rf" *(?P<word>{_ALL})(?:(?<![¥$€£])|(?! ?[0-9.{CHARS}])){_NOT_COINS}(?: *(?:人民币|整|正|钱))?")
_BEFORE = lazy(
    rf"(?<![0-9{CHARS}])(人民币|新台币|台币|港币|港元|美元|美金|欧元|英镑|日元|澳元|澳币|rmb|cny"
    r"|usd|hkd|eur|us\$|hk\$|[¥$€£]) *$"
)
_CHANGE = lazy(
    r" *又?(?P<zero>零)?(?P<jiao>[一二两三四五六七八九壹贰叁肆伍陆柒捌玖1-9]) *(?P<unit>角|毛|分|美分)?"
    r"(?P<fen>[一二两三四五六七八九壹贰叁肆伍陆柒捌玖1-9])?分?钱?"
)
_SMALL = lazy(
    r"(?:(?P<jiao>角|毛)钱?(?![大星形度落色巾孔]|不拔)(?P<tail>[一二三四五六七八九1-9](?:分|$))?|"
    r"(?P<fen>分)钱)"
)
_PIECE = lazy(r"块(?!钱)(?=[屏地板牌硬电表玻砖钢显大小主区业市内肉]|儿|去|吃|来|干|走|做|聊|谈)")
_JOIN = lazy(r" *(?:到|至|~|-+) *")
_MEASURE = lazy(
    r" *(?:多|余)?(?:个(?!亿)|台|套|件|人|吨|公里|千米|米|平|户|条|次|字|粉|小时|分钟|年|天|股|只"
    r"|支|张|家|辆|箱|瓶|盒|片|根|颗|本"
    r"|份|名|位|点|码|斤|公斤|克|升|方|亩|立方|毫|瓦|度|转|倍|号|月|日|期|楼|层|栋|室|组|批|场|趟"
    r"|遍|页|桶|袋|双|对|把|座|间|门"
    r"|积分|分(?!钱)|岁|届|成|折|%|x|\*|×|毫米|厘米|寸|英寸|路|像素|流明|伏|安|千瓦|兆|帧|线|kg|km"
    r"|cm|mm|pcs|g|t|l|h|min)"
)
_DISPLAY = lazy(r" *(?:屏|显示|高清|分辨|电源|功率|灯|快充|充电|瓦|电机|蓝光|画质|视频)")
_WATTS = lazy(r"(?:功率|瓦数|额定)[是为: ]*$")
WISH = lazy(r"(?:别|不要|不能|不可|要记|记得|记住|注意|小心|千万|要小心|得)")
_AMOUNT = (
    "金额|预算|报价|报了|报的是|价格|价钱|总价|总额|成交价?|回款|收款|打款|付款|首付款?|尾款|余款"
    "|预付款?|定金|订金|押金|保证金|货款|全款"
    "|合同额|合同价|标的|单价|原价|现价|售价|底价|优惠价|中标价?|控制价|到账|付了|收了|收到|卖到?"
    "|合计|共计|总计|总共|款项?|费用?|成本"
    "|利润|运费|工资|提成|业绩|销售额|营业额|欠款?|欠|开票|发票|折后|一口价|出价|开价|要价|降到"
    "|涨到|谈到|减到|加到"
)
_NEAR = lazy(
    rf"(?:{_AMOUNT})(?:金额)?(?:就|只|才|也|都)?(?:是|为|有|在|给|到|要|:|=|大概|大约|约|差不多"
    r"|一共|了|定在|改成|改为|调到| )*$"
)
_BEHIND = lazy(r" *的?(?:报价|预算|总价|单子|合同|订单|首付|尾款|定金|订金|回款|货款|成交)")
_PER_PIECE = lazy(r"单价|售价|运费|费用?|卖|每[个台套件]|原价|现价|押金|定金")
_POT = lazy(r"(?:盘子|体量|规模|预算|报价|总价|项目|单子)(?:是|为|有|在|大概|大约|约|差不多|一共|:| )*$")
_CLASSIFIER = lazy(r" *个(?=$|[ ,;。;!?、)左上以吧了的])")


def _fen(yuan: Decimal) -> int:
    return int((yuan * 100).to_integral_value())


def _carried(first: Figure, second: Figure) -> Decimal:
    """The low end of 八十到一百万: the unit of the high end holds for both, when it makes sense."""
    low = first.low
    if second.unit and not first.unit and second.unit in BIG_UNITS | {"w": 1, "k": 1}:
        size = Decimal({"w": 10**4, "k": 10**3}.get(second.unit) or BIG_UNITS[second.unit])
        if low < second.high / size:
            low *= _hundreds(low, second.high / size) * size
    elif not first.unit and low < second.high and second.high >= 100:
        low *= _hundreds(low, second.high) if low < 10 else 1
    return low


def _hundreds(low: Decimal, high: Decimal) -> int:
    """两到三百: a single digit before a single round hundred means hundreds too."""
    if low >= 10:
        return 1
    for unit in sorted(set(SMALL_UNITS.values()), reverse=True):
        if unit >= 100 and high >= unit and high % unit == 0 and high / unit < 10:
            return unit if low < high / unit else 1
    return 1


class _Scan:
    """One text with its figures, read for money."""

    __slots__ = ("done", "figures", "folded", "original")

    def __init__(self, folded: str, original: str, figures: list[Figure]) -> None:
        self.folded, self.original, self.figures = folded, original, figures
        self.done = 0  # where the amount before ends

    def make(
        self, start: int, end: int, low: Decimal, high: Decimal, code: str, *, vague: bool = False
    ) -> Money:
        span = Span(start, end, self.original[start:end])
        return Money(span, _fen(low), _fen(max(low, high)), code, vague)

    def change(self, end: int) -> tuple[Decimal, int]:
        """What follows the yuan: 五元[三毛], 三块[零四], 三块[四分]: the part of a yuan and where it ends."""
        match = _CHANGE.match(self.folded, end)
        if match is None:
            return Decimal(0), end
        digit = Decimal(DIGITS.get(match["jiao"], 0) or int(match["jiao"]))
        if match["unit"] in ("分", "美分") or (match["zero"] and not match["unit"]):
            return digit / 100, match.end("unit") if match["unit"] else match.end("jiao")
        if match["unit"]:
            extra = DIGITS.get(match["fen"] or "零", 0) or int(match["fen"] or 0) if match["fen"] else 0
            return digit / 10 + Decimal(extra) / 100, match.end()
        follows = self.folded[match.end("jiao") : match.end("jiao") + 1]
        spoken = self.folded[end - 1] in "块钱" and self.folded[end - 1] == "块"
        if spoken and (not follows or follows in " ,;。到至-~的一左以!?") and match["fen"] is None:
            return digit / 10, match.end("jiao")
        return Decimal(0), end

    def strong(self, figure: Figure) -> tuple[Money, bool] | None:
        """Money because a currency stands before or behind."""
        before = _BEFORE.search(self.folded, max(self.done, figure.start - 6), figure.start)
        after = _AFTER.match(self.folded, figure.end)
        if after is not None and after["word"] == "块" and _PIECE.match(self.folded, after.start("word")):
            after = None
        if before is None and after is None:
            return None
        code = _CURRENCY[before[1]] if before else _CURRENCY[after["word"] if after else ""]
        if after and code == "CNY":
            code = _CURRENCY[after["word"]]
        extra, end = self.change(after.end()) if after else (Decimal(0), figure.end)
        start = before.start(1) if before else figure.start
        return self.make(start, end, figure.low + extra, figure.high + extra, code, vague=figure.vague), True

    def small(self, figure: Figure) -> Money | None:
        """五毛, 五角三分, 五分钱; 五分 only as the whole message."""
        match = _SMALL.match(self.folded, figure.end)
        whole = self.folded.strip()
        if match is None:
            if whole == self.folded[figure.start : figure.end] + "分" and figure.high < 100:
                return self.make(figure.start, figure.end + 1, figure.low / 100, figure.high / 100, "CNY")
            return None
        if match["fen"]:
            return self.make(figure.start, match.end(), figure.low / 100, figure.high / 100, "CNY")
        tail = match["tail"]
        extra = Decimal(DIGITS.get(tail[0], 0) or int(tail[0])) / 100 if tail else Decimal(0)
        return self.make(figure.start, match.end(), figure.low / 10 + extra, figure.high / 10 + extra, "CNY")

    def weak(self, figure: Figure) -> Money | None:
        """Money because of its size (万, 亿, w, k) or of an amount word beside it."""
        text = self.folded
        start, end = figure.start, figure.end
        pot = _CLASSIFIER.match(text, end)
        if pot and not figure.unit and figure.low >= 10 and _POT.search(text, max(0, start - 10), start):
            return self.make(start, pot.end(), figure.low * 10**4, figure.high * 10**4, "CNY", vague=True)
        if _MEASURE.match(text, end) or _DISPLAY.match(text, end):
            return None
        if figure.unit == "m" or (figure.unit == "w" and _WATTS.search(text, max(0, start - 6), start)):
            return None
        if text[start:end] == "千万" and WISH.match(text, end):
            return None
        if figure.unit:
            return self.make(start, end, figure.low, figure.high, "CNY", vague=figure.vague)
        if not self.is_near(figure):
            return None
        short = figure.high < 1000 and not _PER_PIECE.search(
            text, max(0, start - 8), start
        )  # 报价58 may be 58万
        return self.make(start, end, figure.low, figure.high, "CNY", vague=figure.vague or short)

    def is_near(self, figure: Figure) -> bool:
        if figure.high < 1 or (figure.spelled and figure.end - figure.start < 3):
            return False
        before = _NEAR.search(self.folded, max(0, figure.start - 14), figure.start)
        return before is not None or (
            figure.low >= 100 and _BEHIND.match(self.folded, figure.end) is not None
        )

    def one(self, figure: Figure) -> tuple[Money, bool] | None:
        strong = self.strong(figure)
        if strong is not None:
            return strong
        found = self.small(figure)
        if found is not None:
            return found, True
        found = self.weak(figure)
        return (found, False) if found is not None else None

    def joined(self, index: int) -> tuple[Money, bool] | None:
        """80到100万, 1万-5万元: this figure and the next one as a range."""
        if index + 1 >= len(self.figures):
            return None
        first = self.figures[index]
        left = self.strong(first)
        index = next(
            (
                i
                for i in range(index + 1, len(self.figures))
                if not left or self.figures[i].start >= left[0].span.end
            ),
            -1,
        )
        if index < 0:
            return None
        second = self.figures[index]
        bridge = _JOIN.match(self.folded, left[0].span.end if left else first.end)
        high = self.one(second) if bridge is not None else None
        if high is None or bridge is None or bridge.end() not in (second.start, high[0].span.start):
            return None
        start = left[0].span.start if left else first.start
        low = Decimal(left[0].low) / 100 if left and first.unit else _carried(first, second)
        if left and not first.unit and not second.unit:
            low = Decimal(left[0].low) / 100
        top = Decimal(high[0].high) / 100
        if low > top:
            return None
        code = high[0].currency if high[1] else left[0].currency if left else high[0].currency
        return self.make(start, high[0].span.end, low, top, code, vague=first.vague or second.vague), (
            high[1] or left is not None
        )


def find(folded: str, original: str, figures: list[Figure]) -> tuple[list[Money], list[Money]]:
    """The amounts of a text: those with a currency said, then those known by their size or a word near."""
    scan = _Scan(folded, original, figures)
    said: list[Money] = []
    taken: list[Money] = []
    for index, figure in enumerate(figures):
        if figure.start < scan.done:
            continue
        found = scan.joined(index) or scan.one(figure)
        if found is not None:
            (said if found[1] else taken).append(found[0])
            scan.done = found[0].span.end
    return said, taken
