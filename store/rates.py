"""How fast may be sent: limits counted in the database, so that replicas keep to them together.

An embedded database has one process, which counts in memory: that costs no statement.

A limit is counted in short stretches of its window, each a row. What lies in the stretches that the window
touches counts in full, so the count is never too low: a limit is kept at any moment, not only by the clock's
minutes, and at worst a twelfth of the window is waited too long.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import (
    BigInteger,
    Insert,
    Select,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from store.fast import Fast, connection_of
from store.once import table_of
from store.tables import SendWindow

T = TypeVar("T")
TABLE = table_of(SendWindow)
STRETCHES: Final = 12
"""Into how many a window is cut."""
KEPT: Final = timedelta(hours=2)
"""Counts older than this matter to no limit."""
_ONE_AT_A_TIME: Final = Fast(select(func.pg_try_advisory_xact_lock(bindparam("lock", type_=BigInteger))))
_LOCK: Final = {"lock": 7239048116250731}
_PAUSE: Final = "pause:"


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `most` in any `window` seconds, for what has this `key`."""

    key: str
    most: int
    window: float

    @property
    def stretch(self) -> int:
        """Milliseconds that are counted together."""
        return max(round(self.window * 1000 / STRETCHES), 1)

    @property
    def kept_as(self) -> str:
        """The key of its rows: one key may have several windows."""
        return f"{self.key}:{self.window:g}"


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """Something to send: the rules it falls under, and the scope of a pause that would hold it up.

    What is `alike` in one scope goes in one call, up to `together`, and counts as one.
    """

    what: T
    rules: Sequence[Rule] = ()
    scope: str = ""
    alike: str = ""
    together: int = 1


@dataclass(slots=True)
class Counts:
    """What one process has counted: by key and stretch. Not used where the database counts."""

    counted: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def forget(self, before: int) -> None:
        """Drop the stretches before a moment, in milliseconds."""
        for key, stretches in list(self.counted.items()):
            kept = Counter({starts: used for starts, used in stretches.items() if starts >= before})
            if kept:
                self.counted[key] = kept
            else:
                del self.counted[key]


@dataclass(slots=True)
class Granted(Generic[T]):
    """What may go now, and what has to wait until when (aware UTC)."""

    now: list[T] = field(default_factory=list)
    later: list[tuple[T, datetime]] = field(default_factory=list)


def alone(session: Session) -> bool:
    """Whether this transaction may count: on PostgreSQL one at a time, on SQLite there is but one.

    It does not wait for the other: two that waited for each other's rows would be a deadlock.
    """
    return _embedded(session) or bool(_ONE_AT_A_TIME.run(session, _LOCK).fetchone()[0])


def take(session: Session, wanted: Sequence[Wanted[T]], now: datetime, counts: Counts) -> Granted[T]:
    """Count what may go now; the rest is not counted. Two statements, however many are wanted."""
    at = _milliseconds(now)
    counted = _in_windows(counts, wanted, at) if _embedded(session) else _counted(session, wanted, at)
    taken: Counter[tuple[str, int]] = Counter()
    granted: Granted[T] = Granted()
    calls: Counter[tuple[str, str]] = Counter()
    for one in wanted:
        call = (one.scope, one.alike)
        if one.alike and calls[call] % one.together:
            calls[call] += 1
            granted.now.append(one.what)
            continue
        free = max((_free(counted, rule, at) for rule in one.rules), default=at)
        free = max([free, *counted.get(_PAUSE + one.scope, {})])
        if free > at:
            granted.later.append((one.what, _moment(free)))
            continue
        calls[call] += 1
        granted.now.append(one.what)
        for rule in one.rules:
            starts = at - at % rule.stretch
            taken[rule.kept_as, starts] += 1
            counted[rule.kept_as][starts] += 1
    _add(session, taken, counts)
    return granted


def pause(session: Session, scope: str, until: datetime, counts: Counts) -> None:
    """Nothing of this scope is sent before then: a platform has said so."""
    _add(session, {(_PAUSE + scope, _milliseconds(until)): 1}, counts)


def forget(session: Session, now: datetime, counts: Counts) -> None:
    """Drop what is too old to matter."""
    before = _milliseconds(now - KEPT)
    if _embedded(session):
        counts.forget(before)
    else:
        connection_of(session).execute(delete(TABLE).where(TABLE.c.starts < before))


def _embedded(session: Session) -> bool:
    return connection_of(session).dialect.name == "sqlite"


def _since(wanted: Sequence[Wanted[Any]], at: int) -> dict[str, int]:
    """What to look at, and from when: a pause only matters while it lasts."""
    since = {_PAUSE + one.scope: at for one in wanted}
    return since | {rule.kept_as: _oldest(rule, at) for one in wanted for rule in one.rules}


def _in_windows(counts: Counts, wanted: Sequence[Wanted[Any]], at: int) -> defaultdict[str, Counter[int]]:
    """What lies in the windows by now, by key and stretch, as this process has counted it."""
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for key, start in _since(wanted, at).items():
        if key in counts.counted:
            found[key] = Counter({s: used for s, used in counts.counted[key].items() if s > start})
    return found


def _counted(session: Session, wanted: Sequence[Wanted[Any]], at: int) -> defaultdict[str, Counter[int]]:
    """The same as all replicas have counted it."""
    since = _since(wanted, at)
    counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for key, starts, used in _COUNTED.run(session, {"names": list(since), "since": list(since.values())}):
        counted[key][starts] += used
    return counted


def _oldest(rule: Rule, at: int) -> int:
    """The stretches that start after this have a part in the window."""
    return at - round(rule.window * 1000) - rule.stretch


def _free(counted: Mapping[str, Counter[int]], rule: Rule, at: int) -> int:
    """The moment from which there is room for one more."""
    stretches = counted[rule.kept_as]
    over = stretches.total() - rule.most + 1
    if over <= 0:
        return at
    for starts in sorted(stretches):
        over -= stretches[starts]
        if over <= 0:
            return starts + rule.stretch + round(rule.window * 1000)
    return at + round(rule.window * 1000)  # nothing is ever allowed


def _add(session: Session, taken: Mapping[tuple[str, int], int], counts: Counts) -> None:
    if _embedded(session):
        for (key, starts), used in taken.items():
            counts.counted[key][starts] += used
        return
    if taken:
        rows = sorted(taken.items())
        values = {"names": [key for (key, _), _ in rows], "starts": [start for (_, start), _ in rows]}
        _ADD.run(session, {**values, "used": [used for _, used in rows]})


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _lists(*names: str) -> TableValuedAlias:
    """Rows given as one list for each column: a statement that is the same however many there are."""
    kinds = {"names": ARRAY(Text)}
    given = (bindparam(name, type_=kinds.get(name, ARRAY(BigInteger))) for name in names)
    return func.unnest(*given).table_valued(*names).render_derived()


def _counting() -> Select[Any]:
    at = _lists("names", "since")
    within = and_(TABLE.c.key == at.c.names, TABLE.c.starts > at.c.since)
    return select(TABLE.c.key, TABLE.c.starts, TABLE.c.used).select_from(at.join(TABLE, within))


def _adding() -> Insert:
    given = _lists("names", "starts", "used")
    rows = select(given.c.names, given.c.starts, given.c.used)
    new = insert(TABLE).from_select(["key", "starts", "used"], rows)
    return new.on_conflict_do_update(
        index_elements=("key", "starts"), set_={"used": TABLE.c.used + new.excluded.used}
    )


_COUNTED: Final = Fast(_counting())
_ADD: Final = Fast(_adding())
