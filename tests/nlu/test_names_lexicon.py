"""The dictionary of names: what it finds, what it proposes, and that it follows changes."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.names.lexicon import Colleague, Lexicon, Name
from nlu.names.mentions import Mentions, find_customers
from nlu.reading import Found
from nlu.text import fold
from tests.nlu.sentences.customers import lexicon as sentences_lexicon


@pytest.fixture(scope="module")
def names() -> Lexicon:
    return sentences_lexicon()


def find(text: str, lexicon: Lexicon, owner: str = "") -> Mentions:
    return find_customers(fold(text), lexicon, owner)


def one(text: str, lexicon: Lexicon) -> str | None:
    """The one customer that a text names."""
    customers = find(text, lexicon).customers
    return customers[0].name if len(customers) == 1 else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("拜访恒信置地", "恒信置地（华东）有限公司"),
        ("拜访恒信置地（华东）有限公司", "恒信置地（华东）有限公司"),
        ("拜访恒信置地(华东)", "恒信置地（华东）有限公司"),
        ("跟安居企业聊了", "安居企业股份有限公司"),
        ("ＤＩＡ来电", "迪安汽车工业有限公司"),
        ("dia来电", "迪安汽车工业有限公司"),
        ("去了招金深分", "招金银行深圳分行"),
        ("明日科技张总来了", "明日科技有限公司"),
        ("今日风尚的单子", "今日风尚传媒"),
    ],
)
def test_a_name_its_aliases_and_its_shorter_forms_are_found(text: str, name: str, names: Lexicon) -> None:
    assert one(text, names) == name


@pytest.mark.parametrize(
    "text",
    ["周三一起去", "礼拜三一早出发", "完美的方案", "精美的册子", "明日科技部开会", "media圈", "一百三江"],
)
def test_a_name_is_not_found_across_other_words(text: str, names: Lexicon) -> None:
    assert find(text, names).customers == ()


@pytest.mark.parametrize("text", ["合同用顺达寄出了", "打到招金账户", "寄顺达快递"])
def test_a_company_that_only_served_is_no_customer_of_the_record(text: str, names: Lexicon) -> None:
    assert find(text, names).customers == ()


def test_a_part_that_fits_several_gives_candidates(names: Lexicon) -> None:
    found = find("恒信那边下个月招标", names)
    assert found.customers == ()
    assert {c.name for c in found.candidates} == {"恒信置地（华东）有限公司", "恒信燃气集团"}


def test_a_part_that_fits_one_is_that_one() -> None:
    lexicon = Lexicon.of([Name("1", "苏州汇通技术有限公司"), Name("2", "云海物流有限公司")])
    for text in ("拜访汇通的张总", "跟云海的李经理通话", "去了汇通技术，聊了聊"):
        found = find(text, lexicon).customers
        assert [c.found for c in found] == [Found.PART], text


def test_the_senders_own_customer_comes_first() -> None:
    lexicon = Lexicon.of([Name("1", "恒信置地", owner="me"), Name("2", "恒信燃气", owner="you")])
    assert find("恒信的王总来电", lexicon, "me").customers[0].key == "1"
    assert find("恒信的王总来电", lexicon, "you").customers[0].key == "2"
    assert find("恒信的王总来电", lexicon).customers == ()


@pytest.mark.parametrize("text", ["拜访恒幸置地", "跟恒新置地的王总聊了", "拜访衡信置地", "见了云岭酒叶周总"])
def test_a_typo_or_a_homophone_only_proposes(text: str, names: Lexicon) -> None:
    found = find(text, names)
    assert found.customers == ()
    assert found.candidates
    assert {c.found for c in found.candidates} == {Found.FUZZY}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("今天拜访了深圳市云图信息有限公司的王总", "深圳市云图信息有限公司"),
        ("跟蓝海物流的李经理通了电话", "蓝海物流"),
        ("拜访绿源，聊了合作", "绿源"),
        ("拜访了绿源的张总", "绿源"),
        ("和星辰电子开会", "星辰电子"),
    ],
)
def test_a_company_that_nobody_knows_is_found_as_typed(text: str, name: str, names: Lexicon) -> None:
    found = find(text, names).customers
    assert [(c.name, c.key, c.found) for c in found] == [(name, "", Found.NEW)]


@pytest.mark.parametrize(
    "text", ["拜访客户", "跟他们开会", "和同事吃饭", "给领导汇报", "去了北京", "跟采购部的周总聊"]
)
def test_people_places_and_departments_are_no_companies(text: str, names: Lexicon) -> None:
    assert find(text, names).customers == ()


def test_a_longer_company_name_is_not_taken_for_the_known_one(names: Lexicon) -> None:
    assert one("拜访恒信置地物业服务有限公司", names) != "恒信置地（华东）有限公司"


def test_names_come_and_go() -> None:
    lexicon = Lexicon.of([Name("1", "云海物流有限公司", ("云海",))])
    lexicon.add(Name("2", "星河电子有限公司"))
    assert one("拜访星河电子", lexicon) == "星河电子有限公司"
    lexicon.add(Name("1", "云海供应链有限公司", ("云海链",)))
    assert one("拜访云海链", lexicon) == "云海供应链有限公司"
    assert len(lexicon) == 2
    lexicon.remove("2")
    lexicon.remove("unknown")
    assert lexicon.get("2") is None
    assert find("拜访星河电子", lexicon).customers[0].found is Found.NEW


def test_a_shared_alias_is_open() -> None:
    lexicon = Lexicon.of([Name("1", "云海物流", ("云海",)), Name("2", "云海食品", ("云海",))])
    assert len(find("云海回款了", lexicon).candidates) == 2
    lexicon.remove("2")
    assert one("云海回款了", lexicon) == "云海物流"


def test_colleagues_are_kept_by_name() -> None:
    assert Lexicon.of((), colleagues=[Colleague("u1", "李明")]).colleagues["李明"].key == "u1"


def test_many_customers_do_not_slow_a_message() -> None:
    syllables = "云海星河绿源蓝天正泰恒通金石东方新华长风明月山川"
    several = [a + b + c for a in syllables for b in syllables for c in syllables]
    lexicon = Lexicon.of(Name(str(i), f"{name}科技有限公司") for i, name in enumerate(several))
    text = "昨天上午跟云海星科技李经理碰面，谈了设备清单，预算36万左右"
    find(text, lexicon)
    start = process_time()
    for _ in range(50):
        found = find(text, lexicon)
    assert (process_time() - start) / 50 < 0.01
    assert found.customers[0].name == "云海星科技有限公司"


@given(
    st.lists(st.text("云海星河绿源科技有限公司集团ab（）", min_size=2, max_size=8), max_size=8, unique=True),
    st.data(),
)
def test_adding_and_removing_leaves_what_was_there(texts: list[str], data: st.DataObject) -> None:
    lexicon = Lexicon.of([Name("0", "长风电子有限公司")])
    for i, text in enumerate(texts):
        lexicon.add(Name(str(i + 1), text))
    for i in data.draw(st.permutations(range(len(texts)))):
        lexicon.remove(str(i + 1))
    assert len(lexicon) == 1
    assert one("拜访长风电子", lexicon) == "长风电子有限公司"
    assert not [c for text in texts for c in find(f"拜访{text}", lexicon).customers if c.key not in ("", "0")]


BRANDS = Lexicon.of((Name("1", "深圳市恒通物流有限公司"), Name("2", "美的集团", ("美的",))))


@pytest.mark.parametrize(
    "text",
    [
        "今天跑了恒通和美的",
        "美的和恒通都见了",
        "美的要样品，恒通说太贵",
        "今天去了美的，又跑了恒通",
        "上午美的，下午恒通",
    ],
)
def test_a_brand_beside_a_name_is_a_customer_too(text: str) -> None:
    assert {one.key for one in find(text, BRANDS).customers} == {"1", "2"}


@pytest.mark.parametrize(
    "text", ["美的说用恒通寄的", "美的嫌恒通贵", "样品和美的的合同", "昨天和王总和美的刘工吃饭"]
)
def test_other_words_beside_a_name_are_none(text: str) -> None:
    assert [one.key for one in find(text, BRANDS).customers] == ["2"]
