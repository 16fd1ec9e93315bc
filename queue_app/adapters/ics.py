"""The appointment as a calendar file (RFC 5545), written with the `icalendar` library.

A calendar is copied to clouds and shared with others, so nothing here tells who comes: no name, no NIK. It does hold
the ticket's address, so that the ticket is at hand when the calendar reminds of it.

No METHOD is written: PUBLISH asks for an ORGANIZER (RFC 5546 section 3.2.1), and an office has no calendar of its own
to be asked. Without it the file is an event to keep, and one with the same UID and a higher SEQUENCE moves it.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from icalendar import Alarm

PRODUCT = "-//queue-app//appointments//ID"


def appointment_ics(
    *,
    code: str,
    site: str,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    summary: str,
    location: str,
    description: str,
    url: str,
    reminder: str,
    sequence: int = 0,
) -> str:
    """Return an iCalendar text with one event and a reminder 24 hours before it; to be sent as UTF-8.

    `code` (the booking code, dash or not) and `site` (the installation's host name) make the UID: a calendar
    that has the event already moves it when a reschedule sends the same code with a higher `sequence`.
    `stamp` is the instant of writing. Times are written in UTC, so that no time zone table must travel along.
    Raises ValueError for a naive time or an end that is not after the start.
    """
    from icalendar import Calendar, Event  # 3 MB, which most worker processes never need

    if any(moment.utcoffset() is None for moment in (starts_at, ends_at, stamp)):
        raise ValueError("Calendar times must be aware.")
    if ends_at <= starts_at:
        raise ValueError("An appointment must end after it starts.")
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{site}/{code.replace('-', '').upper()}")))
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", _text(summary))
    event.add("location", _text(location))
    event.add("description", _text(description))
    event.add("url", url)
    event.add("sequence", sequence)
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add_component(_day_before(_text(reminder)))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _day_before(description: str) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", description)
    return alarm


def _text(value: str) -> str:
    """Return `value` with every line break as a newline, without the characters RFC 5545 forbids."""
    lines = (
        "".join(char for char in line if char == "\t" or unicodedata.category(char) not in {"Cc", "Cs"})
        for line in value.splitlines()
    )
    return "\n".join(lines)
