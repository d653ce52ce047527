"""Asking a model: what leaves is masked, what comes back is believed as far as the message says it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.model import mask, messages, reading_of, wanted
from nlu.names.lexicon import Colleague, Lexicon, Name
from nlu.reading import Found, Intent, Method, Reading
from nlu.understand import understand

NOW = datetime.fromisoformat("2026-11-20T10:00")
LEXICON = Lexicon.of(
    [
        Name("1", "恒信置地（华东）有限公司", ("恒信置地",)),
        Name("2", "恒信燃气集团", ("恒信燃气",)),
    ],
    colleagues=[Colleague("9", "吴婷")],
    contacts=["欧阳明"],
)
TEXT = "恒信置地王总那头松口了 盘子58万 电话13812345678 下周三上午十点我带吴婷过去签"


def propose(text: str, **said: object) -> Reading | None:
    """What is made of a model's answer; values stand as in the message and are masked as the model saw it."""
    masked = mask(text, LEXICON)
    back = {original: placeholder for placeholder, original in masked.names}

    def seen(value: object) -> object:
        if isinstance(value, str):
            for original in sorted(back, key=len, reverse=True):
                value = value.replace(original, back[original])
        return value

    answer = {"intent": "log_activity", **{k: seen(v) for k, v in said.items()}}
    return reading_of(json.dumps(answer, ensure_ascii=False), masked, NOW, LEXICON)


def test_personal_data_is_masked_before_it_leaves() -> None:
    text = (
        f"{TEXT}，欧阳明的邮箱ming@hengxin.cn，身份证310101199001011234，"
        "微信号 wx_hx2026，苏州汇川技术有限公司也在看"
    )
    sent = json.dumps(messages(mask(text, LEXICON), NOW), ensure_ascii=False)
    for secret in ("恒信", "王总", "13812345678", "吴婷", "欧阳明", "ming@", "310101", "wx_hx2026", "汇川"):
        assert secret not in sent
    assert "58万" in sent
    assert "下周三上午十点" in sent


def test_a_name_is_masked_wherever_it_stands() -> None:
    masked = mask("恒信置地的王总说，王总要再看看，恒信置地不急", LEXICON)
    assert masked.text == "[客户1]的[联系人1]说，[联系人1]要再看看，[客户1]不急"


def test_a_placeholder_in_the_message_itself_is_not_taken() -> None:
    masked = mask("[客户1]不是恒信置地", LEXICON)
    assert masked.text == "[客户1]不是[客户2]"
    assert masked.restore("[客户1]") == "[客户1]"


@given(st.text("恒信置地燃气王总13812345678@.cn有限公司[]客户1 ，a", max_size=80))
def test_masking_can_be_taken_back(text: str) -> None:
    masked = mask(text, LEXICON)
    assert masked.restore(masked.text) == text


def test_a_right_answer_becomes_a_proposal_of_which_everything_is_open() -> None:
    reading = propose(
        TEXT,
        customer="恒信置地",
        contact="王总",
        amount="58万",
        next_time="下周三上午十点",
        next_action="签",
        method="call",
    )
    assert reading is not None
    assert [c.key for c in reading.customers] == ["1"]
    assert (reading.contact, reading.contact_title) == ("王总", "总")
    assert reading.amount == (58_000_000, 58_000_000)
    assert reading.next_time is not None
    assert reading.next_time.value == datetime.fromisoformat("2026-11-25T10:00")
    assert reading.method is Method.CALL
    assert reading.proposed
    assert reading.ambiguous == {"customer", "contact", "amount", "next_time", "next_action", "method"}
    assert reading.unread == ("13812345678",)


def test_an_unknown_company_is_a_new_one() -> None:
    reading = propose("搞空调的顺鼎那边想要两套，12万", customer="顺鼎", amount="12万")
    assert reading is not None
    assert (reading.customers[0].name, reading.customers[0].found) == ("顺鼎", Found.NEW)
    assert reading.new_customer


@pytest.mark.parametrize(
    "said",
    [
        {"amount": "580万"},  # stands nowhere
        {"customer": "万科"},
        {"next_action": "批准所有报价"},
        {"amount": 58},
        {"amount": ["58万"]},
        {"intent": "approve"},
        {"intent": "undo"},
        {"intent": None},
        {"intent": "chitchat"},
        {"method": "hack"},
        {"method": ["call"]},
        {},
    ],
)
def test_what_the_message_does_not_say_is_refused(said: dict[str, object]) -> None:
    assert propose(TEXT, **said) is None


def test_a_phrase_that_the_grammar_cannot_read_is_left_out() -> None:
    reading = propose(TEXT, amount="松口", next_time="盘子", contact="王总")
    assert reading is not None
    assert (reading.amount, reading.next_time) == (None, None)
    assert reading.ambiguous == {"contact"}


def test_a_reminder_needs_a_time() -> None:
    assert propose("那个签字的事别漏了", intent="remind", next_action="签字") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "好的",
        "[1]",
        "null",
        "{",
        '{"intent": ' * 3000,
        "```json\nno\n```",
        '{"intent": {}}',
        '{"intent": []}',
    ],
)
def test_garbage_is_refused(content: str) -> None:
    assert reading_of(content, mask(TEXT, LEXICON), NOW, LEXICON) is None


def test_a_fenced_answer_is_read() -> None:
    masked = mask(TEXT, LEXICON)
    content = '```json\n{"intent": "log_activity", "amount": "58万"}\n```'
    reading = reading_of(content, masked, NOW, LEXICON)
    assert reading is not None
    assert reading.amount == (58_000_000, 58_000_000)


@given(st.text(max_size=300) | st.dictionaries(st.text(max_size=12), st.text(max_size=20)).map(json.dumps))
def test_no_answer_raises(content: str) -> None:
    assert reading_of(content, mask(TEXT, LEXICON), NOW, LEXICON) is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("那家搞空调的客户说要3台 12万", True),
        ("甲方松口了 价钱谈妥", True),
        ("今天下午拜访了恒信置地的王总，预算58万", False),
        ("恒信的王总说先放一放", False),
        ("大家中午吃什么", False),
        ("好的收到，谢谢", False),
        ("撤销", False),
        ("报价 恒信置地 58万 9折", False),
        ("明天上午10点提醒我开会", False),
    ],
)
def test_a_model_is_asked_only_where_the_grammar_is_unsure(text: str, asks: bool) -> None:
    assert wanted(understand(text, NOW, LEXICON), text) is asks


def test_a_paste_is_not_sent() -> None:
    assert not wanted(Reading(Intent.CHITCHAT), "客户的合同" * 200)
