"""The effect of a new quota on many days: the same for the preview and for carrying it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.calendar import DatedSchedule, DayStatus
from queue_app.domain.clock import office_date
from queue_app.domain.quota_change import NewQuota, places_moved
from queue_app.models import Office, OfficeService, Schedule, ServiceDay, Slot

from .spreading import SlotChange, scheduled_places, spread_over_slots


@dataclass(frozen=True)
class DayQuota:
    """One day of one service: places before and after in the hours that are meant, and over all hours of that share.

    ``kept``: what was asked for is less than what is booked, so it is what is booked.
    """

    service_day_id: int
    service_id: int
    day: date
    before: int
    after: int
    booked: int
    kept: bool
    of_day_before: int
    planned_before: dict[int, int]  # of each slot, by its id
    slots: tuple[SlotChange, ...]
    was_by_hand: bool

    @property
    def planned(self) -> dict[int, int]:
        return {change.slot_id: change.planned for change in self.slots}

    @property
    def of_day_after(self) -> int:
        return self.of_day_before + self.after - self.before

    @property
    def moved(self) -> int:
        return places_moved((self.planned_before[slot_id], planned) for slot_id, planned in self.planned.items())


@dataclass(frozen=True)
class QuotaPlan:
    """``changed`` in order of day and service. ``left_alone``: days that are closed, a holiday or over; ``until``: the
    last day that exists of the services meant, None where none does.
    """

    changed: tuple[DayQuota, ...]
    unchanged: int
    left_alone: int
    until: date | None

    @property
    def moved(self) -> int:
        return sum(day.moved for day in self.changed)


def plan_quota(session: Session, office_id: int, new: NewQuota, *, now: datetime) -> QuotaPlan:
    """Read the days that exist and spread the new quota over each; hours that a closure took are left out.

    In a few statements whatever the range. Raises InvalidQuotaChange for a range that cannot be meant.
    """
    zone = session.get_one(Office, office_id).time_zone
    new.check(today=office_date(now, zone))
    offerings = _offerings(session, office_id, new)
    schedules = _schedules(session, offerings)
    changed: list[DayQuota] = []
    unchanged = left_alone = 0
    for row in _days(session, office_id, new):
        slots = [
            slot
            for slot in row.slots
            if slot.share is new.share and slot.closure_id is None and new.covers(row.day, slot.starts_at, zone)
        ]
        if row.status is not DayStatus.OPEN or all(slot.ends_at <= now for slot in slots):
            left_alone += 1
            continue
        effect = _effect(row, slots, scheduled_places(schedules[row.service_id], zone, slots), new, now)
        if effect.planned == effect.planned_before:
            unchanged += 1
        else:
            changed.append(effect)
    made = [one.days_made_until for one in offerings if one.days_made_until]
    return QuotaPlan(tuple(changed), unchanged, left_alone, max(made, default=None))


def _effect(row: ServiceDay, slots: Sequence[Slot], weights: list[int], new: NewQuota, now: datetime) -> DayQuota:
    before, booked = sum(slot.planned for slot in slots), sum(slot.booked for slot in slots)
    wanted = new.wanted(before)
    changes = spread_over_slots(slots, weights, wanted, now=now)
    return DayQuota(
        service_day_id=row.id,
        service_id=row.service_id,
        day=row.day,
        before=before,
        after=sum(change.planned for change in changes),
        booked=booked,
        kept=wanted < booked,
        of_day_before=sum(slot.planned for slot in row.slots if slot.share is new.share),
        planned_before={slot.id: slot.planned for slot in slots},
        slots=changes,
        was_by_hand=row.set_by_hand,
    )


def _days(session: Session, office_id: int, new: NewQuota) -> Iterable[ServiceDay]:
    rows = session.scalars(
        select(ServiceDay)
        .where(ServiceDay.office_id == office_id, ServiceDay.service_id.in_(new.services))
        .where(ServiceDay.day.between(new.first_day, new.last_day))
        .order_by(ServiceDay.day, ServiceDay.service_id)
        .options(selectinload(ServiceDay.slots))
        .execution_options(populate_existing=True)
    )
    return [row for row in rows if new.names(row.day)]


def _offerings(session: Session, office_id: int, new: NewQuota) -> Sequence[OfficeService]:
    which = (OfficeService.office_id == office_id, OfficeService.service_id.in_(new.services))
    return session.scalars(select(OfficeService).where(*which)).all()


def _schedules(session: Session, offerings: Sequence[OfficeService]) -> dict[int, list[DatedSchedule]]:
    """By service, those that began first at the beginning."""
    services = {one.id: one.service_id for one in offerings}
    found: dict[int, list[DatedSchedule]] = defaultdict(list)
    rows = session.scalars(
        select(Schedule)
        .where(Schedule.office_service_id.in_(services))
        .order_by(Schedule.valid_from, Schedule.id)
        .options(selectinload(Schedule.windows))
    )
    for row in rows:
        found[services[row.office_service_id]].append(row.dated)
    return found
