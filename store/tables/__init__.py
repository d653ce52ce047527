"""The tables, one module an area. Importing this package registers them all."""

from store.tables.customers import Contact, Customer, CustomerAlias
from store.tables.deals import (
    Approval,
    ApprovalMode,
    ApprovalStatus,
    ApprovalTask,
    Quote,
    QuoteStatus,
    Sequence,
)
from store.tables.externals import ExternalContact, ExternalFollow
from store.tables.learning import Correction
from store.tables.people import (
    BindingCode,
    Conversation,
    Department,
    DepartmentIdentity,
    DirectoryNews,
    Identity,
    Member,
    MemberDepartment,
    Role,
)
from store.tables.traffic import (
    CardRow,
    EventLog,
    Inbox,
    InboxStatus,
    Lease,
    Outbox,
    OutboxState,
    TickRun,
    Usage,
)
from store.tables.work import Activity, Task, TaskStatus
from store.types import Table

metadata = Table.metadata

__all__ = [
    "Activity",
    "Approval",
    "ApprovalMode",
    "ApprovalStatus",
    "ApprovalTask",
    "BindingCode",
    "CardRow",
    "Contact",
    "Conversation",
    "Correction",
    "Customer",
    "CustomerAlias",
    "Department",
    "DepartmentIdentity",
    "DirectoryNews",
    "EventLog",
    "ExternalContact",
    "ExternalFollow",
    "Identity",
    "Inbox",
    "InboxStatus",
    "Lease",
    "Member",
    "MemberDepartment",
    "Outbox",
    "OutboxState",
    "Quote",
    "QuoteStatus",
    "Role",
    "Sequence",
    "Table",
    "Task",
    "TaskStatus",
    "TickRun",
    "Usage",
    "metadata",
]
