"""What a merge would do, before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from crm import customers
from crm.context import Context
from crm.errors import NotAllowed, UserMistake
from crm.merging import references
from crm.merging.fields import Choice, Clash, clashes
from crm.merging.people import joined
from crm.merging.relations import count, links_to
from crm.rights import Right, may_act_for, name_of, need, people
from store.tables import Customer

ALIASES = "别名"
KINDS: dict[str, str] = {
    "contact": "联系人",
    "activity": "跟进记录",
    "task": "任务",
    "quote": "报价",
    "asset": "设备",
    "customer_alias": ALIASES,
    "customer_identity": "电话邮箱等",
    "tagging": "标签",
    "collaborator": "协作人",
    "external_contact": "企业微信联系人",
    "custom_record": "自定义记录",
    "group_topic": "群聊",
    "customer": "下级公司和介绍的客户",
    "approval": "审批",
    "handover_item": "交接事项",
    "card": "卡片",
}
OTHER = "其他"
UNTOLD = frozenset({"card"})
__all__ = ["Choice", "Clash", "Preview", "both", "preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do: `moves` (kind, how many), contacts that are joined, fields to be chosen."""

    loser: Customer
    winner: Customer
    owner: str
    moves: tuple[tuple[str, int], ...]
    joined: tuple[str, ...]
    clashes: tuple[Clash, ...]


def preview(ctx: Context, loser_id: int, winner_id: int) -> Preview:
    """What would move, what would be kept, what must be chosen; nothing is done.

    Raises `UserMistake`, `NotAllowed`.
    """
    loser, winner = both(ctx, loser_id, winner_id)
    counts: dict[str, int] = {}
    for link in links_to("customer"):
        found = count(ctx.session, link, loser.id)
        if found and link.table.name not in UNTOLD:
            kind = kind_of(link.name)
            counts[kind] = counts.get(kind, 0) + found
    for one in references.references(ctx.session):
        found = references.count(ctx.session, one, loser.id, winner.id)
        if found:
            counts[references.KIND] = counts.get(references.KIND, 0) + found
    names = tuple(one.name for one, _ in joined(ctx, loser.id, winner.id))
    return Preview(
        loser,
        winner,
        name_of(ctx, winner.owner_id),
        tuple(counts.items()),
        names,
        clashes(ctx, loser, winner),
    )


def kind_of(link: str) -> str:
    """What the rows of a link (activity.customer_id, reference:17) are called."""
    if link.startswith(references.PREFIX):
        return references.KIND
    return KINDS.get(link.partition(".")[0], OTHER)


def both(ctx: Context, loser_id: int, winner_id: int) -> tuple[Customer, Customer]:
    """The two, which the actor may merge: as owner or superior of both, or with the right to merge."""
    loser, winner = customers.get(ctx, loser_id), customers.get(ctx, winner_id)
    if loser.id == winner.id:
        raise UserMistake(f"{winner.name}已经是同一家客户了，不用再合并。")
    for one in (loser, winner):
        if may_act_for(ctx, one.owner_id):
            continue
        need(ctx, Right.MERGE)
        if people(ctx) is not None:  # a colleague who may work on it does not make it disappear
            owner = name_of(ctx, one.owner_id)
            raise NotAllowed(
                f"{one.name}由{owner}负责，合并由两家的负责人或共同的上级来做，也可以请商务、管理员。"
            )
    return loser, winner
