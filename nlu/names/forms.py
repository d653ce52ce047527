"""The shorter forms of a company's name: without its legal suffix, brackets, city or line of business."""

from __future__ import annotations

from nlu.patterns import lazy
from nlu.text import fold_name, listed

LEGAL = lazy(
    r"(?:集团)?(?:股份|控股)?有限(?:责任)?(?:总)?公司$|集团(?:股份|控股)?公司$|(?:股份|控股|总)公司$|"
    r"集团$|公司$|股份$|厂$"
)
TRADES = listed(
    "科技 技术 网络 软件 信息 智能 电子 电气 电器 机械 重工 医药 制药 生物 医疗 食品 乳业 珠宝 传媒 文化 "
    "教育 物流 速运 快递 贸易 "
    "商贸 实业 建设 建工 工程 建筑 置地 地产 置业 燃气 能源 新能源 电力 环保 材料 新材料 化工 汽车 汽配 "
    "服饰 服装 家具 家居 "
    "装饰 酒业 酒店 餐饮 农业 金融 投资 保险 证券 银行 咨询 管理 服务 发展 制造 通信 数据 创新 控股 国际 "
    "企业 工业 数码 包装 "
    "印刷 五金 塑料 纺织 仪器 设备 光电 半导体 自动化 新材 药业 集团 百货 超市 商城 连锁 旅游 航空 动力 "
    "精密 数字技术"
)
CITIES = listed(
    "北京 上海 天津 重庆 广州 深圳 杭州 苏州 南京 武汉 成都 西安 长沙 郑州 青岛 济南 宁波 无锡 厦门 福州 "
    "合肥 南昌 昆明 贵阳 "
    "南宁 海口 太原 石家庄 沈阳 大连 长春 哈尔滨 兰州 西宁 银川 乌鲁木齐 呼和浩特 拉萨 东莞 佛山 珠海 "
    "中山 惠州 汕头 温州 绍兴 "
    "嘉兴 金华 台州 常州 南通 扬州 徐州 镇江 盐城 泉州 漳州 烟台 潍坊 淄博 临沂 洛阳 襄阳 宜昌 株洲 湘潭 "
    "绵阳 唐山 保定 "
    "中国 广东 江苏 浙江 山东 河南 河北 湖南 湖北 四川 福建 安徽 江西 陕西 山西 辽宁 吉林 黑龙江 云南 "
    "贵州 广西 海南 甘肃 青海 "
    "宁夏 新疆 西藏 内蒙古 香港 澳门 台湾 华东 华南 华北 华中 西南 西北 东北"
)
_CITY = lazy(rf"(?:{'|'.join(sorted(CITIES, key=len, reverse=True))})(?:省|市)?")
_BRACKETS = lazy(r"\([^()]{0,12}\)")
_TRADE = lazy(rf"(?:{'|'.join(sorted(TRADES, key=len, reverse=True))})+$")
_SPACES = lazy(r"\s+")


def normal(name: str) -> str:
    """The name as it is compared: folded, lower case, no spaces between Chinese characters."""
    folded = fold_name(name).strip()
    return folded if folded.isascii() else _SPACES.sub("", folded)


def strip_legal(name: str) -> str:
    """Without 有限公司 and its like; the name itself when nothing would be left."""
    short = LEGAL.sub("", name)
    return short if len(short) >= 2 else name


def strong_forms(name: str, aliases: tuple[str, ...]) -> set[str]:
    """Forms that mean this customer: the name, its aliases, and both without brackets and legal suffix."""
    forms: set[str] = set()
    for said in (name, *aliases):
        whole = normal(said)
        bracketed = (
            (whole.replace("(", "").replace(")", ""), _BRACKETS.sub("", whole)) if "(" in whole else ()
        )
        for form in (whole, *bracketed):
            forms.add(form)
            forms.add(strip_legal(form))
    return {form for form in forms if len(form) >= 2}


def weak_forms(core: str) -> set[str]:
    """Forms that may mean this customer: without the city in front and without the line of business."""
    forms: set[str] = set()
    city = _CITY.match(core)
    if city and len(core) - city.end() >= 2:
        forms.add(core[city.end() :])
    for form in (core, *forms):
        brand = _TRADE.sub("", form)
        if 2 <= len(brand) < len(form):
            forms.add(brand)
    return {form for form in forms if form not in CITIES and form != core}


def core_of(name: str) -> str:
    """The name without brackets and legal suffix."""
    whole = normal(name)
    return strip_legal(_BRACKETS.sub("", whole) if "(" in whole else whole)


def without_place(core: str) -> str:
    """The name without the city in front; the name itself when too little would be left."""
    city = _CITY.match(core)
    return core[city.end() :] if city and len(core) - city.end() >= 2 else core


def brand_of(core: str) -> str:
    """The name without city and line of business: 华星 of 苏州华星科技."""
    bare = without_place(core)
    brand = _TRADE.sub("", bare)
    return brand if len(brand) >= 2 else bare
