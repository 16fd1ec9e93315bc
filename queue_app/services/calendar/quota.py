"""One day's quota."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from queue_app.domain.calendar import QUOTA_MAX, Share, windows_of_day
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import InvalidSchedule, NotFound, QuotaBelowBooked
from queue_app.domain.quota import QuotaHour, spread_over_day
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, ServiceDay, Slot
from queue_app.services.booking.places import lock_calendars, lock_slots, set_capacity
from queue_app.services.records import audit

from .days import load_schedules


@dataclass(frozen=True)
class SlotChange:
    """What a new quota does to one slot. ``planned``: its places once those who are too many have left.

    ``over``: its hour has ended, and nobody can have a place in it any more.
    """

    slot_id: int
    starts_at: datetime
    share: Share
    booked: int
    before: int
    after: int
    planned: int
    over: bool

    @property
    def bookable(self) -> int:
        return 0 if self.over else self.after - self.booked


def preview_day_quota(session: Session, service_day_id: int, quota: int, *, now: datetime) -> tuple[SlotChange, ...]:
    """How ``quota`` places would be spread over the day's public slots; raise QuotaBelowBooked, InvalidSchedule.

    Hours that have ended get nothing more: what is added can still be reached.
    """
    slots = _public_slots(session, service_day_id)
    if not slots or not 0 <= quota <= QUOTA_MAX:
        raise InvalidSchedule(reason="capacity", maximum=QUOTA_MAX)
    minimum = sum(slot.booked for slot in slots)
    if quota < minimum:
        raise QuotaBelowBooked(minimum=minimum)
    weights = _scheduled_places(session, slots)
    hours = [
        QuotaHour(weight, slot.booked, slot.capacity, over=slot.ends_at <= now)
        for weight, slot in zip(weights, slots, strict=True)
    ]
    if all(hour.over for hour in hours):
        raise InvalidSchedule(reason="past_date")
    scheduled = any(hour.weight for hour in hours if not hour.over)
    changes = []
    for slot, hour, after in zip(slots, hours, spread_over_day(quota, hours), strict=True):
        # Who is booked in an hour that the schedule has dropped stays there, but nobody else gets the place.
        planned = 0 if scheduled and not hour.weight else after
        planned = min(slot.planned, after) if hour.over else planned
        changes.append(
            SlotChange(slot.id, slot.starts_at, slot.share, slot.booked, slot.capacity, after, planned, hour.over)
        )
    return tuple(changes)


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
    """The places that the weekly schedule gives each slot.

    They and not the present ones are the measure: so a quota lowered and raised again ends where it began, and a
    window that the schedule has dropped gets nothing.
    """
    of_slots = (OfficeService.office_id == slots[0].office_id, OfficeService.service_id == slots[0].service_id)
    offering = session.scalars(select(OfficeService).where(*of_slots)).one()
    day, zone = slots[0].day, offering.office.time_zone
    scheduled = {
        (office_instant(day, window.starts_at, zone), window.share): window.capacity
        for window in windows_of_day(load_schedules(session, offering), day)
    }
    return [scheduled.get((slot.starts_at, slot.share), 0) for slot in slots]
