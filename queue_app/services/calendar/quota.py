"""One day's quota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from queue_app.domain.calendar import QUOTA_MAX, Share
from queue_app.domain.errors import InvalidSchedule, NotFound, QuotaBelowBooked
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, ServiceDay, Slot
from queue_app.services.booking.places import lock_calendars, lock_slots, set_capacity
from queue_app.services.records import audit

from .days import load_schedules
from .spreading import SlotChange, scheduled_places, spread_over_slots


def preview_day_quota(session: Session, service_day_id: int, quota: int, *, now: datetime) -> tuple[SlotChange, ...]:
    """How ``quota`` places would be spread over the day's public slots; raise QuotaBelowBooked, InvalidSchedule."""
    slots = _public_slots(session, service_day_id)
    if not slots or not 0 <= quota <= QUOTA_MAX:
        raise InvalidSchedule(reason="capacity", maximum=QUOTA_MAX)
    minimum = sum(slot.booked for slot in slots)
    if quota < minimum:
        raise QuotaBelowBooked(minimum=minimum)
    return spread_over_slots(slots, _scheduled_places(session, slots), quota, now=now)


def set_day_quota(
    session: Session, service_day_id: int, quota: int, *, reason: str, actor: Actor, now: datetime
) -> tuple[SlotChange, ...]:
    """Set one day's public quota. Raises ReasonRequired, InvalidSchedule for a past day, and as `preview_day_quota`."""
    reason = read_reason(reason)
    day = lock_service_day(session, service_day_id)
    require_not_past(day, now=now)
    changes = preview_day_quota(session, service_day_id, quota, now=now)
    for change in changes:
        set_capacity(session, change.slot_id, change.planned)
    day.set_by_hand = True
    session.flush()
    audit.record(
        session,
        "day.quota",
        "service_day",
        day.id,
        actor=actor,
        now=now,
        office_id=day.office_id,
        before={"quota": sum(change.before for change in changes)},
        after={
            "quota": quota,
            "slots": {str(change.slot_id): change.after for change in changes},
            "planned": {str(change.slot_id): change.planned for change in changes},
        },
        reason=reason,
    )
    return changes


def lock_service_day(session: Session, service_day_id: int) -> ServiceDay:
    """Lock calendar, slots and day: a booking is either before this, and seen, or waits and meets what was decided.

    Raises NotFound.
    """
    of_day = select(ServiceDay.office_id, ServiceDay.service_id).where(ServiceDay.id == service_day_id)
    lock_calendars(session, tuple_(OfficeService.office_id, OfficeService.service_id).in_(of_day))
    lock_slots(session, Slot.service_day_id == service_day_id)
    day = session.get(ServiceDay, service_day_id, populate_existing=True, with_for_update={"key_share": True})
    if day is None:
        raise NotFound()
    return day


def require_not_past(day: ServiceDay, *, now: datetime) -> None:
    """Raise InvalidSchedule when the last arrival window of the day has ended."""
    last_end = max((slot.ends_at for slot in day.slots), default=now + timedelta(days=1))
    if last_end <= now:
        raise InvalidSchedule(reason="past_date")


def _public_slots(session: Session, service_day_id: int) -> Sequence[Slot]:
    return session.scalars(
        select(Slot)
        .where(Slot.service_day_id == service_day_id, Slot.share == Share.PUBLIC)
        .order_by(Slot.starts_at, Slot.id)
        .execution_options(populate_existing=True)
    ).all()


def _scheduled_places(session: Session, slots: Sequence[Slot]) -> list[int]:
    of_slots = (OfficeService.office_id == slots[0].office_id, OfficeService.service_id == slots[0].service_id)
    offering = session.scalars(select(OfficeService).where(*of_slots)).one()
    return scheduled_places(load_schedules(session, offering), offering.office.time_zone, slots)
