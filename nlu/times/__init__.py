"""Times."""
from datetime import datetime


def find(folded, original, now, calendar):
    return []
