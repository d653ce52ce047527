"""The card calls: create, deliver, both at once, update, and where clicks go by HTTP.

Pages interface-for-creating-a-card-instance, delivery-card-interface, create-and-deliver-cards,
interactive-card-update-interface, register-card-callback-address.
"""

from __future__ import annotations

import secrets

from sandbox.dingtalk import card_rules, limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.card_rules import EVERYBODY, IM_GROUP, IM_ROBOT, Target
from sandbox.dingtalk.card_streams import read_part
from sandbox.dingtalk.cards import Card, Params
from sandbox.dingtalk.company import SDK_TEMPLATES, DingApp, Template
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.faults import ApiFaults
from sandbox.dingtalk.robot import Robot
from sandbox.dingtalk.shape import JsonObject, flag, needed, text
from sandbox.dingtalk.state import GROUP, ROBOT, Bubble, Conversation, Space

SCOPE, STREAMING_SCOPE = "Card.Instance.Write", "Card.Streaming.Write"
BY_USER_ID, BY_UNION_ID = 1, 2


class CardCalls:
    """All card instances and the calls on them."""

    def __init__(self, space: Space, robot: Robot, faults: ApiFaults) -> None:
        self._space, self._robot, self._faults = space, robot, faults
        self.cards: dict[str, Card] = {}
        self._routes: dict[tuple[str, str], tuple[str, str]] = {}

    def create(self, call: Call) -> JsonObject:
        """Create only. Raises Refused."""
        call.needs_scope(SCOPE)
        card = self._keep(self._read_card(call.app, call.body()))
        return {"success": True, "result": card.out_track_id}

    def add_spaces(self, call: Call) -> JsonObject:
        """Make a card that exists fit for more kinds of places. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        card, models = self._own(call.app, body), card_rules.space_models(body)
        if not models:
            raise Refused("param.openSpaceModelInvalid", "场域信息不能为空")
        card.space_models |= models
        return {"success": True, "result": True}

    def deliver(self, call: Call) -> JsonObject:
        """Deliver a card that exists. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        card = self._own(call.app, body)
        places = self._read_targets(call.app, card, body)
        return {"success": True, "result": [self._place(call.app, card, one) for one in places]}

    def create_and_deliver(self, call: Call) -> JsonObject:
        """Both at once: nothing is created when anything is wrong. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        card = self._read_card(call.app, body)
        places = self._read_targets(call.app, card, body)
        card = self._keep(card)
        results = [self._place(call.app, card, one) for one in places]
        result: JsonObject = {"outTrackId": card.out_track_id, "deliverResults": results}
        return {"success": True, "result": result}

    def update(self, call: Call) -> JsonObject:
        """Change a card for everybody (public) or for some (private). Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        card = self._own(call.app, body)
        public, private = card_rules.params(body, "cardData"), card_rules.private(body)
        self._check_values(public or {}, private or {})
        if not public and not private:
            raise Refused("param.cardDataAndPrivateDataBothEmpty", "cardData 与 privateData 不能同时为空")
        kind = _user_id_type(body, card.user_id_type)
        card.update(public, self._staff_keys(private, kind), card_rules.by_key(body))
        self._space.card_changed(card)
        return {"success": True, "result": True}

    def stream(self, call: Call) -> JsonObject:
        """Write one variable bit by bit, as a typewriter (page api-streamingupdate). Raises Refused."""
        call.needs_scope(STREAMING_SCOPE)
        body = call.body()
        card = self._own(call.app, body)
        part = read_part(body)
        card.update({part.key: part.after(card.public.get(part.key, ""))}, None, (True, True))
        self._space.card_changed(card)
        return {"success": True, "result": True}

    def register_callback(self, call: Call) -> JsonObject:
        """Where clicks of cards with a route key go. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        key = needed(body, "callbackRouteKey", "param.empty")
        url, secret = needed(body, "callbackUrl", "param.empty"), text(body, "apiSecret", "param.invalid")
        name = (call.app.client_id, key)
        if name not in self._routes or flag(body, "forceUpdate"):
            self._routes[name] = (url, secret or secrets.token_hex(16))
        url, secret = self._routes[name]
        return {"success": True, "result": {"callbackUrl": url, "apiSecret": secret}}

    def route(self, card: Card) -> tuple[str, str] | None:
        """Address and secret of the card's route, when one is registered."""
        return self._routes.get((card.client_id, card.route_key))

    def template(self, template_id: str) -> Template | None:
        """A template by its id: the organisation's own or the vendor's."""
        known = (*self._space.organisation.templates, *SDK_TEMPLATES)
        return next((one for one in known if one.id == template_id), None)

    def _read_card(self, app: DingApp, body: JsonObject) -> Card:
        template_id = needed(body, "cardTemplateId", "param.cardTemplateIdEmpty")
        name = needed(body, "outTrackId", "param.outTrackIdEmpty")
        if len(name) > limits.OUT_TRACK_ID_CHARS:
            raise Refused("param.invalid", "outTrackId 不超过 100 个字符")
        self._check_template(template_id)
        if name in self.cards and not self._faults.old_cards:
            raise Refused("param.cardAlreadyExist", "卡片已存在")
        public = card_rules.params(body, "cardData")
        if public is None:
            raise Refused("param.cardPublicDataEmpty", "cardData 不能为空")
        callback = text(body, "callbackType", "param.invalid")
        if callback not in ("", "STREAM", "HTTP"):
            raise Refused("param.invalid", "callbackType 应为 STREAM 或 HTTP")
        route_key = text(body, "callbackRouteKey", "param.invalid")
        if callback == "HTTP" and (app.client_id, route_key) not in self._routes:
            raise Refused("param.invalid", "callbackRouteKey 未注册")
        kind = _user_id_type(body, BY_USER_ID)
        private = self._staff_keys(card_rules.private(body), kind) or {}
        self._check_values(public, private)
        models = card_rules.space_models(body)
        return Card(name, app.client_id, template_id, callback, route_key, kind, public, private, models)

    def _keep(self, card: Card) -> Card:
        """The card of that name from now on; an old one stays as it is."""
        return self.cards.setdefault(card.out_track_id, card)

    def _check_values(self, public: Params, private: dict[str, Params]) -> None:
        for one in (public, *private.values()) if self._faults.strict_values else ():
            card_rules.check_values(one)

    def _check_template(self, template_id: str) -> None:
        template = self.template(template_id)
        if template is None:
            raise Refused("param.templateNotExist", "卡片模板不存在")
        if not template.published:
            raise Refused("param.templateUnpublished", "卡片模板未发布")

    def _read_targets(self, app: DingApp, card: Card, body: JsonObject) -> list[Target]:
        found = card_rules.targets(body, app.robot_code)
        for one in found:
            if one.type in card_rules.SPACE_MODELS and one.type not in card.space_models:
                raise Refused("param.spaceDeliverModelEmpty", f"卡片未声明场域 {one.type}")
        return found

    def _own(self, app: DingApp, body: JsonObject) -> Card:
        card = self.cards.get(needed(body, "outTrackId", "param.outTrackIdEmpty"))
        if card is None or card.client_id != app.client_id:
            raise Refused("param.cardNotExist", "卡片不存在")
        return card

    def _staff_keys(self, private: dict[str, Params] | None, kind: int) -> dict[str, Params] | None:
        if private is None:
            return None
        found = {}
        for user_id, data in private.items():
            staff = self._space.by_union(user_id) if kind == BY_UNION_ID else self._space.staff(user_id)
            if staff is None:
                raise Refused("param.userIdNotExist", f"用户不存在：{user_id}")
            found[staff.staff_id] = data
        return found

    def _place(self, app: DingApp, card: Card, target: Target) -> JsonObject:
        place, problem = self._find(app, card, target)
        problem = self._faults.undeliverable.get(target.id, problem)
        key = secrets.token_urlsafe(24)
        result: JsonObject = {"spaceType": target.type, "spaceId": target.id, "success": not problem}
        if problem or place is None:
            return {**result, "carrierId": "", "errorMsg": problem}
        if target.id not in self._faults.lying:
            self._show(app, card, target, place, key)
        return {**result, "carrierId": key, "errorMsg": ""}

    def _find(self, app: DingApp, card: Card, target: Target) -> tuple[Conversation | None, str]:
        if target.type == IM_ROBOT:
            staff = self._space.staff(target.id)
            if card.user_id_type == BY_UNION_ID:
                staff = self._space.by_union(target.id)
            if staff is None or not app.sees(staff.staff_id):
                return None, "用户不在机器人可见范围内"
            return self._space.single(staff.staff_id, app.robot_code), ""
        if target.type != IM_GROUP:
            return None, f"场域 {target.type} 未开通"
        place = self._space.conversations.get(target.id)
        if place is None or place.kind != GROUP or place.disbanded:
            return None, "群不存在"
        return (place, "") if app.robot_code in place.robots else (None, "机器人不在群中")

    def _show(self, app: DingApp, card: Card, target: Target, place: Conversation, key: str) -> None:
        at = tuple(place.members) if EVERYBODY in target.at else target.at
        only = None if target.recipients is None else frozenset(target.recipients)
        bubble: Bubble = self._space.bubble(
            place, ROBOT, app.robot_code, "card", card=card, key=key, at=at, only_for=only
        )
        self._robot.register(bubble)
        self._space.show(place, bubble)


def _user_id_type(body: JsonObject, default: int) -> int:
    value = body.get("userIdType", default)
    if value not in (BY_USER_ID, BY_UNION_ID) or isinstance(value, bool):
        raise Refused("param.invalid", "userIdType 应为 1 或 2")
    return BY_USER_ID if value == BY_USER_ID else BY_UNION_ID
