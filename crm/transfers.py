"""External contacts of WeCom that go to another member: asked for in batches, followed until it is known.

Asking takes effect after 24 hours unless the person outside refuses
(developer.work.weixin.qq.com/document/path/94081 for those who have left, 94096 for those still here).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from crm.context import Context
from crm.handover.moving import chunks
from store.tables import ExternalContact, ExternalFollow, ExternalTransfer, Identity

GRACE = timedelta(minutes=10)  # so that a hand-over taken back at once never reaches the people outside
WECOM = "wecom"


class State(StrEnum):
    """Where the transfer of one contact stands. The last four are final."""

    WAITING = "waiting"
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    DROPPED = "dropped"


FINAL = (State.DONE, State.REFUSED, State.FAILED, State.DROPPED)


REFUSED_BY_PERSON, RECEIVER_FULL, NO_RECORD = 3, 4, 5
NO_ACCOUNT, NO_ANSWER = -1001, -1002  # our own, beside the platform's codes
WORDS: Mapping[int, str] = {
    REFUSED_BY_PERSON: "客户不同意换人",
    RECEIVER_FULL: "接手人的客户数已满",
    NO_RECORD: "企业微信没有这次转接的记录",
    NO_ACCOUNT: "接手人不在企业微信里",
    NO_ANSWER: "企业微信一直没有给出结果",
    40003: "接手人的账号不存在",
    40096: "企业微信里已经没有这位客户",
    40097: "原负责人在企业微信里还没有离职",
    40098: "接手人还没有实名认证",
    40099: "接手人的客户数已满",
    40100: "已经在转接中",
    40128: "90天内转过，暂时不能再转",
    40129: "已经在转接中",
    40130: "接手人就是原负责人",
    40131: "原负责人没有加这位客户",
    84061: "原负责人没有加这位客户",
    84083: "接手人没有开通客户联系",
    60111: "接手人不在企业微信里",
    60021: "接手人不在应用的可见范围里",
    90500: "原群主在企业微信里还没有离职",
    90501: "不是客户群",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the transfers of a hand-over ended: how many went through to whom (ids), and what did not, why."""

    handover_id: int
    total: int
    done: Mapping[int, int]
    refused: Mapping[int, int]
    names: Mapping[int, tuple[str, ...]]


def plan(ctx: Context, handover_id: int, receivers: Mapping[int, int]) -> int:
    """Ask for these follows (id: member who is to have it) in a while; how many can be asked for.

    What the same hand-over had dropped before is decided anew.
    """
    before = delete(ExternalTransfer).where(
        col(ExternalTransfer.handover_id) == handover_id, col(ExternalTransfer.state) == State.DROPPED.value
    )
    ctx.session.execute(before)
    count = 0
    for some in chunks(sorted(receivers)):
        query = (
            select(ExternalFollow, col(ExternalContact.external_id))
            .join(ExternalContact, col(ExternalContact.id) == col(ExternalFollow.contact_id))
            .where(col(ExternalFollow.id).in_(some), col(ExternalContact.platform) == WECOM)
            .order_by(col(ExternalFollow.id))
        )
        follows = [(row[0], row[1]) for row in ctx.session.execute(query)]
        froms = accounts(ctx.session, col(Identity.external_id).in_({one.external_id for one, _ in follows}))
        tos = accounts(ctx.session, col(Identity.member_id).in_({receivers[i] for i in some}), living=True)
        for follow, external_id in follows:
            pair = _pair(froms, tos, follow.external_id, receivers[follow.id])
            row = ExternalTransfer(
                handover_id=handover_id,
                follow_id=follow.id,
                from_userid=pair[1] if pair else follow.external_id,
                to_userid=pair[2] if pair else "",
                external_id=external_id,
                app=pair[0] if pair else "",
                state=State.WAITING if pair else State.FAILED,
                code=0 if pair else NO_ACCOUNT,
                due_at=ctx.now + GRACE,
                updated_at=ctx.now,
            )
            ctx.session.add(row)
            count += pair is not None
    ctx.session.flush()
    return count


def accounts(session: Session, which: object, *, living: bool = False) -> list[Identity]:
    """The accounts in WeCom of whom a condition means, with `living` those that have not left.

    Accounts that a directory told of come first: their ids are those of the platform's members."""
    query = select(Identity).where(col(Identity.platform) == WECOM, which)  # type: ignore[arg-type]  # a condition
    if living:
        query = query.where(col(Identity.left_at).is_(None))
    order = (col(Identity.synced_at).is_(None), col(Identity.id))
    return list(session.execute(query.order_by(*order)).scalars())


