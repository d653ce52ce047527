"""The customer that a fixed form names, or what there is to choose from; see also `handlers.spoken`."""

from __future__ import annotations

from crm import customers
from crm.errors import NotAllowed, UserMistake
from crm.rights import elsewhere
from handlers import spoken
from handlers.turn import Turn
from nlu.reading import Found

LONGEST = 60
MOST_NAMED = 4
OUTSIDE = " ，,。:：“”\"'"


def customer_named(turn: Turn, words: str, example: str = "") -> int:
    """The customer that the words name. Raises `UserMistake` where that is none or several, `NotAllowed`.

    `example` is the form said in full, for the refusal.
    """
    found = find_named(turn, words)
    if len(found) == 1:
        return found[0]
    how = f"写全一点再说一遍{f'，例如：{example}' if example else ''}"
    if found:
        names = "、".join(customers.full_names(turn.ctx, found[:MOST_NAMED]))
        raise UserMistake(f"“{words}”是哪一家：{names}？{how}")
    raise UserMistake(f"没有找到客户“{words}”。{how}")


def find_named(turn: Turn, words: str) -> list[int]:
    """The customers that the words may mean, of those that may be seen; none for words that name nobody.

    Raises `NotAllowed` where the only one belongs to somebody else.
    """
    name = words.strip(OUTSIDE)
    if not name or len(name) > LONGEST:
        return []
    same = customers.look_up(turn.ctx, name)
    if same.sure:
        only = same.proposals[0]
        if not only.mine:
            raise NotAllowed(elsewhere(only.name, only.owner), only.id)
        return [only.id]
    meant = spoken.named(turn, name)
    if meant is not None:
        return [meant]
    mine = [p.id for p in same.proposals if p.mine]
    if mine:
        return mine
    heard = turn.understand(name)
    ids = [int(c.key) for c in (*heard.customers, *heard.candidates) if c.key and c.text.strip() == name]
    return [p.id for p in customers.proposals_of(turn.ctx, list(dict.fromkeys(ids))) if p.mine]


def sounding_like(turn: Turn, name: str) -> tuple[int, ...]:
    """The customers that a name sounds or looks like, as the lexicon of names proposes them."""
    heard = turn.understand(name)
    named = (*heard.customers, *heard.candidates)
    return tuple(dict.fromkeys(int(c.key) for c in named if c.key and c.found is not Found.NEW))
