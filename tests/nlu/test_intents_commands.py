"""Commands and fixed forms, with and without a slash, forgiving about order, blanks and punctuation."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.commands import find_command
from nlu.names.lexicon import Lexicon
from nlu.reading import Intent, Reading
from nlu.understand import understand
from tests.nlu.sentences.customers import lexicon

NOW = datetime.fromisoformat("2026-11-20T10:00")


@pytest.fixture(scope="module")
def names() -> Lexicon:
    return lexicon()


def read(text: str, names: Lexicon) -> Reading:
    return understand(text, NOW, names)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/跟进 安居 电话", Intent.LOG_ACTIVITY),
        ("／跟进 安居 电话", Intent.LOG_ACTIVITY),
        ("@跟进助手 /报价 安居 58万", Intent.QUOTE),
        ("报价，安居，58万", Intent.QUOTE),
        ("报价:安居 58万", Intent.QUOTE),
        ("阶段 安居 赢单", Intent.UPDATE_STAGE),
        ("提醒 明天9点 开会", Intent.REMIND),
        ("查 安居", Intent.QUERY),
        ("今天", Intent.QUERY),
        ("明天的安排", Intent.QUERY),
        ("本周日程", Intent.QUERY),
        ("我的业绩", Intent.QUERY),
        ("帮助", Intent.HELP),
        ("/help", Intent.HELP),
        ("报价 怎么用", Intent.HELP),
        ("撤销", Intent.UNDO),
        ("/撤回", Intent.UNDO),
        ("推迟 1小时", Intent.RESCHEDULE),
        ("同意 Q0012", Intent.APPROVE),
        ("驳回 Q0012 太低", Intent.APPROVE),
        ("通过", Intent.APPROVE),
        ("拒绝", Intent.APPROVE),
        ("回款 安居 20万", Intent.PAYMENT),
        ("工单 安居 打不开机", Intent.TICKET),
        ("报修 安居 空调", Intent.TICKET),
        ("积分 13800138000 +200", Intent.POINTS),
        ("打标签 安居 重点", Intent.TAG),
        ("公海 领取 安居", Intent.CLAIM),
        ("公海", Intent.QUERY),
        ("领取 安居", Intent.CLAIM),
        ("退回公海 安居", Intent.RELEASE),
        ("转给 李明 安居", Intent.TRANSFER),
        ("客户 新增 云海物流有限公司", Intent.ADD_CUSTOMER),
        ("/客户 安居", Intent.QUERY),
        ("新客户：云海物流", Intent.ADD_CUSTOMER),
        ("/回款 本月多少", Intent.QUERY),
        ("合同 哪些到期", Intent.QUERY),
    ],
)
def test_a_command_says_what_is_wanted(text: str, intent: Intent, names: Lexicon) -> None:
    assert read(text, names).intent is intent


@pytest.mark.parametrize(
    "text", ["今天拜访了安居", "报价已经发了", "提醒我明天9点开会", "同意了我们的方案", "跟进了一下安居"]
)
def test_a_sentence_is_no_command(text: str) -> None:
    assert find_command(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "报价 安居 58万 9折 提交",
        "/报价 58万 安居 九折 提交",
        "报价:安居,58万,9折,提交",
        "报价　安居　５８万　９折　提交",
    ],
)
def test_a_quote_is_read_in_any_order(text: str, names: Lexicon) -> None:
    got = read(text, names)
    assert (got.intent, got.amount, got.discount, got.submit) == (
        Intent.QUOTE,
        (58_000_000, 58_000_000),
        0.9,
        True,
    )
    assert got.customers[0].name == "安居企业股份有限公司"


@pytest.mark.parametrize(
    ("text", "verdict", "number", "comment"),
    [
        ("同意 Q20261120-3", "approve", "Q20261120-3", None),
        ("q20261120-3 通过", "approve", "Q20261120-3", None),
        ("驳回 Q0012 折扣太低", "reject", "Q0012", "折扣太低"),
        ("Q0012 不同意，毛利不够", "reject", "Q0012", "毛利不够"),
        ("批准，注意账期", "approve", None, "注意账期"),
        ("打回", "reject", None, None),
    ],
)
def test_a_verdict_has_its_number_and_comment(
    text: str, verdict: str, number: str | None, comment: str | None, names: Lexicon
) -> None:
    got = read(text, names)
    assert (got.intent, got.verdict, got.number, got.comment) == (Intent.APPROVE, verdict, number, comment)


@pytest.mark.parametrize("text", ["回款 安居 200000", "回款 安居 20万", "/回款 安居 200,000元"])
def test_a_bare_figure_behind_a_money_command_is_yuan(text: str, names: Lexicon) -> None:
    assert read(text, names).amount == (20_000_000, 20_000_000)
