"""What records, fields and values are called in Chinese, for everything that tells of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from crm.context import Context
from store.tables import metadata
from store.types import UtcDateTime

OBJECTS = {
    "customer": "客户",
    "customer_alias": "别名",
    "customer_identity": "识别信息",
    "contact": "联系人",
    "activity": "跟进",
    "attachment": "附件",
    "task": "任务",
    "quote": "报价",
    "approval": "审批",
    "approval_task": "审批",
    "tagging": "标签",
    "tag": "标签",
    "asset": "设备",
    "collaborator": "协作",
    "group_topic": "客户群",
    "custom_record": "记录",
    "away": "请假",
    "handover": "交接",
}
"""The kinds of records that people know of, by their table."""

FIELDS = {
    "name": "名称",
    "number": "编号",
    "alias": "别名",
    "owner_id": "负责人",
    "level": "级别",
    "source": "来源",
    "industry": "行业",
    "region": "地区",
    "lifecycle": "阶段",
    "note": "备注",
    "parent_id": "上级单位",
    "referrer_id": "介绍人",
    "merged_into_id": "并入",
    "customer_id": "客户",
    "contact_id": "联系人",
    "title": "名称",
    "contact.title": "职务",
    "role": "角色",
    "phone": "电话",
    "email": "邮箱",
    "wechat": "微信",
    "likes": "喜好",
    "birthday": "生日",
    "birthday_kind": "生日历法",
    "birth_year": "生日年份",
    "birth_month": "生日月份",
    "birth_day": "生日",
    "birth_leap": "闰月",
    "kind": "方式",
    "customer_identity.kind": "种类",
    "task.kind": "种类",
    "handover.kind": "种类",
    "attachment.kind": "种类",
    "raw": "内容",
    "happened_at": "时间",
    "amount_low": "金额",
    "amount_high": "金额上限",
    "amount": "原价",
    "discount": "折扣",
    "total": "报价",
    "status": "状态",
    "state": "状态",
    "place": "地点",
    "author_id": "记录人",
    "assignee_id": "负责人",
    "approval_task.assignee_id": "审批人",
    "due_at": "时间",
    "remind_at": "提醒时间",
    "done_at": "完成时间",
    "deadline": "截止",
    "repeat": "重复",
    "comment": "意见",
    "tag_id": "标签",
    "reason": "原因",
    "member_id": "成员",
    "right": "权限",
    "expires_at": "到期",
    "model": "型号",
    "serial": "序列号",
    "installed_on": "安装日期",
    "warranty_until": "保修到期",
    "value": "内容",
    "voided_at": "作废",
    "archived_at": "归档",
    "ended_at": "结束",
    "requester_id": "提交人",
    "decided_at": "审批时间",
    "snooze_count": "推迟次数",
    "deputy_id": "代理人",
    "from_at": "开始",
    "until_at": "到",
}
"""Fields by their column, or by table and column where the word alone would be wrong."""

ENDINGS = frozenset({"voided_at", "archived_at", "ended_at"})
"""Columns that are set when a record is taken away."""

UNSAID = frozenset(
    {
        "id",
        "version",
        "created_at",
        "updated_at",
        "inbox_id",
        "object",
        "object_id",
        "name_norm",
        "alias_norm",
        "value_norm",
        "ext",
        "parser",
        "happened_grain",
        "happened_part",
        "due_grain",
        "reminded_at",
        "last_follow_at",
        "next_follow_at",
        "creator_id",
        "activity_id",
        "corrects_id",
        "approval_id",
        "node",
        "mode",
        "auto",
        "attachments",
        "granted_by",
        "created_by",
        "platform",
        "app",
        "conversation",
        "reference",
        "path",
        "digest",
        "size",
        "attempts",
        "last_error",
        "lease_until",
        "manager_id",
        "rule",
    }
)
"""Columns that nobody is told of: of the machinery, or told in another way."""

MONEY = frozenset({"amount", "total", "amount_low", "amount_high"})
CHOICES: dict[str, dict[str, str]] = {
    "quote.status": {
        "draft": "草稿",
        "pending": "待审批",
        "approved": "已通过",
        "rejected": "已驳回",
        "withdrawn": "已撤回",
    },
    "approval.status": {
        "pending": "待审批",
        "approved": "已通过",
        "rejected": "已驳回",
        "withdrawn": "已撤回",
        "skipped": "不需要了",
    },
    "task.status": {"open": "待办", "done": "已完成", "cancelled": "已取消"},
    "task.kind": {"follow": "跟进", "remind": "提醒"},
    "activity.kind": {
        "visit": "拜访",
        "call": "电话",
        "wechat": "微信沟通",
        "message": "消息",
        "meeting": "会议",
        "follow": "跟进",
        "note": "备注",
    },
    "contact.birthday_kind": {"solar": "公历", "lunar": "农历"},
    "collaborator.right": {"read": "只看", "write": "可写"},
    "customer_identity.kind": {
        "phone": "电话",
        "mobile": "手机",
        "email": "邮箱",
        "wechat": "微信",
        "tax_no": "税号",
        "member_no": "会员号",
        "external_userid": "企业微信",
    },
}
CHOICES["approval_task.status"] = CHOICES["approval.status"]


@dataclass(frozen=True, slots=True)
class Fen:
    """An amount of money, in fen."""

    amount: int


@dataclass(frozen=True, slots=True)
class Share:
    """A discount, in ten-thousandths: 9折 is 9000."""

    of: int


Value = str | Fen | Share | datetime | date | None
"""A value as it is told: a text, an amount, a local time, a day; None where there is nothing."""


def object_name(table: str) -> str:
    """What a kind of record is called."""
    return OBJECTS.get(table, "记录")


def field_name(table: str, column: str) -> str:
    """What a field is called; empty where nobody is told of it."""
    if column in UNSAID:
        return ""
    return FIELDS.get(f"{table}.{column}") or FIELDS.get(column, "")


@lru_cache
def target(table: str, column: str) -> str:
    """The table that a column refers to, empty for any other column."""
    known = metadata.tables.get(table)
    if known is None or column not in known.columns:
        return ""
    return next((key.column.table.name for key in known.columns[column].foreign_keys), "")


@lru_cache
def is_moment(table: str, column: str) -> bool:
    """Whether a column holds a time."""
    known = metadata.tables.get(table)
    return (
        known is not None and column in known.columns and isinstance(known.columns[column].type, UtcDateTime)
    )


def value_of(
    ctx: Context, table: str, column: str, plain: object, names: dict[tuple[str, int], str]
) -> Value:
    """A value of the journal as it is told; `names` are those of the rows that ids refer to."""
    if plain is None or plain == "" or plain == []:
        return None
    to = target(table, column)
    if to and isinstance(plain, int):
        return names.get((to, plain), "")
    if column in MONEY and isinstance(plain, int):
        return Fen(plain)
    if column == "discount" and isinstance(plain, int):
        return Share(plain)
    if isinstance(plain, bool):
        return "是" if plain else "否"
    if isinstance(plain, str) and is_moment(table, column):
        return ctx.wall(datetime.fromisoformat(plain))
    return CHOICES.get(f"{table}.{column}", {}).get(str(plain), str(plain))
