"""Cards of follow-ups after they were recorded: found, fed to managers, their colleagues and their files."""

from __future__ import annotations

from dataclasses import replace

from cards import attachments, feed, finding, mentions
from cards.card import Card
from crm.attachments import Listed, Page
from crm.feed import Day, Entry, Mode, Share
from crm.finding import Found, Hit, Wanted, place_of
from store.tables import Member
from tests.cards.built.values import LOCAL, NOTE, RAW, RECORDED, TODAY
from tests.crm.team import NOW

WANTED = Wanted(("二期报价",))
HIT = Hit(21, "visit", RAW, 5, "华润置地", "张伟", LOCAL, place_of(RAW, ["二期报价"]))
OTHER = replace(
    HIT, id=20, kind="call", raw="客户又问二期报价什么时候给", called="美的", customer_id=6, found=(4, 8)
)
ENTRY = Entry(21, "visit", RAW, 1, "张伟", 5, "华润置地", LOCAL, RECORDED.activity)
CALLED = replace(
    ENTRY,
    id=22,
    kind="call",
    raw="问了交期，年前要装",
    author_id=2,
    author="吴婷",
    customer_id=6,
    called="恒瑞",
)
PHOTO = Listed(31, "image", "", "张伟", LOCAL, "kept", 2_400_000)
SHEET = replace(PHOTO, id=32, kind="file", name="二期报价单.xlsx", size=84_000)
LOST = replace(PHOTO, id=33, kind="voice", state="failed", size=0)
PAGE = Page(5, "华润置地", (PHOTO, SHEET, LOST), None)
FANG = Member(id=9, name="王芳", created_at=NOW, updated_at=NOW)

SAMPLES: dict[str, Card] = {
    "found": finding.found_card(WANTED, Found((HIT, OTHER), 20), TODAY),
    "found_of_one": finding.found_card(
        Wanted(("预算",), 5),
        Found((replace(HIT, found=place_of(RAW, ["预算"])),), customer="华润置地"),
        TODAY,
    ),
    "found_some": finding.found_card(WANTED, Found((), 7, thorough=False), TODAY, first=False),
    "fed": feed.live_card([ENTRY], TODAY),
    "fed_together": feed.live_card([ENTRY, CALLED], TODAY),
    "day": feed.digest_card(Day(9, 3, (Share("张伟", 5, (ENTRY,)), Share("吴婷", 1, (CALLED,)))), TODAY),
    "feed_setting": feed.setting_card(Mode.DIGEST),
    "mentioned": mentions.mentioned_card(RECORDED, "张伟", RAW, TODAY),
    "mentioned_in_a_note": mentions.mentioned_card(NOTE, "张伟", "@李娜 帮忙看下", TODAY),
    "not_open": mentions.closed_card(RECORDED, [FANG]),
    "files": attachments.attachments_card(PAGE, TODAY, 0),
    "files_go_on": attachments.attachments_card(
        replace(PAGE, files=(PHOTO, SHEET, PHOTO, SHEET), more=4), TODAY, 0
    ),
    "no_files": attachments.attachments_card(Page(5, "华润置地", (), None), TODAY, 0),
}
