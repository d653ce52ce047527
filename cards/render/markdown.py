"""What people wrote, made safe to stand in DingTalk's markdown, and the pieces that we write ourselves.

The subset: #, >, bold, italic, links, images, lists [robot-message-type]. There is no documented escape,
so a character that would start markup is replaced by its full-width twin: it is read, not followed.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from cards.fit import clean, clean_line, usable_url

LINE: Final = "  \n"
"""A line break: two blanks before it [robot-message-type]."""

_TWINS: Final = str.maketrans("[]<&`*_~|\\", "［］＜＆｀＊＿～｜＼")
_AT_LINE_START: Final = re.compile(r"^(\s*)([#>])", re.MULTILINE)
_START_TWINS: Final = {"#": "＃", ">": "＞"}
_SEND: Final = "dtmd://dingtalkclient/sendMessage?content="
_TAPPED: Final = re.compile(r"回复 (?P<words>.+)")
_TO_FILL_IN: Final = re.compile(r"(理由|原因|内容|…)$")


def literal(text: str) -> str:
    """Words of several lines in which nothing is markup; lines break where they broke."""
    quiet = clean(text).translate(_TWINS)
    quiet = _AT_LINE_START.sub(lambda found: found[1] + _START_TWINS[found[2]], quiet)
    return quiet.replace("\n", LINE)


def literal_line(text: str) -> str:
    """The same as one line."""
    return literal(clean_line(text))


def picture(url: str) -> str:
    """An image, or nothing where the address cannot stand in markdown."""
    return f"![]({url})" if usable_url(url) and not set(url) & set("()") else ""


def quoted(text: str) -> str:
    """The words that a card is about. The empty line after it ends the quotation."""
    words = literal_line(text)
    return f"> {words}\n" if words else ""


def tap(label: str, words: str) -> str:
    """A link that says `words` in the chat as the one who taps it.

    `dtmd://` is documented for cards [lightweight-interactive-card-messages] and used in markdown by many;
    in groups it would need the mention of the robot, so only single chats get it.
    """
    return f"[{literal_line(label)}]({_SEND}{quote(words, safe='')})"


def words_to_say(say: str) -> str:
    """What a tap may say for a button: the words after 回复, unless somebody has to fill something in."""
    found = _TAPPED.fullmatch(clean_line(say))
    if found is None or _TO_FILL_IN.search(found["words"]):
        return ""
    return found["words"].strip()
