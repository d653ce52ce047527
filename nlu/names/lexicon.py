"""The organisation's own names: customers by dictionary, kept up to date one name at a time.

A hash index by the first two characters finds the longest form that stands at a place; a sorted list of
forms answers which customers begin with a few characters. Both take 100,000 customers in their stride.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from msgspec import Struct, field

from nlu.names.custom import CustomNames
from nlu.names.forms import core_of, normal, strong_forms, weak_forms
from nlu.names.fuzzy import SoundIndex
from nlu.names.known import KnownWords

MAX_CANDIDATES = 10


class Name(Struct, frozen=True):
    """A customer of the organisation. `key` is the caller's id, `owner` the key of its salesperson."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    owner: str = ""


class Colleague(Struct, frozen=True):
    """Somebody of the own organisation."""

    key: str
    name: str


class Hit(Struct, frozen=True):
    """A form found at text[start:end] and the customers it may mean."""

    start: int
    end: int
    names: tuple[Name, ...]


class FormIndex:
    """Forms to row numbers, with the lengths of the forms that share their first two characters."""

    def __init__(self) -> None:
        self._rows: dict[str, int | tuple[int, ...]] = {}
        self._lengths: dict[str, int] = {}  # first two characters to a bit set of lengths

    def add(self, form: str, row: int) -> bool:
        """Remember that the form may mean the row; says whether the form is new."""
        old = self._rows.get(form)
        if old is None:
            self._rows[form] = row
        elif row not in self.rows(form):
            self._rows[form] = (*self.rows(form), row)
        self._lengths[form[:2]] = self._lengths.get(form[:2], 0) | 1 << min(len(form), 60)
        return old is None

    def discard(self, form: str, row: int) -> bool:
        """Forget the row; says whether the form is gone altogether."""
        left = tuple(other for other in self.rows(form) if other != row)
        if left:
            self._rows[form] = left if len(left) > 1 else left[0]
            return False
        return self._rows.pop(form, None) is not None

    def rows(self, form: str) -> tuple[int, ...]:
        """The rows that the form may mean."""
        found = self._rows.get(form)
        if found is None:
            return ()
        return (found,) if isinstance(found, int) else found

    def places(self, text: str) -> list[int]:
        """Where a form may stand: its first two characters do."""
        heads = self._lengths
        return [at for at in range(len(text) - 1) if text[at : at + 2] in heads]

    def lengths_at(self, text: str, start: int) -> list[int]:
        """Lengths of the forms that stand at the place, longest first."""
        bits = self._lengths.get(text[start : start + 2], 0)
        found: list[int] = []
        while bits:
            length = bits.bit_length() - 1
            bits &= ~(1 << length)
            if start + length <= len(text) and text[start : start + length] in self._rows:
                found.append(length)
        return found


