"""One colleague's client, whatever the way of connecting: the same is said, seen and pressed on all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo import others
from bot.demo.run import Demo
from bot.dingtalk.quota import counts_as_call
from sandbox import Message
from sandbox.dingtalk import Bubble, DingTalk

PATIENCE = 30.0
Seen = Message | Bubble


class Way(ABC):
    """How colleagues and the bot meet. People are named by their userids on WeCom."""

    name = ""

    def __init__(self, office: Demo) -> None:
        self.office = office

    @abstractmethod
    async def says(self, who: str, words: str) -> Seen:
        """Say something."""

    @abstractmethod
    async def sees(self, who: str, expect: str, after: Seen | None = None) -> Seen:
        """Wait for something of the bot's on which `expect` can be read."""

    @abstractmethod
    async def press(self, who: str, seen: Seen, label: str, *, again: bool = False) -> None:
        """Press the button on which `label` is written; `again` although it is grey."""

    async def fills(self, who: str, seen: Seen, answers: Mapping[str, str]) -> None:
        """Fill in the form that is shown or asked: an answer for each field, in order, "" to leave it out."""
        for words in answers.values():
            said = await self.says(who, words or "跳过")
            await self.sees(who, "", said)

    @abstractmethod
    def reads(self, who: str, seen: Seen) -> str:
        """Everything that can be read on it now."""

    @abstractmethod
    def all(self, who: str) -> list[Seen]:
        """The whole chat."""

    async def told(self, who: str, words: str, expect: str) -> Seen:
        """Say something and wait for the answer."""
        return await self.sees(who, expect, await self.says(who, words))


class WeComApp(Way):
    """The self-built app: callbacks in, the API out."""

    async def says(self, who: str, words: str) -> Seen:
        return await self.office.sandbox.says(who, words)

    async def sees(self, who: str, expect: str, after: Seen | None = None) -> Seen:
        return await _wait(self.office, who, expect, after)

    async def press(self, who: str, seen: Seen, label: str, *, again: bool = False) -> None:
        assert isinstance(seen, Message)
        await self.office.sandbox.tap(who, seen, label, again=again)

    def reads(self, who: str, seen: Seen) -> str:
        assert isinstance(seen, Message)
        return seen.shows()

    def all(self, who: str) -> list[Seen]:
        return list(self.office.sandbox.chat(who))


class WeComBot(Way):
    """The smart bot over its long connection."""

    async def says(self, who: str, words: str) -> Seen:
        return await self.office.sandbox.bots.says(who, words)

    async def sees(self, who: str, expect: str, after: Seen | None = None) -> Seen:
        return await _wait(self.office, self.office.sandbox.bots.chat(who), expect, after)

    async def press(self, who: str, seen: Seen, label: str, *, again: bool = False) -> None:
        assert isinstance(seen, Message)
        await self.office.sandbox.bots.tap(who, seen, label, again=again)

    def reads(self, who: str, seen: Seen) -> str:
        assert isinstance(seen, Message)
        return seen.shows()

    def all(self, who: str) -> list[Seen]:
        return list(self.office.sandbox.world.chat(self.office.sandbox.bots.chat(who)).messages)


class DingTalkApp(Way):
    """An app of DingTalk, in Stream mode or in HTTP mode."""

    def __init__(self, office: Demo, name: str) -> None:
        super().__init__(office)
        self.client_id = office.settings.dingtalk[name].client_id

    @property
    def ding(self) -> DingTalk:
        """The platform."""
        assert self.office.sandbox.dingtalk is not None
        return self.office.sandbox.dingtalk

    def calls(self) -> Counter[str]:
        """How often each API that costs something was called for this app so far."""
        counted = self.ding.quota.calls.items()
        mine = {path: number for (path, client), number in counted if client == self.client_id}
        return Counter({path: number for path, number in mine.items() if counts_as_call(path)})

    def id_of(self, who: str) -> str:
        """The colleague's id there."""
        return others.accounts(self.ding.space.organisation)[who]

    async def says(self, who: str, words: str) -> Seen:
        return await self.ding.says(self.id_of(who), words, client_id=self.client_id)

    async def sees(self, who: str, expect: str, after: Seen | None = None) -> Seen:
        assert after is None or isinstance(after, Bubble)
        me = self.id_of(who)

        def fits(bubble: Bubble) -> bool:
            return bubble.sender == "robot" and expect in bubble.shows(me)

        return await self.ding.wait_for(me, fits, PATIENCE, client_id=self.client_id, after=after)

    async def press(self, who: str, seen: Seen, label: str, *, again: bool = False) -> None:
        assert isinstance(seen, Bubble)
        me = self.id_of(who)
        buttons = {one.label: one for one in self.ding.people.buttons(me, seen)} if seen.card else {}
        if label not in buttons:
            await self.ding.taps(me, seen, label)
            return
        button = buttons[label]
        await self.ding.presses(me, seen, button.action_id, button.params, again=again)

    async def fills(self, who: str, seen: Seen, answers: Mapping[str, str]) -> None:
        assert isinstance(seen, Bubble)
        if not seen.card:
            await super().fills(who, seen, answers)
            return
        await self.ding.submits(self.id_of(who), seen, {key: text for key, text in answers.items() if text})

    def reads(self, who: str, seen: Seen) -> str:
        assert isinstance(seen, Bubble)
        return seen.shows(self.id_of(who))

    def all(self, who: str) -> list[Seen]:
        return list(self.ding.chat(self.id_of(who), client_id=self.client_id))


async def _wait(office: Demo, chat: str, expect: str, after: Seen | None) -> Message:
    assert after is None or isinstance(after, Message)
    return await office.sandbox.wait_for(
        chat, lambda m: m.sender == "app" and expect in m.shows(), PATIENCE, after=after
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways of one office, by name."""

    office: Demo

    def __getitem__(self, name: str) -> Way:
        make: dict[str, Callable[[], Any]] = {
            "wecom-app": lambda: WeComApp(self.office),
            "wecom-bot": lambda: WeComBot(self.office),
            "dingtalk-stream": lambda: DingTalkApp(self.office, others.STREAM),
            "dingtalk-http": lambda: DingTalkApp(self.office, others.HTTP),
        }
        way: Way = make[name]()
        way.name = name
        return way


NAMES = ("wecom-app", "wecom-bot", "dingtalk-stream", "dingtalk-http")
