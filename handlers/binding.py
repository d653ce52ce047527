"""“绑定 384920”: a member shows that an account which the bot cannot read is his."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

from sqlmodel import Session

from crm import binding
from crm.binding import Account, Outcome
from handlers.incoming import Incoming
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Turn
from nlu.reading import Reading

router = Router("binding")
router.help("绑定 384920", "把群里或智能机器人里的你和这里的你认作同一人")

BIND: Final = "绑定"
_SAID: Final = re.compile(r"\s*[/\\]?\s*绑定\s*(?:码|账号)?\s*[:,]?\s*(?P<code>\d{6})\s*[.。]?\s*")
_ALONE: Final = re.compile(r"\s*(?P<code>\d{6})\s*[.。]?\s*")
_ASKED: Final = "binding.code"
_WORDS: Final = {
    Outcome.BOUND: "绑定好了，现在可以在智能机器人和群里直接找我。",
    Outcome.ALREADY: "这个账号已经是你的，不用再绑。",
    Outcome.TAKEN: "这个账号已经绑给别的同事，没有改动。有疑问请找跟进管理员。",
    Outcome.WRONG: "绑定码不对，或者已经过期。请在智能机器人里随便发一句，拿到新的 6 位码再发：绑定 6位码。",
    Outcome.TOO_MANY: "绑定码错得太多了，请过十分钟再试。",
}


def code_in(text: str) -> str | None:
    """The code of a message that is 绑定 with a code; None for any other message."""
    if BIND not in text:
        return None
    found = _SAID.fullmatch(unicodedata.normalize("NFKC", text))
    return found["code"] if found else None


def greet(session: Session, incoming: Incoming, now: datetime) -> str:
    """To somebody whom a bot with unreadable ids does not know: how he says who he is.

    In a group no code is told: everybody could read it.
    """
    if incoming.is_group:
        return "还不认识你。请单独打开和我的对话发一句话，我会告诉你怎么绑定，之后在群里就能用了。"
    issued = binding.issue(session, Account(incoming.platform, incoming.app, incoming.sender), now)
    return (
        "你好，我是跟进助手，还认不出你是哪位同事。请到企业微信的“跟进”应用里发：\n"
        f"绑定 {issued.code}\n"
        "十分钟内有效，只能用一次。只发你自己看到的码，别人给的不要发。"
    )


@router.command(BIND)
def bind(turn: Turn, reading: Reading) -> Reply:
    """绑定 with its code, or alone; then the code is asked for."""
    code = code_in(turn.incoming.text)
    if code is None:
        turn.memory.ask(_ASKED, {}, turn.now)
        return Reply("请发智能机器人告诉你的 6 位绑定码，比如 384920。")
    return _redeemed(turn, code)


@router.answer(_ASKED)
def code(turn: Turn, pending: Pending) -> Reply | None:
    """The code that was asked for; anything else is no answer."""
    found = _ALONE.fullmatch(unicodedata.normalize("NFKC", turn.incoming.text))
    return _redeemed(turn, found["code"]) if found else None


def _redeemed(turn: Turn, code: str) -> Reply:
    turn.memory.pending = None
    return Reply(_WORDS[binding.redeem(turn.ctx, code).outcome])
