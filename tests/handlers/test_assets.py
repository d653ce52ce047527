"""Equipment at customers: put down in one line, listed with its warranty."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from handlers.asset_words import described
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

TODAY = date(2026, 11, 19)
WHOLE = "设备 美的 新增 空压机 型号GA37 序列号SN123 2024年3月安装 质保3年"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def test_equipment_is_put_down_in_one_line(talk: Talk) -> None:
    (card,) = talk.say("zhang", WHOLE).cards
    assert card.title == "已登记设备 · 空压机"
    assert facts(card) == {
        "客户": "美的",
        "型号": "GA37",
        "序列号": "SN123",
        "安装": "2024年3月1日",
        "质保": "在保，到2027年2月28日（还有101天）",
    }


@pytest.mark.parametrize(
    "text", ["美的的设备", "设备 美的", "美的 设备", "设备 SN123", "设备 E0001", "美的的设备清单"]
)
def test_a_customers_equipment_is_listed(talk: Talk, text: str) -> None:
    talk.say("zhang", WHOLE)
    talk.say("zhang", "设备 美的 新增 干燥机 2020年5月装的 质保一年")
    (card,) = talk.say("zhang", text).cards
    assert card.title == "美的 · 设备"
    assert "干燥机，2020年5月装，已过保，2021年4月30日到期" in card.body
    assert "空压机 GA37，序列号SN123，2024年3月装，在保，到2027年2月28日" in card.body


def test_it_is_taken_back(talk: Talk) -> None:
    talk.say("zhang", WHOLE)
    assert talk.say("zhang", "撤销").text.startswith("已撤销：设备“空压机”。")
    assert "还没有登记设备" in talk.say("zhang", "美的的设备").cards[0].body


def test_it_is_changed_and_that_is_taken_back(talk: Talk) -> None:
    talk.say("zhang", WHOLE)
    (card,) = talk.say("zhang", "设备 E0001 质保到2028年6月 2024年4月5日安装").cards
    assert facts(card)["质保"] == "在保，到2028年6月30日（还有589天）"
    assert facts(card)["安装"] == "2024年4月5日"
    assert talk.say("zhang", "撤销").text.startswith("已撤销")
    assert "到2027年2月28日" in talk.say("zhang", "美的的设备").cards[0].body
    assert "去掉" in talk.say("zhang", "设备 E0001 拆除").text


def test_a_serial_number_stands_once(talk: Talk) -> None:
    talk.say("zhang", WHOLE)
    assert "没有重复登记" in talk.say("zhang", "设备 华润置地 新增 空压机 序列号SN123").text
    said = talk.say("wu", "设备 恒瑞 新增 空压机 序列号SN123").text
    assert "另一家客户" in said
    assert "美的" not in said


def test_somebody_elses_equipment_is_not_shown(talk: Talk) -> None:
    talk.say("zhang", WHOLE)
    assert "负责人张伟" in talk.say("wu", "美的集团的设备").text
    assert "没有找到" in talk.say("wu", "设备 SN123").text
    assert talk.say("chen", "美的的设备").cards


def test_what_it_is_must_be_said(talk: Talk) -> None:
    assert "是什么设备" in talk.say("zhang", "设备 美的 新增 型号GA37").text


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("空压机 2024-03-05安装 质保18个月", date(2024, 3, 5), date(2025, 9, 4)),
        ("空压机 安装日期2024.3.5 保修半年", date(2024, 3, 5), date(2024, 9, 4)),
        ("空压机 质保两年", None, date(2028, 11, 18)),
        ("空压机 质保到2027年2月", None, date(2027, 2, 28)),
        ("空压机 24年2月29日安装 质保一年", date(2024, 2, 29), date(2025, 2, 27)),
        ("空压机", None, None),
    ],
)
def test_days_as_people_say_them(words: str, since: date | None, until: date | None) -> None:
    said = described(words, TODAY)
    assert (said.rest, said.installed_on, said.warranty_until) == ("空压机", since, until)
