"""The page about what is understood, made from the sentences of the tests: `python -m tests.nlu.page`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from cards import words
from crm.repeats import Repeat, month_days
from nlu.entities import Duration, Entity, Money, Percent, Phone, Recurring, Rule, Time
from tests.nlu.examples import PHRASES
from tests.nlu.sentences import calls, news, plans, records, sales, service, talk, tasks, visits
from tests.nlu.sentences.said import Said

PAGE = Path(__file__).parents[2] / "docs" / "understanding.md"
MOST = 16  # sentences of a group
GROUPS: tuple[tuple[str, Sequence[Said]], ...] = (
    ("拜访", visits.SENTENCES),
    ("电话、微信和会议", calls.SENTENCES),
    ("客户的消息", news.SENTENCES),
    ("接下来的安排", plans.SENTENCES),
    ("提醒、改期和取消", tasks.SENTENCES),
    ("报价、审批、回款、订单和合同", sales.SENTENCES),
    ("客户和联系人的资料", records.SENTENCES),
    ("售后和积分", service.SENTENCES),
    ("查询、帮助和闲聊", talk.SENTENCES),
)
INTENTS = {
    "log_activity": "记一次跟进",
    "add_customer": "新增客户",
    "update_customer": "改客户资料",
    "update_contact": "改联系人资料",
    "update_stage": "商机阶段",
    "quote": "报价",
    "approve": "审批",
    "payment": "回款",
    "order": "订单",
    "contract": "合同",
    "remind": "提醒",
    "reschedule": "改期",
    "cancel": "取消",
    "correct": "更正刚才的记录",
    "undo": "撤销",
    "ticket": "售后工单",
    "points": "积分",
    "claim": "领取公海客户",
    "release": "退回公海",
    "transfer": "移交客户",
    "tag": "标签",
    "query": "查询",
    "help": "帮助",
    "chitchat": "闲聊，不记录",
}
STAGES = {
    "contact": "初步接触",
    "needs": "需求确认",
    "proposal": "方案报价",
    "negotiation": "商务谈判",
    "won": "赢单",
    "lost": "输单",
}
TICKETS = {"repair": "报修", "complaint": "投诉", "inquiry": "咨询", "suggestion": "建议"}
ASKED = {
    "customer": "是哪家客户",
    "amount": "金额",
    "next_time": "下一步的时间",
    "activity_time": "时间",
    "stage": "阶段",
    "points": "积分",
    "ticket_kind": "工单类型",
    "contact": "联系人",
}
PARTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("customer", "客户", lambda v: "、".join(v) if isinstance(v, list) else str(v)),
    ("candidates", "可能是", "、".join),
    ("contact", "联系人", str),
    ("method", "方式", lambda v: words.KINDS.get(str(v), str(v))),
    ("activity_time", "时间", lambda v: str(v).replace("T", " ")),
    ("amount", "金额", lambda v: _yuan(v)),
    ("discount", "折扣", lambda v: words.discount(round(float(v) * 10_000))),
    ("phone", "电话", str),
    ("birthday", "生日", lambda v: _birthday(v)),
    ("stage", "阶段", lambda v: STAGES[str(v)]),
    ("verdict", "结论", lambda v: "同意" if v == "approve" else "驳回"),
    ("number", "编号", str),
    ("comment", "理由", str),
    ("colleague", "同事", str),
    ("points", "积分", str),
    ("tags", "标签", "、".join),
    ("ticket_kind", "类型", lambda v: TICKETS[str(v)]),
    ("recurring", "重复", lambda v: _rule(v)),
    ("next_action", "下一步", str),
    ("next_time", "何时", lambda v: str(v).replace("T", " ")),
    ("ambiguous", "先问", lambda v: "、".join(ASKED.get(name, name) for name in v)),
)


def page() -> str:
    """The whole page, Markdown."""
    lines = [
        "# 跟进听得懂什么",
        "",
        "直接说话就行，不用记命令。下面每一行都来自自动测试：左边是原话，右边是理解成的内容。",
        "例子都在 2026年11月20日 星期五 10:00 发出。",
        "",
        "- 说清楚的，马上记下，带“撤销”。",
        "- 猜的（上午还是下午、哪一年、名字像谁），先给一张确认卡，点一下或回一个词就能改，确认后才写入。",
        "- 没说清的（“下周”“百来万”、同名客户），先问，不猜。",
        "- 没有归到任何一项的数字会列出来：“未识别：42万”。",
        "- 原话和读它的语法版本一直跟着记录。",
    ]
    for title, sentences in GROUPS:
        lines += ["", f"## {title}", "", "| 原话 | 理解成 |", "|---|---|"]
        lines += [f"| {_cell(s.text)} | {_cell(meaning(s))} |" for s in varied(sentences)]
    lines += ["", "## 数字、金额和时间的说法"]
    for title, phrases in PHRASES.items():
        lines += ["", f"### {title}", "", "| 说法 | 读作 |", "|---|---|"]
        lines += [f"| {_cell(text)} | {_cell(value)} |" for text, value in phrases]
    return "\n".join(lines) + "\n"


def varied(sentences: Iterable[Said]) -> list[Said]:
    """At most `MOST` of them, each telling something else than those before."""
    chosen: dict[tuple[str, frozenset[str]], Said] = {}
    for one in sentences:
        chosen.setdefault((one.intent, frozenset(one.fields)), one)
    return list(chosen.values())[:MOST]


def meaning(one: Said) -> str:
    """What a sentence means, in words."""
    said = [INTENTS[one.intent]]
    for name, title, show in PARTS:
        if name in one.fields:
            new = "（新客户）" if name == "customer" and one.fields.get("new_customer") else ""
            by = "前" if name == "next_time" and one.fields.get("deadline") else ""
            said.append(f"{title} {show(one.fields[name])}{new}{by}")
    return "；".join(said)


def worth(entity: Entity) -> str:
    """What an expression is worth, in words."""
    match entity:
        case Money():
            return words.money_range(entity.low, entity.high)
        case Percent():
            share = round(entity.value * 10_000)
            return words.discount(share) if entity.discount else f"{share / 100:g}%"
        case Phone():
            return entity.value
        case Duration():
            return _length(int(entity.seconds))
        case Recurring():
            return _again(entity.rule)
        case Time():
            day = f"{entity.value:%Y-%m-%d}"
            return f"{day} {entity.part if entity.grain == 'part_of_day' else _clock(entity)}".rstrip()
    return str(entity.value)


def _clock(time: Time) -> str:
    return f"{time.value:%H:%M}" if time.grain == "minute" else ""


def _length(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    parts = ((days, "天"), (hours, "小时"), (minutes, "分钟"))
    return "".join(f"{n}{unit}" for n, unit in parts if n)


def _yuan(value: Any) -> str:
    low, high = value if isinstance(value, list) else (value, value)
    return words.money_range(round(low * 100), round(high * 100))


def _birthday(value: Any) -> str:
    year = f"{value['year']}年" if value.get("year") else ""
    day = words.birthday(value["calendar"], value["month"], value["day"], leap=bool(value.get("leap")))
    return year + day


def _rule(value: Any) -> str:
    days = tuple(value.get("byday", ()))
    return _again(
        Rule(value["freq"], value.get("interval", 1), days, value.get("bymonthday"), value.get("at", ""))
    )


def _again(rule: Rule) -> str:
    said = Repeat(rule.freq, rule.interval, rule.byday, month_days(rule.bymonthday)).words()
    return f"{said} {rule.at}".rstrip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
