"""What is said when somebody has left."""

from __future__ import annotations

from datetime import date

from cards.card import Card
from cards.handover import plan_card
from cards.quotes import total_words
from crm.leaving import Leaver


def leaver_card(leaver: Leaver, today: date) -> Card | None:
    """What he leaves and who might take it; None where he leaves nothing."""
    return plan_card(leaver.handover, today) if leaver.handover is not None else None


def leaver_words(leaver: Leaver) -> str:
    """赵晨已离开，还有 2 份报价在等他审批：…"""
    waiting = "；".join(
        f"{one.number} {one.customer} {total_words(one)}（{one.owner.called}提交）" for one in leaver.waiting
    )
    return f"{leaver.name}已离开公司，还有 {len(leaver.waiting)} 份报价在等他审批：{waiting}"
