"""What the demo company consists of, read from its data file into plain values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from crm.approvals import Verdict
from store.tables import Role

FILE = Path(__file__).with_name("company.toml")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A colleague; `superior` is a userid, empty for the head."""

    userid: str
    name: str
    role: Role
    department: str
    position: str
    superior: str = ""


@dataclass(frozen=True, slots=True)
class DemoContact:
    """Somebody at a customer; the birthday is `days` from today, in `calendar` (empty: unknown)."""

    name: str
    title: str
    calendar: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer; `owner` is a userid, `name` unique, the first alias what the rest of the file calls it."""

    owner: str
    name: str
    aliases: tuple[str, ...]
    industry: str
    region: str
    level: str
    source: str
    contacts: tuple[DemoContact, ...]


@dataclass(frozen=True, slots=True)
class DemoStory:
    """A kind of contact: `text` with {customer}, {contact} and {amount}; `amount` in fen, 0 for none."""

    kind: str
    text: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class DemoTask:
    """Something planned `days` from today; `at` None for the whole day, `customer` an alias or empty."""

    owner: str
    customer: str
    days: int
    title: str
    at: time | None = None


@dataclass(frozen=True, slots=True)
class DemoQuote:
    """An offer: `amount` in fen, `discount` in ten-thousandths; `verdict` None while it waits, or a draft."""

    owner: str
    customer: str
    amount: int
    discount: int
    days_ago: int
    verdict: Verdict | None = None
    comment: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole company."""

    organisation: str
    people: tuple[DemoPerson, ...]
    customers: tuple[DemoCustomer, ...]
    stories: tuple[DemoStory, ...]
    tasks: tuple[DemoTask, ...]
    quotes: tuple[DemoQuote, ...]


@cache
def plan() -> Plan:
    """The plan of the demo company."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Plan(
        organisation=str(data["organisation"]["name"]),
        people=tuple(DemoPerson(**{**one, "role": Role(one["role"])}) for one in data["people"]),
        customers=tuple(_customer(one) for one in data["customers"]),
        stories=tuple(
            DemoStory(one["kind"], one["text"], one.get("amount", 0) * 100) for one in data["stories"]
        ),
        tasks=tuple(_task(one) for one in data["tasks"]),
        quotes=tuple(_quote(one) for one in data["quotes"]),
    )


def people() -> tuple[DemoPerson, ...]:
    """The colleagues, superiors before their people."""
    return plan().people


def organisation() -> str:
    """The company's name."""
    return plan().organisation


def _customer(one: dict[str, Any]) -> DemoCustomer:
    contacts = tuple(_contact(c) for c in one["contacts"])
    return DemoCustomer(**{**one, "aliases": tuple(one["aliases"]), "contacts": contacts})


def _contact(one: dict[str, str]) -> DemoContact:
    calendar, _, days = one.get("birthday", "").partition("+")
    return DemoContact(one["name"], one["title"], calendar, int(days or 0))


def _task(one: dict[str, Any]) -> DemoTask:
    at = time.fromisoformat(one["at"].zfill(5)) if "at" in one else None
    return DemoTask(one["owner"], one.get("customer", ""), one["days"], one["title"], at)


def _quote(one: dict[str, Any]) -> DemoQuote:
    end = one["end"]
    verdict = Verdict(end) if end in {v.value for v in Verdict} else None
    return DemoQuote(
        one["owner"],
        one["customer"],
        one["amount"] * 100,
        one["discount"],
        one["days_ago"],
        verdict,
        one.get("comment", ""),
        draft=end == "draft",
    )
