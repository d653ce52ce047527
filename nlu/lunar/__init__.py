"""The Chinese lunar calendar, 1900 to 2100: conversions both ways, from a table."""

from nlu.lunar.convert import LunarDay, leap_month, month_days, new_year, to_lunar, to_solar

__all__ = ["LunarDay", "leap_month", "month_days", "new_year", "to_lunar", "to_solar"]
