"""The names that messages are searched for, kept in memory and in step with the database."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from crm.custom.builtin import OBJECT_NAMES
from nlu.names.custom import CustomNames, KnownField, KnownObject
from nlu.names.lexicon import Colleague, Lexicon, Name
from store.ids import COUNT_BITS, PROCESS_BITS, new_id
from store.tables import Contact, Customer, CustomerAlias, CustomField, CustomObject, EventLog, Member

OVERLAP_MS = 5000  # a commit of another replica may come after a later id was seen
NAMED = ("customer", "customer_alias", "contact", "member", "custom_field", "custom_object")


class Names:
    """The lexicon of the organisation. `follow` takes up what has changed since the last look."""

    def __init__(self) -> None:
        self.lexicon = Lexicon.of(())
        self._seen = 0
        self._lock = threading.Lock()

    def load(self, session: Session) -> None:
        """Read all names."""
        seen = new_id()
        customers = session.execute(_customers()).all()
        aliases = _aliases(session, None)
        lexicon = Lexicon.of(
            (Name(str(i), name, tuple(aliases.get(i, ())), str(owner)) for i, name, owner in customers),
            colleagues=[Colleague(str(i), n) for i, n in session.execute(_members())],
            contacts=session.execute(_contacts()).scalars().all(),
            custom=_custom(session),
        )
        with self._lock:
            self.lexicon, self._seen = lexicon, seen

    def follow(self, session: Session) -> int:
        """Take up changes of names; how many customers were read again."""
        with self._lock:
            since = self._seen - (OVERLAP_MS << (PROCESS_BITS + COUNT_BITS))
            seen = new_id()
            told = (
                col(EventLog.before),
                col(EventLog.after),
            )  # of an alias that is gone, only the one before
            query = select(col(EventLog.object), col(EventLog.object_id), *told).where(
                col(EventLog.id) > since, col(EventLog.object).in_(NAMED)
            )
            rows = session.execute(query).all()
            changes = [(kind, i, {**before, **after}) for kind, i, before, after in rows]
            self._seen = seen
            customers = {i for kind, i, _ in changes if kind == "customer"}
            customers |= {
                int(a["customer_id"]) for k, _, a in changes if k == "customer_alias" and "customer_id" in a
            }
            self._renew(session, sorted(customers))
            if any(kind == "contact" for kind, _, _ in changes):
                ids = [i for kind, i, _ in changes if kind == "contact"]
                self.lexicon.contacts.update(session.execute(_contacts(ids)).scalars())
            if any(kind == "member" for kind, _, _ in changes):
                colleagues = [Colleague(str(i), n) for i, n in session.execute(_members())]
                self.lexicon.colleagues = {c.name: c for c in colleagues}
            if any(kind in ("custom_field", "custom_object") for kind, _, _ in changes):
                self.lexicon.custom = _custom(session)
            return len(customers)

    def _renew(self, session: Session, ids: Sequence[int]) -> None:
        if not ids:
            return
        aliases = _aliases(session, ids)
        living = {i: (name, owner) for i, name, owner in session.execute(_customers(ids))}
        for one in ids:
            if one in living:
                name, owner = living[one]
                self.lexicon.add(Name(str(one), name, tuple(aliases.get(one, ())), str(owner)))
            else:
                self.lexicon.remove(str(one))


def _customers(ids: Sequence[int] | None = None) -> Select[int, str, int]:
    query = select(col(Customer.id), col(Customer.name), col(Customer.owner_id)).where(
        col(Customer.archived_at).is_(None)
    )
    return query if ids is None else query.where(col(Customer.id).in_(ids))


def _contacts(ids: Sequence[int] | None = None) -> Select[str]:
    query = select(col(Contact.name)).where(col(Contact.archived_at).is_(None)).distinct()
    return query if ids is None else query.where(col(Contact.id).in_(ids))


def _members() -> Select[int, str]:
    return select(col(Member.id), col(Member.name)).where(col(Member.active).is_(True))


def _custom(session: Session) -> CustomNames | None:
    """The organisation's own fields and kinds of records, without those of kinds that were removed."""
    kinds = select(CustomObject).where(col(CustomObject.archived_at).is_(None))
    objects = {kind.key: kind.name for kind in session.execute(kinds).scalars()}
    fields = session.execute(select(CustomField).where(col(CustomField.archived_at).is_(None))).scalars()
    return CustomNames.of(
        (
            KnownField(f.object, f.key, f.label, f.kind, tuple(f.options))
            for f in fields
            if f.object in objects or f.object in OBJECT_NAMES
        ),
        (KnownObject(key, name) for key, name in objects.items()),
    )


def _aliases(session: Session, ids: Iterable[int] | None) -> dict[int, list[str]]:
    query = select(col(CustomerAlias.customer_id), col(CustomerAlias.alias))
    if ids is not None:
        query = query.where(col(CustomerAlias.customer_id).in_(ids))
    found: dict[int, list[str]] = {}
    for customer_id, alias in session.execute(query):
        found.setdefault(customer_id, []).append(alias)
    return found
