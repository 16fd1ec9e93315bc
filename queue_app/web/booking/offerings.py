"""A service at an office, as an address names it, with its days ready."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from datetime import date, datetime

from flask import current_app
from sqlalchemy.orm import Session

from queue_app.db import db, note
from queue_app.domain.calendar import BookingRules
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.models import OfficeService, Ticket
from queue_app.queries.booking.availability import DayAvailability, days_between
from queue_app.queries.calendar import offices as office_queries
from queue_app.services.calendar.days import days_needed_until, make_days
from queue_app.web.site.short_cache import ShortCache

OFFERINGS = "offerings"  # in `app.extensions`
LIFE = 1.0  # seconds that a name or a rule may be old
MOST = 10_000


class Offerings:
    """Services at offices, read once a second for all who look at their pages. They belong to no session: to be shown,
    and never to be changed.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._known = ShortCache[Hashable, OfficeService](LIFE, MOST)

    def of(self, key: Hashable, read: Callable[[Session], OfficeService | None]) -> OfficeService:
        """Raises NotFound."""
        asked = self.now()
        offering = self._known.get(key, asked)
        if offering is None:
            with Session(db.session.connection()) as apart:  # what is kept must not change with this request
                offering = read(apart)
            if offering is None:
                raise NotFound()
            self._known.put(key, offering, asked)
        return offering


def load_offering(office: str, service: str) -> OfficeService:
    """For pages, as it was a second ago. Raises NotFound."""
    return _offerings().of(
        (office, service), lambda session: office_queries.offering_of_slugs(session, office, service)
    )


def offering_of_id(offering_id: int) -> OfficeService:
    """The same, also one that is not given any more. Raises NotFound."""
    return _offerings().of(offering_id, lambda session: session.get(OfficeService, offering_id))


def offering_for(ticket: Ticket) -> OfficeService:
    """The same, of the service and the office that a ticket is for. Raises NotFound."""
    at = ticket.office_id, ticket.service_id
    return _offerings().of(at, lambda session: office_queries.offering_at(session, *at))


def _offerings() -> Offerings:
    known: Offerings = current_app.extensions[OFFERINGS]
    return known


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
