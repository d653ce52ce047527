"""The organisation's own fields and kinds of records by name: one pattern tells whether a text has any."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from nlu.text import fold_name


class KnownField(Struct, frozen=True):
    """A field that the organisation has added. `kind` as the caller keeps it: text, number, money, date …"""

    object: str
    key: str
    label: str
    kind: str
    options: tuple[str, ...] = ()


class KnownObject(Struct, frozen=True):
    """A kind of records of the organisation's own."""

    key: str
    name: str


class CustomNames(Struct, frozen=True):
    """Labels of fields and names of kinds of records. `concerns` is all that other messages pay."""

    fields: tuple[KnownField, ...]
    objects: tuple[KnownObject, ...]
    any_name: re.Pattern[str]

    @classmethod
    def of(cls, fields: Iterable[KnownField], objects: Iterable[KnownObject] = ()) -> CustomNames | None:
        """These names; None where there are none."""
        known, kinds = tuple(fields), tuple(objects)
        words = {fold_name(field.label) for field in known} | {fold_name(one.name) for one in kinds}
        if not words:
            return None
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        return cls(known, kinds, re.compile("|".join(map(re.escape, longest_first))))

    def concerns(self, text: str) -> bool:
        """Whether a folded text may name one of them."""
        return self.any_name.search(fold_name(text)) is not None

    def object_named(self, word: str) -> KnownObject | None:
        """The kind of records of this name."""
        return next((one for one in self.objects if fold_name(one.name) == word), None)

    def labelled(self, word: str, objects: Iterable[str] = ()) -> KnownField | None:
        """The field of this label, of these kinds of records where given, the first kind first."""
        fitting = [field for field in self.fields if fold_name(field.label) == word]
        for object_ in objects:
            for field in fitting:
                if field.object == object_:
                    return field
        return None if objects else next(iter(fitting), None)
