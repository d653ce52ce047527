"""The rules of who sees and changes what in plain Python, slow and without a database: rights are held to it.

An organisation is a value; `seen` goes through every record and asks the rules one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from store.tables import Role

READS_ALL = {Role.DIRECTOR, Role.ADMIN, Role.COMMERCE, Role.FINANCE, Role.SERVICE, Role.AUDITOR}
WRITES_ALL = {Role.DIRECTOR, Role.ADMIN}
CLAIMS = {Role.SALES, Role.MANAGER, Role.DIRECTOR, Role.ADMIN}
POOL = -1
"""The owner of a customer that nobody looks after."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member by his place in the list; `above` and `departments` are places too."""

    role: Role
    above: int | None
    departments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A collaborator. `live` unless it is over."""

    kind: str
    record: int
    member: int
    right: str
    live: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a kind, whose people they are, and of which customer."""

    kind: str
    people: tuple[int, ...]
    customer: int | None


@dataclass(frozen=True, slots=True)
class Org:
    """Everything that decides. `scopes` by role, kind and verb; `parents` of departments.

    `tasks` are (assignee, creator, customer, open), `asked` are (assignee, quote, open), `away` are
    (member, deputy, now), `quotes` the customers of the quotes. An owner may be `POOL`; `pools` are what is
    set for it by role and verb (write is to claim), like `scopes`.
    """

    people: tuple[Person, ...]
    parents: tuple[int | None, ...]
    scopes: Mapping[tuple[Role, str, str], tuple[str, tuple[int, ...]]]
    owners: tuple[int, ...]
    quotes: tuple[tuple[int, int], ...] = ()
    shares: tuple[Share, ...] = ()
    tasks: tuple[tuple[int, int, int, bool], ...] = ()
    asked: tuple[tuple[int, int, bool], ...] = ()
    away: tuple[tuple[int, int, bool], ...] = ()
    notes: tuple[tuple[int, int | None], ...] = field(default=())
    pools: Mapping[tuple[Role, str], tuple[str, tuple[int, ...]]] = field(default_factory=dict)

    def acting(self, who: int) -> set[int]:
        """Somebody and all in whose place he acts."""
        found = {who}
        while True:
            more = {m for m, deputy, now in self.away if now and deputy in found} | found
            if more == found:
                return found
            found = more

    def below(self, who: int) -> set[int]:
        """Somebody and all below him."""
        found = {who}
        while True:
            more = {n for n, p in enumerate(self.people) if p.above in found} | found
            if more == found:
                return found
            found = more

    def branch(self, departments: Iterable[int]) -> set[int]:
        """Departments and all below them."""
        found = set(departments)
        while True:
            more = {n for n, parent in enumerate(self.parents) if parent in found} | found
            if more == found:
                return found
            found = more

    def inside(self, departments: Iterable[int]) -> set[int]:
        """Who is in one of these."""
        wanted = set(departments)
        return {n for n, p in enumerate(self.people) if wanted & set(p.departments)}

    def scope(self, role: Role, kind: str, verb: str) -> tuple[str, tuple[int, ...]]:
        """What is set for the kind, else for customers, else what is usual."""
        for one in (kind, "customer"):
            if (role, one, verb) in self.scopes:
                return self.scopes[role, one, verb]
        if role in (READS_ALL if verb == "read" else WRITES_ALL):
            return "all", ()
        return ("none" if role is Role.AUDITOR else "subordinates"), ()

    def within(self, who: int, owner: int, kind: str, verb: str) -> bool:
        """Whether the role of one member opens the records of an owner."""
        person = self.people[who]
        if owner == POOL:
            own = kind != "customer" and (person.role, kind, "read") in self.scopes
            return self.everything(who, kind, verb) or (
                verb == "read" and not own and self.at_pool(who, "read")
            )
        scope, given = self.scope(person.role, kind, verb)
        opened = {
            "all": lambda: set(range(len(self.people))),
            "none": lambda: set[int](),
            "own": lambda: {who},
            "subordinates": lambda: self.below(who),
            "department": lambda: self.inside(person.departments) | {who},
            "branch": lambda: self.inside(self.branch(person.departments)) | {who},
            "given": lambda: self.inside(self.branch(given)) | {who},
        }[scope]()
        return owner in opened

    def at_pool(self, who: int, verb: str) -> bool:
        """Whether one member sees the pool, or claims from it, by his role."""
        person = self.people[who]
        usual = ("all" if person.role in CLAIMS else "none"), ()
        scope, given = self.pools.get((person.role, verb), usual)
        return scope == "all" or (scope == "given" and who in self.inside(self.branch(given)))

    def everything(self, who: int, kind: str, verb: str) -> bool:
        """Whether the role of one member opens all there is, whoever it belongs to."""
        role = self.people[who].role
        return all(self.scope(role, kind, one)[0] == "all" for one in ("read", verb))

    def granted(self, who: int, kind: str, record: int, verb: str, of: str | None = None) -> bool:
        """Whether a single record is open to somebody beyond his role; or what is `of` it, a kind of its own.

        The role must do this with some records of the kind asked about, its own at least.
        """
        asked_for = of or kind
        acting = {
            n for n in self.acting(who) if self.scope(self.people[n].role, asked_for, verb)[0] != "none"
        }
        rights = {"read", "write"} if verb == "read" else {"write"}
        if any(
            s.live and s.kind == kind and s.record == record and s.member in acting and s.right in rights
            for s in self.shares
        ):
            return True
        if verb != "read":
            return False
        asked = {quote for assignee, quote, live in self.asked if live and assignee in acting}
        if kind == "quote":
            return record in asked
        given = {c for to, by, c, live in self.tasks if live and to in acting and by not in acting}
        return kind == "customer" and (record in given or record in {self.quotes[q][1] for q in asked})

    def opened(self, who: int, owner: int, kind: str, verb: str) -> bool:
        """Whether the records of an owner are open to somebody or to one in whose place he acts."""
        return any(all(self.within(one, owner, kind, v) for v in {"read", verb}) for one in self.acting(who))

    def may(self, who: int, record: Record, place: int, verb: str) -> bool:
        """Whether somebody may do this with a record, the `place`th of its kind."""
        if any(self.everything(one, record.kind, verb) for one in self.acting(who)):
            return True
        if any(self.opened(who, one, record.kind, verb) for one in record.people):
            return True
        if self.granted(who, record.kind, place, verb):
            return True
        if record.customer is None:
            return False
        owner = self.owners[record.customer]
        return self.opened(who, owner, record.kind, verb) or self.granted(
            who, "customer", record.customer, verb, of=record.kind
        )

    def records(self, kind: str) -> list[Record]:
        """All records of a kind."""
        if kind == "customer":
            return [Record(kind, (owner,), None) for owner in self.owners]
        if kind == "quote":
            return [Record(kind, (owner,), customer) for owner, customer in self.quotes]
        if kind == "task":
            return [Record(kind, (to, by), customer) for to, by, customer, _ in self.tasks]
        if kind == "activity":
            return [Record(kind, (author,), customer) for author, customer in self.notes]
        return [Record(kind, (), customer) for customer in range(len(self.owners))]

    def seen(self, who: int, kind: str, verb: str) -> set[int]:
        """The places of the records of a kind with which somebody may do this."""
        return {n for n, r in enumerate(self.records(kind)) if self.may(who, r, n, verb)}
