"""How long the chat waits for a large company's data: looking up, the customer's card, lists, today."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlmodel import Session

from bot.bench.crowd import TEAM, Crowd, build, quietly
from bot.bench.marks import CHOICE, KEYS, MONEY, TAG, mark
from bot.bench.postgres import postgres_at
from cards.card import Card
from cards.render.wecom import render
from config.business import Business
from crm import customers
from crm.context import Actor, Context
from crm.custom.conditions import Op
from handlers.customers import show, show_history
from handlers.features import registry
from handlers.field_values import look
from handlers.incoming import Incoming, Kind
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Memory, Phrase, Turn
from nlu.names.lexicon import Lexicon
from nlu.reading import CustomAsk, CustomSaid, CustomWhat, Intent, Reading
from nlu.understand import understand
from store.database import Database, check, connect
from store.migrate import migrate
from store.tables import Member, Role

Echo = Callable[[str], object]
LOOK_UP_MS, CARD_MS = 50.0, 100.0  # what is promised, p95
WARM_UP = 10  # rounds that are not counted: statements are compiled, and the server has just started
SHARES = (("p50", 0.5), ("p95", 0.95), ("最大", 1.0))
EMPTY = Lexicon.of(())


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that people ask for; `run` does it for a member and the place of a customer of theirs."""

    name: str
    limit_ms: float
    run: Callable[[Turn, str, int], Reply | None]


def run(*, customers_: int, members: int, rounds: int, postgres_url: str, echo: Echo) -> None:
    """Build the company on each database and measure it there."""
    with tempfile.TemporaryDirectory() as folder:
        for url in _databases(Path(folder), postgres_url, echo):
            _round(url, customers_, members, rounds, echo)


def _databases(folder: Path, postgres_url: str, echo: Echo) -> Iterator[str]:
    yield f"sqlite:///{folder / 'bench.db'}"
    with postgres_at(postgres_url, folder, echo) as url:
        if url:
            yield url


def _round(url: str, many: int, members: int, rounds: int, echo: Echo) -> None:
    database = connect(url)
    quietly(database)
    try:
        migrate(database.writer)
        echo(f"\n{check(database)}：{many:,} 家客户，{3 * many:,} 条跟进，{members:,} 人")
        started = time.perf_counter()
        crowd = build(database, many, members, echo)
        mark(database, crowd)
        echo(f"  造数        {time.perf_counter() - started:8.0f} s")
        for role in (Role.SALES, Role.MANAGER, Role.DIRECTOR):
            echo(f"  {_TITLES[role]}")
            for probe in probes():
                echo(_line(probe, measure(database, crowd, role, probe, rounds)))
    finally:
        database.close()


_TITLES = MappingProxyType({Role.SALES: "销售", Role.MANAGER: "主管", Role.DIRECTOR: "总监"})


def _line(probe: Probe, ms: list[float]) -> str:
    ordered = sorted(ms)
    shares = "   ".join(
        f"{name} {ordered[min(len(ordered) - 1, int(share * len(ordered)))]:7.1f} ms"
        for name, share in SHARES
    )
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] > probe.limit_ms
    return f"    {probe.name:<10}{shares}{f'   超过 {probe.limit_ms:.0f} ms' if late else ''}"


