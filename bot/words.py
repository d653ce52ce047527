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


def apology(error_id: str) -> str:
    """When a handler failed: the message is safe."""
    return f"抱歉，刚才这条没处理好，但内容已经保存，不用重发。修好后会自动补上，错误编号 {error_id}。"


def expired() -> str:
    """When a button cannot be trusted or is not known any more."""
    return "这个按钮已经失效了。直接发文字告诉我要做什么，或回复“帮助”。"
