"""The members' phones: what they say and press, on its way to the app, and what comes back at once."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.company import App
from sandbox.state import USER, Change, Message, World
from sandbox.wecom import xml
from sandbox.wecom.callbacks import Callbacks, Delivery
from sandbox.wecom.drawing import keys, menu_keys, selections
from sandbox.wecom.happenings import ANSWERABLE, Happening, views
from sandbox.wecom.media import Media, MediaStore
from sandbox.wecom.menus import Menus
from sandbox.wecom.passive import NotApplied, Passive
from sandbox.wecom.register import Register, Sent
from sandbox.wecom.shape import JsonObject, obj, rows, text
from sandbox.wecom.xml import Head

SENDING, SENT, FAILED = "sending", "sent", "failed"
_KINDS = {"text": "消息", "image": "图片", "voice": "语音", "file": "文件", "location": "位置"}


class CannotPress(ValueError):
    """What a member tried is not possible on the phone; says why, in Chinese."""


class Phones:
    """Everybody's client. Every method returns when the callback is delivered and its reply applied."""

    def __init__(
        self,
        world: World,
        callbacks: Callbacks,
        register: Register,
        media: MediaStore,
        address: str,
        menus: Menus | None = None,
    ) -> None:
        self._world, self._callbacks, self._register, self._media = world, callbacks, register, media
        self._passive = Passive(world, register, media)
        self._menus = menus or Menus()
        self._address = address

    async def says(
        self, userid: str, words: str, agent_id: int | None = None, quote: str | None = None
    ) -> Message:
        """Say something, maybe quoting a message by its id. The returned message knows its status."""
        if not words.strip():
            raise CannotPress("请输入内容")
        app = self._world.app(agent_id)
        sent = words if quote is None else self._quoting(userid, quote, words)
        return await self._send(
            userid, app, "text", lambda head: xml.says(head, sent), text=words, quote=quote or ""
        )

    async def sends(self, userid: str, media: Media, agent_id: int | None = None) -> Message:
        """Send a picture, voice message, video or file that is already in the media store."""
        builders: dict[str, Callable[[Head], bytes]] = {
            "image": lambda head: xml.sends_image(head, media.id, f"{self._address}/media/{media.id}"),
            "voice": lambda head: xml.sends_voice(head, media.id),
            "video": lambda head: xml.sends_video(head, media.id, media.id),
            "file": lambda head: xml.sends_file(head, media.id, media.name),
        }
        app = self._world.app(agent_id)
        shown = "file" if media.type == "video" else media.type
        words = media.name if shown == "file" else ""
        return await self._send(userid, app, shown, builders[media.type], text=words, media=media.view())

    async def sends_location(
        self, userid: str, latitude: float, longitude: float, label: str, agent_id: int | None = None
    ) -> Message:
        """Send a place, in degrees."""
        place: JsonObject = {"lat": latitude, "lng": longitude, "label": label}
        app = self._world.app(agent_id)

        def build(head: Head) -> bytes:
            return xml.sends_location(head, latitude, longitude, label)

        return await self._send(userid, app, "location", build, text=label, location=place)

    async def enters(self, userid: str, agent_id: int | None = None) -> Delivery:
        """Open the chat with the app."""
        app, name = self._world.app(agent_id), self._world.chat(userid).userid
        self._check_visible(app, name)
        return await self._tell(app, name, xml.enters_agent(self._head(name, app)), "打开会话")

    async def press(
        self,
        userid: str,
        target: str | Message,
        key: str,
        selected: dict[str, list[str]] | None = None,
        *,
        again: bool = False,
    ) -> Message:
        """Press a button of a card, named by message id, task_id or the message itself.

        `selected` maps question keys to option ids and adds to what is preset. `again` presses even though
        the button is grey, as a fast second tap does. Raises CannotPress.
        """
        message, sent = self._card(userid, target)
        card = message.card or {}
        if key not in keys(card):
            raise CannotPress("卡片上没有这个按钮")
        if not again:
            check_fresh(message)
        state = message.state
        if state is not None:
            state.selected = {**state.selected, **check_choices(card, selected or {})}
        chosen = dict(state.selected) if state is not None and state.selected else None
        if obj(card, "checkbox") is not None and not any((chosen or {}).values()):
            raise CannotPress("请先选择")
        code = self._register.new_code(sent)
        kind = text(card, "card_type")
        head = self._head(self._world.chat(userid).userid, self._world.app(message.agent_id))
        plain = xml.clicks(head, key, sent.task_id, kind, code, chosen)
        return await self._tap(head, message, sent, key, plain)

    async def tap(
        self,
        userid: str,
        target: str | Message,
        label: str,
        selected: dict[str, list[str]] | None = None,
        *,
        again: bool = False,
    ) -> Message:
        """Press the button, or choose from the menu, where `label` is written. Raises CannotPress."""
        card = self._card(userid, target)[0].card or {}
        for key, written in keys(card).items():
            if written == label:
                return await self.press(userid, target, key, selected, again=again)
        for key, written in menu_keys(card).items():
            if written == label:
                return await self.menu(userid, target, key)
        written_there = "、".join([*keys(card).values(), *menu_keys(card).values()])
        raise CannotPress(f"卡片上没有“{label}”，有：{written_there or '没有按钮'}")

    async def menu(self, userid: str, target: str | Message, key: str) -> Message:
        """Choose from the menu in the card's corner. Raises CannotPress."""
        message, sent = self._card(userid, target)
        if key not in menu_keys(message.card or {}):
            raise CannotPress("菜单里没有这一项")
        head = self._head(self._world.chat(userid).userid, self._world.app(message.agent_id))
        kind = text(message.card or {}, "card_type")
        plain = xml.clicks_menu(head, key, sent.task_id, kind, self._register.new_code(sent))
        delivery = await self._tell(
            self._world.app(message.agent_id), head.userid, plain, f"选菜单 {key}", sent
        )
        message.exchanges += delivery.exchanges
        return message

    def menu_of(self, agent_id: int | None = None) -> list[JsonObject]:
        """The app's menu as the client draws it at the foot of the chat; empty where it has none."""
        return self._menus.drawn(self._world.app(agent_id).agent_id)

    async def chooses(self, userid: str, label: str, agent_id: int | None = None) -> Delivery:
        """Choose the entry of the app's menu on which `label` is written. Raises CannotPress."""
        app, name = self._world.app(agent_id), self._world.chat(userid).userid
        entries = self._menus.of(app.agent_id)
        pages = self._menus.pages(app.agent_id)
        if label in pages:
            self._check_visible(app, name)
            return await self.happens(name, views(pages[label]), app.agent_id)
        if label not in entries:
            raise CannotPress(f"菜单里没有“{label}”，有：{'、'.join(entries) or '没有菜单'}")
        self._check_visible(app, name)
        plain = xml.clicks_entry(self._head(name, app), entries[label])
        return await self._tell(app, name, plain, f"点菜单 {label}")

    async def happens(self, userid: str, what: Happening, agent_id: int | None = None) -> Delivery:
        """Something else that the app is told of; see `sandbox.wecom.happenings`."""
        app = self._world.app(agent_id)
        name = "sys" if what.by_system else self._world.chat(userid).userid
        plain = xml.event(self._head(name, app), what.name, what.fields)
        if what.name in ANSWERABLE and not what.by_system:
            return await self._tell(app, name, plain, what.name)
        return await self._callbacks.deliver(plain, app.agent_id, f"{name} {what.name}")

    async def contact_changed(
        self, change_type: str, fields: xml.Fields, agent_id: int | None = None
    ) -> Delivery:
        """Tell the app that the address book changed (page 90240: create_user, update_user, delete_user…)."""
        app = self._world.app(agent_id)
        plain = xml.contact_changed(self._head("sys", app), change_type, fields)
        return await self._callbacks.deliver(plain, app.agent_id, f"通讯录变更 {change_type}")

    async def external_changed(
        self, change_type: str, fields: xml.Fields, agent_id: int | None = None
    ) -> Delivery:
        """Tell the app of an external contact (add_external_contact, edit_…, del_…, del_follow_user)."""
        app = self._world.app(agent_id)
        plain = xml.external_changed(self._head("sys", app), change_type, fields)
        return await self._callbacks.deliver(plain, app.agent_id, f"客户联系变更 {change_type}")

    async def approval_changed(
        self,
        number: str,
        applicant: str,
        approver: str,
        *,
        change: int,
        status: int,
        agent_id: int | None = None,
    ) -> Delivery:
        """Tell the app of an approval of the built-in 审批 app (page 96508), without the values of its form.

        `change` is what was done (1 提单, 2 同意, 3 驳回, 6 撤销), `status` what it came to (1 审批中,
        2 已通过, 3 已驳回, 4 已撤销): of two approvers the first 同意 leaves it at 1.
        """
        app, now = self._world.app(agent_id), int(self._world.seconds())
        answered = change if change in (2, 3) else 1
        said: xml.Fields = [("Approver", [("UserId", approver)]), ("SpStatus", answered), ("SpTime", now)]
        fields: xml.Fields = [
            ("SpNo", number),
            ("SpName", "审批"),
            ("SpStatus", status),
            ("TemplateId", "sandbox"),
            ("ApplyTime", now),
            ("Applyer", [("UserId", applicant), ("Party", "1")]),
            ("SpRecord", [("SpStatus", answered), ("ApproverAttr", 1), ("Details", said)]),
            ("StatuChangeEvent", change),
        ]
        plain = xml.approval_changed(self._head("sys", app), fields)
        return await self._callbacks.deliver(plain, app.agent_id, f"审批变更 {number}")

    async def _send(
        self, userid: str, app: App, kind: str, build: Callable[[Head], bytes], **parts: object
    ) -> Message:
        name = self._world.chat(userid).userid
        self._check_visible(app, name)
        message = self._world.message(USER, app.agent_id, kind, status=SENDING, **parts)
        self._world.add(name, message)
        delivery = await self._tell(app, name, build(self._head(name, app)), f"发{_KINDS[kind]}")
        message.status = SENT if delivery.ok else FAILED
        message.exchanges += delivery.exchanges
        self._world.changed(name, message)
        return message

    async def _tap(self, head: Head, message: Message, sent: Sent, key: str, plain: bytes) -> Message:
        state = message.state
        if state is not None:
            state.pressed = key
            self._world.changed(head.userid, message)
        delivery = await self._tell(
            self._world.app(message.agent_id), head.userid, plain, f"点按钮 {key}", sent
        )
        if not delivery.ok and state is not None and state is message.state:
            state.pressed = None
        message.exchanges += delivery.exchanges
        self._world.changed(head.userid, message)
        return message

    async def _tell(
        self, app: App, userid: str, plain: bytes, title: str, pressed: Sent | None = None
    ) -> Delivery:
        if not app.callback_url:
            return Delivery()
        name = self._world.user(userid)
        delivery = await self._callbacks.deliver(
            plain, app.agent_id, f"{name.name if name else userid} {title}"
        )
        if delivery.reply:
            try:
                self._passive.apply(delivery.reply, userid, app.agent_id, pressed)
            except NotApplied as refusal:
                self._note_refusal(delivery, str(refusal))
        return delivery

    def _note_refusal(self, delivery: Delivery, why: str) -> None:
        for exchange in self._world.exchanges:
            if exchange.id in delivery.exchanges:
                exchange.ok, exchange.response["problem"] = False, why
                self._world.tell(Change("exchange", exchange=exchange))

    def _head(self, userid: str, app: App) -> Head:
        return Head(self._world.corp.id, userid, app.agent_id, int(self._world.seconds()))

    def _card(self, userid: str, target: str | Message) -> tuple[Message, Sent]:
        name = target.id if isinstance(target, Message) else target
        for message in reversed(self._world.chat(userid).messages):
            if name in (message.id, message.task_id) and not message.dropped:
                sent = self._register.by_task(message.agent_id, message.task_id) if message.task_id else None
                if sent is not None and message.card is not None:
                    return message, sent
        raise CannotPress("没有这张卡片")

    def _check_visible(self, app: App, userid: str) -> None:
        if not app.sees(userid):
            raise CannotPress(f"看不到应用“{app.name}”，请联系管理员")

    def _quoting(self, userid: str, quote: str, words: str) -> str:
        for message in self._world.chat(userid).messages:
            if message.id == quote:
                user = self._world.user(userid)
                own = user.name if user else userid
                sender = own if message.sender == USER else self._world.app(message.agent_id).name
                return xml.quoting(sender, _quoted(message), words)
        raise CannotPress("引用的消息不存在")


