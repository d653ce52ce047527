"""Customers found despite a typo (shared pairs of characters) or by their sound (pinyin without tones)."""

from __future__ import annotations

import re
from array import array
from functools import cache

COMMON = 500  # a pair shared by more forms than this says nothing
BEST = 5
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
_SOUNDS = (
    (re.compile("^zh"), "z"),
    (re.compile("^ch"), "c"),
    (re.compile("^sh"), "s"),
    (re.compile("ng$"), "n"),
)


@cache
def _table() -> dict[int, str]:
    """Characters to pinyin: pypinyin's table, loaded at the first use (it takes 0.2 s)."""
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


@cache
def sound(char: str) -> str:
    """How a character sounds, without tone and without what dialects confuse (zh and z, ng and n)."""
    said = _table().get(ord(char), char).split(",")[0].translate(_TONES)
    for pattern, plain in _SOUNDS:
        said = pattern.sub(plain, said)
    return said


def sounds(text: str) -> str:
    """How a text sounds."""
    return "'".join(map(sound, text))


class SoundIndex:
    """Forms of names by sound and by pairs of characters. Removed rows stay in it: the caller drops them."""

    def __init__(self) -> None:
        self._forms: list[str] = []
        self._rows: array[int] = array("l")
        self._pairs: dict[str, array[int]] = {}
        self._sounds: dict[str, array[int]] = {}
        self._sounded = 0

    def add(self, form: str, row: int) -> None:
        """Take up a form of a customer's name."""
        place = len(self._forms)
        self._forms.append(form)
        self._rows.append(row)
        for pair in {form[i : i + 2] for i in range(len(form) - 1)}:
            self._pairs.setdefault(pair, array("l")).append(place)

    def like(self, text: str) -> list[int]:
        """Rows whose form the text is like, best first: the same sound, or one character off."""
        if not self._forms or not 2 <= len(text) <= 30:
            return []
        scores: dict[int, float] = {}
        for place in self._same_sound(text):
            scores[place] = 2.0
        for place in self._shared_pairs(text):
            score = likeness(text, self._forms[place])
            if score >= 0.7:
                scores[place] = max(score, scores.get(place, 0))
        best = sorted(scores, key=lambda place: -scores[place])
        return list(dict.fromkeys(self._rows[place] for place in best))[:BEST]

    def prepare(self) -> None:
        """Work out the sounds of the forms that came since the last time."""
        for place in range(self._sounded, len(self._forms)):
            self._sounds.setdefault(sounds(self._forms[place]), array("l")).append(place)
        self._sounded = len(self._forms)

    def _same_sound(self, text: str) -> array[int]:
        if self._sounded < len(self._forms):
            self.prepare()
        return self._sounds.get(sounds(text), array("l"))

    def _shared_pairs(self, text: str) -> set[int]:
        lists = [self._pairs[p] for i in range(len(text) - 1) if (p := text[i : i + 2]) in self._pairs]
        few = sorted((x for x in lists if len(x) <= COMMON), key=len)[:3]
        return {place for places in few for place in places if abs(len(self._forms[place]) - len(text)) <= 1}


def likeness(a: str, b: str) -> float:
    """One minus the share of characters to change; below 0 for more than one change in a short name."""
    from rapidfuzz.distance import OSA

    changes = OSA.distance(a, b, score_cutoff=2)
    return 1 - changes / max(len(a), len(b)) if changes <= (1 if len(b) < 6 else 2) else -1.0
