"""Commands and fixed forms: a word at the head, with or without a slash, says what is wanted."""

from __future__ import annotations

import re

from msgspec import Struct

from nlu.patterns import lazy
from nlu.reading import Intent


class Command(Struct, frozen=True):
    """A command's word and the place in the text where its arguments begin."""

    intent: Intent
    word: str
    rest: int
    slash: bool = False


_WORDS: dict[Intent, str] = {
    Intent.ADD_CUSTOMER: "新增客户 新客户 添加客户 加客户 新建客户 录入客户 登记客户 建客户 客户新增 客户",
    Intent.LOG_ACTIVITY: "写跟进 记跟进 跟进记录 跟进 拜访记录 记录",
    Intent.QUOTE: "新建报价 写报价 报价",
    Intent.UPDATE_STAGE: "商机阶段 阶段 推进",
    Intent.REMIND: "新建提醒 提醒 待办 任务",
    Intent.QUERY: "查询 查看 查一下 查 搜索 搜 看 日程 业绩 排行榜 排行 公海 我的客户 我的业绩 我的提醒",
    Intent.HELP: "帮助 使用说明 怎么用 菜单 help ?",
    Intent.UNDO: "撤销 撤回 undo",
    Intent.CORRECT: "完成 更正 修改",
    Intent.RESCHEDULE: "推迟 延期 改期",
    Intent.APPROVE: "审批 同意 通过 批准 驳回 拒绝 不同意 打回",
    Intent.PAYMENT: "登记回款 回款登记 回款 收款 到账",
    Intent.ORDER: "新建订单 订单 下单",
    Intent.CONTRACT: "新建合同 合同",
    Intent.TICKET: "新建工单 工单 报修 投诉 售后",
    Intent.POINTS: "会员积分 积分",
    Intent.TAG: "打标签 贴标签 标签",
    Intent.CLAIM: "公海领取 领取客户 领取 认领",
    Intent.RELEASE: "退回公海 放回公海 释放客户 释放",
    Intent.TRANSFER: "转移客户 转移 转给 移交",
    Intent.UPDATE_CONTACT: "联系人",
    Intent.CANCEL: "取消 删除",
}
_BY_WORD = {word: intent for intent, words in _WORDS.items() for word in words.split()}
_ANY = "|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True))
_HEAD = lazy(rf"\s*+(?:@\S++\s++)?(?P<slash>[/\\#]\s*+)?(?P<word>{_ANY})(?P<gap>[\s:,;]+|$)?")
_ALONE = lazy(
    r"\s*+/?\s*+(?:(?:今天|明天|后天|今日|昨天|本周|这周|下周|本月|这个月)(?:的?(?:安排|日程|提醒|待办|"
    r"工作|计划|跟进|事情?))?|日报|周报|月报|公海|业绩|排行榜?|待办|日程|我的\S{2,4})\s*[?。]?\s*$"
)
_QUESTION = lazy(
    r"多少|哪些|哪个|哪家|几[个家次笔单]|什么时候|谁|吗\s*\??$|\?|排名|排行|统计|明细|汇总|列表|清单|"
    r"到期|怎么样|情况|进展|查一下|记录$|列一?下|有没有|占比|最近|历史"
)
_FREE = frozenset(
    {
        "报价",
        "提醒",
        "跟进",
        "撤销",
        "撤回",
        "同意",
        "驳回",
        "新增客户",
        "新客户",
        "添加客户",
        "新建客户",
        "录入客户",
        "登记客户",
        "领取",
        "认领",
    }
)
_HOW = lazy(r"(?:怎么|如何)(?:用|写|填|录|操作|使用|弄)")
_TAKE = lazy(r"(?:领取|认领|捞)[\s:,]*")
_NEW_SAID = lazy(r"(?:新增|新建|添加|录入|登记|加一?个?|add)(?:一个)?(?:客户)?[\s:,]*")


def find_command(text: str) -> Command | None:
    """The command at the head of a folded text, when there is one."""
    if _ALONE.match(text):
        return Command(Intent.QUERY, text.strip().strip("/"), len(text))
    head = _HEAD.match(text)
    if not head:
        return None
    word, slash, gap = head["word"], bool(head["slash"]), head["gap"] is not None
    intent = _BY_WORD[word]
    if not (slash or gap):
        return _joined(text, word, head.end())
    if _HOW.match(text, head.end()):
        return Command(Intent.HELP, word, head.end(), slash)
    if intent is Intent.ADD_CUSTOMER:
        return _customer(text, word, head.end())
    if word == "公海" and (more := _TAKE.match(text, head.end())):
        return Command(Intent.CLAIM, word, more.end(), slash)
    if intent in _ASKABLE and _QUESTION.search(text, head.end()):
        intent = Intent.QUERY
    return Command(intent, word, head.end(), slash)


_ASKABLE = frozenset(
    {
        Intent.QUOTE,
        Intent.UPDATE_STAGE,
        Intent.PAYMENT,
        Intent.ORDER,
        Intent.CONTRACT,
        Intent.TICKET,
        Intent.POINTS,
        Intent.TAG,
        Intent.LOG_ACTIVITY,
        Intent.REMIND,
    }
)


def _customer(text: str, word: str, rest: int) -> Command:
    """客户 新增 X adds, 客户 X asks; the other words always add."""
    if word != "客户":
        return Command(Intent.ADD_CUSTOMER, word, rest)
    new = _NEW_SAID.match(text, rest)
    if new and new.end() > rest:
        return Command(Intent.ADD_CUSTOMER, word, new.end())
    return Command(Intent.QUERY, word, rest)


def _joined(text: str, word: str, end: int) -> Command | None:
    """A word that runs on without a pause counts only where it cannot be the beginning of a sentence."""
    if word in ("新增客户", "新客户", "添加客户", "新建客户", "录入客户", "登记客户") and not re.match(
        r"[的是来拜]|.{0,6}了", text[end : end + 10]
    ):
        return Command(Intent.ADD_CUSTOMER, word, end)
    return None
