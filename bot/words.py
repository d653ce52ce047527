"""What the edge itself says: every such sentence is here."""

from __future__ import annotations

from handlers.incoming import Incoming

CONSOLE = {"wecom": "企业微信", "dingtalk": "钉钉"}


def stranger(incoming: Incoming) -> str:
    """To somebody whom the bot does not know: how to be added, and nothing else."""
    where = CONSOLE.get(incoming.platform, incoming.platform)
    return (
        f"你好，我是跟进助手，还不认识你。请联系公司的跟进管理员，把你加进来：{where}账号 {incoming.sender}。"
        "加好以后直接给我发消息就可以。"
    )


def called(app: tuple[str, str]) -> str:
    """An app as administrators know it: platform and name in the settings."""
    platform, name = app
    return f"{CONSOLE.get(platform, platform)} {name}"


def cannot_reach(who: str, where: str, reason: str) -> str:
    """To the administrators: somebody does not get his messages."""
    return (
        f"发给{who}的消息在“{where}”发不出去，平台说：{reason}。"
        "请核对应用的可见范围里有没有这位同事。没发出的用 genjin outbox list 查看。"
    )


def standing_still(where: str, hint: str) -> str:
    """To the administrators: an app has stopped sending."""
    return f"“{where}”现在发不出消息，已排队，修好后自动补发。{hint}。改好后可用 genjin check --online 核对。"


def lost_file(what: str) -> str:
    """To whoever sent it: 华星那条记录的照片 could not be fetched."""
    return f"{what}没取到，请再发一次。"


def too_large_file(what: str) -> str:
    """The same for one that is bigger than what is kept."""
    return f"{what}超过20MB，没有存下来。可以压缩后再发，或发网盘链接。"


def apology(error_id: str) -> str:
    """When a handler failed: the message is safe."""
    return f"抱歉，刚才这条没处理好，但内容已经保存，不用重发。修好后会自动补上，错误编号 {error_id}。"


def expired() -> str:
    """When a button cannot be trusted or is not known any more."""
    return "这个按钮已经失效了。直接发文字告诉我要做什么，或回复“帮助”。"
