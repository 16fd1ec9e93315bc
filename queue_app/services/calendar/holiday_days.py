"""The days that exist of dates that become holidays, or cease to be: locked, looked at, and turned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import OfferState
from queue_app.domain.errors import HolidayBooked
from queue_app.models import Offer, OfficeService, ServiceDay, Slot, Ticket
from queue_app.queries.calendar.holidays import HolidaysOfDate
from queue_app.services.booking.places import lock_calendars, lock_slots


def lock_dates(
    session: Session, dates: Collection[date], *, office_ids: Collection[int] | None = None
) -> Sequence[ServiceDay]:
    """Lock calendars, slots and days of dates: a booking is either before this, and seen, or refused after it.

    Of some offices only, or (None) of all: nobody waits for a holiday that does not count where they book.
    """
    of_days = [ServiceDay.day.in_(dates)]
    if office_ids is None:
        lock_calendars(session)
    else:
        lock_calendars(session, OfficeService.office_id.in_(office_ids))
        of_days.append(ServiceDay.office_id.in_(office_ids))
    lock_slots(session, Slot.service_day_id.in_(select(ServiceDay.id).where(*of_days)))
    return session.scalars(
        select(ServiceDay)
        .where(*of_days)
        .order_by(ServiceDay.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def require_nobody_booked(session: Session, rows: Sequence[ServiceDay]) -> None:
    """Raise HolidayBooked for the open ones of the days on which somebody holds a place."""
    if booked := booked_days(session, rows):
        raise HolidayBooked(days=booked)


def booked_days(session: Session, rows: Sequence[ServiceDay]) -> tuple[int, ...]:
    """The ids of the open ones of the days on which somebody is booked, or has a place held."""
    booked = select(Ticket.id).where(Ticket.slot_id == Slot.id, Ticket.state.in_(HOLDING_STATES)).exists()
    held = select(Offer.id).where(Offer.slot_id == Slot.id, Offer.state == OfferState.OPEN).exists()
    return tuple(
        session.scalars(
            select(Slot.service_day_id)
            .where(booked | held)
            .where(Slot.service_day_id.in_([row.id for row in rows if row.status is DayStatus.OPEN]))
            .distinct()
            .order_by(Slot.service_day_id)
        )
    )


def follow_list(session: Session, listed: HolidaysOfDate, rows: Sequence[ServiceDay]) -> None:
    """Let days of one date be what the list says for their offices: a holiday by its name, or open again.

    Days that are closed stay so.
    """
    turned, opened = list[ServiceDay](), list[ServiceDay]()
    for row in rows:
        holiday = listed.at(row.office_id)
        if holiday is not None and row.status is not DayStatus.CLOSED:
            turned += [row] if row.status is DayStatus.OPEN else []
            row.status = DayStatus.HOLIDAY
            row.reason_id, row.reason_en = holiday.reasons
        elif holiday is None and row.status is DayStatus.HOLIDAY:
            opened.append(row)
            row.status, row.reason_id, row.reason_en = DayStatus.OPEN, None, None
    _accept(session, turned, accepts=False)
    _accept(session, opened, accepts=True)


def _accept(session: Session, days: Sequence[ServiceDay], *, accepts: bool) -> None:
    session.execute(
        update(Slot)
        .where(Slot.service_day_id.in_([row.id for row in days]), Slot.closure_id.is_(None))
        .values(accepts=accepts)
        .execution_options(synchronize_session=False)
    )
    session.flush()
