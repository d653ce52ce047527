"""People by title, by full name, and the words that only look like them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.names.people import find_people


def people(text: str) -> list[tuple[str, str]]:
    return [(person.name, person.title) for person in find_people(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("见了采购部的周总", ("周总", "总")),
        ("欧阳经理来电", ("欧阳经理", "经理")),
        ("司马总碰了一下", ("司马总", "总")),
        ("跟单总吃饭", ("单总", "总")),
        ("和向总聊", ("向总", "总")),
        ("高总说可以", ("高总", "总")),
        ("万总在吗", ("万总", "总")),
        ("时总回复了", ("时总", "总")),
        ("于总让我过去", ("于总", "总")),
        ("陈工提了要求", ("陈工", "工")),
        ("李姐加了微信", ("李姐", "姐")),
        ("刘主任出差", ("刘主任", "主任")),
        ("钱总监确认", ("钱总监", "总监")),
        ("联系人 张伟 总经理", ("张伟", "总经理")),
        ("联系人李娜 采购经理 电话", ("李娜", "采购经理")),
        ("对接人换成了孙丽，电话", ("孙丽", "")),
        ("约赵敏吃饭", ("赵敏", "")),
        ("跟赵敏明天见", ("赵敏", "")),
        ("给王建国打电话", ("王建国", "")),
        ("拜访欧阳锋", ("欧阳锋", "")),
        ("跟小陈说一声", ("小陈", "")),
        ("老张同意了", ("老张", "")),
        ("李娜生日3月8号", ("李娜", "")),
    ],
)
def test_the_person_is_found_as_addressed(text: str, expected: tuple[str, str]) -> None:
    assert people(text)[:1] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "本周总结发了",
        "每周总共三次",
        "58万总价不变",
        "施工现场",
        "周工作计划",
        "小时候",
        "两小时后",
        "跟方案有关",
        "给金额打个折",
        "老板同意了",
        "小程序上线",
        "高端产品",
        "时间安排",
        "谢谢",
    ],
)
def test_words_that_begin_like_a_name_are_none(text: str) -> None:
    assert people(text) == []


def test_nobody_is_found_in_a_customers_name() -> None:
    text = "宁川时代陈工来电"
    assert [p.name for p in find_people(text, [(0, 4)])] == ["陈工"]


def test_a_full_name_is_believed_behind_a_customer() -> None:
    assert [p.name for p in find_people("安居王建国没接", [(0, 2)], after=[2])] == ["王建国"]


def test_known_names_are_found_anywhere() -> None:
    assert [p.name for p in find_people("明天晓波过来", known=["晓波"])] == ["晓波"]


@given(st.text("王李欧阳司马总经理工姐小老的跟和给周三万 ,。abc0123赵敏", max_size=40))
def test_people_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    found = find_people(text)
    assert all(0 <= p.start < p.end <= len(text) and text[p.start] == p.name[0] for p in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
