"""The days and hours of a service: which can be booked, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.calendar import Availability, BookingRules, DayStatus, Share
from queue_app.models import Booking, ServiceDay, Slot, Ticket


@dataclass(frozen=True)
class SlotAvailability:
    id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    remaining: int


@dataclass(frozen=True)
class DayAvailability:
    """A day as citizens see it; ``reason_*`` for closed days and holidays, ``opens_at`` (UTC) for those to come."""

    id: int
    day: date
    status: Availability
    reason_id: str | None
    reason_en: str | None
    opens_at: datetime | None
    quota: int
    remaining: int
    slots: tuple[SlotAvailability, ...]

    def reason(self, language: str) -> str | None:
        return self.reason_en if language == "en" else self.reason_id


def days_between(
    session: Session,
    *,
    office_id: int,
    service_id: int,
    rules: BookingRules,
    first: date,
    last: date,
    now: datetime,
    share: Share = Share.PUBLIC,
) -> tuple[DayAvailability, ...]:
    """The service days from ``first`` to ``last`` (both included), in order, with one share's places."""
    rows = session.scalars(
        select(ServiceDay)
        .where(ServiceDay.office_id == office_id, ServiceDay.service_id == service_id)
        .where(ServiceDay.day.between(first, last))
        .options(selectinload(ServiceDay.slots))
        .order_by(ServiceDay.day)
        .execution_options(populate_existing=True)
    )
    return tuple(_judge(row, rules, share, now) for row in rows)


def _judge(row: ServiceDay, rules: BookingRules, share: Share, now: datetime) -> DayAvailability:
    # An hour that the schedule dropped is none, also while somebody still holds a place in it; nor is one that a
    # closure has taken out of an open day.
    of_share = [slot for slot in row.slots if slot.share is share and slot.planned > 0]
    offered = [slot for slot in of_share if slot.closure_id is None or row.status is not DayStatus.OPEN]
    slots = tuple(_slot(slot) for slot in offered if slot.starts_at > now)  # a cut-off may lie on the day itself
    remaining = sum(slot.remaining for slot in slots)
    opens_at = rules.opens.instant(row.day, rules.zone)
    if row.status is DayStatus.CLOSED:
        status = Availability.CLOSED
    elif row.status is DayStatus.HOLIDAY:
        status = Availability.HOLIDAY
    elif not offered:
        status = Availability.CLOSED  # the schedule has dropped this weekday, or the quota is 0
    elif not slots or now >= rules.closes.instant(row.day, rules.zone):
        status = Availability.CUT_OFF
    elif now < opens_at:
        status = Availability.NOT_OPEN_YET
    else:
        status = Availability.OPEN if remaining else Availability.FULL
    return DayAvailability(
        id=row.id,
        day=row.day,
        status=status,
        reason_id=row.reason_id,
        reason_en=row.reason_en,
        opens_at=opens_at if status is Availability.NOT_OPEN_YET else None,
        quota=sum(slot.capacity for slot in offered),
        remaining=remaining,
        slots=slots,
    )


def _slot(slot: Slot) -> SlotAvailability:
    return SlotAvailability(
        id=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        capacity=slot.capacity,
        remaining=slot.capacity - slot.booked,
    )


def nearest_open(
    days: tuple[DayAvailability, ...], wanted: datetime, *, places: int = 1, limit: int = 3
) -> tuple[SlotAvailability, ...]:
    """The open slots nearest in time to ``wanted`` that have room."""
    free = [slot for day in days if day.status is Availability.OPEN for slot in day.slots if slot.remaining >= places]
    nearest = sorted(free, key=lambda slot: abs(slot.starts_at - wanted))[:limit]
    return tuple(sorted(nearest, key=lambda slot: slot.starts_at))


def slot_time(session: Session, slot_id: int) -> tuple[date, datetime] | None:
    """The day of a slot and the UTC instant at which it begins; None when there is no such slot."""
    row = session.execute(select(Slot.day, Slot.starts_at).where(Slot.id == slot_id)).one_or_none()
    return (row[0], row[1]) if row else None


def next_number(session: Session, slot_id: int, *, of_full: bool = False) -> int | None:
    """The queue number that the next one would get in a slot; None when there is none, or one that was to be
    ``of_full`` has places left.
    """
    wanted = select(Slot.next_number).where(Slot.id == slot_id)
    if of_full:
        wanted = wanted.where(Slot.accepts, Slot.booked >= Slot.capacity)
    return session.execute(wanted).scalar_one_or_none()


def requests_of_slot(session: Session, slot_id: int) -> frozenset[str]:
    """The request keys of those who hold its places, or held some: who was moved or sent away since may still wait
    for the answer.

    Keys of partners come in letters (`domain/api_keys.py`), without the mark that keeps one partner's from another's.
    """
    keys = session.scalars(
        select(Booking.request_key)
        .join(Ticket, Ticket.booking_id == Booking.id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Slot.id == slot_id, Booking.request_key.is_not(None))
        # For the index: that of slots knows only who holds a place now.
        .where(Ticket.office_id == Slot.office_id, Ticket.day == Slot.day, Ticket.starts_at == Slot.starts_at)
    )
    return frozenset(key.partition(":")[2] or key for key in keys if key)
