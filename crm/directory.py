"""The organisation as a platform's directory tells it, and who is whose manager. Pure.

Userids are lower case everywhere, as identities keep them; department ids are texts. What an app is not
told (WeCom gives new apps no mobile, no e-mail, and only the leaders within its visible range) is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Subject(StrEnum):
    """What an event was about: something to look up in the directory."""

    USER = "user"
    DEPARTMENT = "department"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Source:
    """Whose directory: an app of a platform. All apps of a platform belong to one organisation."""

    platform: str
    app: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `parent` is empty for the root, `leaders` are userids."""

    id: str
    name: str
    parent: str = ""
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody in the directory.

    `main` is the department that comes first, `leads` those they lead, `leaders` are userids of the direct
    leaders, `address` is the userid as the platform writes it. Not `active`: disabled, not activated, gone.
    """

    userid: str
    name: str
    departments: tuple[str, ...] = ()
    main: str = ""
    leads: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    position: str = ""
    active: bool = True
    address: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything that an app may see. Not `complete`: a part could not be read, so that nobody who is
    missing may be taken for a leaver."""

    departments: tuple[Department, ...] = ()
    people: tuple[Colleague, ...] = ()
    complete: bool = True


def superiors(directory: Directory, default: str = "") -> dict[str, str]:
    """Every active colleague's manager, by userid; who has none is left out.

    The direct leader, else the leader of the department, else that of the departments above, else
    `default` (but not for those who are above that one). Nobody is their own manager, and where somebody
    leads a department its other leaders are not either: each would be the manager of the other. Only
    active colleagues are managers.
    """
    tree = _Tree.of(directory)
    active = [one for one in directory.people if one.active]
    found = {one.userid: above for one in active if (above := tree.manager_of(one))}
    last = default.lower()
    for one in active:
        if last and one.userid not in found and one.userid not in _line(last, found):
            found[one.userid] = last
    return found


def _line(userid: str, managers: Mapping[str, str]) -> set[str]:
    """Somebody and everybody above."""
    line: set[str] = set()
    at: str | None = userid
    while at is not None and at not in line:
        line.add(at)
        at = managers.get(at)
    return line


def tells_leaders(directory: Directory) -> bool:
    """Whether the directory names any leader at all."""
    return any(d.leaders for d in directory.departments) or any(
        p.leaders or p.leads for p in directory.people
    )


def heads(directory: Directory) -> frozenset[str]:
    """Everybody who leads: a department, or somebody directly."""
    led = {who for d in directory.departments for who in d.leaders}
    direct = {who for p in directory.people for who in p.leaders}
    return frozenset(led | direct | {p.userid for p in directory.people if p.leads})


@dataclass(frozen=True, slots=True)
class _Tree:
    """The directory by ids."""

    active: frozenset[str]
    parents: dict[str, str] = field(default_factory=dict)
    leaders: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, directory: Directory) -> _Tree:
        tree = cls(frozenset(p.userid for p in directory.people if p.active))
        for one in directory.departments:
            tree.parents[one.id] = one.parent
            tree.leaders[one.id] = list(one.leaders)
        for person in directory.people:
            for led in person.leads:
                tree.leaders.setdefault(led, []).append(person.userid)
        return tree

    def manager_of(self, one: Colleague) -> str | None:
        direct = (who for who in one.leaders if who in self.active and who != one.userid)
        return next(direct, None) or next(self._above(one), None)

    def _above(self, one: Colleague) -> Iterator[str]:
        """The leaders of the departments from theirs up to the root, nearest first."""
        passed: set[str] = set()
        for start in (one.main, *one.departments):
            at = start
            while at and at not in passed:
                passed.add(at)
                led_by = self.leaders.get(at, [])
                if one.userid not in led_by:
                    yield from (who for who in led_by if who in self.active)
                at = self.parents.get(at, "")
