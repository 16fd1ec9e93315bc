"""Look at a slot before claiming it: one read without a lock that tells nearly everybody who has to be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Connection

from queue_app.domain.booking import ACTIVE_STATES
from queue_app.domain.calendar import BeforeDay, BookingRules, Share

from .driver import fetch_each

LOOK = """
    SELECT slot.office_id, slot.day, slot.starts_at, slot.ends_at, slot.accepts, slot.booked, slot.capacity,
           office_service.letter, office_service.opens_days_before, office_service.opens_at,
           office_service.closes_days_before, office_service.closes_at,
           office_service.changes_close_days_before, office_service.changes_close_at, office.time_zone,
           (SELECT id FROM booking WHERE request_key = :request_key),
           EXISTS (SELECT 1 FROM ticket
                   WHERE ticket.service_id = slot.service_id AND {active} AND person_index IN ({persons}))
    FROM slot
    JOIN office_service ON office_service.office_id = slot.office_id AND office_service.service_id = slot.service_id
    JOIN office ON office.id = slot.office_id
    WHERE slot.id = :slot_id AND slot.share = :share AND office_service.active
"""
ACTIVE = "ticket.state IN ({})".format(", ".join(f"'{state}'" for state in ACTIVE_STATES))


@dataclass(frozen=True)
class SlotSeen:
    """What one read without a lock tells of a slot and of those who want a place in it.

    ``stored_id``: the booking that this very request made before; ``already_booked``: one of the persons has an active
    ticket for the service.
    """

    office_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    accepts: bool
    booked: int
    capacity: int
    letter: str
    rules: BookingRules
    stored_id: int | None
    already_booked: bool


@dataclass(frozen=True)
class Sought:
    """What is looked for: a slot that may be booked in this way, for persons by the keyed hashes of their NIK."""

    slot_id: int
    share: Share
    persons: tuple[bytes, ...]
    request_key: str | None


def look(connection: Connection, sought: Sought) -> SlotSeen | None:
    """None when there is no such slot, or it may not be booked in this way."""
    return look_at_each(connection, [sought])[0]


def look_at_each(connection: Connection, many: Sequence[Sought]) -> list[SlotSeen | None]:
    """`look` for each of them, all for as many persons."""
    (persons,) = {len(one.persons) for one in many}
    return [_seen(*rows) for rows in fetch_each(connection, _look_sql(persons), [_asked(one) for one in many])]


def _asked(sought: Sought) -> dict[str, Any]:
    persons = {f"person_{number}": person for number, person in enumerate(sought.persons)}
    return persons | {"slot_id": sought.slot_id, "share": sought.share.value, "request_key": sought.request_key}


def _seen(row: Sequence[Any] | None = None) -> SlotSeen | None:
    if row is None:
        return None
    office_id, day, starts_at, ends_at, accepts, booked, capacity, letter, *times, zone, stored_id, already_booked = row
    if isinstance(day, str):  # SQLite knows no dates
        day = date.fromisoformat(day)
        starts_at, ends_at = (datetime.fromisoformat(value).replace(tzinfo=UTC) for value in (starts_at, ends_at))
        times = [time.fromisoformat(value) if isinstance(value, str) else value for value in times]
    opens, closes, changes_close = (BeforeDay(*times[first : first + 2]) for first in (0, 2, 4))
    rules = BookingRules(opens, closes, changes_close, zone)
    return SlotSeen(
        office_id=office_id,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        accepts=bool(accepts),
        booked=booked,
        capacity=capacity,
        letter=letter,
        rules=rules,
        stored_id=stored_id,
        already_booked=bool(already_booked),
    )


@cache
def _look_sql(persons: int) -> str:
    return LOOK.format(active=ACTIVE, persons=", ".join(f":person_{number}" for number in range(persons)))