class Lexicon(Struct):
    """Customers, colleagues, contacts and products by name. Not safe for writing from two threads at once.

    `colleagues`, `contacts` and `products` may grow, or be replaced by others.
    """

    colleagues: dict[str, Colleague] = field(default_factory=dict)
    contacts: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    custom: CustomNames | None = None
    _by_key: dict[str, int] = field(default_factory=dict)
    _names: dict[int, Name] = field(default_factory=dict)
    _strong: FormIndex = field(default_factory=FormIndex)
    _weak: FormIndex = field(default_factory=FormIndex)
    _heads: list[str] = field(default_factory=list)
    _sounds: SoundIndex = field(default_factory=SoundIndex)
    _people: KnownWords = field(default_factory=KnownWords)
    _products: KnownWords = field(default_factory=KnownWords)
    _next: int = 0

    @classmethod
    def of(
        cls,
        names: Iterable[Name],
        colleagues: Iterable[Colleague] = (),
        contacts: Iterable[str] = (),
        products: Iterable[str] = (),
        custom: CustomNames | None = None,
    ) -> Lexicon:
        """A lexicon of these names."""
        lexicon = cls({c.name: c for c in colleagues}, set(contacts), set(products), custom)
        heads: list[str] = []
        for name in names:
            heads.extend(lexicon._enter(name))
        lexicon._heads = sorted(heads)
        lexicon._sounds.prepare()
        return lexicon

    def __len__(self) -> int:
        return len(self._names)

    def add(self, name: Name) -> None:
        """Take up a customer, or take over its new name, aliases and owner."""
        if name.key in self._by_key:
            self.remove(name.key)
        for head in self._enter(name):
            insort(self._heads, head)

    def remove(self, key: str) -> None:
        """Forget a customer; unknown keys are ignored."""
        row = self._by_key.pop(key, None)
        if row is None:
            return
        name = self._names.pop(row)
        strong, weak, _ = _forms(name)
        for form in strong:
            if self._strong.discard(form, row):
                place = bisect_left(self._heads, form)
                if place < len(self._heads) and self._heads[place] == form:
                    del self._heads[place]
        for form in weak:
            self._weak.discard(form, row)

    def get(self, key: str) -> Name | None:
        """The customer with this key."""
        row = self._by_key.get(key)
        return None if row is None else self._names[row]

    def exactly(self, text: str) -> tuple[Name, ...]:
        """Customers that this whole text names."""
        return self._of(self._strong.rows(normal(text)))

    def people_in(self, text: str) -> list[str]:
        """The colleagues and contacts whose names stand in the text, colleagues first."""
        return self._people.within(text, self.colleagues, self.contacts)

    def products_in(self, text: str) -> list[str]:
        """The products whose names stand in the text."""
        return self._products.within(text, self.products)

    def places(self, text: str) -> list[int]:
        """Where a name or alias may stand in a text in comparing form; `at` tells."""
        return self._strong.places(text)

    def at(self, text: str, start: int) -> list[Hit]:
        """Names and aliases that stand at the place of a text in comparing form, longest first."""
        return [
            Hit(start, start + n, self._of(self._strong.rows(text[start : start + n])))
            for n in self._strong.lengths_at(text, start)
        ]

    def part_at(self, text: str, start: int, end: int) -> Hit | None:
        """The customers that text[start:end] is a part of: the brand, or the beginning of the name."""
        part = text[start:end]
        rows = dict.fromkeys(self._weak.rows(part))
        place = bisect_left(self._heads, part)
        while place < len(self._heads) and self._heads[place].startswith(part):
            rows.update(dict.fromkeys(self._strong.rows(self._heads[place])))
            place += 1
            if len(rows) > MAX_CANDIDATES:
                break
        return Hit(start, end, self._of(tuple(rows))) if rows else None

    def brand(self, text: str) -> tuple[Name, ...]:
        """Customers of which this whole text is the brand: the name without city and line of business."""
        return self._of(self._weak.rows(text))

    def brand_places(self, text: str) -> list[int]:
        """Where a brand or another part of a name may stand in a text in comparing form."""
        return self._weak.places(text)

    def like(self, text: str) -> tuple[Name, ...]:
        """Customers that the text may mean by a typo or by its sound, best first; only to be proposed."""
        return self._of(tuple(row for row in self._sounds.like(text) if row in self._names))

    def _of(self, rows: tuple[int, ...]) -> tuple[Name, ...]:
        return tuple(self._names[row] for row in rows)

    def _enter(self, name: Name) -> list[str]:
        row = self._next
        self._next += 1
        self._by_key[name.key] = row
        self._names[row] = name
        strong, weak, cores = _forms(name)
        heads = [form for form in strong if self._strong.add(form, row)]
        for form in weak:
            self._weak.add(form, row)
        for form in cores:
            self._sounds.add(form, row)
        return heads


def _forms(name: Name) -> tuple[set[str], set[str], set[str]]:
    """The forms that mean the customer, those that may, and the names without brackets and suffix."""
    strong = strong_forms(name.name, name.aliases)
    cores = {core_of(said) for said in (name.name, *name.aliases)}
    weak = set().union(*(weak_forms(core) for core in cores)) - strong
    return strong, weak, cores
