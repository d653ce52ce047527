"""How long one message takes to be understood, with a large company's customers in mind; no database."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.bench.company import SURNAMES, customer_name
from bot.bench.memory import resident_mb
from nlu.names.lexicon import Lexicon, Name
from nlu.understand import understand, warm

NOW = datetime.fromisoformat("2026-11-20T10:00")
IMPORTED = """
import time
from bot.bench.memory import resident_mb
before, start = resident_mb(), time.perf_counter()
import nlu.understand
print((time.perf_counter() - start) * 1000, resident_mb() - before)
"""
SENTENCES = (
    "今天下午拜访了{name}的{who}，聊了二期报价，预算大概58万，下周三上午十点再去演示",
    "昨天跟{name}的{who}打了个电话，他们明年一季度要上二期，预算5万8左右",
    "刚和{name}{who}通了电话,技术方案没问题,让我们周一前把合同发过去",
    "上午去了趟{name}，报价三十五万六千元，嫌贵，要求打九五折",
    "{name}那边回复了，说价格高，竞品报42万，我们报的是四十八万五",
    "跟{typo}的{who}吃了个饭，聊到预算12.5w，年前要上线",
    "{name}{who}生日农历八月十五，喜欢喝茶",
    "报价 {name} 58万 9折 提交",
    "给{name}报个价 单价3200 数量150套 总价48万",
    "{name}的{who}手机号改成 186 1234 5678",
    "农历腊月廿三前提醒我给{name}送年货",
    "三个工作日后提醒我催{name}的款",
    "每周一早上9点提醒我发周报",
    "和{name}的演示改到下周四下午三点",
    "{name}回款15万已到账",
    "{brand}的{who}说二期先放一放",
    "拜访了绿源环保的{who}，想了解一下产品，留了电话13812345678",
    "那家搞空调的客户说要3台 12万，元宵节前定",
    "下周要跟进的客户有哪些",
    "{name}",
    "大家中午吃什么",
    "好的收到，谢谢",
    "撤销",
)
"""As salespeople write; each is asked about many customers."""
SHARES = (("p50", 0.5), ("p95", 0.95), ("最大", 1.0))


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured: milliseconds a message, in order; seconds and megabytes of getting ready."""

    ms: tuple[float, ...]
    customers: int
    load_s: float
    load_mb: float

    def at(self, share: float) -> float:
        """The time that this share of the messages stayed within, ms."""
        return self.ms[min(len(self.ms) - 1, int(share * len(self.ms)))]


def lexicon_of(customers: int) -> Lexicon:
    """So many customers, each with a short name, a tenth of them of the sender."""
    names = []
    for place in range(customers):
        name = customer_name(place)
        names.append(Name(str(place), name, (name.removesuffix("科技有限公司"),), str(place % 10)))
    return Lexicon.of(names)


def measure(customers: int, rounds: int) -> Speed:
    """Understand every sentence `rounds` times, each time about another customer."""
    before, start = resident_mb(), time.perf_counter()
    lexicon = lexicon_of(customers)
    warm(lexicon)
    ready = time.perf_counter() - start
    spent = []
    for turn in range(rounds):
        for n, pattern in enumerate(SENTENCES):
            text = sentence(pattern, (turn * 7919 + n * 104_729) % customers)
            begin = time.perf_counter()
            understand(text, NOW, lexicon)
            spent.append((time.perf_counter() - begin) * 1000)
    return Speed(tuple(sorted(spent)), customers, ready, resident_mb() - before)


def sentence(pattern: str, place: int) -> str:
    """A sentence about a customer: by its short name, mistyped, or by the beginning of it."""
    short = customer_name(place).removesuffix("科技有限公司")
    return pattern.format(
        name=short,
        typo=f"{short[:2]}仁{short[3:]}",
        brand=short[:2],
        who=f"{SURNAMES[place % len(SURNAMES)]}总",
    )


def imported() -> tuple[float, float]:
    """(milliseconds, megabytes) that importing the library takes in a fresh process; the best of five."""
    found = []
    for _ in range(5):
        command = [sys.executable, "-c", IMPORTED]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own words
        ms, mb = done.stdout.split()
        found.append((float(ms), float(mb)))
    return min(found)


def run(*, customers: int, rounds: int, echo: Callable[[str], object]) -> None:
    """Measure and print."""
    speed = measure(customers, rounds)
    ms, mb = imported()
    echo(f"\n理解消息：{speed.customers:,} 家客户，{len(speed.ms):,} 条消息")
    shares = "   ".join(f"{name} {speed.at(share):6.2f} ms" for name, share in SHARES)
    echo(f"  每条        {shares}")
    echo(f"  装入客户    {speed.load_s:8.1f} s    {speed.load_mb:6.0f} MB")
    echo(f"  导入 nlu    {ms:8.0f} ms   {mb:6.1f} MB")
