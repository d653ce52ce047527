"""What a bot answers and pushes (page 101463): welcome, messages, growing answers, cards that change."""

from __future__ import annotations

from sandbox.company import SmartBot
from sandbox.state import Message, World
from sandbox.wecom.aibot import cards, limits
from sandbox.wecom.aibot.codes import BotCode
from sandbox.wecom.aibot.content import ANSWERS, LATER, WELCOMES, read
from sandbox.wecom.aibot.flow import Sliding
from sandbox.wecom.aibot.frames import Frame, inside, present
from sandbox.wecom.aibot.origins import Kind, Origin, Origins, Stream
from sandbox.wecom.aibot.places import Place, real_id
from sandbox.wecom.content import Content
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import JsonObject, bad, flag, needed, number, text

STREAMING = "streaming"


class Replies:
    """Takes what bots say and puts it into chats. `stream_life` in seconds from the member's message."""

    def __init__(self, world: World, media: MediaStore, origins: Origins) -> None:
        self._world, self._media, self._origins = world, media, origins
        self.cards = cards.BotCards(world)
        self.activated: set[Place] = set()
        self.feedback: dict[str, tuple[Place, str]] = {}  # message id to the id a member's opinion goes by
        self.stream_life: float = limits.STREAM_LIFE
        self._rate = Sliding(limits.PER_MINUTE, limits.PER_HOUR)

    def welcome(self, bot: SmartBot, frame: Frame) -> None:
        """Greet who opened the chat, within 5 s. Raises Refused."""
        origin = self._origins.answered(bot.bot_id, frame.req_id, Kind.ENTER)
        self._say(origin.place, read(frame.body, self._media, WELCOMES))

    def respond(self, bot: SmartBot, frame: Frame) -> None:
        """Answer a message, within 24 h, as often as wished. Raises Refused."""
        origin = self._origins.answered(bot.bot_id, frame.req_id, Kind.MESSAGE)
        if frame.body.get("msgtype") == "stream":
            self._stream(origin, inside(frame.body, "stream"))
            origin.done = origin.done or any(one.finished for one in origin.streams.values())
        else:
            self._say(origin.place, read(frame.body, self._media, ANSWERS))
            origin.done = True

    def later(self, origin: Origin, body: JsonObject) -> None:
        """Answer a message through its `response_url`. Raises Refused."""
        self._say(origin.place, read(body, self._media, LATER))
        origin.done = True

    def update(self, bot: SmartBot, frame: Frame) -> None:
        """Change the card that was pressed, within 5 s. Raises Refused."""
        sent = self._origins.answered(bot.bot_id, frame.req_id, Kind.CARD).card
        if present(frame.body, "body.response_type") != "update_template_card":
            raise bad("response_type", "must be update_template_card")
        card = inside(frame.body, "template_card")
        if sent is None or needed(card, "task_id") != sent.task_id:
            raise Refused(Code.BAD_TASK_ID, "task_id: not that of the card that was pressed")
        cards.check(card, update=True)
        self.cards.replace(sent, card, self._named(bot, frame.body))

    def push(self, bot: SmartBot, frame: Frame) -> None:
        """Say something unasked, where somebody has talked to the bot before. Raises Refused."""
        place = self._place(bot, frame.body)
        content = read(frame.body, self._media, ANSWERS)
        if place not in self.activated:
            raise Refused(BotCode.NOT_ACTIVATED, "nobody has talked to the bot here")
        self._say(place, content)

    def _say(self, place: Place, content: Content) -> None:
        if content.raw is not None:
            self.cards.check_new(place.bot_id, content.raw)
        self._rate.count(place, self._world.seconds())
        copies = place.show(self._world, content, task_id=text(content.raw or {}, "task_id"))
        if content.raw is not None:
            self.cards.keep(place, content.raw, copies)
            self._note_feedback(place, content.raw, copies)

    def _stream(self, origin: Origin, part: JsonObject) -> None:
        words, finish, stream = self._check_stream(origin, part)
        self._rate.count(origin.place, self._world.seconds())
        if stream is None:
            stream_id = text(part, "id")
            first = Content("markdown", words)
            copies = origin.place.show(self._world, first, status="" if finish else STREAMING)
            origin.streams[stream_id] = Stream(stream_id, copies, finished=finish)
            self._origins.streams[origin.place.bot_id, stream_id] = origin.req_id
            self._note_feedback(origin.place, part, copies)
            return
        stream.finished = finish
        rooms = origin.place.rooms(self._world)
        for userid, message in stream.copies.items():
            message.text, message.status = words, "" if finish else STREAMING
            self._world.changed(rooms.get(userid, userid), message)

    def _note_feedback(self, place: Place, part: JsonObject, copies: dict[str, Message]) -> None:
        if found := cards.check_feedback(part):
            self.feedback.update({message.id: (place, found) for message in copies.values()})

    def _check_stream(self, origin: Origin, part: JsonObject) -> tuple[str, bool, Stream | None]:
        """The words, whether they are the last, and what they replace. `msg_item` is taken and not shown."""
        stream_id = present(part, "body.stream.id")
        if not stream_id:
            raise bad("stream.id", "is missing")
        words, finish = text(part, "content", "stream."), flag(part, "finish", "stream.")
        if len(words.encode()) > limits.STREAM_BYTES:
            raise bad("stream.content", f"{len(words.encode())} bytes, {limits.STREAM_BYTES} are allowed")
        cards.check_feedback(part)
        if self._origins.streams.get((origin.place.bot_id, stream_id), origin.req_id) != origin.req_id:
            raise Refused(BotCode.BAD_REQ_ID, "the stream was begun under another req_id")
        stream = origin.streams.get(stream_id)
        late = self._world.seconds() - origin.time > self.stream_life
        if late or (stream is not None and stream.finished):
            raise Refused(BotCode.STREAM_OVER, "too late" if late else "already finished")
        return words, finish, stream

    def _place(self, bot: SmartBot, body: JsonObject) -> Place:
        """The conversation `chatid` names. Raises Refused (86201, 93006, 93008)."""
        chatid, kind = text(body, "chatid"), number(body, "chat_type", 0, (0, 1, 2))
        if not chatid:
            raise Refused(BotCode.NO_CHATID)
        userid = real_id(self._world, bot, chatid) if kind != 2 else None
        if userid is not None:
            return Place(bot.bot_id, userid)
        group = next((one for one in self._world.corp.groups if one.chatid == chatid), None)
        if group is None or kind == 1:
            raise Refused(BotCode.UNKNOWN_CHAT)
        if bot.bot_id not in group.bots:
            raise Refused(BotCode.NOT_IN_GROUP)
        return Place(bot.bot_id, chatid=chatid)

    def _named(self, bot: SmartBot, body: JsonObject) -> list[str] | None:
        found = body.get("userids")
        if not found:
            return None
        if not isinstance(found, list):
            raise bad("userids", "must be a list")
        return [userid for one in found if (userid := real_id(self._world, bot, str(one))) is not None]
