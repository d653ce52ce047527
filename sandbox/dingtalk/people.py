"""What people do with what they see: press, fill in, tap, read; and what comes back at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sandbox.dingtalk import card_client, card_rules
from sandbox.dingtalk.card_client import Button, CannotPress
from sandbox.dingtalk.cards import Card
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.markdown import markdown_links
from sandbox.dingtalk.senders import Senders
from sandbox.dingtalk.shape import JsonObject, dumped, obj
from sandbox.dingtalk.state import GROUP, ROBOT, Bubble

ANSWERED, FAILED, UNHEARD = "answered", "failed", "unheard"
_ANSWER = frozenset({"cardUpdateOptions", "cardData", "userPrivateData"})  # event-callback-card
_SEND = "dtmd://dingtalkclient/sendMessage"


@dataclass(frozen=True, slots=True)
class Click:
    """What became of a press: answered, failed (no good answer in 2 s), unheard (no callback type)."""

    status: str
    bubble: Bubble
    data: JsonObject
    answer: JsonObject


class People(Senders):
    """Everybody's client. Every method returns when the push was taken or given up for the first time."""

    async def presses(
        self,
        staff_id: str,
        target: str | Bubble,
        action: str,
        params: Mapping[str, object] | None = None,
        *,
        again: bool = False,
    ) -> Click:
        """Press the component `action` of a card, with its parameters; a card is named by its outTrackId.

        Where the card's buttons are known it must be one of them and brings its own parameters, and a grey
        one cannot be pressed unless `again`. Raises CannotPress.
        """
        bubble, card = self._card(staff_id, target)
        sent = dict(params or {})
        known = [one for one in self.buttons(staff_id, bubble) if one.action_id]
        if known:
            button = card_client.chosen(known, action, sent)
            if not button.enabled and not again:
                raise CannotPress("按钮已失效")
            sent = {**(button.params or {}), **sent}
        return await self._click(staff_id, bubble, card, action, sent)

    async def submits(self, staff_id: str, target: str | Bubble, values: Mapping[str, object]) -> Click:
        """Fill in and submit a card's form; `values` by field name, choices by value. Raises CannotPress."""
        bubble, card = self._card(staff_id, target)
        template = self._server.cards.template(card.template_id)
        if template is None:
            raise CannotPress("卡片模板不存在")
        action, params = card_client.submit(template, card.view(staff_id), values)
        return await self._click(staff_id, bubble, card, action, params)

    async def taps(self, staff_id: str, target: str | Bubble, label: str) -> Click | Bubble | str:
        """Tap what `label` is written on: a card's button, a link, a quick reply.

        Returns the click, the message a `dtmd://` link made the person send, or the address that opens.
        Raises CannotPress.
        """
        bubble = self._seen(staff_id, target)
        for button in self.buttons(staff_id, bubble) if bubble.card is not None else ():
            if button.label == label:
                if button.url:
                    return await self._follow(staff_id, bubble, button.url)
                return await self.presses(staff_id, bubble, button.action_id, button.params)
        for link in (*bubble.links, *markdown_links(bubble.text)):
            if link.title == label:
                return await self._follow(staff_id, bubble, link.url)
        raise CannotPress(f"消息上没有“{label}”")

    def buttons(self, staff_id: str, target: str | Bubble) -> list[Button]:
        """The buttons of a card as one person sees them; empty where the template does not tell."""
        _, card = self._card(staff_id, target)
        template = self._server.cards.template(card.template_id)
        return card_client.buttons(template, card.view(staff_id)) if template else []

    def reads(self, staff_id: str, target: str | Bubble) -> None:
        """Look at a message of the robot; an app that ticked robot_msg_read is told."""
        bubble = self._seen(staff_id, target)
        if bubble.sender != ROBOT or not bubble.key or staff_id in bubble.read_by:
            return
        bubble.read_by[staff_id] = self._space.world.now()
        data: JsonObject = {
            "unionId": self._space.person(staff_id).union_id,
            "userId": staff_id,
            "operatTime": self._space.now_ms(),
            "robotCode": bubble.who,
            "openConversationId": bubble.place,
            "processQueryKey": bubble.key,
        }
        self._space.announce("robot_msg_read", data)
        self._server.spread_news()

    async def _follow(self, staff_id: str, bubble: Bubble, url: str) -> Bubble | str:
        if not url.startswith(_SEND):
            return url
        words = parse_qs(urlsplit(url).query).get("content", [""])[0]
        place = self._space.conversations[bubble.place]
        group = place.id if place.kind == GROUP else None
        return await self.says(staff_id, words, group, at_bot=group is None, client_id=place.robots[0])

    async def _click(
        self, staff_id: str, bubble: Bubble, card: Card, action: str, params: Mapping[str, object]
    ) -> Click:
        person, place = self._space.person(staff_id), self._space.conversations[bubble.place]
        content = {"cardPrivateData": {"actionIds": [action], "params": dict(params)}}
        data: JsonObject = {
            "type": "actionCallback",
            "outTrackId": card.out_track_id,
            "corpId": self._space.organisation.corp_id,
            "userId": person.union_id if card.user_id_type == 2 else staff_id,
            "userIdType": card.user_id_type,
            "spaceType": "IM",
            "spaceId": place.id,
            "extension": "{}",
            "content": dumped(content),
            "value": dumped(content),
        }
        card.clicks += 1
        route = self._server.cards.route(card) if card.callback_type == "HTTP" else None
        if person.external or (card.callback_type != "STREAM" and route is None):
            return Click(UNHEARD, bubble, data, {})
        self._server.quota.count_push()
        app = self._space.app(card.client_id)
        push = await self._server.pushes.card(app, data, f"{person.name} 钉钉点卡片 {action}", route)
        bubble.exchanges += push.exchanges
        if not push.ok:
            return Click(FAILED, bubble, data, {})
        answer = push.answer if route is not None else obj(push.answer, "response", "param.invalid") or {}
        self._apply(staff_id, card, answer)
        return Click(ANSWERED, bubble, data, answer)

    def _apply(self, staff_id: str, card: Card, answer: JsonObject) -> None:
        if strange := set(answer) - _ANSWER:
            self._server.gateway.complaints.append(
                f"the answer to a click has unknown fields: {sorted(strange)}"
            )
        try:
            public = card_rules.params(answer, "cardData")
            own = card_rules.params(answer, "userPrivateData")
            card.answer(staff_id, public, own, card_rules.by_key(answer))
        except Refused as refused:
            self._server.gateway.complaints.append(f"the answer to a click is not shown: {refused.message}")
        self._space.card_changed(card)

    def _card(self, staff_id: str, target: str | Bubble) -> tuple[Bubble, Card]:
        bubble = self._seen(staff_id, target)
        if bubble.card is None:
            raise CannotPress("这不是卡片")
        return bubble, bubble.card

    def _seen(self, staff_id: str, target: str | Bubble) -> Bubble:
        for place in self._space.conversations.values():
            for bubble in reversed(place.bubbles if staff_id in place.members else []):
                track = bubble.card.out_track_id if bubble.card is not None else ""
                if (target is bubble or target in (bubble.id, track)) and bubble.shown_to(staff_id):
                    return bubble
        raise CannotPress("没有这条消息")
