"""What the platforms tell of colleagues and departments while the service runs; nobody is answered.

WeCom tells what has changed (90240), DingTalk only whom it concerns: that is looked up soon after.
"""

from __future__ import annotations

from cards.leavers import leaver_card, leaver_words
from crm import changes, externals, sync, transfer_rounds
from crm.changes import UserChange
from crm.directory import Department, Source, Subject
from crm.leaving import Leaver
from handlers.incoming import Incoming
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Turn

router = Router("directory")

ACTIVE = "1"  # Status: 1 active, 2 disabled, 4 not activated, 5 left (90240)


@router.system("change_contact")
def contact_changed(turn: Turn) -> Reply:
    """WeCom's address book."""
    incoming, source = turn.incoming, _source(turn.incoming)
    change, userid = _one(incoming, "ChangeType").lower(), _one(incoming, "UserID")
    if change in ("create_user", "update_user") and userid:
        return _notices(turn, changes.user(turn.ctx, source, _user(incoming, userid)))
    if change == "delete_user" and userid:
        return _notices(turn, changes.leave(turn.ctx, source, userid))
    party = _one(incoming, "Id")
    if change in ("create_party", "update_party") and party:
        told = Department(party, _one(incoming, "Name"), _one(incoming, "ParentId"))
        changes.department(turn.ctx, source, told)
    elif change == "delete_party" and party:
        changes.department_gone(turn.ctx, source, party)
    return Reply()


@router.system("subscribe", "unsubscribe")
def range_changed(turn: Turn) -> Reply:
    """WeCom: somebody has come into the app's visible range, or is out of it; which, is looked up."""
    sync.note(turn.ctx, _source(turn.incoming), Subject.USER, [turn.incoming.sender])
    return Reply()


@router.system("change_external_contact")
def external_changed(turn: Turn) -> Reply:
    """WeCom's external contacts: who is in touch no more is known at once, everything else is looked up."""
    incoming = turn.incoming
    change = _one(incoming, "ChangeType").lower()
    userid, external_id = _one(incoming, "UserID"), _one(incoming, "ExternalUserID")
    if not external_id:
        return Reply()
    if change in ("del_external_contact", "del_follow_user"):
        externals.parted(turn.ctx, incoming.platform, external_id, userid)
    elif change == "transfer_fail":
        transfer_rounds.told(turn.ctx, external_id, userid, _one(incoming, "FailReason"))
    elif change in ("add_external_contact", "add_half_external_contact", "edit_external_contact"):
        sync.note(turn.ctx, _source(incoming), Subject.EXTERNAL, [external_id])
    return Reply()


@router.system("user_add_org", "user_modify_org")
def staff_changed(turn: Turn) -> Reply:
    """DingTalk: somebody is new or has changed."""
    sync.note(turn.ctx, _source(turn.incoming), Subject.USER, _all(turn.incoming, "userId", "userid"))
    return Reply()


@router.system("user_leave_org")
def staff_left(turn: Turn) -> Reply:
    """DingTalk: somebody has left."""
    source = _source(turn.incoming)
    left = [changes.leave(turn.ctx, source, one) for one in _all(turn.incoming, "userId", "userid")]
    return _notices(turn, *left)


@router.system("org_dept_create", "org_dept_modify")
def department_changed(turn: Turn) -> Reply:
    """DingTalk: a department is new or has changed."""
    ids = _all(turn.incoming, "deptId", "dept_id")
    sync.note(turn.ctx, _source(turn.incoming), Subject.DEPARTMENT, ids)
    return Reply()


@router.system("org_dept_remove")
def department_removed(turn: Turn) -> Reply:
    """DingTalk: a department was removed."""
    for one in _all(turn.incoming, "deptId", "dept_id"):
        changes.department_gone(turn.ctx, _source(turn.incoming), one)
    return Reply()


def _notices(turn: Turn, *left: Leaver | None) -> Reply:
    """For whoever must decide what becomes of what a leaver leaves."""
    today = turn.ctx.local.date()
    return Reply(
        notices=tuple(
            Notice(member_id, leaver_card(one, today), leaver_words(one))
            for one in left
            if one is not None
            for member_id in one.told
        )
    )


def _user(incoming: Incoming, userid: str) -> UserChange:
    """What a change_contact event says of somebody."""
    departments = _listed(incoming, "Department")
    flags = _listed(incoming, "IsLeaderInDept")
    leads = None
    if departments is not None and flags is not None:
        leads = tuple(name for name, flag in zip(departments, flags, strict=False) if flag == "1")
    leaders = _listed(incoming, "DirectLeader")
    status = _one(incoming, "Status")
    return UserChange(
        userid=userid,
        new_userid=_one(incoming, "NewUserID"),
        name=_one(incoming, "Name") or None,
        departments=departments,
        main=_one(incoming, "MainDepartment") or None,
        leads=leads,
        leaders=None if leaders is None else tuple(one.lower() for one in leaders),
        position=_one(incoming, "Position") or None,
        active=None if not status else status == ACTIVE,
    )


def _source(incoming: Incoming) -> Source:
    return Source(incoming.platform, incoming.app)


def _one(incoming: Incoming, name: str) -> str:
    return incoming.fields.get(name, ("",))[0]


def _listed(incoming: Incoming, name: str) -> tuple[str, ...] | None:
    """A list joined by commas; None where the event has none."""
    value = _one(incoming, name)
    return tuple(part.strip() for part in value.split(",") if part.strip()) if value else None


def _all(incoming: Incoming, *names: str) -> list[str]:
    """Every value under the first of these names that is there."""
    return next((list(incoming.fields[name]) for name in names if name in incoming.fields), [])
