"""Calendar events (page create-schedule); everybody is named by union id."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.shape import JsonObject, flag, needed, obj, objects, text
from sandbox.dingtalk.state import Space

WRITE = "Calendar.Event.Write"
BAD = "invalidParameter"
PATTERNS = ("daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly")
RANGES = ("noEnd", "endDate", "numbered")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry of a colleague's calendar, as it was sent; `owner` is a union id."""

    id: str
    owner: str
    fields: JsonObject


class Calendars:
    """Everybody's primary calendar."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self.events: dict[str, CalendarEvent] = {}
        self._days: Counter[tuple[str, int]] = Counter()
        self._tokens: dict[tuple[str, str], tuple[str, float]] = {}

    def create(self, call: Call) -> JsonObject:
        """An event; the same x-client-token within a day gives the same one. Raises Refused."""
        call.needs_scope(WRITE)
        owner, body = call.names["union_id"], call.body()
        if self._space.by_union(owner) is None:
            raise Refused("invalidUser", "用户不存在")
        now = self._space.world.seconds()
        known, end = self._tokens.get((owner, call.client_token), ("", 0.0))
        if call.client_token and end > now:
            return self._view(self.events[known])
        self._check(body)
        day = (owner, int(now // 86400))
        if self._days[day] >= limits.CALENDAR_DAY:
            raise Refused("flowLimit", "创建日程过于频繁")
        self._days[day] += 1
        event = CalendarEvent(secrets.token_urlsafe(16), owner, body)
        self.events[event.id] = event
        if call.client_token:
            self._tokens[owner, call.client_token] = (event.id, now + limits.CALENDAR_TOKEN_LIFE)
        self._space.announce("calendar_event_change", {"calendarEventId": event.id, "unionIdList": [owner]})
        return self._view(event)

    def invite(self, call: Call) -> JsonObject:
        """More attendees for an event, 500 a call and 5,000 in all. Raises Refused."""
        call.needs_scope(WRITE)
        event = self.events.get(call.names["event_id"])
        if event is None or event.owner != call.names["union_id"]:
            raise Refused("event.notExist", "日程不存在")
        more = self._attendees(call.body(), "attendeesToAdd")
        present = objects(event.fields, "attendees", BAD)
        known = {one["id"] for one in present}
        fresh = [one for one in more if one["id"] not in known]
        if len(present) + len(fresh) > limits.CALENDAR_PARTICIPANTS:
            raise Refused(BAD, "日程的参与人过多")
        event.fields["attendees"] = [*present, *fresh]
        return {}

    def _attendees(self, body: JsonObject, name: str) -> list[JsonObject]:
        found = objects(body, name, BAD)
        if len(found) > limits.CALENDAR_ATTENDEES:
            raise Refused(BAD, f"{name} 过多")
        for one in found:
            if self._space.by_union(needed(one, "id", BAD)) is None:
                raise Refused("invalidUser", "参与人不存在")
        return found

    def _check(self, body: JsonObject) -> None:
        if len(needed(body, "summary", BAD)) > limits.CALENDAR_SUMMARY_CHARS:
            raise Refused(BAD, "summary 过长")
        if len(text(body, "description", BAD)) > limits.CALENDAR_DESCRIPTION_CHARS:
            raise Refused(BAD, "description 过长")
        whole_day = flag(body, "isAllDay", BAD)
        start, end = _moment(body, "start", whole_day=whole_day), _moment(body, "end", whole_day=whole_day)
        if not start or (whole_day and not end) or (end and end <= start):
            raise Refused(BAD, "start、end 不合法")
        self._attendees(body, "attendees")
        for one in objects(body, "reminders", BAD):
            minutes = one.get("minutes")
            if one.get("method") != "dingtalk" or isinstance(minutes, bool) or not isinstance(minutes, int):
                raise Refused(BAD, "reminders 不合法")
        _check_recurrence(obj(body, "recurrence", BAD))

    def _view(self, event: CalendarEvent) -> JsonObject:
        reminders = event.fields.get("reminders")
        default = [{"method": "dingtalk", "minutes": str(limits.CALENDAR_REMINDER)}]
        return {**event.fields, "id": event.id, "reminders": default if reminders is None else reminders}


def _moment(body: JsonObject, name: str, *, whole_day: bool) -> str:
    """A comparable moment, or "" when absent."""
    given = obj(body, name, BAD)
    if given is None:
        return ""
    written = needed(given, "date" if whole_day else "dateTime", BAD)
    try:
        moment = date.fromisoformat(written) if whole_day else datetime.fromisoformat(written)
    except ValueError as error:
        raise Refused(BAD, f"{name} 不合法") from error
    if not whole_day and not text(given, "timeZone", BAD):
        raise Refused(BAD, f"{name}.timeZone 不能为空")
    return moment.isoformat()


def _check_recurrence(recurrence: JsonObject | None) -> None:
    if recurrence is None:
        return
    pattern, length = obj(recurrence, "pattern", BAD) or {}, obj(recurrence, "range", BAD) or {}
    if pattern.get("type") not in PATTERNS or length.get("type") not in RANGES:
        raise Refused(BAD, "recurrence 不合法")
