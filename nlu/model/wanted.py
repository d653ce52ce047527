"""Whether a message is worth asking a model about: it speaks of business, and the grammar is unsure."""

from __future__ import annotations

from nlu.entities import Money, Phone
from nlu.intents import cues
from nlu.reading import Intent, Reading

SHORTEST = 6  # characters; less says nothing that a model could tell
LONGEST = 400  # characters; a longer text is a paste


def wanted(reading: Reading, text: str) -> bool:
    """Whether the grammar is unsure of a message that seems to be about business."""
    said = text.strip()
    if not SHORTEST <= len(said) <= LONGEST or said.startswith("/"):
        return False
    if reading.intent is Intent.CHITCHAT:
        return _business(reading, said) and not cues.SMALL_TALK.search(said)
    return reading.intent is Intent.LOG_ACTIVITY and _nobody(reading)


def _business(reading: Reading, text: str) -> bool:
    """Words of business, or a sum or a phone that no field took."""
    if any(isinstance(entity, Money | Phone) for entity in reading.entities):
        return True
    return any(words.search(text) for words in (cues.MET, cues.NEWS, cues.THEM, cues.BUSINESS, cues.PAID))


def _nobody(reading: Reading) -> bool:
    """A report of which neither customer nor person is known, or with figures that found no place."""
    if "customer" not in reading.ambiguous or reading.candidates:
        return False
    return reading.contact is None or bool(reading.unread)
