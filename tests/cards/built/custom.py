"""Cards of own fields and kinds of records."""

from __future__ import annotations

from cards import custom, records
from cards.card import Card
from crm.custom.builtin import built_in
from crm.custom.filters import Listed, Row
from crm.custom.kinds import FieldSpec, Kind
from crm.custom.past import Change as Changed
from crm.custom.past import Changes
from crm.custom.records import Line, Page, Shown
from crm.custom.values import Change
from store.tables import CustomObject, CustomRecord
from tests.cards.built.values import HELD, LOCAL
from tests.crm.team import NOW

CHOICE = FieldSpec(
    "customer", "pianhao", "设备型号偏好", Kind.CHOICE, ("GA37", "GA45", "GA55"), id=7, version=2
)
LINES = FieldSpec("customer", "chanxian", "产线", Kind.CHOICE, tuple(f"{n}号线" for n in range(1, 13)))
FIELDS = (
    CHOICE,
    FieldSpec("customer", "niancaigoue", "年采购额", Kind.MONEY, required=True),
    FieldSpec("customer", "guanzhudian", "关注点", Kind.CHOICES, ("价格", "交期", "质量")),
)
FORMULA = FieldSpec("customer", "nianfandian", "年返点", Kind.FORMULA, formula="{niancaigoue} *(5/100)")
KIND = CustomObject(
    id=4, key="yangji", name="样机借用", name_norm="样机借用", prefix="YJ", created_at=NOW, updated_at=NOW
)
RECORD = CustomRecord(
    id=9,
    object_id=4,
    number="YJ-2026-0001",
    title="GA37 变频样机",
    customer_id=3,
    owner_id=1,
    created_at=NOW,
    updated_at=NOW,
)
SEEN = Shown(
    RECORD,
    "样机借用",
    "华润置地",
    "张伟",
    (("设备", "GA37 变频样机"), ("归还日期", "12月1日 周二")),
    LOCAL,
    mine=True,
)
ROWS = (
    Row(3, 3, "华润置地（华东）有限公司", "GA45，120万元", "张伟"),
    Row(5, 5, "中海物业", "GA45，300万元", "吴婷"),
)
ASKED = '["customer",8,[["pianhao","is","GA45",""]]]'

SAMPLES: dict[str, Card] = {
    "fields": custom.fields_card("客户", FIELDS, built_in("customer")),
    "fields_none": custom.fields_card("联系人", (), built_in("contact")),
    "field_added": custom.field_card("已新增字段 · 设备型号偏好", "客户", CHOICE, "", HELD),
    "field_formula": custom.field_card("已新增字段 · 年返点", "客户", FORMULA, "年采购额 * 5%", HELD),
    "field_remove": custom.remove_card("客户", CHOICE, 12, HELD),
    "field_settled": custom.settled_card("删除客户字段“设备型号偏好”", HELD, "已删除"),
    "history": custom.history_card(
        Changes((Changed("客户字段“设备型号偏好”选项由A/B改为A/B/C", "陈建国", LOCAL),), 8), LOCAL
    ),
    "set": custom.set_card(
        "华润置地",
        (
            Change("设备型号偏好", "GA37", "GA45"),
            Change("年采购额", "", "120万元"),
            Change("关注点", "价格", ""),
        ),
        HELD,
        ("customer", "3"),
    ),
    "option_buttons": custom.option_card(CHOICE, "GA75", "华润置地", 3, 5, HELD),
    "option_drop_down": custom.option_card(LINES, "20号线", "华润置地", 3, 5, HELD),
    "which": custom.which_card("是哪家客户", ((3, "华润置地"), (4, "华润燃气")), "field.on", HELD),
    "form": custom.form_card("华润置地", 3, str(HELD), FIELDS, {"pianhao": "1"}),
    "list": custom.list_card("客户", Listed("customer", "设备型号偏好是GA45", ROWS, 12, 8), 0, ASKED),
    "list_empty": custom.list_card("客户", Listed("customer", "年采购额大于900万元", (), 0, None), 0, ""),
    "record": records.record_card(SEEN, LOCAL),
    "record_added": records.record_card(SEEN, LOCAL, "已新增样机借用 · YJ-2026-0001", HELD),
    "records": records.records_card(
        Page(KIND, "", (Line(9, "YJ-2026-0001", "GA37 变频样机", "华润置地", "张伟", "12月1日 周二"),), 9, 8),
        0,
    ),
    "records_none": records.records_card(Page(KIND, "华润置地", (), 0, None), 0),
    "object": records.object_card("已新增对象 · 样机借用", KIND, FIELDS, "销售、主管", HELD),
    "object_remove": records.remove_object_card("样机借用", 3, "4", 1, HELD),
}