def probes() -> tuple[Probe, ...]:
    """What is measured, in the order in which it is printed."""
    router = registry()
    return (
        Probe("全名", LOOK_UP_MS, lambda turn, name, _: _look_up(turn, name)),
        Probe("简称", LOOK_UP_MS, lambda turn, name, _: _look_up(turn, name.removesuffix("有限公司"))),
        Probe("一部分", LOOK_UP_MS, lambda turn, name, _: _look_up(turn, name[1:5])),
        Probe("错一个字", LOOK_UP_MS, lambda turn, name, _: _look_up(turn, f"{name[:2]}仁{name[3:]}")),
        Probe("行业词", LOOK_UP_MS, lambda turn, _n, _o: _look_up(turn, "医疗")),
        Probe("公司二字", LOOK_UP_MS, lambda turn, _n, _o: _look_up(turn, "有限公司")),
        Probe("全景", CARD_MS, lambda turn, _, one: show(turn, one)),
        Probe("全部跟进", CARD_MS, lambda turn, _, one: show_history(turn, one, 0)),
        *(
            Probe(words, CARD_MS, lambda turn, _n, _o, said=words: _say(router, turn, said))  # type: ignore[misc]  # bound now
            for words in ("今天", "本周", "标签", f"标签 {TAG}", "搜跟进 二期报价")
        ),
        *(
            Probe(words, CARD_MS, lambda turn, _n, _o, said=said: look(turn, _list(said)))  # type: ignore[misc]  # bound now
            for words, said in LISTS
        ),
    )


LISTS = (
    (f"{CHOICE} B", CustomSaid(KEYS[CHOICE], CHOICE, "B")),
    (f"没填{CHOICE}", CustomSaid(KEYS[CHOICE], CHOICE, op=Op.EMPTY)),
    (f"{MONEY}9980万以上", CustomSaid(KEYS[MONEY], MONEY, "9980万", Op.FROM)),
    (f"{MONEY}5亿以上", CustomSaid(KEYS[MONEY], MONEY, "5亿", Op.FROM)),
)
"""Lists by own fields: many have it, few have not, few have it, nobody has."""


def _list(said: CustomSaid) -> Reading:
    return Reading(Intent.CUSTOM_QUERY, custom=CustomAsk(CustomWhat.LIST, "customer", (said,)))


def _look_up(turn: Turn, name: str) -> None:
    customers.look_up(turn.ctx, name)


def _say(router: Router, turn: Turn, words: str) -> Reply | None:
    """What the handlers answer to these words, the grammar aside."""
    command = router.commands.get(words)
    if command is not None:
        return command.run(turn, Reading(Intent.QUERY))
    for route, phrase in router.phrased(words):
        reply = route.run(turn, Phrase(phrase.text, phrase.given))
        if reply is not None:
            return reply
    return None


def measure(
    database: Database, crowd: Crowd, role: Role, probe: Probe, rounds: int, warm_up: int = WARM_UP
) -> list[float]:
    """Milliseconds of each of `rounds` times, every time another member of this role and another customer.

    What `warm_up` rounds before them take is left out: the first ones compile statements.
    """
    chosen = random.Random(20261121)
    spent = []
    for turn in range(rounds + warm_up):
        customer = chosen.randrange(crowd.customers)
        place = _place(crowd, role, customer)
        with Session(database.reader) as session:
            one = turn_of(session, crowd, place, role)
            begin = time.perf_counter()
            reply = probe.run(one, crowd.name(customer), crowd.first_customer + customer)
            _render(reply.cards if reply is not None else ())
            if turn >= warm_up:
                spent.append((time.perf_counter() - begin) * 1000)
    return spent


def _place(crowd: Crowd, role: Role, customer: int) -> int:
    """Who of this role may see the customer."""
    owner = crowd.owner(customer)
    if role is Role.DIRECTOR:
        return 0
    return 1 + (owner - 1) // TEAM * TEAM if role is Role.MANAGER else owner


def turn_of(session: Session, crowd: Crowd, place: int, role: Role) -> Turn:
    """A turn of the member at a place."""
    row = session.get_one(Member, crowd.member(place))
    actor = Actor(row.id, row.name, role, "", row.superior_id)
    ctx = Context(session, actor, crowd.now, None, Business())
    incoming = Incoming("wecom", "main", str(place), str(place), Kind.TEXT, str(place), crowd.now)

    def read(text: str, at: object = None) -> Reading:
        return understand(text, ctx.local, EMPTY)

    return Turn(ctx, incoming, Memory(), read)


def _render(cards: tuple[Card, ...]) -> None:
    for place, card in enumerate(cards):
        render(card, task_id=f"bench-{place}", sign=lambda action: action.name)
