"""A second salesperson under the same manager, to whom work goes, and the people that they know outside."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from store.tables import Customer, ExternalContact, ExternalFollow, ExternalTransfer, Identity, Member, Role
from tests.crm.team import NOW
from tests.handlers.talk import Talk, make_talk


def talk_with_sun(session: Session) -> Talk:
    """A conversation with 孙丽 (sun) beside 张伟, both under 李娜."""
    talk = make_talk(session)
    boss = talk.team.members["li"].id
    sun = Member(name="孙丽", role=Role.SALES, superior_id=boss, created_at=NOW, updated_at=NOW)
    session.add(sun)
    session.flush()
    talk.team.members["sun"] = sun
    return talk


def acquainted(talk: Talk, customer: Customer, *people: str) -> None:
    """People of a customer that 张伟 has added in WeCom, where he and his colleagues have accounts."""
    for who in ("zhang", "sun", "li"):
        account = Identity(
            platform="wecom",
            app="main",
            external_id=who,
            member_id=talk.team.members[who].id,
            synced_at=NOW,
            left_at=None,
            created_at=NOW,
        )
        talk.session.add(account)
    for name in people:
        outside = ExternalContact(
            platform="wecom",
            external_id=f"wm{name}",
            name=name,
            customer_id=customer.id,
            created_at=NOW,
            updated_at=NOW,
        )
        talk.session.add(outside)
        talk.session.flush()
        follow = ExternalFollow(
            contact_id=outside.id,
            external_id="zhang",
            member_id=talk.team.members["zhang"].id,
            updated_at=NOW,
        )
        talk.session.add(follow)
    talk.session.flush()


def transfers(talk: Talk) -> list[tuple[str, str, str, str]]:
    """What WeCom is asked for, or was: from whom, to whom, who, and how it stands."""
    rows = talk.session.execute(select(ExternalTransfer).order_by(col(ExternalTransfer.id))).scalars()
    return [(one.from_userid, one.to_userid, one.external_id, one.state) for one in rows]
