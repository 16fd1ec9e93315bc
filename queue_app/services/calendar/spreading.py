"""The spreading of a quota over the slots of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_app.domain.calendar import DatedSchedule, Share, windows_of_day
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import InvalidSchedule
from queue_app.domain.quota import QuotaHour, spread_over_day
from queue_app.models import Slot


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


def spread_over_slots(
    slots: Sequence[Slot], weights: Sequence[int], quota: int, *, now: datetime
) -> tuple[SlotChange, ...]:
    """Slots of one day in order of time with the places that the schedule gives each, and ``quota`` places for them, or
    those that are booked where they are more.

    Hours that have ended get nothing more: what is added can still be reached. Raises InvalidSchedule (``past_date``)
    when all have ended.
    """
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


def scheduled_places(schedules: Iterable[DatedSchedule], zone: str, slots: Sequence[Slot]) -> list[int]:
    """The places that the weekly schedule gives each slot of a day.

    They and not the present ones are the measure: so a quota lowered and raised again ends where it began, and a
    window that the schedule has dropped gets nothing.
    """
    day = slots[0].day
    scheduled = {
        (office_instant(day, window.starts_at, zone), window.share): window.capacity
        for window in windows_of_day(schedules, day)
    }
    return [scheduled.get((slot.starts_at, slot.share), 0) for slot in slots]
