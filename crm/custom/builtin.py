"""The kinds of records that can have fields of one's own, and the fields that they have anyway."""

from __future__ import annotations

from crm.custom.kinds import FieldSpec, Kind
from store.tables import Activity, Asset, Contact, Customer, CustomRecord, Table

OBJECT_NAMES: dict[str, str] = {
    "customer": "客户",
    "contact": "联系人",
    "activity": "跟进",
    "asset": "设备",
}
OBJECT_WORDS: dict[str, str] = {
    **{name: key for key, name in OBJECT_NAMES.items()},
    "公司": "customer",
    "人": "contact",
    "记录": "activity",
    "拜访": "activity",
    "跟进记录": "activity",
    **{key: key for key in OBJECT_NAMES},
}
"""What people write for a kind of record."""

TABLES: dict[str, type[Table]] = {
    "customer": Customer,
    "contact": Contact,
    "activity": Activity,
    "asset": Asset,
}
RECORD = CustomRecord
"""The table of every kind of record of the organisation's own."""

_TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "customer": (
        ("name", "客户名称"),
        ("level", "级别"),
        ("source", "来源"),
        ("industry", "行业"),
        ("region", "地区"),
        ("lifecycle", "阶段"),
        ("note", "备注"),
    ),
    "contact": (
        ("name", "姓名"),
        ("title", "职务"),
        ("role", "角色"),
        ("phone", "电话"),
        ("email", "邮箱"),
        ("wechat", "微信"),
        ("likes", "喜好"),
        ("note", "备注"),
    ),
    "activity": (("raw", "内容"), ("place", "地点")),
    "asset": (("name", "设备名称"), ("model", "型号"), ("serial", "序列号"), ("note", "备注")),
}
_DATES: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "customer": (
        ("created_at", "建档日期", True),
        ("last_follow_at", "最近跟进", True),
        ("next_follow_at", "下次跟进", True),
    ),
    "contact": (("created_at", "建档日期", True),),
    "activity": (("happened_at", "发生日期", True),),
    "asset": (("installed_on", "安装日期", False), ("warranty_until", "保修到期", False)),
}
_PEOPLE: dict[str, tuple[tuple[str, str, Kind], ...]] = {
    "customer": (("owner_id", "负责人", Kind.MEMBER),),
    "contact": (("customer_id", "客户", Kind.REFERENCE),),
    "activity": (("author_id", "记录人", Kind.MEMBER), ("customer_id", "客户", Kind.REFERENCE)),
    "asset": (("customer_id", "客户", Kind.REFERENCE),),
}
_NEEDED = frozenset({("customer", "name"), ("contact", "name"), ("asset", "name"), ("activity", "raw")})


def built_in(object: str) -> tuple[FieldSpec, ...]:  # noqa: A002 as the tables call it
    """The fields that a kind of record has anyway; of the organisation's own: title, owner, customer."""
    if object not in TABLES:
        return (
            FieldSpec(object, "number", "编号", Kind.TEXT, built_in=True, read_only=True),
            FieldSpec(object, "title", "名称", Kind.TEXT, built_in=True),
            FieldSpec(object, "customer_id", "客户", Kind.REFERENCE, built_in=True),
            FieldSpec(object, "owner_id", "负责人", Kind.MEMBER, built_in=True, read_only=True),
            FieldSpec(object, "created_at", "建档日期", Kind.DATE, built_in=True, read_only=True),
        )
    texts = [
        FieldSpec(object, key, label, Kind.TEXT, required=(object, key) in _NEEDED, built_in=True)
        for key, label in _TEXTS[object]
    ]
    dates = [
        FieldSpec(object, key, label, Kind.DATE, built_in=True, read_only=fixed)
        for key, label, fixed in _DATES[object]
    ]
    people = [
        FieldSpec(object, key, label, kind, built_in=True, read_only=kind is Kind.MEMBER)
        for key, label, kind in _PEOPLE[object]
    ]
    return (*texts, *people, *dates)