def _pair(
    froms: Sequence[Identity], tos: Sequence[Identity], userid: str, member_id: int
) -> tuple[str, str, str] | None:
    """(app, from, to) in an app that knows both, each userid as the platform writes it."""
    for old in froms:
        for new in tos:
            if old.external_id == userid and new.member_id == member_id and new.app == old.app:
                return (old.app, old.address or old.external_id, new.address or new.external_id)
    return None


def drop_waiting(session: Session, handover_id: int, now: datetime) -> tuple[int, int]:
    """The hand-over is taken back: (how many were not asked for yet and never will be, how many were)."""
    waiting = (
        update(ExternalTransfer)
        .where(
            col(ExternalTransfer.handover_id) == handover_id,
            col(ExternalTransfer.state) == State.WAITING.value,
        )
        .values(state=State.DROPPED.value, updated_at=now)
        .returning(col(ExternalTransfer.id))
        .execution_options(synchronize_session="fetch")
    )
    dropped = len(session.execute(waiting).all())
    query = select(func.count()).where(
        col(ExternalTransfer.handover_id) == handover_id,
        col(ExternalTransfer.state).in_((State.ASKED.value, State.DONE.value)),
    )
    return dropped, int(session.execute(query).scalar_one())


def resume(session: Session, handover_id: int, now: datetime) -> int:
    """A hand-over that was taken back stands again: what was dropped is asked for in a while; how many."""
    again = (
        update(ExternalTransfer)
        .where(
            col(ExternalTransfer.handover_id) == handover_id,
            col(ExternalTransfer.state) == State.DROPPED.value,
        )
        .values(state=State.WAITING.value, attempts=0, due_at=now + GRACE, updated_at=now)
        .returning(col(ExternalTransfer.id))
        .execution_options(synchronize_session="fetch")
    )
    waiting = select(func.count()).where(
        col(ExternalTransfer.handover_id) == handover_id, col(ExternalTransfer.state) == State.WAITING.value
    )
    session.execute(again).all()
    return int(session.execute(waiting).scalar_one())


def ended(session: Session, most: int = 20) -> list[int]:
    """Hand-overs whose transfers have all ended, the newest first."""
    open_ = (State.WAITING.value, State.ASKED.value)
    running = select(col(ExternalTransfer.handover_id)).where(col(ExternalTransfer.state).in_(open_))
    query = (
        select(col(ExternalTransfer.handover_id))
        .where(col(ExternalTransfer.handover_id).not_in(running))
        .where(col(ExternalTransfer.state) != State.DROPPED.value)
        .group_by(col(ExternalTransfer.handover_id))
        .order_by(col(ExternalTransfer.handover_id).desc())
        .limit(most)
    )
    return list(session.execute(query).scalars())


def outcome(session: Session, handover_id: int) -> Outcome:
    """How the transfers of a hand-over ended."""
    query = (
        select(ExternalTransfer, col(ExternalContact.name))
        .join(ExternalFollow, col(ExternalFollow.id) == col(ExternalTransfer.follow_id))
        .join(ExternalContact, col(ExternalContact.id) == col(ExternalFollow.contact_id))
        .where(
            col(ExternalTransfer.handover_id) == handover_id,
            col(ExternalTransfer.state) != State.DROPPED.value,
        )
        .order_by(col(ExternalTransfer.id))
    )
    rows = [(row[0], row[1]) for row in session.execute(query)]
    receivers = accounts(session, col(Identity.address).in_({one.to_userid for one, _ in rows}))
    receivers += accounts(session, col(Identity.external_id).in_({one.to_userid.lower() for one, _ in rows}))
    by_userid = {(one.app, one.external_id): one.member_id for one in reversed(receivers)}
    done: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    names: dict[int, list[str]] = defaultdict(list)
    for one, name in rows:
        if one.state == State.DONE:
            done[by_userid.get((one.app, one.to_userid.lower()), 0)] += 1
        else:
            refused[one.code] += 1
            names[one.code].append(name)
    return Outcome(handover_id, len(rows), done, refused, {code: tuple(some) for code, some in names.items()})
