"""The page of everything that can be said to the bot: `python -m tests.handlers.page` (or `make docs`).

It is what the help inside the bot tells, which tests type word for word.
"""

from __future__ import annotations

from pathlib import Path

from handlers.features import ROUTERS
from handlers.help_topics import by_topic
from handlers.router import Help

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
ROLES = {
    "sales": "销售",
    "manager": "主管",
    "director": "总监",
    "commerce": "商务",
    "finance": "财务",
    "service": "客服",
    "marketing": "市场",
    "admin": "管理员",
    "auditor": "审计",
}
HEAD = """# 可以这样说

在企业微信和钉钉里，对机器人直接这样说就行，也都能在示例公司里试；例句里示例公司没有的名称，
换成有的那家：`恒瑞医药` 换成 `华润燃气`；两家客户的 `合并` 用总监陈建国来试。
机器人里发“帮助”或“帮助 客户”也能看到。
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for topic, lines in by_topic(ROUTERS).items():
        rows = "\n".join(_row(line) for line in lines)
        parts.append(f"## {topic}\n\n| 说 | 做什么 | 谁 |\n| --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


def _row(line: Help) -> str:
    who = "、".join(name for role, name in ROLES.items() if role in line.roles) or "所有人"
    return f"| {_cell(line.example)} | {_cell(line.text)} | {who} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
