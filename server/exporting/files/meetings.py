"""Meetings as iCalendar (RFC 5545), in Berlin's time with the rule that says what that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDDDTypes, vRecur

from collab.process.calendar.berlin import BERLIN, SUMMER, WINTER
from server.pages.xml import well_formed

ZONE: Final = "Europe/Berlin"
SPRING: Final = datetime.fromisoformat("1996-03-31T02:00:00")
AUTUMN: Final = datetime.fromisoformat("1996-10-27T03:00:00")
"""Since when the clocks change as they do, by the clock before the change."""

PRODUCT: Final = "-//Arena of Ideas//Workshops//EN"


@dataclass(frozen=True, slots=True)
class Meeting:
    """When people meet. ``uid`` stays, so that a calendar changes its entry and makes no other.

    ``changed_at`` is when this was last said, ``change`` counts how often.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    change: int = 0
    place: str = ""
    about: str = ""
    url: str = ""


def calendar(meetings: Iterable[Meeting]) -> bytes:
    """One file with all of them; the same meetings are the same file."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add_component(_berlin())
    for meeting in meetings:
        made.add_component(_event(meeting))
    return bytes(made.to_ical())


def _event(meeting: Meeting) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", meeting.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", meeting.change)
    event.add("dtstart", _wall(meeting.starts_at))
    # Not when it ends: walls say the hour that October repeats twice.
    event.add("duration", meeting.ends_at - meeting.starts_at)
    event.add("summary", _line(meeting.title))
    if meeting.place:
        event.add("location", _line(meeting.place))
    if meeting.about:
        event.add("description", well_formed(meeting.about))
    if meeting.url:
        event.add("url", meeting.url)
    return event


def _line(text: str) -> str:
    return " ".join(well_formed(text).split())


def _wall(at: datetime) -> vDDDTypes:
    """What the clock on the wall says; the second pass of October's hour has no name there."""
    local = at.astimezone(BERLIN).replace(microsecond=0)
    if local.fold:
        return vDDDTypes(at.astimezone(UTC).replace(microsecond=0))
    said = vDDDTypes(local.replace(tzinfo=None))
    said.params["TZID"] = ZONE
    return said


def _berlin() -> Timezone:
    """The rule of Directive 2000/84/EC, as ``collab.process.calendar.berlin`` computes it."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(_turn(TimezoneStandard(), "CET", AUTUMN, SUMMER, WINTER))
    zone.add_component(_turn(TimezoneDaylight(), "CEST", SPRING, WINTER, SUMMER))
    return zone


def _turn(
    part: TimezoneStandard | TimezoneDaylight,
    name: str,
    since: datetime,
    before: timedelta,
    after: timedelta,
) -> TimezoneStandard | TimezoneDaylight:
    part.add("dtstart", since)
    part.add("rrule", vRecur({"freq": "yearly", "bymonth": since.month, "byday": "-1su"}))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    return part
