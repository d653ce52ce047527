"""Everything else that an app is told (page 90240): other menu entries, places, news of the platform."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.wecom.xml import Fields

ANSWERABLE = frozenset({"subscribe", "LOCATION", "view", "view_miniprogram", "scancode_waitmsg"})
"""Of these, the events to which a passive reply is applied (page 90241)."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event by name, with what it brings. `by_system` comes from sys, not from a member."""

    name: str
    fields: Fields
    by_system: bool = False


def subscribes() -> Happening:
    """The member has come into the app's range."""
    return Happening("subscribe", [("EventKey", "")])


def unsubscribes() -> Happening:
    """The member has left the app's range."""
    return Happening("unsubscribe", [("EventKey", "")])


def is_at(latitude: float, longitude: float, precision: float = 50.0) -> Happening:
    """The client tells where it is, in degrees, precise to so many metres."""
    place: Fields = [("Latitude", latitude), ("Longitude", longitude), ("Precision", precision)]
    return Happening("LOCATION", [*place, ("AppType", "wxwork")])


def views(url: str) -> Happening:
    """A menu entry that opens a page."""
    return Happening("view", [("EventKey", url)])


def views_miniprogram(page: str) -> Happening:
    """A menu entry that opens a mini-program."""
    return Happening("view_miniprogram", [("EventKey", page)])


def scans(key: str, result: str, *, waits: bool = False, kind: str = "qrcode") -> Happening:
    """A menu entry that scans a code; `waits` shows that an answer is awaited."""
    name = "scancode_waitmsg" if waits else "scancode_push"
    found: Fields = [("ScanType", kind), ("ScanResult", result)]
    return Happening(name, [("EventKey", key), ("ScanCodeInfo", found)])


def takes_pictures(key: str, digests: list[str], how: str = "pic_sysphoto") -> Happening:
    """A menu entry that takes pictures (or `pic_photo_or_album`, `pic_weixin`); they follow as messages."""
    items: Fields = [("item", [("PicMd5Sum", one)]) for one in digests]
    info: Fields = [("Count", len(digests)), ("PicList", items)]
    return Happening(how, [("EventKey", key), ("SendPicsInfo", info)])


def picks_place(key: str, latitude: float, longitude: float, label: str, name: str = "") -> Happening:
    """A menu entry that asks for a place, in degrees. X is the latitude."""
    place: Fields = [("Location_X", latitude), ("Location_Y", longitude), ("Scale", 15)]
    place += [("Label", label), ("Poiname", name)]
    fields: Fields = [("EventKey", key), ("SendLocationInfo", place), ("AppType", "wxwork")]
    return Happening("location_select", fields)


def job_done(job_id: str, kind: str, code: int = 0, words: str = "ok") -> Happening:
    """A batch job is done (sync_user, replace_user, invite_user, replace_party)."""
    job: Fields = [("JobId", job_id), ("JobType", kind), ("ErrCode", code), ("ErrMsg", words)]
    return Happening("batch_job_result", [("BatchJob", job)], by_system=True)


def customer_group_changed(chat_id: str, change: str, fields: Fields | None = None) -> Happening:
    """A group with customers: create, update (with UpdateDetail and so on), dismiss (page 92130)."""
    about: Fields = [("ChatId", chat_id), ("ChangeType", change), *(fields or [])]
    return Happening("change_external_chat", about, by_system=True)


def customer_tag_changed(id_: str, change: str, kind: str = "tag") -> Happening:
    """A tag for customers, or a group of tags: create, update, delete, shuffle (page 92130)."""
    fields: Fields = [("Id", id_), ("TagType", kind), ("ChangeType", change)]
    return Happening("change_external_tag", fields, by_system=True)


def app_warned(name: str, effective: int | None = None) -> Happening:
    """An app that nobody uses: inactive_alert, low_active_alert (with a Unix time), close_inactive_agent,
    reopen_inactive_agent, low_active, active_restored."""
    return Happening(name, [] if effective is None else [("EffectTime", effective)], by_system=True)


def shared(name: str = "share_agent_change") -> Happening:
    """The app was shared with another organisation, or is no more (also share_chain_change)."""
    return Happening(name, [], by_system=True)


def flow_changed(third_no: str, status: int, applicant: str, approver: str, answered: int) -> Happening:
    """The approval engine, which only a client can start: `status` 1 to 4, `answered` what was said to it."""
    item: Fields = [("ItemName", approver), ("ItemUserId", approver), ("ItemStatus", answered)]
    node: Fields = [("NodeStatus", answered), ("NodeAttr", 1), ("NodeType", 1), ("Items", [("Item", item)])]
    fields: Fields = [
        ("ThirdNo", third_no),
        ("OpenSpName", "审批"),
        ("OpenTemplateId", "sandbox"),
        ("OpenSpStatus", status),
        ("ApplyUserName", applicant),
        ("ApplyUserId", applicant),
        ("ApprovalNodes", [("ApprovalNode", node)]),
        ("approverstep", 0),
    ]
    return Happening("open_approval_change", [("ApprovalInfo", fields)], by_system=True)
