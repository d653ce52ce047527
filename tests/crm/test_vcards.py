"""Contact cards as phones write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.vcards import VCard, begins, read, read_all, text_of

IPHONE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.0//EN
N:李;娜;;;
FN:李 娜
ORG:苏州汇川技术有限公司;采购部;
TITLE:采购经理
EMAIL;type=INTERNET;type=WORK;type=pref:Li.Na@inovance.com
TEL;type=WORK;type=VOICE:0512-66668888
item1.TEL;type=CELL;type=VOICE;type=pref:+86 139 1234 5678
X-SOCIALPROFILE;type=wechat:x-apple:lina_88
BDAY:1985-03-08
NOTE:展会认识\\, 对3号线感兴趣
END:VCARD
"""
ANDROID = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=BB=BA=E5=9B=BD;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E5=BB=BA=
=E5=9B=BD
TEL;CELL:13912345678
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=BE=8E=E7=9A=84
END:VCARD"""


def test_a_card_of_an_iphone() -> None:
    assert read(IPHONE) == VCard(
        "李娜",
        company="苏州汇川技术有限公司",
        title="采购经理",
        phone="+86 139 1234 5678",
        email="Li.Na@inovance.com",
        wechat="lina_88",
        birthday=(1985, 3, 8),
        note="展会认识, 对3号线感兴趣",
    )


def test_a_card_of_an_android() -> None:
    assert read(ANDROID) == VCard("王建国", company="美的", phone="13912345678")


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:19850308", (1985, 3, 8)),
        ("BDAY:--0308", (None, 3, 8)),
        ("BDAY;VALUE=date:1985-03-08T00:00:00Z", (1985, 3, 8)),
        ("BDAY:1604-03-08", (None, 3, 8)),
        ("BDAY:gestern", None),
    ],
)
def test_birthdays(line: str, birthday: tuple[int | None, int, int] | None) -> None:
    card = read(f"BEGIN:VCARD\r\nFN:王总\r\n{line}\r\nEND:VCARD")
    assert card is not None
    assert card.birthday == birthday


def test_names_of_other_alphabets_keep_their_blank() -> None:
    card = read("BEGIN:VCARD\nN:Smith;John;;;\nTEL:tel:+8613912345678\nEND:VCARD")
    assert card is not None
    assert (card.name, card.phone) == ("John Smith", "+8613912345678")


def test_a_folded_line_is_one() -> None:
    card = read("BEGIN:VCARD\nFN:王\n  总\nORG:苏州\n 汇川\nEND:VCARD")
    assert card is not None
    assert card.company == "苏州汇川"


@pytest.mark.parametrize("text", ["", "王总", "BEGIN:VCARD", "BEGIN:VCARD\nTEL:13912345678\nEND:VCARD"])
def test_what_is_no_card(text: str) -> None:
    assert read(text) is None


@given(st.text(alphabet=st.sampled_from("BEGIN:VCARD;=\nFNTELÄ王\\-0123 \r\t"), max_size=300))
def test_nothing_breaks_it(body: str) -> None:
    card = read(f"BEGIN:VCARD\nFN:王总\n{body}\nEND:VCARD")
    assert card is None or card.name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_is_read_in_every_usual_encoding(encoding: str) -> None:
    data = IPHONE.encode(encoding)
    assert begins(data)
    assert read(text_of(data)) == read(IPHONE)


def test_of_a_file_no_pictures_are_kept() -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join(["A" * 70] * 4000)
    text = text_of(IPHONE.replace("END:VCARD", f"{photo}\nEND:VCARD").encode())
    assert len(text) < 1000
    assert read(text) == read(IPHONE)


def test_all_cards_of_a_file_are_read() -> None:
    people = read_all(text_of(f"{IPHONE}\r\n{ANDROID}\n".encode()))
    assert people == (read(IPHONE), read(ANDROID))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", "会议纪要".encode(), b"\xff\xfe\x00"])
def test_another_file_is_no_card(data: bytes) -> None:
    assert not begins(data)
    assert read_all(text_of(data)) == ()


@given(st.binary(max_size=300))
def test_any_file_is_read_without_a_fault(data: bytes) -> None:
    assert len(read_all(text_of(b"BEGIN:VCARD\nFN:A\n" + data))) <= 20
