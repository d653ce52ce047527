"""Contact cards that come as files, over every way of connecting that can send files."""

from __future__ import annotations

import pytest

from bot import dispatch
from bot.demo.run import Demo
from tests.bot.test_files import sends
from tests.bot.ways import NAMES, Ways

CARD = """BEGIN:VCARD
VERSION:3.0
N:李;娜;;;
FN:李 娜
ORG:{company};
TITLE:采购经理
TEL;type=CELL:{phone}
PHOTO;ENCODING=b;TYPE=JPEG:{photo}
END:VCARD
"""


def card(company: str, phone: str, photo: int = 3000) -> bytes:
    """A contact file with a picture of so many characters in it."""
    return CARD.format(company=company, phone=phone, photo="A" * photo).encode()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_a_contact_file_becomes_a_contact(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    place = NAMES.index(name)
    company = f"名片{'甲乙丙丁戊己'[place]}精密仪器有限公司"
    before = await way.told("zhangwei", "帮助", "")
    await sends(way, "zhangwei", "file", "李娜.vcf", card(company, f"1390000{place:04d}"))
    seen = await way.sees("zhangwei", "名片 · 李娜", before)
    assert company in way.reads("zhangwei", seen)
    said = await way.says("zhangwei", "新建")
    done = await way.sees("zhangwei", "采购经理", said)
    assert "李娜" in way.reads("zhangwei", done)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_bad_and_huge_files_are_answered_kindly(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    before = await way.told("zhangwei", "帮助", "")
    await sends(way, "zhangwei", "file", "huge.vcf", card("某某公司", "13900009999", 600_000))
    seen = await way.sees("zhangwei", "名片文件超过512KB", before)
    await sends(way, "zhangwei", "file", "bad.vcf", b"PK\x03\x04 no card at all" * 10)
    unnamed = name == "wecom-bot"  # which does not tell the names of files: it is any other file
    await way.sees("zhangwei", "收到文件" if unnamed else "没有读到名片", seen)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", ["wecom-app", "dingtalk-http"])
async def test_a_file_that_comes_late_is_asked_about_all_the_same(
    everywhere: Demo, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is acknowledged with its inbox row before the file is there."""
    way = Ways(everywhere)[name]
    before = await way.told("zhangwei", "帮助", "")
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "PATIENCE", 0.0)
        company = f"晚到{'甲乙'[name == 'wecom-app']}阀门有限公司"
        await sends(way, "zhangwei", "file", "李娜.vcf", card(company, f"137{NAMES.index(name):08d}"))
        await way.sees("zhangwei", "名片 · 李娜", before)
    said = await way.says("zhangwei", "新建")
    await way.sees("zhangwei", "采购经理", said)
