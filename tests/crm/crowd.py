"""A database with many customers and what hangs on them, so that planners have something to choose from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from store.ids import new_id
from store.once import table_of
from store.tables import (
    Activity,
    Approval,
    ApprovalTask,
    Collaborator,
    Contact,
    Customer,
    CustomerAlias,
    EventLog,
    Inbox,
    Quote,
    Table,
    Tag,
    Tagging,
    Task,
)
from store.types import _defaults
from tests.crm.team import NOW, Team

MANY = 1500


def fill(team: Team, many: int = MANY) -> None:
    """So many customers of 吴婷 and 张伟 with three follow-ups, a contact, a task, a tag and a quote each."""
    session = team.session
    owners = [team.members["zhang"].id, team.members["wu"].id]
    tag = new_id()
    _put(session, Tag, [{"id": tag, "name": "老客户", "name_norm": "老客户", "created_at": NOW}])
    customers = [
        {
            "id": new_id(),
            "number": f"X{n:06d}",
            "name": f"客户{n:06d}有限公司",
            "name_norm": f"客户{n:06d}",
            "owner_id": owners[n % 2],
            "created_at": NOW,
            "updated_at": NOW,
        }
        for n in range(many)
    ]
    _put(session, Customer, customers)
    shared: list[dict[str, Any]] = [
        {"customer_id": c["id"], "owner": c["owner_id"], "n": n} for n, c in enumerate(customers)
    ]
    _put(session, Contact, [_contact(one) for one in shared])
    _put(session, Activity, [_activity(one, day) for one in shared for day in range(3)])
    _put(session, Task, [_task(one) for one in shared])
    quotes = [_quote(one) for one in shared]
    _put(session, Quote, quotes)
    approvals = [_approval(one, n) for n, one in enumerate(quotes)]
    _put(session, Approval, approvals)
    boss = team.members["li"].id
    parts = [{"approval_id": a["id"], "assignee_id": boss, "status": a["status"]} for a in approvals]
    _put(session, ApprovalTask, parts)
    _put(session, Collaborator, [_shared(one, owners[1 - one["n"] % 2]) for one in shared[::10]])
    _put(
        session,
        Tagging,
        [{"id": new_id(), "customer_id": c["id"], "tag_id": tag, "created_at": NOW} for c in customers],
    )
    _put(session, CustomerAlias, [_alias(one) for one in shared])
    messages = [_message(one) for one in shared]
    _put(session, Inbox, messages)
    _put(session, EventLog, [_event(c, m) for c, m in zip(customers, messages, strict=True)])
    session.execute(text("ANALYZE" if session.get_bind().dialect.name != "sqlite" else "SELECT 1"))


def _put(session: Session, model: type[Table], rows: list[dict[str, Any]]) -> None:
    known, factories = _defaults(model)
    whole = [{**known, **{n: make() for n, make in factories.items()}, **row} for row in rows]
    session.execute(insert(table_of(model)), whole)


def _contact(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "customer_id": one["customer_id"],
        "name": f"联系人{one['n']}",
        "created_at": NOW,
        "updated_at": NOW,
    }


def _activity(one: dict[str, Any], day: int) -> dict[str, Any]:
    return {
        "kind": "visit",
        "customer_id": one["customer_id"],
        "author_id": one["owner"],
        "raw": "聊了报价",
        "happened_at": NOW - timedelta(days=day),
        "created_at": NOW,
    }


def _task(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "回访",
        "assignee_id": one["owner"],
        "creator_id": one["owner"],
        "customer_id": one["customer_id"],
        "due_at": NOW + timedelta(days=one["n"] % 40 - 20),
        "remind_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _quote(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "number": f"XQ{one['n']:06d}",
        "customer_id": one["customer_id"],
        "owner_id": one["owner"],
        "amount": 100,
        "total": 100,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _approval(quote: dict[str, Any], n: int) -> dict[str, Any]:
    return {
        "status": "approved" if n % 500 else "pending",
        "id": new_id(),
        "object": "quote",
        "object_id": quote["id"],
        "requester_id": quote["owner_id"],
        "created_at": NOW,
    }


def _shared(one: dict[str, Any], member_id: int) -> dict[str, Any]:
    return {
        "object": "customer",
        "object_id": one["customer_id"],
        "member_id": member_id,
        "created_at": NOW,
    }


def _alias(one: dict[str, Any]) -> dict[str, Any]:
    word = f"简称{one['n']:06d}"
    return {"customer_id": one["customer_id"], "alias": word, "alias_norm": word, "created_at": NOW}


def _message(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "platform": "wecom",
        "app": "main",
        "delivery_id": f"crowd{one['n']}",
        "conversation": "crowd",
        "sender": "crowd",
        "kind": "text",
        "raw": {"text": "聊了报价"},
        "received_at": NOW,
    }


def _event(customer: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    return {
        "object": "customer",
        "object_id": customer["id"],
        "type": "created",
        "after": {"name": customer["name"]},
        "actor_id": customer["owner_id"],
        "inbox_id": message.get("id"),
        "at": NOW,
    }
