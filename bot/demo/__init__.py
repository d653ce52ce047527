"""A small believable company to try everything with."""

from bot.demo.fill import fill
from bot.demo.plan import DemoPerson, organisation, people

__all__ = ["DemoPerson", "fill", "organisation", "people"]
