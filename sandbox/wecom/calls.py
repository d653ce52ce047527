"""The table of calls: path below /cgi-bin/, method, and who answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.wecom.call import Blob, Call
from sandbox.wecom.shape import JsonObject

if TYPE_CHECKING:
    from sandbox.wecom.platform import Platform

Handler = Callable[[Call], JsonObject | Blob]
Table = dict[str, tuple[str, Handler]]
CALLBACK_ADDRESSES = ["127.0.0.1"]


def table(on: Platform) -> Table:
    """Everything that takes an access token."""
    return {**_messages(on), **_people(on), **_customers(on), **_pages(on), **_approvals(on)}


def _messages(on: Platform) -> Table:
    return {
        "message/send": ("POST", on.sending.send),
        "message/recall": ("POST", on.sending.recall),
        "message/update_template_card": ("POST", on.updating.update),
        "menu/create": ("POST", on.menus.create),
        "media/upload": ("POST", on.media.upload),
        "media/get": ("GET", on.media.fetch),
        "appchat/create": ("POST", on.appchats.create),
        "appchat/update": ("POST", on.appchats.update),
        "appchat/get": ("GET", on.appchats.get),
        "appchat/send": ("POST", on.appchats.send),
        "getcallbackip": ("GET", _callback_addresses),
    }


def _people(on: Platform) -> Table:
    return {
        "user/get": ("GET", on.contacts.user_get),
        "user/list": ("GET", on.contacts.user_list),
        "user/simplelist": ("GET", on.contacts.user_simplelist),
        "user/list_id": ("POST", on.contacts.user_list_id),
        "department/list": ("GET", on.contacts.department_list),
        "department/simplelist": ("GET", on.contacts.department_simplelist),
        "department/get": ("GET", on.contacts.department_get),
        "tag/list": ("GET", on.contacts.tag_list),
        "tag/get": ("GET", on.contacts.tag_get),
    }


def _customers(on: Platform) -> Table:
    found: Table = {
        "get_follow_user_list": ("GET", on.externals.followers),
        "list": ("GET", on.externals.of_member),
        "get": ("GET", on.externals.get),
        "batch/get_by_user": ("POST", on.externals.batch),
        "remark": ("POST", on.external_writes.remark),
        "mark_tag": ("POST", on.external_writes.mark),
        "send_welcome_msg": ("POST", on.external_writes.welcome),
        "get_corp_tag_list": ("POST", on.corp_tags.listed),
        "add_corp_tag": ("POST", on.corp_tags.add),
        "edit_corp_tag": ("POST", on.corp_tags.edit),
        "del_corp_tag": ("POST", on.corp_tags.remove),
        "groupchat/list": ("POST", on.customer_groups.listed),
        "groupchat/get": ("POST", on.customer_groups.get),
        **on.group_transfers.calls(),
        "transfer_customer": ("POST", on.transfers.staying),
        "transfer_result": ("POST", on.transfers.staying_result),
        "resigned/transfer_customer": ("POST", on.transfers.leaving),
        "resigned/transfer_result": ("POST", on.transfers.leaving_result),
    }
    return {f"externalcontact/{path}": call for path, call in found.items()}


def _pages(on: Platform) -> Table:
    return {
        "auth/getuserinfo": ("GET", on.oauth.user_info),
        "auth/getuserdetail": ("POST", on.oauth.user_detail),
        "user/getuserinfo": ("GET", on.oauth.old_user_info),
        "get_jsapi_ticket": ("GET", on.js_tickets.of_corp),
        "ticket/get": ("GET", on.js_tickets.of_app),
    }


def _approvals(on: Platform) -> Table:
    return {
        "oa/gettemplatedetail": ("POST", on.approvals.template),
        "oa/applyevent": ("POST", on.approvals.apply),
        "oa/getapprovaldetail": ("POST", on.approvals.detail),
        "oa/getapprovalinfo": ("POST", on.approvals.numbers),
        "corp/getapprovaldata": ("POST", on.approvals.data),
        "oa/getapprovaldata": ("POST", on.approvals.data),
    }


def _callback_addresses(_call: Call) -> JsonObject:
    return {"errcode": 0, "errmsg": "ok", "ip_list": CALLBACK_ADDRESSES}
