"""What is said when somebody has left."""

from __future__ import annotations

from cards.words import money
from crm.leaving import Leaver


def leaver_words(leaver: Leaver) -> str:
    """赵晨已离开，还有 2 份报价在等他审批：…"""
    waiting = "；".join(
        f"{one.number} {one.customer} {money(one.total)}（{one.owner.called}提交）" for one in leaver.waiting
    )
    return (
        f"{leaver.name}已离开公司，还有 {len(leaver.waiting)} 份报价在等他审批：{waiting}。"
        "请让提交人撤回后重新提交给现在的上级"
    )