def check_fresh(message: Message) -> None:
    """Whether the card can still be pressed. Raises CannotPress."""
    if message.state is not None and message.state.disabled:
        raise CannotPress("按钮已失效")
    if message.state is not None and message.state.pressed is not None:
        raise CannotPress("已经点过了")


def _quoted(message: Message) -> str:
    if message.card is not None and message.kind == "card":
        title = obj(message.card, "main_title") or {}
        return text(title, "title") or text(message.card, "sub_title_text")
    mark = "" if message.kind not in _KINDS or message.kind == "text" else f"[{_KINDS[message.kind]}]"
    return mark + message.text


def check_choices(card: JsonObject, selected: dict[str, list[str]]) -> dict[str, list[str]]:
    """The choices, all of them known to the card, and one only where only one is taken."""
    box = obj(card, "checkbox")
    questions = {text(one, "question_key"): (one, 1) for one in selections(card)}
    if box is not None:
        questions[text(box, "question_key")] = (box, 1 if box.get("mode", 0) == 0 else 99)
    for name, ids in selected.items():
        question, most = questions.get(name, ({}, 0))
        options = [text(one, "id") for one in rows(question, "option_list", (0, 99))]
        if len(ids) > most or not set(ids) <= set(options):
            raise CannotPress("没有这个选项")
        if question.get("disable"):
            raise CannotPress("选项已不能修改")
    return selected
