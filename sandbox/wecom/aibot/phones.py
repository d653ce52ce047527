"""The members' side of a smart bot: what they say to it, in a chat or a group, and what they press."""

from __future__ import annotations

from sandbox.company import SmartBot
from sandbox.phones import FAILED, SENDING, SENT, CannotPress, check_choices, check_fresh
from sandbox.presets import ZONE
from sandbox.state import PEER, USER, Exchange, Message, World
from sandbox.wecom.aibot import cards, frames
from sandbox.wecom.aibot.origins import Kind, Origin
from sandbox.wecom.aibot.places import Place, group_room, name_of, shown_id, single_room
from sandbox.wecom.aibot.server import BotServer
from sandbox.wecom.drawing import keys, menu_keys
from sandbox.wecom.media import Media
from sandbox.wecom.shape import JsonObject, obj, text

GOOD, BAD = 1, 2  # of a feedback_event; the numbers are not certain
Quote = str | Message | None
Part = str | Media


class BotPhones:
    """Everybody's client, as far as smart bots go. Bots are named by id; None is the first one."""

    def __init__(self, world: World, server: BotServer) -> None:
        self._world, self._server = world, server
        self._entered: dict[tuple[str, str], str] = {}

    def chat(self, userid: str, bot_id: str | None = None) -> str:
        """The key of a member's chat with a bot, for `World.chat` and `World.wait_for`."""
        return single_room(self._world, self._world.corp.bot(bot_id).bot_id, userid)

    def group(self, chatid: str, userid: str) -> str:
        """The key of a member's view of a group, for `World.chat` and `World.wait_for`."""
        return group_room(self._world, chatid, userid)

    async def says(
        self, userid: str, words: str, bot_id: str | None = None, *, quote: Quote = None
    ) -> Message:
        """Say something to a bot, maybe quoting a message. The returned message knows its status."""
        body: JsonObject = {"msgtype": "text", "text": {"content": _spoken(words)}}
        return await self._say(self._single(userid, bot_id), userid, body, "text", quote, text=words)

    async def at_bot(
        self, chatid: str, userid: str, words: str, bot_id: str | None = None, *, quote: Quote = None
    ) -> Message:
        """Say something in a group and mention a bot of it (the first one unless named)."""
        place, written = self._mention(chatid, userid, words, bot_id)
        body: JsonObject = {"msgtype": "text", "text": {"content": written}}
        return await self._say(place, userid, body, "text", quote, text=written)

    async def talks(self, chatid: str, userid: str, words: str) -> Message:
        """Say something in a group without mentioning a bot: bots do not learn of it."""
        name = self._member(chatid, userid)
        return self._write(Place("", chatid=chatid), name, "text", text=_spoken(words))

    async def sends(self, userid: str, media: Media, bot_id: str | None = None) -> Message:
        """Send a picture, video or file that is in the media store; only where the bot is alone."""
        if media.type == "voice":
            raise CannotPress("语音请用 speaks")
        place = self._single(userid, bot_id)
        body: JsonObject = {"msgtype": media.type, media.type: self._offered(place.bot_id, media)}
        shown = "image" if media.type == "image" else "file"
        words = media.name if shown == "file" else ""
        return await self._say(place, userid, body, shown, None, text=words, media=media.view())

    async def speaks(self, userid: str, transcript: str, bot_id: str | None = None) -> Message:
        """Send a voice message; the bot gets the words that WeCom has heard."""
        body: JsonObject = {"msgtype": "voice", "voice": {"content": transcript}}
        return await self._say(self._single(userid, bot_id), userid, body, "voice", None, text=transcript)

    async def mixes(
        self, userid: str, parts: list[Part], bot_id: str | None = None, *, chatid: str = ""
    ) -> Message:
        """Send texts and pictures in one message; in a group the bot is mentioned in the first text."""
        if chatid:
            place, _ = self._mention(chatid, userid, "", bot_id)
            parts = [f"@{self._world.corp.bot(place.bot_id).name} ", *parts]
        else:
            place = self._single(userid, bot_id)
        items = [self._item(place.bot_id, one) for one in parts]
        words = "\n".join(one if isinstance(one, str) else "[图片]" for one in parts)
        body: JsonObject = {"msgtype": "mixed", "mixed": {"msg_item": items}}
        return await self._say(place, userid, body, "text", None, text=words)

    async def enters(self, userid: str, bot_id: str | None = None) -> bool:
        """Open the chat with a bot; True when the bot was told, which it is once a day."""
        place = self._single(userid, bot_id)
        today = self._world.now().astimezone(ZONE).date().isoformat()
        if self._entered.get((place.bot_id, place.userid)) == today:
            return False
        self._entered[place.bot_id, place.userid] = today
        origin = self._server.origins.new(Kind.ENTER, place, place.userid)
        return (await self._event(origin, {"eventtype": "enter_chat"}, "打开会话")).ok

    async def press(
        self,
        userid: str,
        target: str | Message,
        key: str,
        selected: dict[str, list[str]] | None = None,
        *,
        again: bool = False,
    ) -> Message:
        """Press a button of a card, named by message, its id or task_id; see `Phones.press`."""
        message, sent = self._card(userid, target)
        card, state = message.card or {}, message.state
        if key not in keys(card) and key not in menu_keys(card):
            raise CannotPress("卡片上没有这个按钮")
        by_menu = key in menu_keys(card)
        if not again and not by_menu:
            check_fresh(message)
        if state is not None and not by_menu:
            state.selected = {**state.selected, **check_choices(card, selected or {})}
            if obj(card, "checkbox") is not None and not any(state.selected.values()):
                raise CannotPress("请先选择")
            state.pressed = key
        event = _click(card, key, sent.task_id, {} if by_menu or state is None else state.selected)
        name = name_of(self._world, userid)
        room = sent.place.rooms(self._world)[name]
        self._world.changed(room, message)
        origin = self._server.origins.new(Kind.CARD, sent.place, name, sent)
        told = await self._event(origin, event, f"点按钮 {key}")
        message.exchanges.append(told.id)
        if not told.ok and state is not None and state is message.state:
            state.pressed = None
        self._world.changed(room, message)
        return message

    async def tap(
        self,
        userid: str,
        target: str | Message,
        label: str,
        selected: dict[str, list[str]] | None = None,
        *,
        again: bool = False,
    ) -> Message:
        """Press what `label` is written on: a button, a line of the menu, or a line that asks the bot."""
        message, sent = self._card(userid, target)
        card = message.card or {}
        for key, written in (keys(card) | menu_keys(card)).items():
            if written == label:
                return await self.press(userid, target, key, selected, again=again)
        question = cards.questions(card).get(label)
        if question is None:
            written_there = "、".join([*(keys(card) | menu_keys(card)).values(), *cards.questions(card)])
            raise CannotPress(f"卡片上没有“{label}”，有：{written_there or '没有按钮'}")
        if sent.place.chatid:
            return await self.at_bot(sent.place.chatid, userid, question, sent.place.bot_id)
        return await self.says(userid, question, sent.place.bot_id)

    async def rates(self, userid: str, message: Message, *, good: bool, words: str = "") -> bool:
        """Say what one thinks of an answer that asks for it (`feedback`); True when the bot was told."""
        if message.id not in self._server.replies.feedback:
            raise CannotPress("这条消息不能评价")
        place, id_ = self._server.replies.feedback[message.id]
        opinion: JsonObject = {"id": id_, "type": GOOD if good else BAD, "content": words}
        event: JsonObject = {"eventtype": "feedback_event", "feedback_event": opinion}
        origin = self._server.origins.new(Kind.OTHER, place, name_of(self._world, userid))
        return (await self._event(origin, event, "评价回答")).ok

    def _single(self, userid: str, bot_id: str | None) -> Place:
        bot, name = self._world.corp.bot(bot_id), name_of(self._world, userid)
        if not bot.sees(name):
            raise CannotPress(f"看不到机器人“{bot.name}”，请联系管理员")
        return Place(bot.bot_id, name)

    def _member(self, chatid: str, userid: str) -> str:
        name = name_of(self._world, userid)
        if name not in self._world.corp.group(chatid).members:
            raise CannotPress("不在这个群里")
        return name

    def _mention(self, chatid: str, userid: str, words: str, bot_id: str | None) -> tuple[Place, str]:
        self._member(chatid, userid)
        bots = self._world.corp.group(chatid).bots
        if not bots or (bot_id is not None and bot_id not in bots):
            raise CannotPress("群里没有这个机器人")
        bot = self._world.corp.bot(bot_id or bots[0])
        return Place(bot.bot_id, chatid=chatid), f"@{bot.name} {words}"

    async def _say(
        self, place: Place, userid: str, body: JsonObject, kind: str, quote: Quote, **shown: object
    ) -> Message:
        name = name_of(self._world, userid)
        quoted = self._quoted(place, name, quote)
        self._check_in_flight(place, name)
        message = self._write(place, name, kind, quote=quoted.id if quoted else "", **shown)
        if quoted is not None:
            body = {**body, "quote": self._quote_body(place.bot_id, quoted)}
        origin = self._server.origins.new(Kind.MESSAGE, place, name)
        self._server.replies.activated.add(place)
        head, title = self._head(place, name), f"{self._called(name)} 发消息"
        told = await self._server.deliver(origin, frames.MESSAGE, {**head, **body}, title)
        message.status = SENT if told.ok else FAILED
        message.exchanges.append(told.id)
        self._world.changed(place.rooms(self._world)[name], message)
        return message

    def _check_in_flight(self, place: Place, userid: str) -> None:
        most, life = self._server.in_flight, self._server.replies.stream_life
        if most and self._server.origins.in_flight(place.bot_id, userid, life) >= most:
            raise CannotPress("机器人还在回答前面的消息，请稍等")

    def _write(self, place: Place, userid: str, kind: str, **parts: object) -> Message:
        """Put what a member says into the own view and those of the others."""
        rooms = place.rooms(self._world)
        for other, room in rooms.items():
            if other != userid:
                seen = {**parts, "quote": ""}
                self._world.add(room, self._world.message(PEER, 0, kind, author=userid, **seen))
        status = SENDING if place.bot_id else SENT
        own = self._world.message(USER, 0, kind, author=userid, status=status, **parts)
        return self._world.add(rooms[userid], own)

    async def _event(self, origin: Origin, event: JsonObject, title: str) -> Exchange:
        body = {"create_time": int(self._world.seconds()), **self._head(origin.place, origin.userid)}
        body |= {"msgtype": "event", "event": event}
        title = f"{self._called(origin.userid)} {title}"
        return await self._server.deliver(origin, frames.EVENT, body, title)

    def _head(self, place: Place, userid: str) -> JsonObject:
        head: JsonObject = {"chatid": place.chatid} if place.chatid else {}
        shown = shown_id(self._world, self._bot(place), userid)
        return {**head, "chattype": place.kind, "from": {"userid": shown}}

    def _bot(self, place: Place) -> SmartBot:
        return self._world.corp.bot(place.bot_id)

    def _called(self, userid: str) -> str:
        user = self._world.user(userid)
        return user.name if user else userid

    def _card(self, userid: str, target: str | Message) -> tuple[Message, cards.Sent]:
        wanted, name = target.id if isinstance(target, Message) else target, name_of(self._world, userid)
        for sent in reversed(self._server.replies.cards.all()):
            message = sent.copies.get(name)
            if message is not None and wanted in (message.id, message.task_id):
                return message, sent
        raise CannotPress("没有这张卡片")

    def _quoted(self, place: Place, userid: str, quote: Quote) -> Message | None:
        if quote is None:
            return None
        wanted = quote.id if isinstance(quote, Message) else quote
        for message in self._world.chat(place.rooms(self._world)[userid]).messages:
            if message.id == wanted:
                return message
        raise CannotPress("引用的消息不存在")

    def _quote_body(self, bot_id: str, quoted: Message) -> JsonObject:
        """What was quoted; of a card the bot learns the title only."""
        media_id = text(quoted.media or {}, "media_id")
        if media_id:
            media = self._server.media.get(media_id)
            kind = "image" if media.type == "image" else "file"
            return {"msgtype": kind, kind: self._offered(bot_id, media)}
        if quoted.kind == "voice":
            return {"msgtype": "voice", "voice": {"content": quoted.text}}
        title = text(obj(quoted.card or {}, "main_title") or {}, "title")
        return {"msgtype": "text", "text": {"content": quoted.text or title}}

    def _offered(self, bot_id: str, media: Media) -> JsonObject:
        bot = self._world.corp.bot(bot_id)
        own_key = bot.encoding_aes_key if bot.callback_url else ""
        return self._server.attachments.offer(media, self._server.origin(bot_id), own_key)

    def _item(self, bot_id: str, part: Part) -> JsonObject:
        if isinstance(part, str):
            return {"msgtype": "text", "text": {"content": part}}
        return {"msgtype": "image", "image": self._offered(bot_id, part)}


def _spoken(words: str) -> str:
    if not words.strip():
        raise CannotPress("请输入内容")
    return words


def _click(card: JsonObject, key: str, task_id: str, selected: dict[str, list[str]]) -> JsonObject:
    """The event of a press, nested as the service nests it."""
    inner: JsonObject = {"card_type": card["card_type"], "event_key": key, "task_id": task_id}
    if selected:
        inner["selected_items"] = {"selected_item": [_chosen(*one) for one in selected.items()]}
    return {"eventtype": "template_card_event", "template_card_event": inner}


def _chosen(question: str, ids: list[str]) -> JsonObject:
    return {"question_key": question, "option_ids": {"option_id": ids}}
