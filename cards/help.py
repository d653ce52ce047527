"""What the bot says about itself: a greeting, help for a role, and what it did not understand."""

from __future__ import annotations

from collections.abc import Sequence

EXAMPLES = (
    "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示",
    "华润置地",
    "明天上午10点提醒我给王总打电话",
)

ELSEWHERE = "想在别的平台收提醒，就在那边对我说：在这里提醒我"
"""For who is known on several platforms."""


def help_text(name: str, lines: Sequence[tuple[str, str]], topics: Sequence[str]) -> str:
    """The help: what can be typed, and what it does. `lines` are (example, what it does).

    `topics` are what there is more help on.
    """
    more = f"\n\n还可以发“帮助 {topics[0]}”这样看详细的，有：{'、'.join(topics)}" if topics else ""
    return f"{name}，想到什么直接说就行，例如：\n{_listed(lines)}{more}"


def help_on(topic: str, lines: Sequence[tuple[str, str]]) -> str:
    """The help on one topic."""
    return f"{topic}可以这样说：\n{_listed(lines)}"


def _listed(lines: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"· {example}\n  {what}" for example, what in lines)


def greeting(name: str, *, several: bool = False) -> str:
    """Said once, when somebody opens the chat for the first time; `several` where he may choose a place."""
    where = "\n提醒想在这里收，就说：在这里提醒我" if several else ""
    return (
        f"{name}你好，我是跟进，你的客户助手。跑完客户跟我说一句，我来记、来提醒。\n"
        f"试试：{EXAMPLES[0]}\n也可以发“今天”看待办，发“帮助”看我会什么。{where}"
    )


def cannot_answer(text: str) -> str:
    """A question that nothing here answers yet."""
    said = text if len(text) <= 20 else text[:19] + "…"
    return f"“{said}”我还查不了。能查的有：客户（直接发名称，例如：华润置地），待办（今天、明天、本周）。"


def not_understood(text: str) -> str:
    """Nothing was recorded, and how it could be said."""
    said = text if len(text) <= 20 else text[:19] + "…"
    return f"“{said}”没有看懂，还没有记录。可以这样说：\n" + "\n".join(f"· {e}" for e in EXAMPLES)
