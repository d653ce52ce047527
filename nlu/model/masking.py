"""Personal data out of a text and back: names, phones, addresses and long numbers become placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from nlu import phones
from nlu.names.lexicon import Lexicon
from nlu.names.mentions import find_customers
from nlu.names.people import find_people
from nlu.patterns import lazy
from nlu.text import MAX_LENGTH, fold

CUSTOMER, PERSON, PHONE, NUMBER, MAIL = "客户", "联系人", "电话", "号码", "邮箱"
_MAIL = lazy(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_NUMBER = lazy(r"(?<![0-9A-Za-z])(?:[0-9][ \-]?){11,30}[0-9Xx]?(?![0-9A-Za-z])")  # identity and bank cards
_WECHAT = lazy(r"(?:微信号?|vx|VX|wx|WX|QQ|qq)[\s:：是为]*([A-Za-z0-9][A-Za-z0-9_\-]{4,30})")
_COMPANY = lazy(r"[一-鿿A-Za-z0-9()（）]{2,24}?(?:有限责任公司|股份有限公司|有限公司|事务所)")
Place = tuple[int, int, str]  # start, end, kind


class Masked(Struct, frozen=True):
    """A text without personal data, and what stands behind its placeholders."""

    text: str
    names: tuple[tuple[str, str], ...] = ()

    def restore(self, words: str) -> str:
        """Words of the masked text as they were written."""
        for placeholder, original in self.names:
            words = words.replace(placeholder, original)
        return words


def mask(text: str, lexicon: Lexicon, sender_key: str = "") -> Masked:
    """The text (its first 1,000 characters) with placeholders like [客户1] for personal data."""
    text = text[:MAX_LENGTH]
    names: dict[str, str] = {}
    for kind, original in _found(text, lexicon, sender_key):
        if original not in names:
            names[original] = _free(text, kind, names)
    if not names:
        return Masked(text)
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    masked = pattern.sub(lambda match: names[match[0]], text)
    return Masked(masked, tuple((placeholder, original) for original, placeholder in names.items()))


def _found(text: str, lexicon: Lexicon, sender_key: str) -> Iterator[tuple[str, str]]:
    """(kind, words) of everything that must not leave, in the order of the text."""
    taken: list[Place] = []
    for start, end, kind in (*_figures(text), *_names(text, lexicon, sender_key)):
        if text[start:end].strip() and not any(start < e and s < end for s, e, _ in taken):
            taken.append((start, end, kind))
    for start, end, kind in sorted(taken):
        yield kind, text[start:end]


def _figures(text: str) -> Iterator[Place]:
    for match in _MAIL.finditer(text):
        yield (*match.span(), MAIL)
    for phone in phones.find(fold(text), text):
        yield phone.span.start, phone.span.end, PHONE
    for match in _NUMBER.finditer(text):
        yield match.start(), match.start() + len(match[0].rstrip(" -")), NUMBER
    for match in _WECHAT.finditer(text):
        yield (*match.span(1), NUMBER)


def _names(text: str, lexicon: Lexicon, sender_key: str) -> Iterator[Place]:
    mentions = find_customers(text, lexicon, sender_key)
    places = mentions.places()
    for start, end in places:
        yield start, end, CUSTOMER
    for match in _COMPANY.finditer(text):
        yield (*match.span(), CUSTOMER)
    folded = fold(text)
    for person in find_people(folded, places, lexicon.people_in(folded), [end for _, end in places]):
        yield person.start, person.end, PERSON


def _free(text: str, kind: str, names: dict[str, str]) -> str:
    """A placeholder that stands nowhere in the text and for nothing else."""
    number = 1
    while (placeholder := f"[{kind}{number}]") in text or placeholder in names.values():
        number += 1
    return placeholder
