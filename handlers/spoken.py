"""The customer that the blank of a fixed form names: 华星 in 华星 时间线."""

from __future__ import annotations

import re

from crm import customers, topics
from handlers.turn import Turn
from nlu.reading import Found

THIS_ONE = re.compile(r"(?:这|该|本|那)(?:家|个)?(?:客户|公司)?|他们?|它|刚才那家")
LONGEST = 40
ASKING = re.compile(r"^(?:请|帮我|麻烦)?(?:查一?下|查询|查看|查|看一?下|看看|看|打开|调出|给我看)\s*")


def spoken_of(turn: Turn) -> int | None:
    """The customer that words without a name are about: the group's, otherwise the one last spoken of."""
    here = turn.incoming
    bound = None
    if here.is_group:
        bound = topics.customer_of(turn.ctx.session, (here.platform, here.app, here.conversation))
    return turn.memory.customer_id if bound is None else bound


def named(turn: Turn, who: str) -> int | None:
    """The customer that is named by these words and nothing else; None where they say something else.

    Nothing, or 这家, is the group's customer, or the one last spoken of. A 的 at the end may belong to the
    name: 美的.
    """
    words = ASKING.sub("", who).strip()
    bare = words.removesuffix("的").strip()
    if not bare or THIS_ONE.fullmatch(bare):
        return spoken_of(turn)
    if len(words) > LONGEST:
        return None
    for name in dict.fromkeys((words, bare)):
        known = _known(turn, name)
        if known is not None:
            return known
    found = customers.look_up(turn.ctx, bare)
    sure = found.sure and found.proposals[0].mine
    return found.proposals[0].id if sure else None


def _known(turn: Turn, name: str) -> int | None:
    """The customer of the lexicon with this very name."""
    reading = turn.understand(name)
    known = [c for c in reading.customers if c.key and c.found is not Found.FUZZY]
    if len(known) != 1 or "customer" in reading.ambiguous or known[0].text.strip() != name:
        return None
    return int(known[0].key)
