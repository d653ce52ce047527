"""在钉钉提醒我: where somebody who is reachable in several places is told things."""

from __future__ import annotations

from crm import preferences
from crm.preferences import PLATFORMS
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn

router = Router("preferences")
router.help("在这里提醒我", "几个平台都能收到时，选一个；也可以说“在钉钉提醒我”“在企业微信提醒我”")

WHERE = {"钉钉": "dingtalk", "企业微信": "wecom", "企微": "wecom", "微信": "wecom"}


@router.phrase(
    r"(?:请|麻烦)?(?:以后|今后)?(?:都|就|改)?(?:在|用|到|从)?(?P<where>钉钉|企业微信|企微|微信|这里|这儿|这边)"
    r"(?:里|上|里面)?(?:来)?(?:提醒|通知|告诉)我?(?:吧|就行|就好)?[。.]?"
)
def here_or_there(turn: Turn, phrase: Phrase) -> Reply:
    """在钉钉提醒我, 在这里提醒我."""
    incoming = turn.incoming
    platform = WHERE.get(phrase.given["where"], incoming.platform)
    preferences.prefer(turn.ctx, platform, incoming.app if platform == incoming.platform else "")
    return Reply(f"好，以后的提醒和通知都发到{PLATFORMS[platform]}。要恢复原样就说：提醒位置恢复默认")


@router.phrase(r"(?:提醒|通知)(?:的)?(?:位置|方式|地方|平台)?(?:恢复|改回|回到|用)?默认(?:的)?[。.]?")
def anywhere(turn: Turn, phrase: Phrase) -> Reply:
    """提醒位置恢复默认."""
    preferences.forget(turn.ctx)
    return Reply("好，提醒按原来的方式发。")
