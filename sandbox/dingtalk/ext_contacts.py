"""External contacts, the old calls; exempt from the monthly quota.

Pages add-enterprise-external-contacts, update-enterprise-external-contacts, delete-external-contact,
obtain-the-external-contact-list, obtains-the-external-contact-details-of-an-enterprise,
obtains-a-list-of-external-contact-tags.
"""

from __future__ import annotations

import secrets

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.errors import old
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import Space

SCOPE = "qyapi_ext_contact"
NEEDED = ("name", "mobile", "state_code", "label_ids", "follower_user_id")
BAD, TAKEN, UNKNOWN, NO_MOBILE, CLOSED = 400002, 22005, 60103, 60204, 60205


class ExtContacts:
    """The organisation's external contacts, where it has opened the feature.

    `labels` are the tags that may be used, by id.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self.contacts: dict[str, JsonObject] = {}
        self.opened = True
        self.labels = {1001: "潜在客户", 1002: "合作客户"}

    def create(self, call: Call) -> JsonObject:
        """A new contact. Raises Refused (400002, 22005, 60204)."""
        contact = self._read(call)
        if any(not contact.get(name) for name in NEEDED):
            raise old(BAD, "无效的参数：contact")
        if any(one["mobile"] == contact["mobile"] for one in self.contacts.values()):
            raise old(TAKEN, "外部联系人已存在")
        name = secrets.token_hex(10)
        self.contacts[name] = contact
        self._space.announce("contact_add_org", self._event(name))
        return {"errcode": 0, "errmsg": "ok", "userid": name}

    def update(self, call: Call) -> JsonObject:
        """Change a contact. Raises Refused."""
        contact = self._read(call)
        name = str(contact.pop("user_id", ""))
        self.contacts[name] = {**self._known(name), **contact}
        self._space.announce("contact_modify_org", self._event(name))
        return {"errcode": 0, "errmsg": "ok"}

    def delete(self, call: Call) -> JsonObject:
        """Take a contact away. Raises Refused (60103)."""
        self._admit(call)
        name = str(call.body().get("user_id", ""))
        self._known(name)
        del self.contacts[name]
        self._space.announce("contact_leave_org", self._event(name))
        return {"errcode": 0, "errmsg": "ok"}

    def get(self, call: Call) -> JsonObject:
        """One contact. Raises Refused (60103)."""
        self._admit(call)
        name = str(call.body().get("user_id", ""))
        return {"errcode": 0, "errmsg": "ok", "result": {"user_id": name, **self._known(name)}}

    def page(self, call: Call) -> JsonObject:
        """Some of them, in the order they came. Raises Refused."""
        self._admit(call)
        body = call.body()
        size, offset = body.get("size", 20), body.get("offset", 0)
        if not isinstance(size, int) or not isinstance(offset, int) or offset < 0:
            raise old(BAD, "无效的参数")
        if not 1 <= size <= limits.EXT_CONTACT_PAGE:
            raise old(BAD, "无效的参数：size")
        found = [{"user_id": name, **one} for name, one in self.contacts.items()]
        return {"errcode": 0, "errmsg": "ok", "results": found[offset : offset + size]}

    def label_groups(self, call: Call) -> JsonObject:
        """The tags."""
        self._admit(call)
        labels = [{"id": number, "name": name} for number, name in self.labels.items()]
        return {
            "errcode": 0,
            "errmsg": "ok",
            "results": [{"name": "客户分类", "color": -1, "labels": labels}],
        }

    def _admit(self, call: Call) -> None:
        call.needs_scope(SCOPE)
        if not self.opened:
            raise old(CLOSED, "企业未开启外部联系人功能")

    def _read(self, call: Call) -> JsonObject:
        self._admit(call)
        contact = call.body().get("contact")
        if not isinstance(contact, dict):
            raise old(BAD, "无效的参数：contact")
        if "mobile" in contact and not str(contact["mobile"]).isdigit():
            raise old(NO_MOBILE, "无效的手机号")
        labels = contact.get("label_ids", [])
        if not isinstance(labels, list) or not all(
            one in self.labels for one in labels if isinstance(one, int)
        ):
            raise old(BAD, "无效的参数：label_ids")
        if "follower_user_id" in contact and self._space.staff(str(contact["follower_user_id"])) is None:
            raise old(BAD, "无效的参数：follower_user_id")
        return dict(contact)

    def _known(self, name: str) -> JsonObject:
        if name not in self.contacts:
            raise old(UNKNOWN, "外部联系人不存在")
        return self.contacts[name]

    def _event(self, name: str) -> JsonObject:
        return {"timeStamp": str(self._space.now_ms()), "userId": [name]}
