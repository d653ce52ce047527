"""Whether a message names a call or a visit that is still to be made: 给王总打电话, 要去拜访王总."""

from __future__ import annotations

from nlu.entities import Time
from nlu.patterns import lazy
from nlu.scene import Scene

_WANT = (
    r"(?:还要|还得|要|得|需要|该|应该|必须|一定要|准备|打算|计划|想|回头|有空|抽空|尽快|马上|待会儿?|一会儿?|"
    r"等会儿?|先|再|我|我们|自己)"
)
_WHO = r"[\x01\x02][\x01\x02 的]*(?:那边|公司|他们|那里)?"
_CALL = r"(?:打|回|拨|去|通)(?:一?[个通次])?(?:电话|语音)"
_ABOUT = r"(?:[,\s]*(?:聊|谈|问|沟通|确认|催|核对|对一?下|告诉|解释|回访|跟进|约)[^,。;\x03]{0,24})?"
_TAIL = r"[\s吧哈啊。!]*$"
_NAMED_CALL = lazy(
    rf"^[\s,\x03]*(?:{_WANT}[\s\x03]*)*"
    rf"(?:(?:给|跟|和|与|向)\s*{_WHO}\s*[\x03\s]*{_CALL}|{_CALL}(?:给|跟|找)\s*{_WHO}|"
    rf"联系(?:一?下)?\s*(?!\x01){_WHO}){_ABOUT}{_TAIL}"
)
_WANTED = lazy(
    rf"^[\s,\x03]*(?:我|我们)?[\s\x03]*(?:还要|还得|要(?!求)|得|需要|该|应该|必须|一定要|准备|打算|计划|想)"
    rf"(?!\x01)[\s\x03]*(?:去)?(?:(?:给|跟|和|与|向|找|约)\s*{_WHO}|拜访|走访|回访|联系|见|约|催)[^。;]{{0,30}}$"
)
_DONE = lazy(
    r"了(?!解)|过(?!去|来)|完(?!善|成|美|整)|刚(?!好)|没|不|说(?!一|下|明)|接通|打通|占线|关机|正在|反馈|答应|"
    r"同意|满意|表示|回复说"
)


def is_to_do(scene: Scene) -> bool:
    """Whether all that is said is what the writer is going to do, with or without a time."""
    if len(scene.text) > 60 or not (scene.people or scene.mentions.places()) or _DONE.search(scene.bare):
        return False
    times = scene.of(Time)
    if any(one.until <= scene.now for one in times):
        return False
    text = scene.masked
    for one in times:
        text = text[: one.span.start] + "\x03" * (one.span.end - one.span.start) + text[one.span.end :]
    return _NAMED_CALL.match(text) is not None or (not times and _WANTED.match(text) is not None)
