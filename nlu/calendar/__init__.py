"""Working days and statutory holidays of mainland China."""

from nlu.calendar.work import Holiday, WorkCalendar, packaged

__all__ = ["Holiday", "WorkCalendar", "packaged"]
