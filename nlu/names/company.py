"""Where a text speaks of a company: behind 拜访, 跟, 新客户 …, and names that look like a company's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from nlu.names.forms import CITIES, TRADES
from nlu.names.people import TITLED, starts_person
from nlu.patterns import either, lazy

_TIME = (
    r"今天|昨天|前天|明天|后天|大后天|今早|今晚|昨晚|明早|明晚|早上|上午|中午|下午|晚上|傍晚|刚才|刚刚|"
    r"刚|周[一二三四五六日天末]|"
    r"星期[一二三四五六日天]|礼拜[一二三四五六日天]|[上下本这]个?(?:周|星期|礼拜|月)[一二三四五六日天]?|"
    r"(?<!\d)\d{1,2}[点号日月:]\d{0,2}分?半?|[一二三四五六七八九十]+点半?|月底|年底"
)
_STRONG = lazy(
    r"(?:拜访|走访|回访|探访|到访|陌拜|扫街)(?:了|过|完|一下|下)?|(?:新增|新加|新建|添加|录入|登记|加个?|"
    r"建个?)(?:一?[个家])?(?:新)?客户(?:叫|是|[:： ])*|"
    r"新客户(?:叫|是|[:： ])*|客户(?:名称?|叫|是|[:： ])+|(?<!再)(?:去了?趟|去了|跑了?趟|跑了|到了)|"
    r"走了(?:一?趟)?|(?:来自|签下|拿下|中标)了?"
)
_WEAK = lazy(
    rf"^(?:跟着?|和|与|给|向|去|到|见了?|约了?|找了?|把|帮|催|查|问了?)?|[,。;、\s:!?]|{_TIME}|跟进(?:了|"
    rf"一下|下)?|跟着?|和|与|给|向|去|到|见了?|约了?|找了?|联系(?:了|"
    rf"上)?(?!人|方式|电话)|催|把|帮|将|查(?:一下|下|询)?|从|由|收到|为|提醒我|"
    r"陪同?|请了?|让|问了?|对接|接待了?|报价|阶段|打标签|领取|认领|释放|退回|寄给|发给|打给|去过"
)
_END = lazy(
    r"(?:的|那边|那个|那里|那家|这边|这家|这个|说|想|要(?!素)|有限|来电|来人|打来|打电话|打了|回复|回了|"
    r"反馈|表示|确认|签了?|下单|下了|订了|付了|付款|回款|"
    r"到账|打款|报修|投诉|反映|采购|电话|微信|聊|谈|见(?=[面了到完过])|开会|对账|吃饭|续约|续费|今|昨|明|后天|下周|"
    r"上周|本周|这周|周[一二三四五六日末]|上午|下午|早上|晚上|中午|"
    r"项目|合同|订单|单子|报价|方案|转给|移交|标签|退回|放回|打上|加上|推进|进入|改成|改到|客户|老客户|"
    r"已经?|还|没|不|也|又|在|了|是|有|同意|丢|黄|赢|输|成交|"
    r"公司(?![一-鿿])|联系人|对接人|负责人|地址|\d|[,。;、:!?/\s\"“”]|$)"
)
_STOP = either(_END, TITLED, lazy(f"见(?:{TITLED.pattern})"))
_AHEAD = 16  # characters behind a place, more than tell whether a name ends there
_BODY_BEFORE = lazy(r"[一-鿿a-z0-9()&·.\-]{2,24}$")
_REST = lazy(r"[一-鿿()]{0,10}?(?:股份|控股)?有限(?:责任)?公司")
_ASKING = lazy("多少|哪|什么|几[个家]|谁|怎")
_AND = lazy("[和与跟、]")
_BODY = lazy(r"[一-鿿a-z0-9()&·.\-]{2,24}")
_LEGAL = lazy(r"(?:股份|控股)?有限(?:责任)?公司|集团(?:有限)?公司|集团|事务所|研究院|设计院|合作社|株式会社")
_TRADE_END = lazy(
    rf"(?:{'|'.join(sorted(TRADES, key=len, reverse=True))})(?:集团|公司|厂)?$|(?:公司|厂|医院|学校|大学|"
    rf"中学|小学|局|超市|药房|门店|店)$"
)
_NOT_COMPANY = lazy(
    r"^(?:他们?|她们?|它|我们?|你们?|您|咱|这|那|哪|谁|一[下趟个家起些点次]|几[个家]|个|大家|客户|对方|"
    r"领导|老板|公司|同事|朋友|家人|妈|爸|老婆|孩子|现场|工厂|厂里|"
    r"门店|店里|酒店|展会|机场|高铁|车站|医院|学校|银行$|楼下|前台|新的?客户|老客户|新的|老的|所有|全部|"
    r"最|很|没|不|了|过|的|得|就|也|都|还|把|被|让|给|寄|往[前后]|推|谢谢|多谢|感谢|辛苦|收到|好的|麻烦|你好|"
    r"做|看|吃|喝|写|聊|谈|约|见|说|问|付|签|报[价了]|改[到成]|下[周个次午单]|上[周个次午面]|再|先|确认|"
    r"安排|准备|完成|拜访|走访|回访|联系|要联系|[要想][给去见找约]|介绍|沟通|演示|交流|讨论|解决|处理|方案|合同|价格|报价|产品|"
    r"项目|需求|预算|采购|技术|财务|销售|市场|研发|总部|分公司|提醒|记录|生日|电话|微信|周报|日报|月报|积分|"
    r"标签|会员|公海|跟进|出差|开会|团建|培训|面试|请假|"
    r"资料|样品|发票|对账|尾款|首付|回款|订单|时间|会议|提前|推迟|延期|取消|今天|明天|昨天|早上|下午|"
    r"上午|晚上|中午|帮忙|行|其他|别人|别家|对手|竞品|友商)|"
    r"(?:部门?|处|科|室|中心|组|们|里|边|时候|事|东西|问题|情况|需求|材料|文件|邮件|短信|消息)$"
)
_FUNCTION = lazy(
    r"^[一二三四五六七八九十两几\d]+[点号月日天个台套次家]|去|接$|[了着吗呢吧啊嘛把被让给跟]|我们|他们|"
    r"你们|一下|一趟|电话|微信"
)


class Spot(Struct, frozen=True):
    """A stretch that may name a company.

    `strong` where the words before it call for one; `owner` where a person or 那边 follows; `formal` where
    it ends like a company's name.
    """

    start: int
    end: int
    strong: bool
    owner: bool
    formal: bool


def spots(text: str) -> Iterator[Spot]:
    """Stretches of a text in comparing form that stand where companies are named, likeliest first."""
    seen: set[int] = set()
    yield from _formal(text, seen)
    for pattern, strong in ((_STRONG, True), (_WEAK, False)):
        for match in pattern.finditer(text):
            place = match.end()
            if place in seen:
                continue
            seen.add(place)
            end = _end_of(text, place)
            if end - place >= 2 and not _NOT_COMPANY.search(text[place:end]):
                yield Spot(place, end, strong, _owned(text, end), bool(_TRADE_END.search(text[place:end])))


def plausible(name: str, spot: Spot) -> bool:
    """Whether a name that nobody knows is believed to be a company's."""
    if name in CITIES or _FUNCTION.search(name) or name.isascii():
        return False
    if _ASKING.search(name):
        return False
    return spot.formal or ((spot.strong or spot.owner) and len(name) <= 8)


