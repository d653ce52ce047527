"""How each platform gets each card, written so that a person can compare it: the golden files.

`WAYS` has a function for each way of connecting that gives the text of a sample's file. What a platform
carries as JSON within a string is written out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson

from bot.dingtalk.speech import DingTalkVoice
from bot.voice import Rendered, Voice
from bot.wecom.aibot.speech import AiBotVoice
from bot.wecom.speech import WeComVoice
from cards.actions import pack
from cards.card import Action, Card
from cards.render import dingtalk, wecom
from cards.render.dingtalk_markdown import render_markdown
from cards.render.dingtalk_template import template
from cards.render.text import render_text

FOLDER: Final = Path(__file__).with_name("golden")
SECRET: Final = b"the secret of the golden files"
RECEIVER: Final = "zhangwei"
TASK_ID: Final = "g1024"
TEMPLATE_FILE: Final = FOLDER / "dingtalk-template.json"


def sign(action: Action) -> str:
    """The key of a button."""
    return pack(action, SECRET)


def wecom_app(card: Card) -> str:
    """The self-built app: the call's body, what a card sent before becomes, what could not be shown."""
    rendered = wecom.render(card, task_id=TASK_ID, sign=sign)
    return _file(WeComVoice(1000002, SECRET), card, rendered.left_out)


def wecom_bot(card: Card) -> str:
    """The smart bot: the push's body, with the words for where cards are refused."""
    rendered = wecom.render(card, task_id=TASK_ID, sign=sign)
    return _file(AiBotVoice(SECRET), card, rendered.left_out)


def with_template(card: Card) -> str:
    """DingTalk with the template: a card, or a message where nothing on it calls back."""
    left_out = dingtalk.render(card, sign=sign).left_out
    return _file(DingTalkVoice("dingrobot", SECRET, "tpl-1.schema"), card, left_out)


def without_template(card: Card) -> str:
    """DingTalk without the template: the markdown of a single chat, and its links."""
    rendered = render_markdown(card, taps=True)
    links = "".join(f"[{text}] {url}\n" for text, url in rendered.links)
    missing = "".join(f"({one})\n" for one in rendered.left_out)
    return f"{rendered.text}\n\n{links}{missing}"


def text(card: Card) -> str:
    """Plain text."""
    return f"{render_text(card)}\n"


WAYS: Final[dict[str, tuple[str, Callable[[Card], str]]]] = {
    "wecom-app": ("json", wecom_app),
    "wecom-bot": ("json", wecom_bot),
    "dingtalk-template": ("json", with_template),
    "dingtalk-plain": ("md", without_template),
    "text": ("txt", text),
}
"""By the name of a folder: the ending of its files and how they are made."""


def path(way: str, sample: str) -> Path:
    """The golden file of a sample."""
    return FOLDER / way / f"{sample}.{WAYS[way][0]}"


def template_text() -> str:
    """The template that administrators import, its editor's data written out."""
    outer = orjson.loads(template())
    return _pretty({**outer, "editorData": orjson.loads(outer["editorData"])})


def _file(voice: Voice, card: Card, left_out: tuple[str, ...]) -> str:
    made: Rendered = voice.card(RECEIVER, card, TASK_ID)
    sent, becomes = orjson.loads(made.body), dict(voice.shape(card))
    sent.pop("instead", None)  # the message of the way without the template
    whole = {"sent": sent}
    if made.shown != becomes:
        whole["becomes"] = becomes
    if left_out:
        whole["left_out"] = list(left_out)
    return _pretty(_written_out(whole))


def _written_out(value: Any) -> Any:
    """The same with JSON in strings read."""
    if isinstance(value, dict):
        return {key: _written_out(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written_out(one) for one in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _written_out(orjson.loads(value))
        except orjson.JSONDecodeError:
            return value
    return value


def _pretty(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
