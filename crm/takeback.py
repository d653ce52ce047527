"""How each kind of record is taken back after it was created: which values it gets, and when it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from crm.attachments import KINDS as FILES
from crm.context import Context
from crm.rights import name_of
from store.tables import (
    Activity,
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Asset,
    Attachment,
    Contact,
    Customer,
    CustomerAlias,
    CustomerIdentity,
    CustomField,
    CustomObject,
    CustomRecord,
    GroupTopic,
    Quote,
    QuoteStatus,
    Table,
    Tag,
    Tagging,
    Task,
    TaskStatus,
)

KINDS = {
    "visit": "拜访记录",
    "call": "电话记录",
    "wechat": "微信记录",
    "message": "消息记录",
    "meeting": "会议记录",
    "follow": "跟进记录",
    "note": "备注",
}

TITLES = {
    "collaborator": "协作",
    "role_scope": "权限设置",
    "field_right": "权限设置",
    "action_right": "权限设置",
    "away": "请假",
    "handover": "交接方案",
}


@dataclass(frozen=True, slots=True)
class Reversal:
    """`values` are set to take a created row back; `refuses` gives the reason why it may not be, or nothing.

    `refuses` is called with the context, the row and the id of the message that created it.
    """

    values: Callable[[Context], dict[str, object]]
    refuses: Callable[[Context, Table, int | None], str]


def title_of(row: Table) -> str:
    """How a record is called when it is taken back; nothing for one that goes without saying."""
    return next(
        (words(row) for kind, words in CALLED if isinstance(row, kind)),
        TITLES.get(str(row.__tablename__), "审批"),
    )


CALLED: tuple[tuple[type[Table], Callable[[Any], str]], ...] = (
    (Activity, lambda row: KINDS.get(row.kind, "记录")),
    (Task, lambda row: f"任务“{row.title}”"),
    (Customer, lambda row: f"客户“{row.name}”"),
    (Contact, lambda row: f"联系人“{row.name}”"),
    (CustomerAlias, lambda row: f"别名“{row.alias}”"),
    (CustomerIdentity, lambda row: ""),
    (Tag, lambda row: f"标签“{row.name}”"),
    (Asset, lambda row: f"设备“{row.name}”"),
    (Tagging, lambda row: "打的标签"),
    (Attachment, lambda row: FILES.get(row.kind, "附件")),
    (GroupTopic, lambda row: "群和客户的绑定"),
    (CustomField, lambda row: f"字段“{row.label}”"),
    (CustomObject, lambda row: f"对象“{row.name}”"),
    (CustomRecord, lambda row: f"{row.number} {row.title}"),
    (Quote, lambda row: f"报价{row.number}"),
)
"""Beside these, by table: `TITLES`."""


def _void(ctx: Context) -> dict[str, object]:
    return {"voided_at": ctx.now}


def _archive(ctx: Context) -> dict[str, object]:
    return {"archived_at": ctx.now}


def _end(ctx: Context) -> dict[str, object]:
    return {"ended_at": ctx.now}


def _cancel(ctx: Context) -> dict[str, object]:
    return {"status": TaskStatus.CANCELLED, "done_at": ctx.now}


def _withdraw(ctx: Context) -> dict[str, object]:
    return {"status": ApprovalStatus.WITHDRAWN}


def _never(ctx: Context, row: Table, inbox_id: int | None) -> str:
    return ""


def _corrected(ctx: Context, row: Table, inbox_id: int | None) -> str:
    if isinstance(row, Activity) and row.voided_at is not None:
        return "这条后来更正过，没有动。回复“撤销”先撤销更正，再回复一次就撤掉整条。"
    return ""


def _settled(ctx: Context, row: Table, inbox_id: int | None) -> str:
    if isinstance(row, Task) and row.status != TaskStatus.OPEN:
        what = "完成" if row.status == TaskStatus.DONE else "取消"
        return f"{title_of(row)}已经{what}，不能再撤销。"
    return ""


def _in_use(ctx: Context, row: Table, inbox_id: int | None) -> str:
    """A customer with records of other messages stays; so does a contact that they name."""
    activities: ColumnElement[bool]
    if isinstance(row, Customer):
        activities, plans = col(Activity.customer_id) == row.id, col(Task.customer_id) == row.id
        quotes = select(col(Quote.id)).where(
            col(Quote.customer_id) == row.id,
            col(Quote.status) != QuoteStatus.WITHDRAWN,
            col(Quote.inbox_id).is_distinct_from(inbox_id),
        )
        if ctx.session.execute(quotes.limit(1)).first() is not None:
            return f"{title_of(row)}已经有报价，不能撤销。"
    elif isinstance(row, Contact):
        activities, plans = col(Activity.contact_id) == row.id, col(Task.contact_id) == row.id
    else:
        return ""
    records = select(col(Activity.id)).where(
        activities, col(Activity.voided_at).is_(None), col(Activity.inbox_id).is_distinct_from(inbox_id)
    )
    tasks = select(col(Task.id)).where(
        plans, col(Task.status) == TaskStatus.OPEN, col(Task.inbox_id).is_distinct_from(inbox_id)
    )
    for query, what in ((records, "跟进记录"), (tasks, "任务")):
        if ctx.session.execute(query.limit(1)).first() is not None:
            return f"{title_of(row)}已经有{what}，不能撤销。"
    return ""


def _decided(ctx: Context, row: Table, inbox_id: int | None) -> str:
    if isinstance(row, Quote) and row.status not in (QuoteStatus.DRAFT, QuoteStatus.PENDING):
        return f"{title_of(row)}已经审批完，不能撤销。"
    if isinstance(row, ApprovalTask) and row.status != ApprovalStatus.PENDING:
        return f"{name_of(ctx, row.assignee_id)}已经审批，不能撤销。"
    if isinstance(row, Approval) and row.status != ApprovalStatus.PENDING:
        return "已经审批完，不能撤销。"
    return ""


REVERSALS: dict[str, Reversal] = {
    "activity": Reversal(_void, _corrected),
    "customer": Reversal(_archive, _in_use),
    "customer_alias": Reversal(_archive, _never),
    "contact": Reversal(_archive, _in_use),
    "customer_identity": Reversal(_archive, _never),
    "tag": Reversal(_archive, _never),
    "tagging": Reversal(_archive, _never),
    "asset": Reversal(_archive, _never),
    "task": Reversal(_cancel, _settled),
    "quote": Reversal(_withdraw, _decided),
    "approval": Reversal(_withdraw, _decided),
    "approval_task": Reversal(_withdraw, _decided),
    "attachment": Reversal(_archive, _never),
    "custom_field": Reversal(_archive, _never),
    "custom_object": Reversal(_archive, _never),
    "custom_record": Reversal(_archive, _never),
    "collaborator": Reversal(_end, _never),
    "group_topic": Reversal(_end, _never),
    "away": Reversal(_end, _never),
    "handover": Reversal(lambda ctx: {"state": "dropped"}, _never),
    "role_scope": Reversal(lambda ctx: {"scope": ""}, _never),
    "field_right": Reversal(lambda ctx: {"right": ""}, _never),
    "action_right": Reversal(lambda ctx: {"allowed": None}, _never),
}
