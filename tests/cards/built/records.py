"""Cards of adding, merging, tags, equipment, particulars, contacts and contact cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cards import adding, assets, contacts, merging, particulars, tags, vcards
from cards.card import Card
from crm import assets as equipment
from crm.duplicates import Suspect
from crm.identities import Holder, Kind, Said
from crm.merging import Choice, Clash, Merged, Preview
from crm.tags import Listed, Marked, Page
from crm.vcards import VCard
from store.tables import Asset, Customer
from tests.cards.built.values import CONTACT, CUSTOMER, HELD, PROPOSALS, TODAY
from tests.crm.team import NOW

PHONE = Said(Kind.PHONE, "139 1234 5678", "13912345678")
MINE = Suspect(PROPOSALS[0], "只差地名")
THEIRS = Suspect(PROPOSALS[1], "电话相同", held=PHONE)
OTHER = Customer(
    id=6,
    number="C0006",
    name="上海华润置地发展有限公司",
    name_norm="上海华润置地发展",
    owner_id=1,
    created_at=NOW,
    updated_at=NOW,
)
CLASHES = (
    Clash("level", "级别", "B", "A"),
    Clash("industry", "行业", "房地产开发与物业经营", "制造"),
    Clash("region", "地区", "上海", "苏州工业园区"),
    Clash("source", "来源", "展会", "官网"),
)
PREVIEW = Preview(
    OTHER,
    CUSTOMER,
    "张伟",
    (("跟进记录", 128), ("任务", 6), ("联系人", 3), ("报价", 2)),
    ("王总", "李娜"),
    CLASHES,
)
MERGED = Merged(OTHER, CUSTOMER, (("跟进记录", 128), ("任务", 6)), ("王总",))
ASSETS = tuple(
    Asset(
        id=number,
        number=f"E{number:04d}",
        customer_id=5,
        name="空压机",
        model="GA37",
        serial=f"SN{number}",
        installed_on=date(2024, 3, 1),
        warranty_until=until,
        created_at=NOW,
        updated_at=NOW,
    )
    for number, until in ((1, date(2027, 2, 28)), (2, date(2025, 2, 28)), (3, None))
)
MARKED = (Marked("高意向", auto=False), Marked("沉睡", auto=True, reason="92天没跟进"))
PERSON = VCard("李娜", "苏州汇川技术有限公司", "采购经理", "13912345678", "li@inovance.com", "lina_88")
LABELLED = Customer(
    id=7,
    number="C0007",
    name="华星科技有限公司",
    name_norm="华星科技",
    owner_id=1,
    level="A",
    source="展会",
    industry="制造",
    region="苏州",
    parent_id=6,
    created_at=NOW,
    updated_at=NOW,
)
HOLDER = Holder(PHONE, 14, None, "华润万家有限公司", "吴婷", mine=False)

SAMPLES: dict[str, Card] = {
    "exists": adding.exists_card(replace(MINE, same=True), HELD),
    "exists_elsewhere": adding.exists_card(replace(THEIRS, held=None, same=True), HELD),
    "elsewhere": adding.elsewhere_card(THEIRS),
    "suspects": adding.suspects_card("华润置地苏州", (MINE, THEIRS), HELD),
    "suspects_of_others": adding.suspects_card("华润万家苏州", (THEIRS,), HELD),
    "answered": adding.answered_card(HELD, "已新建"),
    "merge": merging.preview_card(PREVIEW, HELD),
    "merge_chosen": merging.preview_card(PREVIEW, HELD, {"level": Choice.LOSER}),
    "merge_plain": merging.preview_card(replace(PREVIEW, clashes=(), joined=(), moves=()), HELD),
    "merged": merging.merged_card(MERGED, HELD),
    "twins": merging.twins_card(CUSTOMER, (MINE, THEIRS)),
    "twins_none": merging.twins_card(CUSTOMER, ()),
    "merge_settled": merging.settled_card(HELD, "没有合并"),
    "tagged": tags.tagged_card("华润置地", 5, MARKED, HELD, "打上：高意向"),
    "tags_of_one": tags.tagged_card("华润置地", 5, (), None, ""),
    "tags": tags.listing_card((Listed("高意向", "", 12), Listed("沉睡", "90天没跟进", 1000))),
    "tag": tags.customers_card(Page("沉睡", "90天没跟进", tuple((p, "92天没跟进") for p in PROPOSALS), 8), 0),
    "tag_empty": tags.customers_card(Page("高意向", "", (), None), 0),
    "tag_rule": tags.rule_card("沉睡", "90天没跟进", (12, 3), HELD),
    "tag_rule_gone": tags.rule_card("沉睡", "", (0, 12), HELD),
    "assets": assets.list_card(equipment.Page(CUSTOMER, "华润置地", ASSETS, 9, 6), TODAY, 0),
    "assets_none": assets.list_card(equipment.Page(CUSTOMER, "华润置地", (), 0, None), TODAY, 0),
    "asset": assets.asset_card(ASSETS[0], "华润置地", TODAY, HELD),
    "particulars": particulars.told_card(
        LABELLED, {"parent_id": "华星集团"}, {"税号": "91440606722473344C"}, HELD
    ),
    "contact": contacts.contact_card(CONTACT, "华润置地", HELD),
    "contact_elsewhere": contacts.contact_card(CONTACT, "华润置地", HELD, (HOLDER,)),
    "contact_whose": contacts.whose_card("王总", [(5, "华润置地"), (14, "华润燃气")], HELD),
    "contact_settled": contacts.settled_card(HELD, "记到华润置地"),
    "vcard": vcards.whose_card(
        PERSON,
        [(5, "华润置地（华东）有限公司"), (6, "美的集团")],
        vcards.Held(HELD),
        "这个电话已登记在美的。",
    ),
    "vcard_of_several": vcards.whose_card(PERSON, [(6, "美的集团")], vcards.Held(HELD, 1, 3)),
    "vcard_settled": vcards.settled_card(vcards.Held(HELD), "记到华润置地"),
}
