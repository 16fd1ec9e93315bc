"""A service at an office, as an address names it, with its days ready."""

from __future__ import annotations

from datetime import date, datetime

from queue_app.db import db, note
from queue_app.domain.calendar import BookingRules
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.models import OfficeService
from queue_app.queries.booking.availability import DayAvailability, days_between
from queue_app.queries.calendar import offices as office_queries
from queue_app.services.calendar.days import days_needed_until, make_days


def load_offering(office: str, service: str) -> OfficeService:
    """Raises NotFound."""
    offering = office_queries.offering_of_slugs(db.session(), office, service)
    if offering is None:
        raise NotFound()
    return offering


def days_of(
    offering: OfficeService, *, now: datetime, rules: BookingRules | None = None
) -> tuple[DayAvailability, ...]:
    """All days from today up to a week beyond the horizon. Makes them when nobody has done it today.

    ``rules``: of those who may choose at other times than everybody.
    """
    last = make_missing_days(offering, now=now)
    return days_between(
        db.session(),
        office_id=offering.office_id,
        service_id=offering.service_id,
        rules=rules or offering.booking_rules,
        first=office_date(now, offering.office.time_zone),
        last=last,
        now=now,
    )


def make_missing_days(offering: OfficeService, *, now: datetime) -> date:
    """The last day that is needed now; all up to it exist afterwards, unless somebody else locks what is written."""
    last, offering_id = days_needed_until(offering, now=now), offering.id
    if offering.days_made_until is None or offering.days_made_until < last:
        note(lambda session: make_days(session, session.get_one(OfficeService, offering_id), now=now))
    return last