def several(text: str, spot: Spot) -> list[tuple[int, int]]:
    """The places of the names in a spot: 锦绣酒店和悦来酒店 are two."""
    for match in _AND.finditer(text, spot.start + 2, spot.end - 2):
        if _TRADE_END.search(text[spot.start : match.start()]):
            return [(spot.start, match.start()), (match.end(), spot.end)]
    return [(spot.start, spot.end)]


def starts_with_legal(text: str, end: int) -> re.Match[str] | None:
    """The rest of a longer company name that goes on behind text[:end]."""
    return _REST.match(text, end)


def _formal(text: str, seen: set[int]) -> Iterator[Spot]:
    floor = 0
    for match in _LEGAL.finditer(text):
        before = _BODY_BEFORE.search(text, max(floor, match.start() - 24), match.start())
        if not before:
            continue
        start = before.start()
        for pattern in (_STRONG, _WEAK):
            for cut in pattern.finditer(text, start, match.start()):
                enough = 2 if match[0] != "集团" else 1
                if match.start() - cut.end() >= enough and _BODY.fullmatch(text, cut.end(), match.start()):
                    start = max(start, cut.end())
        body = text[start : match.start()]
        floor = match.end()
        if len(body) >= 2 and not _FUNCTION.search(body) and not _NOT_COMPANY.search(body[:2]):
            seen.add(start)
            yield Spot(start, match.end(), strong=True, owner=False, formal=True)


def _end_of(text: str, place: int) -> int:
    body = _BODY.match(text, place)
    if not body:
        return place
    limit = min(body.end(), place + 16)
    stop = _STOP.search(text, place + 2, limit + _AHEAD)
    while stop is not None and stop.start() <= limit:
        end = stop.start()
        if _END.match(text, end) or starts_person(text, end + text.startswith("见", end)):
            return end
        stop = _STOP.search(text, end + 1, limit + _AHEAD)
    return body.end() if body.end() - place <= 16 else place


def _owned(text: str, end: int) -> bool:
    return text.startswith(("那边", "那个单", "那里", "这边"), end) or (
        starts_person(text, end + 1) if text.startswith("的", end) else starts_person(text, end)
    )
