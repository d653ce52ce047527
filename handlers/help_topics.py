"""What the help tells of, in the order in which it tells it, and which features belong to what."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from handlers.router import Help, Router

TOPICS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "跟进": (
            *(
                "visits",
                "whose",
                "confirm",
                "unclear",
                "filling",
                "undo",
                "media",
                "attached",
                "mentions",
                "notes",
            ),
            *("finding", "topics", "feed"),
        ),
        "客户": (
            *(
                "customers",
                "questions",
                "adding",
                "profiles",
                "identities",
                "particulars",
                "tags",
                "merging",
                "assets",
            ),
            *("pool", "vcards", "timeline", "past", "birthdays", "birthday_words"),
        ),
        "任务": ("tasks", "task_words", "reminders", "mornings"),
        "报价": ("quotes", "quote_numbers"),
        "团队": ("team", "silence", "collaborators", "transfer", "handover", "away"),
        "字段": ("fields", "field_values", "field_form", "objects"),
        "权限": ("rights", "reveals"),
        "账号": ("binding", "preferences", "quota", "directory", "menu"),
    }
)
REST = "其他"
FIRST = MappingProxyType({"跟进": 2, "客户": 3, "任务": 2, "报价": 1})
FIRST_OF_OTHERS = MappingProxyType({"客户": 3, "任务": 2, "报价": 1, "字段": 1, "权限": 2})
"""How many lines of a topic stand in the short help: of those who sell, and of all others."""
SELLING = frozenset({"sales", "manager", "director"})


def by_topic(routers: Iterable[Router]) -> dict[str, list[Help]]:
    """The lines of help by topic, in the order of the topics and of the features in them."""
    routers = list(routers)
    of_feature = {router.feature: router.helps for router in routers}
    told = {
        name: [h for one in features for h in of_feature.get(one, ())] for name, features in TOPICS.items()
    }
    known = {one for features in TOPICS.values() for one in features}
    told[REST] = [h for router in routers if router.feature not in known for h in router.helps]
    return {name: lines for name, lines in told.items() if lines}


def for_role(lines: Iterable[Help], role: str) -> list[tuple[str, str]]:
    """(example, what it does) of the lines that a role is told."""
    return [(h.example, h.text) for h in lines if not h.roles or role in h.roles]


def found(told: dict[str, list[Help]], word: str, role: str) -> list[tuple[str, str]]:
    """The lines of a topic, or all that speak of the word."""
    lines = told.get(word)
    if lines is None:
        lines = [h for some in told.values() for h in some if word in h.example or word in h.text]
    return for_role(lines, role)
